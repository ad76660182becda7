"""A rehearsal: a session's copy with simulated city teams in it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from academy import clock
from sessions.models.workshop import Workshop

# Seconds without a word after which a rehearsal counts as interrupted.
LEASE = 20


def lease_began():
    """The moment (UTC) since which whoever runs a rehearsal must have been heard of."""
    return clock.now() - timedelta(seconds=LEASE)


class Rehearsal(models.Model):
    """How far the simulated city teams of a copy have come, and what it came to.

    Who runs it says every second that it lives: a crash leaves a rehearsal that has not been heard of, never one that
    runs for ever. Its workshop is the copy; the session that is rehearsed is that one's `rehearsal_of`.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")
        INTERRUPTED = "interrupted", _("Was interrupted")

    workshop = models.OneToOneField(Workshop, models.CASCADE, related_name="rehearsal")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # Phones of each city team; how many times faster than life; what its chances come from.
    phones = models.PositiveSmallIntegerField()
    speed = models.FloatField()
    seed = models.PositiveIntegerField(default=0)
    stored_state = models.CharField(max_length=12, choices=State.choices, default=State.RUNNING)
    progress = models.PositiveSmallIntegerField(default=0)
    is_cancelled = models.BooleanField(default=False)
    started_at = models.DateTimeField(default=clock.now)
    heard_at = models.DateTimeField(default=clock.now)
    # What it came to (sessions/rehearsal/report.py), and a sentence when it failed.
    report = models.JSONField(null=True, blank=True)
    problem = models.TextField(blank=True)

    class Meta:
        verbose_name = _("rehearsal")
        verbose_name_plural = _("rehearsals")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["stored_state"], condition=models.Q(stored_state="running"), name="one_rehearsal_at_a_time"
            )
        ]

    def __str__(self):
        return f"{self.workshop_id} ×{self.speed:g}"

    @property
    def state(self):
        """Where it stands: what is stored, unless whoever ran it has not been heard of for too long."""
        if self.stored_state == self.State.RUNNING and self.heard_at < lease_began():
            return self.State.INTERRUPTED
        return self.State(self.stored_state)

    @property
    def is_running(self):
        return self.state == self.State.RUNNING
