"""City teams, their phones, and the walls."""

import unicodedata

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy import clock
from sessions import codes
from sessions.models.workshop import Workshop


class CityTeam(models.Model):
    """The people of one place; on the roster before anybody joins."""

    class State(models.TextChoices):
        EXPECTED = "expected", _("Expected")
        HERE = "here", _("Here")
        WITHOUT_PHONE = "without-phone", _("Here without a phone")
        NOT_COMING = "not-coming", _("Not coming")
        LEFT = "left", pgettext_lazy("a city team", "Left")

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="teams")
    name = models.CharField(_("name"), max_length=80)
    key = models.CharField(max_length=160, editable=False)
    state = models.CharField(max_length=14, choices=State.choices, default=State.EXPECTED)
    # A team that is not on the roster asks in; until it is admitted it follows along and is not seated.
    admitted = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("city team")
        verbose_name_plural = _("city teams")
        ordering = ["key", "pk"]
        constraints = [models.UniqueConstraint(fields=["workshop", "key"], name="one_team_per_name")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """Keep the key by which two spellings of one name are the same."""
        self.key = self.key_of(self.name)
        super().save(*args, **kwargs)

    @staticmethod
    def key_of(name):
        """Return what makes two names the same city: case, accents' encoding and spaces do not count."""
        return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:160]

    @property
    def is_here(self):
        """Whether it sits at a table: somebody of it is in the room and it is admitted."""
        return self.admitted and self.state in HERE

    @property
    def is_coming(self):
        """Whether a place at a table is kept for it: it is here, or still expected."""
        return self.admitted and self.state in COMING

    @property
    def stream(self):
        """The name of its stream."""
        return f"team-{self.pk}"


HERE = (CityTeam.State.HERE, CityTeam.State.WITHOUT_PHONE)
COMING = (CityTeam.State.EXPECTED, *HERE)


class Device(models.Model):
    """One browser that joined: for a city team, or as a guest (no team) who only follows stage and board."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="devices")
    team = models.ForeignKey(CityTeam, models.CASCADE, null=True, blank=True, related_name="devices")
    token_hash = models.CharField(max_length=64, unique=True)
    personal_code = models.CharField(max_length=6, default=codes.new_code)
    first_name = models.CharField(_("first name or role"), max_length=60, blank=True)
    joined_at = models.DateTimeField(default=clock.now)
    last_seen = models.DateTimeField(default=clock.now)
    released_at = models.DateTimeField(null=True, blank=True)
    # How many notes it last said that it still holds.
    waiting = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("phone")
        verbose_name_plural = _("phones")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["workshop", "personal_code"], name="one_phone_per_code")]

    def __str__(self):
        return f"{self.team or 'guest'} {self.first_name}".strip()

    @property
    def is_present(self):
        """Whether it was heard of within its lease."""
        return self.released_at is None and self.last_seen >= self.workshop.present_after()


class Wall(models.Model):
    """A venue's computer that shows the wall: it shows a code, the desk connects it."""

    code = models.CharField(max_length=6, unique=True, default=codes.new_code)
    token_hash = models.CharField(max_length=64, unique=True)
    workshop = models.ForeignKey(Workshop, models.CASCADE, null=True, blank=True, related_name="walls")
    created_at = models.DateTimeField(default=clock.now)
    last_seen = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("wall")
        verbose_name_plural = _("walls")
        ordering = ["pk"]

    def __str__(self):
        return self.code
