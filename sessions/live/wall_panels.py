"""What the projector shows, panel by panel."""

from django.db.models import Count

from sessions.live import board, shared
from sessions.models import CityTeam
from sessions.models.run import drawn


def wall(workshop, _subject):
    """The stage on the projector."""
    context = shared.stage_of(workshop)
    context |= shared.discussion_of(workshop, context["segment"])
    context["join"] = shared.join_address(workshop)
    context["qr"] = shared.qr(context["join"]["full"]) if workshop.address and not workshop.is_closed else ""
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
