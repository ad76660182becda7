"""What the facilitator does: the run, the clock, the board, the notes, the doors."""

import uuid
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from sessions.models import Device, Note, Seat
from tests import rooms
from tests.machine.doors import Browser
from tests.machine.room import Room, pick

ANY = st.integers(0, 999)
is_open = precondition(lambda self: self.model.state == "open")
stands_at_a_discussion = precondition(lambda self: self.model.state == "open" and self.model.at)
was_started = precondition(lambda self: self.model.state == "open" and self.model.at and self.model.current["ends"])


class Running(Room):
    """The run and its clock."""

    @is_open
    @rule(order=st.integers(1, 3))
    def show_tables(self, order):
        """Jump to a discussion; refused while one is under way elsewhere."""
        talking = self.model.is_talking(self.now) and self.model.at != order
        if self.press_if(not talking, "jump", segment=self.segments[order]):
            self.model.go(order, 0)
            self.did("show tables")

    @is_open
    @rule()
    def go_elsewhere(self):
        """Jump to a case."""
        if self.press_if(not self.model.is_talking(self.now), "jump", segment=self.elsewhere):
            self.model.go(None, 0)
            self.did("go elsewhere")

    @precondition(lambda self: self.model.state == "open" and self.model.at and self.model.step == 0)
    @rule()
    def start(self):
        """The primary button at "Find your table"."""
        self.press("advance")
        self.model.start(self.now)
        self.did("start")

    @precondition(lambda self: self.model.state == "open" and self.model.at and self.model.step == 1)
    @rule()
    def show_board(self):
        """The primary button while they talk: a stray key ends nobody's talk."""
        unfinished = not self.model.current["board_shown"] and self.model.is_talking(self.now)
        if self.press_if(not unfinished, "advance"):
            self.model.show_board()
            self.did("show board")

    @stands_at_a_discussion
    @rule()
    def pause(self):
        """Refused unless it runs."""
        current = self.model.current
        running = current["ends"] is not None and current["paused"] is None and self.now < current["ends"]
        if self.press_if(running, "pause"):
            self.model.pause(self.now)
            self.did("pause")

    @stands_at_a_discussion
    @rule()
    def resume(self):
        """Refused unless it is paused."""
        if self.press_if(self.model.current["paused"] is not None, "resume"):
            self.model.resume(self.now)
            self.did("resume")

    @stands_at_a_discussion
    @rule(minutes=st.sampled_from([-30, -2, -1, 1, 2, 5]))
    def change_minutes(self, minutes):
        """Refused before the start, and on the board once it is over."""
        current = self.model.current
        over = current["board_shown"] and not self.model.is_talking(self.now)
        if self.press_if(current["ends"] is not None and not over, "change-minutes", minutes=minutes):
            self.model.change_minutes(minutes, self.now)
            self.did("extend" if minutes > 0 else "shorten")

    @was_started
    @rule()
    def end(self):
        """Refused when it is over already."""
        if self.press_if(self.model.is_talking(self.now), "end-discussion"):
            self.model.end(self.now)
            self.did("end")

    @was_started
    @rule()
    def reopen(self):
        """Refused while it is open."""
        if self.press_if(not self.model.is_talking(self.now), "reopen-discussion"):
            self.model.reopen(self.now)
            self.did("reopen")

    @rule(seconds=st.sampled_from([1, 7, 29, 61, 127, 307, 601]))
    def advance_clock(self, seconds):
        """Time passes for everybody."""
        self.pass_time(timedelta(seconds=seconds))
        self.did("advance clock")

    @rule()
    def close_session(self):
        """Refused unless it is open."""
        if self.press_if(self.model.state == "open", "close"):
            self.model.close(self.now)
            self.did("close session")

    @precondition(lambda self: self.model.state == "closed")
    @rule()
    def reopen_session(self):
        """With everything as it was."""
        self.press("open")
        self.model.state = "open"
        self.did("reopen session")

    def rotate_code(self):
        """The old code is as dead as a random one."""
        old = self.stored().code
        self.press("rotate-code")
        self.old_codes.add(old)
        assert Browser(self.server).post(f"/j/{old}", guest="on").status_code in (404, 429)
        self.did("rotate code")


class Showing(Room):
    """What everybody sees, and what happens to notes at the desk."""

    @rule(
        what=st.sampled_from(["set board", "release text", "message", "rotate code", "set state", "stale page"]),
        order=st.integers(1, 3),
        setting=st.sampled_from(["at-once", "numbers", "released"]),
        message=st.sampled_from(["", "We go on in the garden", "Keep it short – الثقة"]),
        state=st.sampled_from(["expected", "here", "without-phone", "not-coming", "left"]),
        stale=st.sampled_from(["advance", "pause", "end-discussion", "close"]),
        number=ANY,
    )
    def do_what_can_always_be_done(self, what, order, setting, message, state, stale, number):
        """One rule for all of these, so that the others get their turn."""
        {
            "set board": lambda: self.set_board(order, setting),
            "release text": lambda: self.release_text(order, number % 2 == 0),
            "message": lambda: self.message(message),
            "rotate code": self.rotate_code,
            "set state": lambda: self.set_state(number, state),
            "stale page": lambda: self.press_on_a_stale_page(stale),
        }[what]()

    def set_board(self, order, setting):
        """When the text of notes may be seen."""
        self.press("set-board", breakout=self.breakouts[order], setting=setting)
        self.model.discussions[order]["setting"] = setting
        self.did("set board")

    def release_text(self, order, released):
        """Let everybody read, or take it back."""
        self.press("release-text", breakout=self.breakouts[order], released="on" if released else None)
        self.model.discussions[order]["released"] = released
        self.did("release text")

    def message(self, message):
        """One sentence on all phones."""
        self.press("message", message=message)
        self.model.message = message
        self.did("message")

    @precondition(lambda self: any(note["is_there"] for note in self.model.notes.values()))
    @rule(number=ANY, command=st.sampled_from(["hide", "star"]), on=st.booleans())
    def hide_or_star(self, number, command, on):
        """A note off the wall, or one to come back to."""
        note = self._there(number)
        self.press(command, note=Note.objects.get(uuid=note, workshop=self.pk).pk, on="on" if on else None)
        self.model.notes[note]["hidden" if command == "hide" else "starred"] = on
        self.did(command if on else f"un{command}")

    @precondition(lambda self: any(note["is_there"] for note in self.model.notes.values()))
    @rule(number=ANY)
    def purge_note(self, number):
        """Its words are gone for good."""
        note = self._there(number)
        self.press("purge-note", note=Note.objects.get(uuid=note, workshop=self.pk).pk)
        self.model.erase(note)
        self.did("purge note")

    @precondition(lambda self: len(self.model.notes) > 3)
    @rule(number=ANY)
    def purge_team(self, number):
        """All words of one city are gone for good."""
        team = pick({note["team"] for note in self.model.notes.values()}, number)
        self.press("purge-team", team=team)
        for uuid_, note in self.model.notes.items():
            if note["team"] == team and note["is_there"]:
                self.model.erase(uuid_)
        self.did("purge team")

    def _there(self, number):
        return pick([uuid_ for uuid_, note in self.model.notes.items() if note["is_there"]], number)

    # City teams.

    def set_state(self, number, state):
        """How a city team is here; saying so admits it."""
        team = pick(self.model.teams, number)
        self.press("team-state", team=team, state=state)
        self.model.teams[team] = {"admitted": True, "state": state}
        self.did("set state")

    @precondition(lambda self: any(not team["admitted"] for team in self.model.teams.values()))
    @rule(number=ANY)
    def admit(self, number):
        """A city team that asked comes in."""
        team = pick([pk for pk, team in self.model.teams.items() if not team["admitted"]], number)
        self.press("admit-team", team=team)
        self.model.teams[team]["admitted"] = True
        self.did("admit")

    @precondition(lambda self: self.model.at and len(self.model.teams) > 2)
    @rule(number=ANY)
    def seat(self, number):
        """Seat whoever has no table; others keep theirs, unless nobody had one."""
        team = pick(self.model.teams, number)
        before = dict(self._seats())
        status = self.command("seat", team=team)
        assert status in (204, 409), self.said
        if status == 409:
            self.done = None
            return
        self.changed()
        after = dict(self._seats())
        assert team in after
        assert not before or {**before, team: after[team]} == after, "nobody else moved"
        self.did("seat")

    @stands_at_a_discussion
    @rule(one=ANY, other=ANY)
    def swap(self, one, other):
        """Two city teams change places by hand."""
        before = dict(self._seats())
        if len(set(before.values())) < 2:
            return
        team = pick(before, one)
        elsewhere = pick([t for t, table in sorted(before.items()) if table != before[team]], other)
        self.press("swap", breakout=self.breakouts[self.model.at], team=team, other=elsewhere)
        assert dict(self._seats()) == {**before, team: before[elsewhere], elsewhere: before[team]}
        self.did("swap")

    def _seats(self):
        return Seat.objects.filter(breakout=self.breakouts[self.model.at]).values_list("team", "table__number")

    # Pressing twice, and who may not press at all.

    @precondition(lambda self: self.done is not None)
    @rule()
    def repeat_a_command(self):
        """The same id with the same content is answered and not done again; with other content it is refused."""
        name, data = self.done
        assert self._ask(lambda: self.desk.post(f"/desk/{self.slug}/do/{name}", **data)) == 204, self.said
        other = {"uuid": data["uuid"], "version": self.stored().version, "message": "Something else"}
        assert self._ask(lambda: self.desk.post(f"/desk/{self.slug}/do/message", **other)) == 409, self.said
        self.did("repeat a command")

    def press_on_a_stale_page(self, name):
        """A tab from before, a double click."""
        self.refused(name, version=self.stored().version - 1)
        self.did("stale page")

    @rule(
        who=st.sampled_from(["anonymous", "another facilitator", "a phone", "a phone that is out"]),
        what=st.sampled_from(["close", "advance", "hide", "rotate-code", "purge-team", "release-device"]),
        number=ANY,
    )
    def somebody_else_presses(self, who, what, number):
        """Whoever has no right to a command is refused, and nothing has changed."""
        browser = self._somebody(who, number)
        first = {"note": Note, "device": Device}
        found = {name: model.objects.filter(workshop=self.pk).first() for name, model in first.items()}
        ids = {name: row.pk for name, row in found.items() if row}
        data = {"version": self.stored().version, "team": pick(self.model.teams, number), "on": "on", **ids}
        response = browser.post(f"/desk/{self.slug}/do/{what}", uuid=uuid.uuid4(), **data)
        assert response.status_code in (302, 403, 404), response.status_code
        if who != "a phone":
            note = {"breakout": self.breakouts[1], "text": "Not mine", "uuid": uuid.uuid4()}
            assert browser.post(f"/p/{self.slug}/notes", **note).status_code == 404
        self.did(who)

    def _somebody(self, who, number):
        if who == "another facilitator":
            if not hasattr(Running, "_other"):
                Running._other = rooms.Desk(None, rooms.account("somebody-else")).client.cookies
            return Browser(self.server, {name: m.value for name, m in Running._other.items()})
        inside = [pk for pk, p in self.model.phones.items() if p["is_in"] == (who == "a phone")]
        if who != "anonymous" and inside:
            return Browser(self.server, self.browsers[pick(inside, number)].cookies)
        return Browser(self.server)
