"""What phones still hold and nobody has read yet: asked before a session closes, and beside the city teams."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Max, Q, Sum

from sessions.models import HERE
from sessions.models.run import drawn


def held(workshop, _subject=None):
    """Return the city teams some of whose phones hold notes (`holding`) or may do so (`silent`), one row a city team.

    Rows: team_id, team__name, phones, seen (last heard of, UTC); of those that hold: notes, and out, how many of the
    phones are out of the session and can only hand in. Read once for all panels of one drawing.
    """
    once = drawn(workshop).__dict__
    if "held" not in once:
        once["held"] = {**_holding(workshop), **_silent(workshop)}
    return once["held"]


def _holding(workshop):
    is_out = Q(released_at__isnull=False)
    rows = list(
        workshop.devices.filter(waiting__gt=0, team__isnull=False)
        .values("team_id", "team__name")
        .annotate(phones=Count("pk"), notes=Sum("waiting"), seen=Max("last_seen"), out=Count("pk", filter=is_out))
        .order_by("team__key", "team_id")
    )
    return {"holding": rows, "holders": sum(row["phones"] for row in rows)}


def _silent(workshop):
    """Phones that said nothing of notes and were last heard of while their city could write: they may hold some.

    A phone that was heard of after the last talk had ended had sent what it had.
    """
    talks = list(workshop.breakouts.exclude(starts_at=None))
    if not talks:
        return {"silent": [], "silents": 0}
    until = workshop.present_after()
    if not talks[-1].is_paused:
        until = min(until, talks[-1].ends_at)
    silent = list(
        workshop.devices.filter(
            waiting=0,
            released_at=None,
            team__admitted=True,
            team__state__in=HERE,
            last_seen__gte=talks[0].starts_at - timedelta(seconds=settings.PRESENCE_LEASE),
            last_seen__lt=until,
        )
        .values("team_id", "team__name")
        .annotate(phones=Count("pk"), seen=Max("last_seen"))
        .order_by("team__key", "team_id")
    )
    return {"silent": silent, "silents": sum(row["phones"] for row in silent)}


def handed_in(workshop):
    """Return what waits to be taken in: a row a city team (city, notes)."""
    rows = workshop.handed_in.filter(declined_at=None).values("team__name").annotate(notes=Count("pk"))
    return list(rows.order_by("team__key", "team_id"))
