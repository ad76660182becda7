"""What a room should be, in plain dicts: moved by the same things people do, knowing nothing of the database.

Moments are aware datetimes of the machine's own clock, spans timedeltas. Every change either is made here, or the
room has to refuse it and stay as it is.
"""

from datetime import timedelta

ZERO = timedelta()


class Model:
    """One session: its discussions {order: dict}, city teams {id: dict}, phones {id: dict}, notes {uuid: dict}."""

    def __init__(self, discussions, teams):
        """discussions: {order: minutes}. teams: ids of those that are expected."""
        self.state, self.at, self.step = "open", None, 0
        self.discussions = {order: _discussion(minutes) for order, minutes in discussions.items()}
        self.teams = {pk: {"admitted": True, "state": "expected"} for pk in teams}
        self.phones = {}
        self.notes = {}
        self.message = ""

    # The clock.

    @property
    def current(self):
        """The discussion the run stands at, or None."""
        return self.discussions.get(self.at)

    def left(self, discussion, now):
        """The time that is left; never negative."""
        if discussion["ends"] is None:
            return timedelta(minutes=discussion["minutes"])
        return max(ZERO, discussion["ends"] - (discussion["paused"] or now))

    def has_ended(self, discussion, now):
        """Whether its time is over: started, not paused, nothing left."""
        return discussion["ends"] is not None and discussion["paused"] is None and now >= discussion["ends"]

    def is_talking(self, now):
        """Whether the run stands at a discussion that is under way, paused or not."""
        current = self.current
        return current is not None and current["ends"] is not None and not self.has_ended(current, now)

    def go(self, order, step):
        """Stand at a step of a discussion, or elsewhere (None)."""
        self.at, self.step = order, step
        if order is not None:
            self.current["tables_shown"] = True

    def start(self, now):
        """Talk; a second look starts no clock again."""
        self.step = 1
        if self.current["ends"] is None:
            self.current["ends"] = now + timedelta(minutes=self.current["minutes"])

    def show_board(self):
        """Show the board."""
        self.step = 2
        self.current["board_shown"] = True

    def pause(self, now):
        """Keep what is left."""
        self.current["paused"] = now

    def resume(self, now):
        """A pause adds exactly the time it took."""
        current = self.current
        current["ends"] += now - current["paused"]
        current["paused"] = None

    def change_minutes(self, minutes, now):
        """Give or take minutes of what is left."""
        current = self.current
        left = max(ZERO, self.left(current, now) + timedelta(minutes=minutes))
        current["ends"] = (current["paused"] or now) + left
        current["unused"] = 0

    def end(self, now):
        """Remember what was left, in whole seconds."""
        current = self.current
        current["unused"] = int(self.left(current, now).total_seconds())
        current["paused"], current["ends"] = None, now

    def reopen(self, now):
        """Give back what was left, at least two minutes."""
        current = self.current
        current["ends"] = now + timedelta(seconds=max(current["unused"], 120))
        current["unused"], current["board_shown"] = 0, False
        self.step = 1

    def close(self, now):
        """Closing ends the discussion that is on."""
        if self.is_talking(now):
            self.end(now)
        self.state = "closed"

    # People.

    def arrive(self, team):
        """A phone of a city team makes it "here"."""
        if team is not None:
            self.teams[team]["state"] = "here"

    def join(self, phone, team):
        """A new phone, of a city team (id) or a guest's (None)."""
        self.phones[phone] = {"team": team, "is_in": True}
        self.arrive(team)

    def change_over(self, phone, team):
        """The phone is another city team's; one that is left without phones and notes was a mistap."""
        old = self.phones[phone]["team"]
        self.phones[phone]["team"] = team
        self.arrive(team)
        if old is None or old == team:
            return
        has_phones = any(p["team"] == old and p["is_in"] for p in self.phones.values())
        has_notes = any(n["team"] == old for n in self.notes.values())
        if has_phones or has_notes or self.teams[old]["state"] != "here":
            return
        if self.teams[old]["admitted"]:
            self.teams[old]["state"] = "expected"
        else:
            del self.teams[old]
            self.phones = {pk: p for pk, p in self.phones.items() if p["team"] != old}

    def may_write(self, phone):
        """Whether a phone is in, with a city team that was admitted."""
        known = self.phones.get(phone)
        return bool(known and known["is_in"] and known["team"] and self.teams[known["team"]]["admitted"])

    # Notes.

    def write(self, uuid, order, team, text, now):
        """Store a note; late when its discussion is over or the session closed, refused never."""
        late = self.has_ended(self.discussions[order], now) or self.state == "closed"
        self.notes[uuid] = {
            "discussion": order,
            "team": team,
            "text": text,
            "late": late,
            "hidden": False,
            "starred": False,
            "is_there": True,
            "edited": False,
        }

    def edit(self, uuid, text):
        """A change after the close is taken, and marked late."""
        note = self.notes[uuid]
        note["text"], note["edited"] = text, True
        note["late"] = note["late"] or self.state == "closed"

    def erase(self, uuid):
        """The words are gone, the row stays."""
        self.notes[uuid] |= {"text": "", "is_there": False, "starred": False}


def _discussion(minutes):
    return {
        "minutes": minutes,
        "tables_shown": False,
        "ends": None,
        "paused": None,
        "unused": 0,
        "board_shown": False,
        "setting": "numbers",
        "released": False,
    }
