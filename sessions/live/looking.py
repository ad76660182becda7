"""What a process looks up with every heartbeat: where streams stand, which doors have changed, who is here."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from academy import agreed_time, clock
from sessions.errors import NotLetIn
from sessions.models import Device, Stream, Workshop


@dataclass(frozen=True)
class Seen:
    """What was found: {(session id, stream): seq}, [(subscription, whether to come back)] whose doors have changed,
    and {session id: a value that differs as soon as other phones are present}."""

    seqs: dict
    verdicts: list
    present: dict


def look(subscriptions, watched):
    """Return what these sockets should know; watched: ids of the sessions whose desk shows who is present.

    Three queries for any number of phones, and those of a door for each desk and wall, which are few.
    """
    agreed_time.look()
    workshops = {s.listener.workshop.pk for s in subscriptions}
    rows = Stream.objects.filter(workshop_id__in=workshops).values_list("workshop_id", "name", "seq")
    seqs = {(workshop, name): seq for workshop, name, seq in rows}
    phones = [s for s in subscriptions if s.listener.device is not None]
    verdicts = _of_phones(phones) if phones else []
    for subscription in subscriptions:
        if subscription.listener.device is None:
            try:
                subscription.door()
            except NotLetIn:
                verdicts.append((subscription, False))
    return Seen(seqs, verdicts, _present(watched))


def _of_phones(subscriptions):
    """Return those whose phone was released or goes on elsewhere (out), or has another city team (to come back)."""
    known = Device.objects.filter(pk__in={s.listener.device.pk for s in subscriptions}, released_at=None)
    now = {pk: (token, team) for pk, token, team in known.values_list("pk", "token_hash", "team_id")}
    verdicts = []
    for subscription in subscriptions:
        device = subscription.listener.device
        token, team = now.get(device.pk, (None, None))
        if token != device.token_hash:
            verdicts.append((subscription, False))
        elif team != device.team_id:
            verdicts.append((subscription, True))
    return verdicts


def _present(watched):
    """Phones within their lease, counted by city team."""
    present = {pk: frozenset() for pk in watched}
    if watched:
        here = Device.objects.filter(workshop_id__in=watched, released_at=None, last_seen__gte=Workshop.present_after())
        for pk, team, phones in here.order_by().values_list("workshop_id", "team_id").annotate(n=Count("pk")):
            present[pk] |= {(team, phones)}
    return present


def saw(devices):
    """Renew the lease of every phone with a socket here, without waiting for an action that holds one of them."""
    with transaction.atomic():
        free = Device.objects.filter(pk__in=devices).select_for_update(skip_locked=True)
        Device.objects.filter(pk__in=free.values("pk")).update(last_seen=clock.now())
