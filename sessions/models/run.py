"""Where a session stands in its plan, what comes next, and when it will end."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from academy import clock
from academy.recent import Recently
from sessions.models import quick
from sessions.models.breakout import Seat
from sessions.models.plan import Segment


@dataclass(frozen=True)
class Position:
    """A place in the run: a segment (None: welcome) and the index of its step."""

    segment: Segment | None
    step: int


class Run:
    """The plan of one session, read once: its segments, the position, the neighbours, the times."""

    def __init__(self, workshop, segments=None):
        self.workshop = workshop
        self.segments = list(workshop.plan.segments()) if segments is None else segments
        self.current = next((s for s in self.segments if s.pk == workshop.segment_id), None)
        self.steps = self.current.steps() if self.current else []
        self.index = min(workshop.step, len(self.steps) - 1) if self.steps else 0

    @property
    def step(self):
        """The library.Step the wall shows, or None at the welcome."""
        return self.steps[self.index] if self.steps else None

    @cached_property
    def breakout(self):
        """The discussion the run stands at, or None."""
        return self.workshop.current_breakout()

    @cached_property
    def teams(self):
        """All city teams of the session, by id."""
        return {team.pk: team for team in self.workshop.teams.all()}

    @cached_property
    def seats(self):
        """The seats of the discussion that is on, by the city team's id; none before its tables are shown."""
        if self.breakout is None or self.breakout.tables_shown_at is None:
            return {}
        return {seat.team_id: seat for seat in self.breakout.seats.select_related("team", "table")}

    @cached_property
    def table_of(self):
        """{city team's id: its table's id} in the discussion that is on; empty before its tables are shown."""
        if self.breakout is None or self.breakout.tables_shown_at is None:
            return {}
        return quick.tables_of_teams(self.breakout)

    @cached_property
    def table_sizes(self):
        """How many city teams sit at each table of the discussion that is on; none before its tables are shown."""
        if self.breakout is None or self.breakout.tables_shown_at is None:
            return []
        sitting = self.breakout.seats.order_by().values_list("table_id")
        return [n for _table, n in sitting.annotate(n=Count("pk"))]

    @cached_property
    def met(self):
        """Whom each city team has met, {id: ids}: everybody at its tables of discussions that have begun."""
        begun = Seat.objects.filter(breakout__workshop=self.workshop).exclude(breakout__starts_at=None)
        tables = {}
        for table, team in begun.order_by().values_list("table_id", "team_id"):
            tables.setdefault(table, set()).add(team)
        met = {}
        for teams in tables.values():
            for team in teams:
                met.setdefault(team, set()).update(teams - {team})
        return met

    @cached_property
    def shown(self):
        """The library rows the current segment shows."""
        return self.current.shown() if self.current else []

    @property
    def following(self):
        """The segments after the current one that are not skipped."""
        after = self.segments.index(self.current) + 1 if self.current else 0
        return [s for s in self.segments[after:] if not s.skipped]

    @property
    def next_segment(self):
        return next(iter(self.following), None)

    def next(self):
        """Return the Position the primary button leads to, or None when the plan is at its end."""
        if self.current and self.index + 1 < len(self.steps):
            return Position(self.current, self.index + 1)
        if self.next_segment:
            return Position(self.next_segment, 0)
        return None

    def previous(self):
        """Return the Position one step back, or None at the welcome."""
        if self.current is None:
            return None
        if self.index > 0:
            return Position(self.current, self.index - 1)
        before = [s for s in self.segments[: self.segments.index(self.current)] if not s.skipped]
        if before:
            return Position(before[-1], len(before[-1].steps()) - 1)
        return Position(None, 0)

    def next_label(self):
        """What the primary button says: what a press will do."""
        position = self.next()
        if position is None:
            return _("Close the session")
        if position.segment.is_discussion:
            return position.segment.steps()[position.step].label
        if position.segment == self.current:
            return _("Next: %(what)s") % {"what": self.steps[position.step].label}
        return _("Next: %(what)s") % {"what": position.segment.title}

    def timeline(self):
        """Return a dict a segment: segment, starts (planned, shifted to the actual start; None before), state."""
        rows, offset = [], timedelta()
        passed = self.current is not None
        for segment in self.segments:
            is_current = segment == self.current
            passed = passed and not is_current
            state = "now" if is_current else "skipped" if segment.skipped else "done" if passed else "ahead"
            starts = self.workshop.started_at + offset if self.workshop.started_at else None
            rows.append({"segment": segment, "starts": starts, "offset": offset, "state": state})
            offset += timedelta(minutes=segment.planned_minutes)
        return rows

    @property
    def planned_minutes(self):
        return sum(s.planned_minutes for s in self.segments)

    @property
    def ends(self):
        """When it will end if the rest takes its planned time (UTC); None before the start."""
        if self.workshop.started_at is None or self.workshop.is_closed:
            return self.workshop.closed_at
        end = max(clock.now(), self._segment_ends())
        return end + timedelta(minutes=sum(s.planned_minutes for s in self.following))

    def _segment_ends(self):
        """When the current segment ends: by its plan, or by the clock of its discussion once that was started."""
        if self.current is None or self.workshop.segment_started_at is None:
            return clock.now()
        if self.breakout is None or self.breakout.starts_at is None:
            return self.workshop.segment_started_at + timedelta(minutes=self.current.planned_minutes)
        talk_ends = self.breakout.board_shown_at or clock.now() + timedelta(seconds=self.breakout.seconds_left)
        return talk_ends + timedelta(minutes=self.current.board_minutes)

    @property
    def minutes_late(self):
        """Whole minutes the end is later than planned at the start; negative when earlier; 0 before the start."""
        if self.ends is None or self.workshop.due_at is None:
            return 0
        return round((self.ends - self.workshop.due_at).total_seconds() / 60)


# Whatever changes a plan in the room gives its session another version. Only for drawing: nothing is decided by it.
_segments = Recently(most=50)


def drawn(workshop):
    """Return the Run that all panels of one drawing share, read once for each language.

    It is kept on the row, which belongs to one request or one drawing.
    """
    runs = workshop.__dict__.setdefault("_drawn", {})
    language = get_language()
    if language not in runs:
        runs[language] = Run(
            workshop, _segments.get((workshop.pk, workshop.version), lambda: list(workshop.plan.segments()))
        )
    return runs[language]
