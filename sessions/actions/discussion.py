"""The clock of a discussion: minutes, pause, more, less, end, reopen."""

from datetime import timedelta

from django.utils.translation import gettext as _

from academy import clock
from sessions import live
from sessions.errors import Refusal, SessionClosed
from sessions.models import Segment


def must_be_open(workshop):
    """Refuse unless the session is open."""
    if workshop.is_closed:
        raise SessionClosed
    if not workshop.is_open:
        raise Refusal(_("The session is not open yet. Press “Open the session” first."))


def everything_changed(workshop):
    """The run moved: a later page is needed to command it, and every screen shows something else."""
    workshop.version += 1
    workshop.save()
    live.stage_changed()
    live.board_changed()
    live.desk_changed()


def _talking(workshop):
    breakout = workshop.current_breakout()
    if breakout is None or breakout.starts_at is None:
        raise Refusal(_("No discussion has been started, so there is no clock to change."))
    return breakout


def _clock_changed(workshop, breakout, only_its_end=False):
    """Store it and tell it. only_its_end: it runs on, so nothing but the clock itself looks different."""
    breakout.save()
    workshop.version += 1
    workshop.save(update_fields=["version"])
    if only_its_end:
        live.stage_changed("clock")
        live.desk_changed("clock", "version", "run-ends")
    else:
        live.stage_changed("now", "wall")
        live.desk_changed("run", "screen")


def set_minutes(workshop, *, minutes):
    """Before the start: talk for this many minutes (1 to 120) instead."""
    must_be_open(workshop)
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
    must_be_open(workshop)
    breakout = _talking(workshop)
    if not breakout.is_running:
        raise Refusal(_("The clock is not running."))
    breakout.paused_at = clock.now()
    _clock_changed(workshop, breakout)


def resume(workshop):
    """Go on with exactly what was left."""
    must_be_open(workshop)
    breakout = _talking(workshop)
    if not breakout.is_paused:
        raise Refusal(_("The clock is not paused."))
    left = breakout.ends_at - breakout.paused_at
    breakout.paused_at = None
    breakout.set_left(left)
    _clock_changed(workshop, breakout)


def change_minutes(workshop, *, minutes):
    """Give minutes more (1 to 30) or less (−1 to −30) while it runs or is paused; less ends at zero, not before."""
    must_be_open(workshop)
    breakout = _talking(workshop)
    if breakout.board_shown_at and not (breakout.is_running or breakout.is_paused):
        raise Refusal(_("The discussion is over. Press “Reopen the discussion” to go on talking."))
    was_running = breakout.is_running
    breakout.set_left(timedelta(seconds=breakout.seconds_left) + timedelta(minutes=minutes))
    breakout.seconds_unused = 0
    _clock_changed(workshop, breakout, only_its_end=was_running and breakout.is_running)


def end_discussion(workshop):
    """End the talk now. Nothing closes on the phones; what is left is remembered in case it was a mistake."""
    must_be_open(workshop)
    breakout = _talking(workshop)
    if breakout.has_ended:
        raise Refusal(_("The discussion has already ended."))
    breakout.seconds_unused = int(breakout.seconds_left)
    breakout.paused_at = None
    breakout.ends_at = clock.now()
    _clock_changed(workshop, breakout)


def reopen_discussion(workshop):
    """Talk on in a discussion that was ended by mistake: its notes are there, and what was left, at least 2 minutes."""
    must_be_open(workshop)
    breakout = _talking(workshop)
    if not breakout.has_ended:
        raise Refusal(_("The discussion is still open."))
    breakout.set_left(timedelta(seconds=max(breakout.seconds_unused, 120)))
    breakout.seconds_unused = 0
    breakout.board_shown_at = None
    breakout.save()
    workshop.step = 1
    everything_changed(workshop)
