"""What an action says has changed. It is collected in its transaction, and published after the commit."""

import contextlib
import contextvars
from dataclasses import dataclass, field

from sessions.live import streams

_told = contextvars.ContextVar("told")


@dataclass
class Told:
    """What one action said: {stream: set of panel ids, empty for all of them}, and whose sockets to shut."""

    changes: dict = field(default_factory=dict)
    shut: list = field(default_factory=list)

    def message(self, workshop, seqs):
        """Return the message for every process's hub, or None when nothing was said. workshop: id; {stream: seq}.

        It names what changed and carries no text: each process draws for the screens it has.
        """
        if not self.changes and not self.shut:
            return None
        changes = {stream: [seqs[stream], sorted(only)] for stream, only in self.changes.items()}
        return {"type": "news", "workshop": workshop, "changes": changes, "shut": self.shut}


def farewell(workshop):
    """Return the message that shuts every screen of a session (its id) that was deleted."""
    return {"type": "news", "workshop": workshop, "changes": {}, "shut": [(f"workshop-{workshop}", False)]}


@contextlib.contextmanager
def collecting():
    """Collect what is told while an action runs; yields the Told."""
    told = Told()
    token = _told.set(told)
    try:
        yield told
    finally:
        _told.reset(token)


def _changed(stream, panels):
    told = _told.get()
    if not panels or told.changes.get(stream) == set():
        told.changes[stream] = set()
    else:
        told.changes.setdefault(stream, set()).update(panels)


def stage_changed(*panels):
    """Everybody's stage: where the run stands, its clock, the message to all. Names panels, or means all of them."""
    _changed(streams.STAGE, panels)


def board_changed(*panels):
    """The session board."""
    _changed(streams.BOARD, panels)


def desk_changed(*panels):
    """What the facilitators see."""
    _changed(streams.DESK, panels)


def team_changed(team, *panels):
    """What the phones of one city team see of their own: their table, their notes."""
    _changed(team.stream, panels)


def teams_changed(teams, *panels):
    """The same for several city teams."""
    for team in teams:
        team_changed(team, *panels)


def shut(identity, *, come_back):
    """Close the sockets of one listener ("device-7", "user-3", "team-5", "wall-2").

    come_back: whether its page may connect again (its doors changed), or is out.
    """
    _told.get().shut.append((identity, come_back))
