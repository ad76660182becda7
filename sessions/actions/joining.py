"""Phones come, change, move and go."""

from django.utils.translation import gettext as _

from academy import clock
from sessions import codes, live
from sessions.actions.roster import follow_the_room, named, new_team, team_of
from sessions.errors import Refusal
from sessions.models import CityTeam, Device

MOST_PHONES = 2500


def join(workshop, *, team=None, name="", first_name="", guest=False, device=None):
    """Let a phone in: for a city team on the list (id), for one that is not (name), or as a guest.

    A city team that is not on the list waits to be admitted, unless entry is free. A phone that is in already
    (device) changes over and keeps its token. Returns (Device, token); token: None for a device that keeps its own.
    """
    if not workshop.is_open:
        raise Refusal(_("This session is not open. Ask the facilitator."))
    joined = None if guest else _team(workshop, team, name)
    if device is not None:
        return _change_over(workshop, device, joined, first_name), None
    if workshop.devices.count() >= MOST_PHONES:
        raise Refusal(_("This session is full. Ask the facilitator."))
    token = codes.new_token()
    new = Device.objects.create(
        workshop=workshop,
        team=joined,
        token_hash=codes.hashed(token),
        personal_code=_unused_code(workshop),
        first_name=first_name,
    )
    _arrived(workshop, joined)
    return new, token


def _team(workshop, pk, name):
    if pk is not None:
        return team_of(workshop, pk)
    known = named(workshop, name)
    if known is not None:
        return known
    if not name:
        raise Refusal(_("Choose your city team, or write its name."))
    return new_team(workshop, name, admitted=workshop.free_entry, state=CityTeam.State.HERE)


def _arrived(workshop, team):
    """A phone of a city team makes the team "here", whatever the desk thought."""
    if team is None:
        live.desk_changed("roster", "run")
        return
    if team.state != CityTeam.State.HERE:
        team.state = CityTeam.State.HERE
        team.save()
    follow_the_room(workshop, team)


def _unused_code(workshop):
    taken = set(workshop.devices.values_list("personal_code", flat=True))
    return next(code for code in iter(codes.new_code, None) if code not in taken)


def _change_over(workshop, pk, team, first_name=None):
    device = _device(workshop, pk)
    old = device.team
    device.team = team
    if first_name:
        device.first_name = first_name
    device.save()
    live.shut(f"device-{device.pk}", come_back=True)
    _arrived(workshop, team)
    if old is not None and (team is None or old.pk != team.pk):
        _left_behind(workshop, old)
    return device


def _left_behind(workshop, team):
    """A team whose last phone changed over was a mistap, unless it has written something."""
    if team.devices.filter(released_at=None).exists() or team.notes.exists() or team.state != CityTeam.State.HERE:
        live.team_changed(team)
        live.desk_changed("roster")
        return
    if team.admitted:
        team.state = CityTeam.State.EXPECTED
        team.save()
        follow_the_room(workshop, team)
    else:
        team.delete()
        live.desk_changed("roster")


def _device(workshop, pk):
    device = workshop.devices.filter(pk=pk, released_at=None).select_related("team").first()
    if device is None:
        raise Refusal(_("This phone is no longer in the session."))
    return device


def continue_elsewhere(workshop, *, personal_code):
    """Let another phone take over by the personal code of the first, which is out from then on.

    Returns (Device, its new token). Raises Refusal for a code nobody has.
    """
    device = workshop.devices.filter(personal_code=codes.normal(personal_code), released_at=None).first()
    if device is None:
        raise Refusal(_("No phone of this session has this personal code."))
    token = codes.new_token()
    device.token_hash = codes.hashed(token)
    device.personal_code = _unused_code(workshop)
    device.last_seen = clock.now()
    device.save()
    live.shut(f"device-{device.pk}", come_back=False)
    _arrived(workshop, device.team)
    if device.team:
        live.team_changed(device.team)
    return device, token


def release_device(workshop, *, device):
    """Take a phone out: its token is dead, its socket closes; what it wrote stays with its city."""
    device = _device(workshop, device)
    device.released_at = clock.now()
    device.save()
    live.shut(f"device-{device.pk}", come_back=False)
    live.stage_changed("wall")
    live.desk_changed("roster", "tables")
    if device.team:
        live.team_changed(device.team)


def move_device(workshop, *, device, team):
    """Put a phone with another city team of the session; what it wrote stays where it was written."""
    _change_over(workshop, device, team_of(workshop, team))
