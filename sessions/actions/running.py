"""The run of the session: next, back, skip, jump, edit."""

from datetime import timedelta

from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from academy import clock
from sessions import live
from sessions.actions.discussion import end_discussion, everything_changed, must_be_open
from sessions.actions.tables import seat_those_here
from sessions.errors import Refusal
from sessions.models import Breakout, Segment
from sessions.models.run import Position, Run

# Segments that show each city team something of its own: its table, its marks.
_OF_TEAMS = (Segment.Kind.DISCUSSION, Segment.Kind.CHECKLIST)


def _go(workshop, position):
    """Stand at a position; what has a clock or tables is told so."""
    before = workshop.segment
    if workshop.segment_id != (position.segment.pk if position.segment else None):
        workshop.segment_started_at = clock.now()
    workshop.segment = position.segment
    workshop.step = position.step
    if workshop.started_at is None and position.segment is not None:
        workshop.started_at = clock.now()
        workshop.due_at = workshop.started_at + timedelta(minutes=Run(workshop).planned_minutes)
    if position.segment is not None and position.segment.skipped:
        Segment.objects.filter(pk=position.segment.pk).update(skipped=False)
    has_begun = False
    if position.segment is not None and position.segment.is_discussion:
        has_begun = _enter(workshop, workshop.breakouts.get(segment=position.segment), position.step)
    if panels := _of_teams(before, position.segment, has_begun):
        live.teams_changed(workshop.teams.all(), *panels)
    everything_changed(workshop)


def _of_teams(before, now, has_begun):
    """Return the panels in which city teams see something else of their own: a table, whom they have met, marks."""
    if before == now:
        if now is not None and now.kind == Segment.Kind.CHECKLIST:
            return ("marks",)
        return ("team",) if has_begun else ()
    if any(segment is not None and segment.kind in _OF_TEAMS for segment in (before, now)):
        return ("team", "table-notes", "marks")
    return ()


def _enter(workshop, breakout, step):
    """Do what a step of a discussion does the first time the run comes to it; returns whether the talk has begun."""
    now = clock.now()
    begins = step >= 1 and breakout.starts_at is None
    if breakout.tables_shown_at is None:
        breakout.tables_shown_at = now
        breakout.save()
        seat_those_here(workshop, breakout)
    if begins:
        breakout.starts_at = now
        breakout.ends_at = now + timedelta(minutes=breakout.minutes)
    if step >= 2 and breakout.board_shown_at is None:
        breakout.board_shown_at = now
    breakout.save()
    return begins


def advance(workshop, *, early=False):
    """Go to what the primary button names. While a clock runs only `early`, said on purpose, ends the talk."""
    must_be_open(workshop)
    breakout = workshop.current_breakout()
    if breakout and breakout.step == "talk" and workshop.step == 1 and not breakout.has_ended:
        if not early:
            raise Refusal(_("The clock is still running. To stop the talk now, press “End the discussion”."))
        return end_discussion(workshop)
    position = Run(workshop).next()
    if position is None:
        raise Refusal(_("This was the last segment. Close the session when everybody is done."))
    return _go(workshop, position)


def go_back(workshop):
    """Go one step back on the wall; clocks and notes stay as they are."""
    must_be_open(workshop)
    position = Run(workshop).previous()
    if position is None:
        raise Refusal(_("This is the beginning."))
    _go_unless_talking(workshop, position)


def jump(workshop, *, segment):
    """Go to any segment of this session's plan (its id)."""
    must_be_open(workshop)
    _go_unless_talking(workshop, Position(_segment(workshop, segment), 0))


def skip(workshop, *, segment):
    """Leave a segment out: the current one is left at once, a later one will be passed over. Again: take it back in."""
    must_be_open(workshop)
    segment = _segment(workshop, segment)
    if segment.pk != workshop.segment_id:
        Segment.objects.filter(pk=segment.pk).update(skipped=not segment.skipped)
        everything_changed(workshop)
        return
    following = Run(workshop).next_segment
    if following is None:
        raise Refusal(_("This is the last segment; there is nothing to skip to."))
    _refuse_while_talking(workshop)
    Segment.objects.filter(pk=segment.pk).update(skipped=True)
    _go(workshop, Position(following, 0))


def _segment(workshop, pk):
    segment = Segment.objects.filter(module__plan_id=workshop.plan_id, pk=pk).first()
    if segment is None:
        raise Refusal(_("This segment is not in the session's plan."))
    return segment


def _refuse_while_talking(workshop):
    breakout = workshop.current_breakout()
    if breakout and (breakout.is_running or breakout.is_paused):
        raise Refusal(_("The clock is still running. End the discussion first; its notes stay."))


def _go_unless_talking(workshop, position):
    breakout = workshop.current_breakout()
    if breakout is None or position.segment is None or position.segment.pk != breakout.segment_id:
        _refuse_while_talking(workshop)
    _go(workshop, position)


def edit_segment(workshop, *, segment, title, minutes, question=None):
    """Change a segment's title and minutes, and a discussion's question, on the spot.

    Notes keep the wording they answered. A discussion that has started keeps its clock: use +1 and −1.
    """
    segment = _segment(workshop, segment)
    # As a dict of languages: a plain text that looks like JSON would be read as one, and never be shown again.
    segment.title = LazyI18nString({workshop.language: title})
    segment.minutes = minutes
    segment.save()
    if segment.is_discussion:
        breakout = Breakout.objects.get(segment=segment)
        breakout.question = question or breakout.question
        if breakout.starts_at is None:
            breakout.minutes = minutes
        breakout.save()
        live.teams_changed(workshop.teams.all(), "team")
    everything_changed(workshop)
