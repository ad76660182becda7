"""What a phone that is out still held: handed in, and taken in or declined by the desk."""

from django.utils.translation import gettext as _

from academy import clock
from sessions import live
from sessions.actions.notes import post_note, same
from sessions.errors import AlreadyDiffers, Refusal
from sessions.models import HandedIn

MOST_HANDED_IN = 50


def hand_in(workshop, *, note_uuid, breakout, device, text, terms=()):
    """Keep a note of a phone that was taken out until the desk decides; a repeated note_uuid is the same.

    breakout, device: ids. Nobody but the desk reads it before. Raises AlreadyDiffers when the uuid is known with
    other content.
    """
    device = workshop.devices.exclude(released_at=None).select_related("team").filter(pk=device).first()
    breakout = workshop.breakouts.select_related("taxonomy").filter(pk=breakout).first()
    if device is None or device.team is None or breakout is None:
        raise Refusal(_("This discussion is not in the session any more."))
    if _is_known(workshop, note_uuid, device, breakout, text, terms):
        return
    if device.handed_in.count() >= MOST_HANDED_IN:
        raise Refusal(
            _("This phone has handed in %(most)d notes; no more fit. This one stays on the phone.")
            % {"most": MOST_HANDED_IN}
        )
    HandedIn.objects.create(
        workshop=workshop,
        breakout=breakout,
        team=device.team,
        device=device,
        uuid=note_uuid,
        text=text,
        terms=list(terms),
    )
    workshop.devices.filter(pk=device.pk).update(waiting=max(0, device.waiting - 1))
    live.desk_changed("roster", "held")


def _is_known(workshop, uuid, device, breakout, text, terms):
    """Whether it came before, as a note or handed in; refuse the id for other content."""
    note = workshop.notes.filter(uuid=uuid).first()
    if note is not None:
        same(note, device.team, device.pk, breakout, text, terms)
        return True
    known = workshop.handed_in.filter(uuid=uuid).first()
    if known is None:
        return False
    said = (known.device_id, known.breakout_id, known.text, known.terms)
    if known.declined_at is None and said != (device.pk, breakout.pk, text, list(terms)):
        raise AlreadyDiffers
    return True


def take_in(workshop, *, note):
    """Make a note of what was handed in (its id), as if it arrived now: late, if its discussion is over."""
    waits = _waiting(workshop, note)
    # The phone may have come in again meanwhile, and have sent it as a note of its own.
    if not workshop.notes.filter(uuid=waits.uuid).exists():
        post_note(
            workshop,
            note_uuid=waits.uuid,
            breakout=waits.breakout_id,
            team=waits.team_id,
            device=waits.device_id,
            text=waits.text,
            terms=waits.terms,
        )
    waits.delete()
    live.desk_changed("roster")


def decline(workshop, *, note):
    """Refuse what was handed in (its id) for good: its words are gone, and no repeated sending brings them back."""
    waits = _waiting(workshop, note)
    waits.text, waits.terms, waits.declined_at = "", [], clock.now()
    waits.save()
    live.desk_changed("roster")


def _waiting(workshop, pk):
    waits = workshop.handed_in.filter(pk=pk, declined_at=None).first()
    if waits is None:
        raise Refusal(_("This has been taken in or declined already."))
    return waits
