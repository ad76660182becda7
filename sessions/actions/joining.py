"""Phones come, change, move and go."""

from django.utils.translation import gettext as _

from academy import clock
from sessions import codes, live
from sessions.actions.roster import follow_the_room, named, new_team, team_of
from sessions.errors import Refusal
from sessions.models import CityTeam, Device, quick

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
    new, token = _new_device(workshop, joined, first_name)
    _arrived(workshop, joined)
    return new, token


def _new_device(workshop, team, first_name):
    if workshop.devices.count() >= MOST_PHONES:
        raise Refusal(_("This session is full. Ask the facilitator."))
    token = codes.new_token()
    device = Device.objects.create(
        workshop=workshop,
        team=team,
        token_hash=codes.hashed(token),
        personal_code=_unused_code(workshop),
        first_name=first_name,
    )
    return device, token


def _team(workshop, pk, name):
    if pk is not None:
        return team_of(workshop, pk)
    known = named(workshop, name)
    if known is not None:
        return known
    if not name:
        raise Refusal(_("Choose your city team, or write its name."))
    return new_team(workshop, name, admitted=workshop.free_entry)


def _arrived(workshop, team):
    """A phone of a city team makes the team "here", whatever the desk thought; one more only counts."""
    if team is None or team.state == CityTeam.State.HERE:
        live.desk_changed("roster", "run", "tables")
        return
    team.state = CityTeam.State.HERE
    team.save()
    follow_the_room(workshop, team)


def _unused_code(workshop):
    return next(code for code in iter(codes.new_code, None) if quick.phone_of_code(workshop, code) is None)


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

    The first stays known as what it was, so that it can hand in what it still holds. Returns (the new Device, its
    token). Raises Refusal for a code nobody has.
    """
    personal_code = codes.normal(personal_code)
    first = workshop.devices.filter(personal_code=personal_code, released_at=None).select_related("team").first()
    if first is None:
        raise Refusal(_("No phone of this session has this personal code."))
    new, token = _new_device(workshop, first.team, first.first_name)
    _take_out(first)
    _arrived(workshop, first.team)
    return new, token


def _take_out(device):
    device.released_at = clock.now()
    device.save()
    live.shut(f"device-{device.pk}", come_back=False)


def leave(workshop, *, device):
    """Take a phone out that goes by itself: it gives up what it holds, if anything; its page asks before."""
    workshop.devices.filter(pk=device).update(waiting=0)
    release_device(workshop, device=device)


def release_device(workshop, *, device):
    """Take a phone out: it is let in no more, its socket closes; what it wrote stays with its city.

    It may hand in what it still holds: see handing_in.
    """
    device = _device(workshop, device)
    _take_out(device)
    live.stage_changed("wall")
    live.desk_changed("roster", "tables", "run", "held")
    if device.team:
        live.team_changed(device.team)


def say_waiting(workshop, *, device, waiting):
    """Keep how many notes a phone says it still holds, so that the desk knows before it closes."""
    device = _device(workshop, device)
    device.waiting, device.last_seen = waiting, clock.now()
    device.save()
    live.desk_changed("roster", "run", "held")


def move_device(workshop, *, device, team):
    """Put a phone with another city team of the session; what it wrote stays where it was written."""
    _change_over(workshop, device, team_of(workshop, team))
