"""What city teams do: come, change, go, write."""

import uuid

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from sessions.models import CityTeam, Device
from tests.machine.desk import ANY
from tests.machine.doors import Browser
from tests.machine.room import Room, pick

TEXTS = st.sampled_from(["Nobody owns the budget", "Trust comes on foot – الثقة", "=1+1", "<b>bold</b> 🌍", "a\nb"])
MOST_PHONES = 9

is_in = precondition(lambda self: any(p["is_in"] for p in self.model.phones.values()))
can_write = precondition(lambda self: any(self.model.may_write(pk) for pk in self.model.phones))


class Phones(Room):
    """Phones come, change over, move on, and go."""

    @precondition(lambda self: len(self.model.phones) < MOST_PHONES)
    @rule(number=ANY)
    def join(self, number):
        """As one of a city team on the list."""
        self._come(pick([pk for pk, team in self.model.teams.items() if team["admitted"]], number))

    @precondition(lambda self: len(self.model.phones) < MOST_PHONES)
    @rule()
    def join_as_guest(self):
        """Who only follows."""
        self._come(None)

    def _come(self, team):
        browser = Browser(self.server)
        status = self._ask(lambda: browser.post(f"/j/{self.stored().code}", team=team or "guest"))
        if self.model.state != "open":
            assert status in (404, 429), self.said
            return
        self._came(browser, status)
        self.model.join(self.newest, team)
        self.did("join" if team else "join as guest")

    def _came(self, browser, status):
        assert status == 303, self.said
        self.changed()
        self.newest = Device.objects.filter(workshop=self.pk).latest("pk").pk
        self.browsers[self.newest] = browser

    @precondition(lambda self: self.model.state == "open" and len(self.model.phones) < MOST_PHONES)
    @rule(number=st.integers(1, 3))
    def join_with_a_new_name(self, number):
        """A city team that is not on the list asks to come in."""
        browser, name = Browser(self.server), f"Newtown {number}"
        status = self._ask(lambda: browser.post(f"/j/{self.stored().code}", name=name))
        self._came(browser, status)
        team = CityTeam.objects.get(workshop=self.pk, name=name).pk
        self.model.teams.setdefault(team, {"admitted": False, "state": "here"})
        self.model.join(self.newest, team)
        self.did("join with a new name")

    @is_in
    @rule(number=ANY)
    def leave(self, number):
        """What it wrote stays with its city."""
        phone = self._in(number)
        assert self.by(phone, "leave") in (204, 303), self.said
        self._is_out(phone)
        self.did("leave")

    @is_in
    @rule(number=ANY)
    def release(self, number):
        """The desk takes a phone out."""
        phone = self._in(number)
        self.press("release-device", device=phone)
        self._is_out(phone)
        self.did("release")

    def _is_out(self, phone):
        self.changed()
        self.model.phones[phone]["is_in"] = False

    @is_in
    @rule(number=ANY, other=ANY)
    def change_city(self, number, other):
        """ "Not Riverton? Change": refused unless the session is open."""
        phone = self._in(number)
        team = pick([pk for pk, team in self.model.teams.items() if team["admitted"]], other)
        status = self.by(phone, "change", team=team)
        if self.model.state != "open":
            assert status == 409, self.said
            return
        assert status == 303, self.said
        self.changed()
        self.model.change_over(phone, team)
        self.did("change city")

    @precondition(lambda self: self.model.state == "open" and any(p["is_in"] for p in self.model.phones.values()))
    @rule(number=ANY)
    def continue_elsewhere(self, number):
        """Another phone goes on with the personal code; the first is out."""
        phone = self._in(number)
        personal, browser = self.codes_of(self.browsers[phone]), Browser(self.server)
        data = {"code": self.stored().code, "personal_code": personal}
        self._came(browser, self._ask(lambda: browser.post("/continue", **data)))
        self.model.phones[phone]["is_in"] = False
        self.model.join(self.newest, self.model.phones[phone]["team"])
        self.did("continue elsewhere")

    def _in(self, number):
        return pick([pk for pk, phone in self.model.phones.items() if phone["is_in"]], number)


class Notes(Room):
    """Notes are written, sent again, changed, taken back."""

    @can_write
    @rule(number=ANY, order=st.integers(1, 3), text=TEXTS, several=st.sampled_from([1, 2, 7]))
    def note(self, number, order, text, several):
        """Never refused for being late; what is too fast waits on its phone."""
        phone = pick([pk for pk in self.model.phones if self.model.may_write(pk)], number)
        for nth in range(several):
            sent = {"breakout": self.breakouts[order], "text": f"{text} {nth}", "uuid": uuid.uuid4()}
            self._send(phone, order, sent)

    @precondition(lambda self: any(self.model.may_write(phone) for phone, *_rest in self.held))
    @rule()
    def send_what_waits(self):
        """The phone sends it again with the same id."""
        waiting = next(held for held in self.held if self.model.may_write(held[0]))
        self.held.remove(waiting)
        self._send(*waiting)
        self.did("send what waits")

    def _send(self, phone, order, sent):
        status = self.by(phone, "notes", **sent)
        if status == 429:
            self.held.append((phone, order, sent))
            return
        assert status == 204, self.said
        self.changed()
        self.sent[sent["uuid"]] = (phone, sent)
        self.model.write(sent["uuid"], order, self.model.phones[phone]["team"], sent["text"], self.now)
        self.did("late note" if self.model.notes[sent["uuid"]]["late"] else "note")

    @precondition(lambda self: self._sent_by_who_may_write())
    @rule(number=ANY)
    def send_again(self, number):
        """The answer got lost: the same id and content is the same note, whatever became of it."""
        phone, sent = self.sent[pick(self._sent_by_who_may_write(), number)]
        status = self.by(phone, "notes", **sent)
        assert status in (204, 429), self.said
        if status == 204:
            self.did("send again")

    @precondition(lambda self: self._sent_by_who_may_write())
    @rule(number=ANY)
    def send_other_words_under_the_same_id(self, number):
        """Refused in words, unless the note has been changed or taken back since: then it is answered as that."""
        note = pick(self._sent_by_who_may_write(), number)
        phone, sent = self.sent[note]
        status = self.by(phone, "notes", **{**sent, "text": "Other words"})
        known = self.model.notes[note]
        assert status in (429, 204 if known["edited"] or not known["is_there"] else 409), self.said
        if status == 409:
            self.did("other words")

    def _sent_by_who_may_write(self):
        return [note for note, (phone, _sent) in self.sent.items() if self.model.may_write(phone)]

    @precondition(lambda self: self._own())
    @rule(number=ANY, text=TEXTS, twice=st.booleans())
    def edit(self, number, text, twice):
        """A city team changes its note; the same command twice changes it once."""
        phone, note = pick(self._own(), number)
        command = {"uuid": uuid.uuid4(), "text": f"{text}, rather"}
        status = self.by(phone, f"notes/{note}", **command)
        if status == 429:
            return
        assert status == 204, self.said
        self.changed()
        self.model.edit(note, command["text"])
        if twice:
            assert self.by(phone, f"notes/{note}", **command) in (204, 429), self.said
        self.did("edit")

    @precondition(lambda self: self._own())
    @rule(number=ANY)
    def delete(self, number):
        """A city team takes its note back; repeating the note does not bring it back."""
        phone, note = pick(self._own(), number)
        status = self.by(phone, f"notes/{note}/delete", uuid=uuid.uuid4())
        if status == 429:
            return
        assert status == 204, self.said
        self.changed()
        self.model.erase(note)
        self.did("delete")

    @precondition(lambda self: self._own())
    @rule(number=ANY, other=ANY)
    def change_what_is_another_citys(self, number, other):
        """Refused, and nothing changes."""
        _phone, note = pick(self._own(), number)
        others = [
            pk
            for pk, phone in self.model.phones.items()
            if self.model.may_write(pk) and phone["team"] != self.model.notes[note]["team"]
        ]
        if others:
            phone = pick(others, other)
            assert self.by(phone, f"notes/{note}", text="Theirs", uuid=uuid.uuid4()) in (404, 409, 429), self.said
            assert self.by(phone, f"notes/{note}/delete", uuid=uuid.uuid4()) in (404, 409, 429), self.said
            self.did("another city's note")

    def _own(self):
        """Pairs of a phone that may write and a note of its city that is there."""
        return [
            (phone, uuid_)
            for phone, known in sorted(self.model.phones.items())
            if self.model.may_write(phone)
            for uuid_, note in self.model.notes.items()
            if note["is_there"] and note["team"] == known["team"]
        ]

    @precondition(lambda self: any(not p["is_in"] for p in self.model.phones.values()))
    @rule(number=ANY)
    def write_while_out(self, number):
        """A phone that is out finds nothing."""
        phone = pick([pk for pk, p in self.model.phones.items() if not p["is_in"]], number)
        assert self.by(phone, "notes", breakout=self.breakouts[1], text="Out", uuid=uuid.uuid4()) == 404, self.said
        self.did("write while out")
