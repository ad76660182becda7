"""What a city team wrote."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from academy import clock
from frameworks.models import Term
from sessions.models.breakout import Breakout, Table
from sessions.models.people import CityTeam, Device
from sessions.models.workshop import Workshop

NOTE_LIMIT = 1000
NOTE_HINT = 200


class Note(models.Model):
    """A short text by one city team, in one breakout, with terms from its taxonomy.

    It keeps the wording of the question it answered and the table it was written at, whatever changes later.
    A deleted note leaves its empty row, so that a phone repeating it does not write it anew.
    """

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="notes")
    breakout = models.ForeignKey(Breakout, models.CASCADE, related_name="notes")
    table = models.ForeignKey(Table, models.SET_NULL, null=True, blank=True, related_name="notes")
    team = models.ForeignKey(CityTeam, models.CASCADE, related_name="notes")
    device = models.ForeignKey(Device, models.SET_NULL, null=True, blank=True, related_name="notes")
    uuid = models.UUIDField()
    text = models.TextField(_("note"))
    question = models.CharField(max_length=200)
    terms = models.ManyToManyField(Term, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField(default=False)
    starred = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False)
    from_desk = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["workshop", "uuid"], name="one_note_per_uuid")]
        indexes = [models.Index(fields=["breakout", "team"])]

    def __str__(self):
        return f"note {self.pk}"


class HandedIn(models.Model):
    """A note that a phone still held when it was taken out: it waits until the desk takes it in or declines it.

    A declined one leaves its empty row, so that a phone repeating it does not bring it back.
    """

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="handed_in")
    breakout = models.ForeignKey(Breakout, models.CASCADE, related_name="handed_in")
    team = models.ForeignKey(CityTeam, models.CASCADE, related_name="handed_in")
    device = models.ForeignKey(Device, models.CASCADE, related_name="handed_in")
    uuid = models.UUIDField()
    text = models.TextField(_("note"))
    terms = models.JSONField(default=list)
    at = models.DateTimeField(default=clock.now)
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("note handed in")
        verbose_name_plural = _("notes handed in")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["workshop", "uuid"], name="one_handed_in_per_uuid")]

    def __str__(self):
        return f"handed in {self.pk}"
