"""A small-group discussion: its question, its clock, its tables."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from academy import clock
from frameworks.models import Taxonomy
from sessions.models.people import CityTeam
from sessions.models.plan import BoardSetting, Segment
from sessions.models.workshop import Workshop


class Breakout(models.Model):
    """One timed round of talk on one question, at tables of three cities.

    Time is stored as deadlines, never as ticks: `ends_at` while it runs, and while it is paused the moment
    of the pause beside it. Nothing has to flip a status when time runs out; a restart changes nothing.
    """

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="breakouts")
    segment = models.OneToOneField(Segment, models.CASCADE, related_name="breakout")
    order = models.PositiveSmallIntegerField(default=1)
    question = models.CharField(_("question"), max_length=200)
    taxonomy = models.ForeignKey(Taxonomy, models.PROTECT, null=True, blank=True, related_name="+")
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=10)
    board_setting = models.CharField(max_length=10, choices=BoardSetting.choices, default=BoardSetting.NUMBERS)

    tables_shown_at = models.DateTimeField(null=True, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    # Set when it was ended early: what was left, so that reopening gives it back. Seconds.
    seconds_unused = models.PositiveIntegerField(default=0)
    board_shown_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    # What the wall's board is turned to: see live/board.py. Empty: counts.
    board_view = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("small-group discussion")
        verbose_name_plural = _("small-group discussions")
        ordering = ["order", "pk"]

    def __str__(self):
        return self.question

    @property
    def is_paused(self):
        return self.paused_at is not None

    @property
    def is_running(self):
        """Whether there is talk now: started, not paused, time left."""
        return self.ends_at is not None and not self.is_paused and clock.now() < self.ends_at

    @property
    def has_ended(self):
        return self.ends_at is not None and not self.is_paused and clock.now() >= self.ends_at

    @property
    def seconds_left(self):
        """Seconds of talk that are left; before the start, all of them. Never negative."""
        if self.ends_at is None:
            return self.minutes * 60
        return max(0.0, (self.ends_at - (self.paused_at or clock.now())).total_seconds())

    @property
    def step(self):
        """Where it stands: plan (before), find (your table), talk, board."""
        if self.board_shown_at:
            return "board"
        if self.starts_at:
            return "talk"
        return "find" if self.tables_shown_at else "plan"

    @property
    def text_is_out(self):
        """Whether everybody may read what was written, and not only count it."""
        if self.board_setting == BoardSetting.AT_ONCE:
            return True
        if self.board_setting == BoardSetting.RELEASED:
            return self.released_at is not None
        return self.board_shown_at is not None or self.released_at is not None

    def set_left(self, left):
        """Give it this much time from now on (a timedelta, not negative), running or paused."""
        self.ends_at = (self.paused_at or clock.now()) + max(left, timedelta(0))


class Table(models.Model):
    """Normally three city teams in one breakout."""

    breakout = models.ForeignKey(Breakout, models.CASCADE, related_name="tables")
    number = models.PositiveSmallIntegerField()
    teams = models.ManyToManyField(CityTeam, through="Seat", related_name="tables")

    class Meta:
        verbose_name = _("table")
        verbose_name_plural = _("tables")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["breakout", "number"], name="one_table_per_number")]

    def __str__(self):
        return f"{self.breakout_id}/{self.number}"


class Seat(models.Model):
    """A city team at a table. Pinned: put there by hand, so that no later solving moves it."""

    breakout = models.ForeignKey(Breakout, models.CASCADE, related_name="seats")
    table = models.ForeignKey(Table, models.CASCADE, related_name="seats")
    team = models.ForeignKey(CityTeam, models.CASCADE, related_name="seats")
    pinned = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["team__key", "pk"]
        constraints = [models.UniqueConstraint(fields=["breakout", "team"], name="one_seat_per_breakout")]

    def __str__(self):
        return f"{self.team} @ {self.table}"
