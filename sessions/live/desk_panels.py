"""What the facilitators see, panel by panel."""

from itertools import combinations

from django.db.models import Count, Max, Q

from academy import clock
from sessions import seating
from sessions.live import board, shared
from sessions.live.held import handed_in, held
from sessions.models import HERE, Seat
from sessions.models.run import drawn

# The desk's list shows the newest; the page of all notes has the rest.
NOTES_AT_THE_DESK = 100


def run(workshop, _subject):
    """Now and next, the clock, the primary button."""
    context = shared.stage_of(workshop)
    context |= shared.discussion_of(workshop, context["segment"])
    context["facilitator_notes"] = _facilitator_notes(context)
    if workshop.is_open and context["run"].next() is None:
        context |= held(workshop)
    return {
        **context,
        "timeline": context["run"].timeline(),
        "join": shared.join_address(workshop),
        **_people(workshop),
    }


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
    breakout = shared.latest_discussion(workshop)
    if breakout is None:
        return {"breakout": None, "notes": []}
    newest = board.newest_of(breakout, NOTES_AT_THE_DESK)
    return {**notes_count(workshop, _subject), "notes": newest, "most": NOTES_AT_THE_DESK}


def notes_count(workshop, _subject):
    """How many notes there are in the discussion that is on (or was last)."""
    breakout = shared.latest_discussion(workshop)
    return {"breakout": breakout, "count": breakout.notes.filter(deleted_at=None).count() if breakout else 0}


def desk_note(workshop, _subject, pk):
    """One note of the desk's list (its id); note None when it does not belong there (any more)."""
    breakout = shared.latest_discussion(workshop)
    note = shared.note_of(workshop, pk)
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
    context = shared.stage_of(workshop) | {"walls": list(workshop.walls.all())}
    context |= shared.discussion_of(workshop, context["segment"])
    if breakout := context.get("breakout"):
        if context["step"].part == "board":
            context["board"] = board.board(breakout)
        context["view"] = breakout.board_view
        context["teams"] = [seat.team for seat in context["run"].seats.values()]
        context["tables"] = list(breakout.tables.all())
    return context
