"""The run of the session: next, back, skip, jump; the clock; what the wall shows."""

from datetime import timedelta

from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from academy import clock
from sessions import live
from sessions.actions.tables import seat_those_here
from sessions.errors import Refusal, SessionClosed
from sessions.models import BoardSetting, Breakout, Segment
from sessions.models.run import Position, Run

# Segments that show each city team something of its own: its table, its marks.
_OF_TEAMS = (Segment.Kind.DISCUSSION, Segment.Kind.CHECKLIST)


def _must_be_open(workshop):
    if workshop.is_closed:
        raise SessionClosed
    if not workshop.is_open:
        raise Refusal(_("The session is not open yet. Press “Open the session” first."))


def _everything_changed(workshop):
    """The run moved: a later page is needed to command it, and every screen shows something else."""
    workshop.version += 1
    workshop.save()
    live.stage_changed()
    live.board_changed()
    live.desk_changed()


def _go(workshop, position):
    """Stand at a position; what has a clock or tables is told so."""
    of_teams = any(each and each.kind in _OF_TEAMS for each in (workshop.segment, position.segment))
    if workshop.segment_id != (position.segment.pk if position.segment else None):
        workshop.segment_started_at = clock.now()
    workshop.segment = position.segment
    workshop.step = position.step
    if workshop.started_at is None and position.segment is not None:
        workshop.started_at = clock.now()
        workshop.due_at = workshop.started_at + timedelta(minutes=Run(workshop).planned_minutes)
    if position.segment is not None and position.segment.skipped:
        Segment.objects.filter(pk=position.segment.pk).update(skipped=False)
    if position.segment is not None and position.segment.is_discussion:
        _enter(workshop, workshop.breakouts.get(segment=position.segment), position.step)
    if of_teams:
        live.teams_changed(workshop.teams.all(), "team", "table-notes", "marks")
    _everything_changed(workshop)


def _enter(workshop, breakout, step):
    """Do what a step of a discussion does the first time the run comes to it."""
    now = clock.now()
    if breakout.tables_shown_at is None:
        breakout.tables_shown_at = now
        breakout.save()
        seat_those_here(workshop, breakout)
    if step >= 1 and breakout.starts_at is None:
        breakout.starts_at = now
        breakout.ends_at = now + timedelta(minutes=breakout.minutes)
    if step >= 2 and breakout.board_shown_at is None:
        breakout.board_shown_at = now
    breakout.save()


def advance(workshop, *, early=False):
    """Go to what the primary button names. While a clock runs only `early`, said on purpose, ends the talk."""
    _must_be_open(workshop)
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
    _must_be_open(workshop)
    position = Run(workshop).previous()
    if position is None:
        raise Refusal(_("This is the beginning."))
    _go_unless_talking(workshop, position)


def jump(workshop, *, segment):
    """Go to any segment of this session's plan (its id)."""
    _must_be_open(workshop)
    _go_unless_talking(workshop, Position(_segment(workshop, segment), 0))


def skip(workshop, *, segment):
    """Leave a segment out: the current one is left at once, a later one will be passed over. Again: take it back in."""
    _must_be_open(workshop)
    segment = _segment(workshop, segment)
    if segment.pk != workshop.segment_id:
        Segment.objects.filter(pk=segment.pk).update(skipped=not segment.skipped)
        _everything_changed(workshop)
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
    _everything_changed(workshop)


# The clock of a discussion.


def _talking(workshop):
    breakout = workshop.current_breakout()
    if breakout is None or breakout.starts_at is None:
        raise Refusal(_("No discussion has been started, so there is no clock to change."))
    return breakout


def _clock_changed(workshop, breakout):
    breakout.save()
    workshop.version += 1
    workshop.save()
    live.stage_changed("now", "wall")
    live.desk_changed("run", "screen")


def set_minutes(workshop, *, minutes):
    """Before the start: talk for this many minutes (1 to 120) instead."""
    _must_be_open(workshop)
    breakout = workshop.current_breakout()
    if breakout is None:
        raise Refusal(_("No discussion is on, so there is no clock to set."))
    if breakout.starts_at is not None:
        raise Refusal(_("The discussion has started: use “1 more minute” or “1 minute less”."))
    breakout.minutes = minutes
    Segment.objects.filter(pk=breakout.segment_id).update(minutes=minutes)
    _clock_changed(workshop, breakout)
    live.teams_changed(workshop.teams.all(), "team")


def pause(workshop):
    """Stop the clock; what is left is kept."""
    _must_be_open(workshop)
    breakout = _talking(workshop)
    if not breakout.is_running:
        raise Refusal(_("The clock is not running."))
    breakout.paused_at = clock.now()
    _clock_changed(workshop, breakout)


def resume(workshop):
    """Go on with exactly what was left."""
    _must_be_open(workshop)
    breakout = _talking(workshop)
    if not breakout.is_paused:
        raise Refusal(_("The clock is not paused."))
    left = breakout.ends_at - breakout.paused_at
    breakout.paused_at = None
    breakout.set_left(left)
    _clock_changed(workshop, breakout)


def change_minutes(workshop, *, minutes):
    """Give minutes more (1 to 30) or less (−1 to −30) while it runs or is paused; less ends at zero, not before."""
    _must_be_open(workshop)
    breakout = _talking(workshop)
    if breakout.board_shown_at and not (breakout.is_running or breakout.is_paused):
        raise Refusal(_("The discussion is over. Press “Reopen the discussion” to go on talking."))
    breakout.set_left(timedelta(seconds=breakout.seconds_left) + timedelta(minutes=minutes))
    breakout.seconds_unused = 0
    _clock_changed(workshop, breakout)


def end_discussion(workshop):
    """End the talk now. Nothing closes on the phones; what is left is remembered in case it was a mistake."""
    _must_be_open(workshop)
    breakout = _talking(workshop)
    if breakout.has_ended:
        raise Refusal(_("The discussion has already ended."))
    breakout.seconds_unused = int(breakout.seconds_left)
    breakout.paused_at = None
    breakout.ends_at = clock.now()
    _clock_changed(workshop, breakout)


def reopen_discussion(workshop):
    """Talk on in a discussion that was ended by mistake: its notes are there, and what was left, at least 2 minutes."""
    _must_be_open(workshop)
    breakout = _talking(workshop)
    if not breakout.has_ended:
        raise Refusal(_("The discussion is still open."))
    breakout.set_left(timedelta(seconds=max(breakout.seconds_unused, 120)))
    breakout.seconds_unused = 0
    breakout.board_shown_at = None
    breakout.save()
    workshop.step = 1
    _everything_changed(workshop)


# The board and the wall.


def set_board(workshop, *, breakout, setting):
    """Say when the text of this discussion's notes may be seen by everybody."""
    breakout = _breakout(workshop, breakout)
    breakout.board_setting = BoardSetting(setting)
    breakout.save()
    live.board_changed()
    live.desk_changed()


def release_text(workshop, *, breakout, released=True):
    """Let everybody read the notes of a discussion, or take that back."""
    breakout = _breakout(workshop, breakout)
    breakout.released_at = clock.now() if released else None
    breakout.save()
    live.board_changed()
    live.desk_changed()


def turn_board(workshop, *, breakout, column="", page=1, team=None, table=None, note=None):
    """Turn the wall's board: to counts, a column's page, a city, a table, or one note whole."""
    breakout = _breakout(workshop, breakout)
    view = {"column": column, "page": page, "team": team, "table": table, "note": note}
    breakout.board_view = {name: value for name, value in view.items() if value}
    breakout.save()
    live.board_changed("board")
    live.desk_changed("screen")


def _breakout(workshop, pk):
    breakout = workshop.breakouts.filter(pk=pk).first()
    if breakout is None:
        raise Refusal(_("This discussion is not in the session."))
    return breakout


def cover_wall(workshop, *, covered):
    """Show title and code only, at once; or uncover."""
    workshop.wall_covered = covered
    workshop.save()
    live.stage_changed("wall")
    live.board_changed("board")
    live.desk_changed("run", "screen")


def pause_wall(workshop, *, paused):
    """Rest the wall while the facilitator shows slides of their own; phones follow the run all the same."""
    workshop.wall_paused = paused
    workshop.save()
    live.stage_changed("wall")
    live.board_changed("board")
    live.desk_changed("run", "screen")


def send_message(workshop, *, message):
    """Show one sentence on all phones, or none ("")."""
    workshop.message = message
    workshop.save()
    live.stage_changed("now")
    live.desk_changed("run", "screen")


def set_marking(workshop, *, on):
    """Let city teams mark the checklist on their phones, or stop it; marks that were made stay."""
    workshop.marking = on
    workshop.save()
    live.teams_changed(workshop.teams.all(), "marks")
    live.stage_changed()
    live.desk_changed("run", "screen")
