"""One live run of a session plan."""

import zoneinfo
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from academy import clock
from sessions import codes
from sessions.models.plan import Plan, Segment


def check_time_zone(name):
    """Raise ValidationError unless the name is a time zone this machine knows."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone. Write it like Europe/Berlin."), params={"name": name})


class Workshop(models.Model):
    """A session: date, join code, its own plan, and where it stands. Its row is the lock of every change."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being prepared")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    slug = models.CharField(max_length=12, unique=True, default=codes.new_slug, editable=False)
    code = models.CharField(max_length=6, unique=True, default=codes.new_code, editable=False)
    title = models.CharField(_("title"), max_length=160)
    date = models.DateField(_("date"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC", validators=[check_time_zone])
    language = models.CharField(max_length=10, default="en")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="own_workshops")
    facilitators = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="helped_workshops", blank=True)
    plan = models.OneToOneField(Plan, models.PROTECT, related_name="workshop")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    created_at = models.DateTimeField(default=clock.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    # Where the run stands. No segment yet: welcome. `version` grows with every change of the run, so that
    # a stale tab or a double click is noticed.
    segment = models.ForeignKey(Segment, models.SET_NULL, null=True, blank=True, related_name="+")
    step = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField(null=True, blank=True)
    segment_started_at = models.DateTimeField(null=True, blank=True)
    # The end by the plan as it was at the start: minutes cut on the way make up for being late.
    due_at = models.DateTimeField(null=True, blank=True)

    # What the facilitator set for the room.
    free_entry = models.BooleanField(_("City teams that are not on the list come in at once"), default=False)
    pairs = models.BooleanField(_("Never meet the same city twice (some tables have two cities)"), default=False)
    tables_see_notes = models.BooleanField(_("A table sees the notes of its cities"), default=True)
    marking = models.BooleanField(_("City teams mark the checklist on their phones"), default=False)
    wall_covered = models.BooleanField(default=False)
    wall_paused = models.BooleanField(default=False)
    message = models.CharField(max_length=200, blank=True)
    # The address the QR carries, for example http://192.168.1.20:8000; empty: the one the desk was opened with.
    address = models.CharField(max_length=200, blank=True)
    seed = models.PositiveIntegerField(default=0)
    is_sample = models.BooleanField(default=False)
    # The session this one is a copy of, for simulated city teams.
    rehearsal_of = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="copies")

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-date", "-pk"]

    def __str__(self):
        return self.title

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def is_closed(self):
        return self.state == self.State.CLOSED

    @property
    def is_rehearsal(self):
        return self.rehearsal_of_id is not None

    @property
    def has_begun(self):
        return self.started_at is not None or self.is_closed

    @property
    def zone(self):
        return zoneinfo.ZoneInfo(self.time_zone)

    @staticmethod
    def present_after():
        """The moment (UTC) after which a phone must have been heard of to count as present."""
        return clock.now() - timedelta(seconds=settings.PRESENCE_LEASE)

    def current_breakout(self):
        """The discussion the run stands at, or None."""
        if self.segment_id is None:
            return None
        return self.breakouts.filter(segment_id=self.segment_id).select_related("taxonomy").first()
