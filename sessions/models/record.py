"""What the room needs to remember beside what people wrote."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from academy import clock
from frameworks.models import Item
from sessions.models.people import CityTeam
from sessions.models.workshop import Workshop


class Stream(models.Model):
    """One ordered sequence of live changes: `stage`, `board`, `desk`, or `team-<id>`.

    `seq` is the number of the last change. It grows by one under the session's row lock, in the
    transaction of the change, so that it is gap-free in the order of commits.
    """

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="streams")
    name = models.CharField(max_length=40)
    seq = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("stream")
        verbose_name_plural = _("streams")
        constraints = [models.UniqueConstraint(fields=["workshop", "name"], name="one_stream_per_name")]

    def __str__(self):
        return f"{self.name}:{self.seq}"


class Command(models.Model):
    """A command that was carried out, by the id its page made: a repeated one does nothing twice."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="commands")
    uuid = models.UUIDField()
    digest = models.CharField(max_length=64)
    done_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("command")
        verbose_name_plural = _("commands")
        constraints = [models.UniqueConstraint(fields=["workshop", "uuid"], name="one_command_per_uuid")]

    def __str__(self):
        return str(self.uuid)


class Mark(models.Model):
    """A city team's mark on a checklist item; the last tap wins."""

    class Value(models.TextChoices):
        NOT_YET = "not-yet", _("Not yet")
        PARTLY = "partly", _("Partly")
        IN_PLACE = "in-place", _("In place")

    team = models.ForeignKey(CityTeam, models.CASCADE, related_name="marks")
    item = models.ForeignKey(Item, models.CASCADE, related_name="marks")
    value = models.CharField(max_length=8, choices=Value.choices)
    marked_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [models.UniqueConstraint(fields=["team", "item"], name="one_mark_per_item")]

    def __str__(self):
        return f"{self.team_id}/{self.item_id}: {self.value}"


class ExportTaken(models.Model):
    """An export that was taken, so that after a deletion the organizer knows which files are out there."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="exports_taken")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    format = models.CharField(max_length=8)
    options = models.CharField(max_length=120, blank=True)
    taken_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("export taken")
        verbose_name_plural = _("exports taken")
        ordering = ["-taken_at", "-pk"]

    def __str__(self):
        return f"{self.format} {self.taken_at:%Y-%m-%d %H:%M}"
