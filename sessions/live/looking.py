"""What a process looks up with every heartbeat: where streams stand, which doors have changed, who is here."""

from django.db import transaction

from academy import clock
from sessions.errors import NotLetIn
from sessions.models import Device, Stream


def look(subscriptions):
    """Return {"12.stage": seq} of all their streams, and the (subscription, come back) whose doors have changed.

    Two queries for any number of phones, and those of a door for each desk and wall, which are few.
    """
    workshops = {s.listener.workshop.pk for s in subscriptions}
    rows = Stream.objects.filter(workshop_id__in=workshops).values_list("workshop_id", "name", "seq")
    seqs = {f"{workshop}.{name}": seq for workshop, name, seq in rows}
    phones = [s for s in subscriptions if s.listener.device is not None]
    verdicts = _of_phones(phones) if phones else []
    for subscription in subscriptions:
        if subscription.listener.device is None:
            try:
                subscription.door()
            except NotLetIn:
                verdicts.append((subscription, False))
    return seqs, verdicts


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


def saw(devices):
    """Renew the lease of every phone with a socket here, without waiting for an action that holds one of them."""
    with transaction.atomic():
        free = Device.objects.filter(pk__in=devices).select_for_update(skip_locked=True)
        Device.objects.filter(pk__in=free.values("pk")).update(last_seen=clock.now())
