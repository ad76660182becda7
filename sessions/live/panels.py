"""Panels: what each audience sees of each stream. One partial and one context function a panel.

A context function says what a partial shows, from rows alone: it does not know who is looking.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sessions.live import desk_panels, phone_panels, shared, streams, wall_panels
from sessions.live.held import held
from sessions.models import quick

# As many changed notes are drawn one by one.
MOST_ITEMS = 20


@dataclass(frozen=True)
class Panel:
    """One swappable part of a page: the id of its outermost element, its partial, and what it shows."""

    id: str
    template: str
    context: Callable


def subject_of(workshop, stream):
    """Return what a stream is about: the session, or one city team; None when that is gone."""
    if stream.startswith("team-"):
        return quick.team(workshop, int(stream.removeprefix("team-")))
    return workshop


PANELS = {
    (streams.STAGE, "phone"): [
        Panel("now", "sessions/_now.html", phone_panels.now),
        Panel("clock", "sessions/_clock.html", shared.the_clock),
        Panel("message", "sessions/_message.html", shared.nothing),
        Panel("composer", "sessions/_composer.html", phone_panels.composer),
        Panel("asked", "sessions/_asked.html", phone_panels.asked),
    ],
    (streams.STAGE, "wall"): [
        Panel("wall", "sessions/_wall.html", wall_panels.wall),
        Panel("clock", "sessions/_clock.html", shared.the_clock),
    ],
    ("team", "phone"): [
        Panel("team", "sessions/_team.html", phone_panels.team),
        Panel("our-notes", "sessions/_our_notes.html", phone_panels.our_notes),
        Panel("our-notes-count", "sessions/_our_notes_count.html", phone_panels.our_notes_count),
        Panel("table-notes", "sessions/_table_notes.html", phone_panels.table_notes),
        Panel("table-notes-count", "sessions/_table_notes_count.html", phone_panels.table_notes_count),
        Panel("marks", "sessions/_marks.html", phone_panels.marks),
    ],
    (streams.BOARD, "wall"): [Panel("board", "sessions/_wall_board.html", wall_panels.wall_board)],
    (streams.BOARD, "phone"): [Panel("board", "sessions/_phone_board.html", phone_panels.phone_board)],
    (streams.DESK, "desk"): [
        Panel("run", "sessions/_run.html", desk_panels.run),
        Panel("version", "sessions/_version.html", shared.nothing),
        Panel("clock", "sessions/_clock.html", shared.the_clock),
        Panel("run-ends", "sessions/_run_ends.html", desk_panels.run_ends),
        Panel("screen", "sessions/_screen.html", desk_panels.screen),
        Panel("screen-message", "sessions/_screen_message.html", shared.nothing),
        Panel("tables", "sessions/_tables.html", desk_panels.tables),
        Panel("notes", "sessions/_notes.html", desk_panels.notes),
        Panel("notes-count", "sessions/_notes_count.html", desk_panels.notes_count),
        Panel("roster", "sessions/_roster.html", desk_panels.roster),
        Panel("held", "sessions/_held.html", held),
    ],
}


@dataclass(frozen=True)
class Item:
    """A note that is drawn alone, because the panel it stands in may be long.

    prefix: what its element's id begins with, before the note's. context: as a panel's, with the note's id `pk`.
    whole: the panel.
    """

    prefix: str
    template: str
    context: Callable
    whole: str

    def pk_of(self, name):
        """Return the note's id that a panel id names, or None when it names something else."""
        return int(name.removeprefix(self.prefix)) if name.startswith(self.prefix) else None

    def panel(self, pk):
        """Return the Panel of a note (id)."""
        return Panel(f"{self.prefix}{pk}", self.template, partial(self.context, pk=pk))


ITEMS = {
    ("team", "phone"): [
        Item("our-note-", "sessions/_our_note.html", phone_panels.our_note, "our-notes"),
        Item("table-note-", "sessions/_table_note.html", phone_panels.table_note, "table-notes"),
    ],
    (streams.DESK, "desk"): [Item("desk-note-", "sessions/_desk_note.html", desk_panels.desk_note, "notes")],
}
# What is a part of another panel, and drawn alone where only it has changed: what happens most often stays small.
PARTS = {
    "clock": ("now", "wall", "run"),
    "message": ("now",),
    "version": ("run",),
    "run-ends": ("run",),
    "screen-message": ("screen",),
    "notes-count": ("notes",),
    "our-notes-count": ("our-notes",),
    "table-notes-count": ("table-notes",),
}


def chosen(kind, audience, only):
    """Return the Panels of these ids (of all when there are none); many notes are drawn as the panel they stand in."""
    panels = PANELS[kind, audience]
    if not only:
        return [panel for panel in panels if panel.id not in PARTS]
    only, alone = set(only), []
    for item in ITEMS.get((kind, audience), ()):
        pks = sorted(pk for name in only if (pk := item.pk_of(name)) is not None)
        if len(pks) > MOST_ITEMS:
            only.add(item.whole)
        elif item.whole not in only:
            alone += [item.panel(pk) for pk in pks]
    found = [panel for panel in panels if panel.id in only and not set(PARTS.get(panel.id, ())) & only]
    return found + alone


def read_notes(workshop, drawings):
    """Read all notes that are drawn alone in these rooms.Drawing at once, for note_of()."""
    pks = set()
    for drawing in drawings:
        for item in ITEMS.get((drawing.stream.partition("-")[0], drawing.audience), ()):
            pks |= {pk for name in drawing.only if (pk := item.pk_of(name)) is not None}
    workshop.__dict__["_notes"] = quick.notes(workshop, pks)
