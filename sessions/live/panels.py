"""Panels: what each audience sees of each stream. One partial and one context function a panel.

A context function says what a partial shows, from rows alone: it does not know who is looking.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import combinations

import segno
from django.db.models import Count, Max, Q
from django.utils.html import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy import clock
from sessions import seating
from sessions.live import board, streams
from sessions.live.held import handed_in, held
from sessions.models import HERE, CityTeam, Mark, Note, Seat, quick
from sessions.models.note import NOTE_HINT, NOTE_LIMIT
from sessions.models.run import drawn

# The desk's list shows the newest; the page of all notes has the rest.
NOTES_AT_THE_DESK = 100
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


def audiences(stream):
    """Return the audiences that listen to a stream."""
    kind = stream.partition("-")[0]
    return [audience for (name, audience) in PANELS if name == kind]


@lru_cache(maxsize=64)
def qr(text):
    """Return a QR code as inline SVG."""
    code = segno.make(text, error="m", micro=False)
    return mark_safe(  # noqa: S308 - made by segno from numbers only
        code.svg_inline(scale=1, border=2, omitsize=True, svgclass="qr__image", lineclass=None, light="#fff")
    )


def join_address(workshop):
    """Return the address of a session's door: "short", as people type it; "full", as the QR carries it."""
    short = workshop.address.partition("://")[2].rstrip("/")
    return {"short": short, "full": f"{workshop.address.rstrip('/')}/j/{workshop.code}"}


def instruction(workshop, breakout, tables=None):
    """Return the line that says whom to talk to and how long: the seed's own where it is true.

    tables: sizes of this discussion's tables; of one table for the phones that sit there.
    """
    sizes = set(tables or drawn(workshop).table_sizes)
    minutes = breakout.minutes
    if sizes == {3} and minutes == 10:
        return _("Talk to two other cities for 10 minutes")
    if len(sizes) == 1:
        others = sizes.pop() - 1
        cities = ngettext(
            "Talk to the other city at your table", "Talk to the %(n)d other cities at your table", others
        )
        told = cities % {"n": others}
        named = {
            2: _("Talk to the two other cities at your table"),
            3: _("Talk to the three other cities at your table"),
        }
        told = named.get(others, told)
    else:
        told = _("Talk to the other cities at your table")
    lasting = ngettext("for %(n)d minute", "for %(n)d minutes", minutes) % {"n": minutes}
    return f"{told} {lasting}"


def _stage(workshop):
    """What every picture of the stage needs: the run, the step, what is shown."""
    run = drawn(workshop)
    shown = run.shown
    context = {"run": run, "segment": run.current, "step": run.step, "shown": shown, "now": clock.milliseconds()}
    if run.current and run.step.part == "block":
        kind, _slash, code = run.current.shows[run.step.index].partition("/")
        context["block"] = next((row for row in shown if (row.kind, row.code) == (kind, code)), None)
        context["block_kind"] = kind
    if run.current and run.current.kind == "case" and shown:
        told = run.index if run.step.part in ("fact", "question") else 0
        context["facts"] = list(shown[0].facts.all())[:told]
    if run.current and run.current.kind == "checklist" and shown:
        context |= _checklist(workshop, shown[0], run.step.index)
    return context


def _checklist(workshop, checklist, build):
    items = [item for item in checklist.items.all() if item.build <= build]
    counts = {}
    if workshop.marking:
        marks = Mark.objects.filter(team__workshop=workshop, item__in=items)
        for item, value, n in marks.values_list("item", "value").annotate(n=Count("pk")):
            counts.setdefault(item, {})[value.replace("-", "_")] = n
    for item in items:
        item.mark_counts = counts.get(item.pk, {})
    places = [(place, [i for i in items if i.place_id == place.pk]) for place in checklist.places.all()]
    return {"checklist": checklist, "places": places, "build": build, "marking": workshop.marking}


def _discussion(workshop, segment):
    """What is said of a discussion beside its clock; empty for another segment."""
    if segment is None or not segment.is_discussion:
        return {}
    breakout = drawn(workshop).breakout
    return {"breakout": breakout, "discussion_step": breakout.step, "instruction": instruction(workshop, breakout)}


def now(workshop, _subject):
    """The stage on phones."""
    context = _stage(workshop)
    context |= _discussion(workshop, context["segment"])
    out = [breakout.pk for breakout in workshop.breakouts.all() if breakout.text_is_out]
    return {**context, "next_segment": context["run"].next_segment, "out": out}


def the_clock(workshop, _subject):
    """The clock alone."""
    return {"breakout": quick.current_breakout(workshop)}


def nothing(_workshop, _subject):
    """What says all it has to say of the session's own row."""
    return {}


def composer(workshop, _subject):
    """The note box of the current discussion; a page keeps the one it has."""
    breakout = drawn(workshop).breakout
    context = {"breakout": breakout, "limit": NOTE_LIMIT, "hint": NOTE_HINT}
    if breakout and breakout.taxonomy:
        terms = list(breakout.taxonomy.terms.select_related("category").order_by("category__order", "order", "pk"))
        groups = {}
        for term in terms:
            groups.setdefault(term.category, []).append(term)
        context["groups"] = sorted(groups.items(), key=lambda g: g[0].order if g[0] else 999)
    return context


def asked(workshop, _subject):
    """What the note box asks and who will read the answer; the box stays, this may change in it."""
    return {"breakout": drawn(workshop).breakout}


def wall(workshop, _subject):
    """The stage on the projector."""
    context = _stage(workshop)
    context |= _discussion(workshop, context["segment"])
    context["join"] = join_address(workshop)
    context["qr"] = qr(context["join"]["full"]) if workshop.address and not workshop.is_closed else ""
    if context["segment"] is None:
        context["teams"] = [t for t in workshop.teams.all() if t.admitted and t.state != CityTeam.State.NOT_COMING]
    elif context.get("breakout") and context["step"].part == "find":
        context["seats"] = list(context["run"].seats.values())
    return context


def wall_board(workshop, _subject):
    """The session board on the projector: numbers per table while they talk, columns afterwards."""
    breakout = drawn(workshop).breakout
    covered = workshop.wall_covered or workshop.wall_paused or workshop.is_closed
    if breakout is None or covered or workshop.step == 0:
        return {"breakout": None}
    if breakout.step == "board" and workshop.step == 2:
        return {"breakout": breakout, "board": board.board(breakout), "on_board": True}
    context = {"breakout": breakout, "on_board": False, "tables": _tables_with_counts(breakout)}
    if breakout.text_is_out:
        context["latest"] = board.newest_of(breakout, 3, hidden=False)[::-1]
    return context


def _tables_with_counts(breakout):
    """The tables where somebody sits, each with the number of its notes that may be counted."""
    notes = breakout.notes.filter(deleted_at=None, hidden=False).order_by().values_list("table")
    counts = dict(notes.annotate(n=Count("pk")))
    sitting = set(breakout.seats.order_by().values_list("table_id", flat=True))
    tables = [table for table in breakout.tables.order_by("number") if table.pk in sitting]
    for table in tables:
        table.count = counts.get(table.pk, 0)
    return tables


def phone_board(workshop, _subject):
    """The session board to read on a phone: every column, with all the text that is out."""
    breakout = _latest(workshop)
    return {"breakout": breakout, "board": board.board(breakout, whole=True) if breakout else None}


def _latest(workshop):
    """The discussion that is on, or that was last."""
    return drawn(workshop).breakout or workshop.breakouts.exclude(starts_at=None).last()


def team(workshop, subject):
    """One city team's own place: its table now, who sits there, whom it has met."""
    run = drawn(workshop)
    seat = run.seats.get(subject.pk)
    context = {"team": subject, "breakout": run.breakout, "seat": seat}
    if seat:
        at_table = [other.team for other in run.seats.values() if other.table_id == seat.table_id]
        context["others"] = [team for team in at_table if team.pk != subject.pk]
        context["instruction"] = instruction(workshop, run.breakout, [len(at_table)])
    met = run.met.get(subject.pk)
    context["met"] = [team for team in run.teams.values() if team.pk in met] if met else []
    return context


def our_notes(_workshop, subject):
    """A city team's own notes of the whole session, newest first."""
    notes = list(_ours(subject).prefetch_related("terms").order_by("-pk"))
    return {"notes": notes, "count": len(notes)}


def our_notes_count(_workshop, subject):
    """How many notes a city team has written."""
    return {"count": quick.count_of_team(subject.pk)}


def our_note(workshop, subject, pk):
    """One note (id) of a city team itself; note None when it was deleted."""
    note = note_of(workshop, pk)
    return {"note": note if note and note.team_id == subject.pk else None, "note_pk": pk}


def _ours(team):
    return Note.objects.filter(team=team, deleted_at=None)


def table_notes(workshop, subject):
    """What the other cities at its table have written in the current discussion, where the session allows it."""
    table = _open_table(workshop, subject)
    notes = table and list(_of_others(table, subject).select_related("team").prefetch_related("terms").order_by("-pk"))
    return {"sees": table is not None, "notes": notes, "count": len(notes or ())}


def table_notes_count(workshop, subject):
    """How many notes the other cities at its table have written."""
    table = _open_table(workshop, subject)
    return {"count": quick.count_of_others(table, subject.pk) if table else 0}


def table_note(workshop, subject, pk):
    """One note (id) of another city at its table; note None when it is not to be seen there (any more)."""
    note = note_of(workshop, pk)
    is_seen = note and not note.hidden and note.table_id and note.table_id == _open_table(workshop, subject)
    return {"note": note if is_seen else None, "note_pk": pk}


def _open_table(workshop, team):
    """The table (id) of the current discussion whose notes a city team may read while it talks, or None."""
    if "_tables_of_teams" not in workshop.__dict__:
        breakout = quick.current_breakout(workshop) if workshop.tables_see_notes else None
        is_shown = breakout is not None and breakout.tables_shown_at is not None
        workshop.__dict__["_tables_of_teams"] = quick.tables_of_teams(breakout) if is_shown else {}
    return workshop.__dict__["_tables_of_teams"].get(team.pk)


def _of_others(table, team):
    return Note.objects.filter(table=table, deleted_at=None, hidden=False).exclude(team=team)


def marks(workshop, subject):
    """A city team's own marks on the checklist, while marking is on and the checklist is shown."""
    current = drawn(workshop).current
    if not workshop.marking or current is None or current.kind != "checklist":
        return {"places": []}
    context = _stage(workshop)
    own = dict(Mark.objects.filter(team=subject).values_list("item", "value"))
    for _place, items in context.get("places", []):
        for item in items:
            item.value = own.get(item.pk, "")
    return {"places": context.get("places", []), "values": Mark.Value.choices, "team": subject}


# The desk.


def run(workshop, _subject):
    """Now and next, the clock, the primary button."""
    context = _stage(workshop)
    context |= _discussion(workshop, context["segment"])
    context["facilitator_notes"] = _facilitator_notes(context)
    if workshop.is_open and context["run"].next() is None:
        context |= held(workshop)
    return {**context, "timeline": context["run"].timeline(), "join": join_address(workshop), **_people(workshop)}


def run_ends(workshop, _subject):
    """When the session will end."""
    return {"run": drawn(workshop)}


def _facilitator_notes(stage):
    """A case's notes; those to its epilogue only once that is open."""
    if not stage["shown"] or stage["segment"].kind not in ("case", "epilogue"):
        return ""
    if stage["segment"].kind == "case":
        return stage["shown"][0].facilitator_notes
    return stage["shown"][0].epilogue_notes if stage["step"].part == "opened" else ""


def _people(workshop):
    states = dict(workshop.teams.filter(admitted=True).values_list("state").annotate(n=Count("pk")).order_by())
    here = states.get("here", 0) + states.get("without-phone", 0)
    phones = workshop.devices.filter(released_at=None, last_seen__gte=workshop.present_after()).count()
    return {
        "here": here,
        "expected": states.get("expected", 0),
        "asking": workshop.teams.filter(admitted=False).count(),
        "phones": phones,
    }


def roster(workshop, _subject):
    """All city teams with their phones."""
    since = workshop.present_after()
    present = Count("devices", filter=Q(devices__released_at=None, devices__last_seen__gte=since), distinct=True)
    phones = Count("devices", filter=Q(devices__released_at=None), distinct=True)
    teams = list(workshop.teams.annotate(phones=phones, present=present).order_by("key", "pk"))
    breakout = drawn(workshop).breakout
    if breakout and breakout.tables_shown_at:
        seats = drawn(workshop).seats
        for each in teams:
            each.table_number = seats[each.pk].table.number if each.pk in seats else None
    unsent = held(workshop)
    holding = {row["team_id"]: row["notes"] for row in unsent["holding"]}
    silent = {row["team_id"] for row in unsent["silent"]}
    for each in teams:
        each.holds, each.is_silent = holding.get(each.pk, 0), each.pk in silent
    return {
        "teams": teams,
        "breakout": breakout,
        "guests": workshop.devices.filter(team=None, released_at=None).count(),
        "handed_in": handed_in(workshop),
    }


def tables(workshop, _subject):
    """The tables of the discussion that is on, or of the next one: cities, phones, notes, the last one's age."""
    breakout = drawn(workshop).breakout
    breakout = breakout or workshop.breakouts.filter(starts_at=None, segment__skipped=False).first()
    if breakout is None:
        return {"breakout": None, "tables": []}
    since = workshop.present_after()
    found = list(breakout.tables.prefetch_related("seats__team"))
    live_notes = Q(deleted_at=None)
    notes = dict(breakout.notes.filter(live_notes).values_list("table").annotate(n=Count("pk")).order_by())
    last = dict(breakout.notes.filter(live_notes).values_list("table").annotate(m=Max("created_at")).order_by())
    phones = dict(
        Seat.objects.filter(breakout=breakout)
        .values_list("table")
        .annotate(
            n=Count("team__devices", filter=Q(team__devices__released_at=None, team__devices__last_seen__gte=since))
        )
        .order_by()
    )
    for table in found:
        table.phones, table.note_count = phones.get(table.pk, 0), notes.get(table.pk, 0)
        table.last_note = last.get(table.pk)
        table.silent_minutes = _minutes_since(table.last_note or breakout.starts_at)
    standing = _standing(workshop, found) if breakout.tables_shown_at else []
    return {"breakout": breakout, "tables": [t for t in found if t.seats.all()], "standing": standing}


def _standing(workshop, tables):
    """City teams that are here and have no table, or (`alone_at` its number) nobody to talk to at theirs.

    Each has its `proposed` table number.
    """
    at = {seat.team_id: table for table in tables for seat in table.seats.all()}
    standing = [
        team
        for team in workshop.teams.filter(admitted=True, state__in=HERE)
        if team.pk not in at or not company(at[team.pk], team)
    ]
    for team in standing:
        team.alone_at = at[team.pk].number if team.pk in at else None
        team.proposed = proposed_number(workshop, tables, team)
    return standing


def company(table, team):
    """Return the other city teams (ids) at a table that are here or still expected."""
    return tuple(seat.team_id for seat in table.seats.all() if seat.team_id != team.pk and seat.team.is_coming)


def proposed_number(workshop, tables, team):
    """Return the number of the table a latecomer should join, or None when nobody sits anywhere."""
    sitting = [company(table, team) for table in tables]
    index = seating.place_latecomer(
        sitting, team.pk, history=met_before(workshop.breakouts.exclude(tables_shown_at=None))
    )
    return None if index is None else tables[index].number


def met_before(breakouts):
    """Return the pairs of city teams (ids) that met at the tables of these discussions, one for each meeting."""
    tables = {}
    for table, team in (
        Seat.objects.filter(breakout__in=breakouts).order_by("team_id").values_list("table_id", "team_id")
    ):
        tables.setdefault(table, []).append(team)
    return [pair for teams in tables.values() for pair in combinations(teams, 2)]


def _minutes_since(moment):
    return int((clock.now() - moment).total_seconds() // 60) if moment else None


def notes(workshop, _subject):
    """The newest notes of the discussion that is on (or was last), at once: hidden and unreleased ones too."""
    breakout = _latest(workshop)
    if breakout is None:
        return {"breakout": None, "notes": []}
    newest = board.newest_of(breakout, NOTES_AT_THE_DESK)
    return {**notes_count(workshop, _subject), "notes": newest, "most": NOTES_AT_THE_DESK}


def notes_count(workshop, _subject):
    """How many notes there are in the discussion that is on (or was last)."""
    breakout = _latest(workshop)
    return {"breakout": breakout, "count": breakout.notes.filter(deleted_at=None).count() if breakout else 0}


def desk_note(workshop, _subject, pk):
    """One note of the desk's list (its id); note None when it does not belong there (any more)."""
    breakout = _latest(workshop)
    note = note_of(workshop, pk)
    is_listed = note and breakout and note.breakout_id == breakout.pk and pk >= _oldest_listed(workshop, breakout)
    return {"breakout": breakout, "note": note if is_listed else None, "note_pk": pk}


def _oldest_listed(workshop, breakout):
    """The id of the oldest note in the desk's list, 0 while there is room; asked once for all notes of a drawing."""
    once = drawn(workshop).__dict__
    if "oldest_listed" not in once:
        newest = breakout.notes.filter(deleted_at=None).order_by("-pk").values_list("pk", flat=True)
        once["oldest_listed"] = next(iter(newest[NOTES_AT_THE_DESK - 1 : NOTES_AT_THE_DESK]), 0)
    return once["oldest_listed"]


def screen(workshop, _subject):
    """What the wall shows now, in words, and how to turn it."""
    context = _stage(workshop) | {"walls": list(workshop.walls.all())}
    context |= _discussion(workshop, context["segment"])
    if breakout := context.get("breakout"):
        if context["step"].part == "board":
            context["board"] = board.board(breakout)
        context["view"] = breakout.board_view
        context["teams"] = [seat.team for seat in context["run"].seats.values()]
        context["tables"] = list(breakout.tables.all())
    return context


PANELS = {
    (streams.STAGE, "phone"): [
        Panel("now", "sessions/_now.html", now),
        Panel("clock", "sessions/_clock.html", the_clock),
        Panel("message", "sessions/_message.html", nothing),
        Panel("composer", "sessions/_composer.html", composer),
        Panel("asked", "sessions/_asked.html", asked),
    ],
    (streams.STAGE, "wall"): [
        Panel("wall", "sessions/_wall.html", wall),
        Panel("clock", "sessions/_clock.html", the_clock),
    ],
    ("team", "phone"): [
        Panel("team", "sessions/_team.html", team),
        Panel("our-notes", "sessions/_our_notes.html", our_notes),
        Panel("our-notes-count", "sessions/_our_notes_count.html", our_notes_count),
        Panel("table-notes", "sessions/_table_notes.html", table_notes),
        Panel("table-notes-count", "sessions/_table_notes_count.html", table_notes_count),
        Panel("marks", "sessions/_marks.html", marks),
    ],
    (streams.BOARD, "wall"): [Panel("board", "sessions/_wall_board.html", wall_board)],
    (streams.BOARD, "phone"): [Panel("board", "sessions/_phone_board.html", phone_board)],
    (streams.DESK, "desk"): [
        Panel("run", "sessions/_run.html", run),
        Panel("version", "sessions/_version.html", nothing),
        Panel("clock", "sessions/_clock.html", the_clock),
        Panel("run-ends", "sessions/_run_ends.html", run_ends),
        Panel("screen", "sessions/_screen.html", screen),
        Panel("screen-message", "sessions/_screen_message.html", nothing),
        Panel("tables", "sessions/_tables.html", tables),
        Panel("notes", "sessions/_notes.html", notes),
        Panel("notes-count", "sessions/_notes_count.html", notes_count),
        Panel("roster", "sessions/_roster.html", roster),
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
        Item("our-note-", "sessions/_our_note.html", our_note, "our-notes"),
        Item("table-note-", "sessions/_table_note.html", table_note, "table-notes"),
    ],
    (streams.DESK, "desk"): [Item("desk-note-", "sessions/_desk_note.html", desk_note, "notes")],
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


def note_of(workshop, pk):
    """Return one of the notes that read_notes() has read; None when it was deleted."""
    return workshop.__dict__["_notes"].get(pk)
