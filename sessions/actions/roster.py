"""The city teams of a session: who is expected, who is here, who left, who is one and the same."""

from django.utils.translation import gettext as _

from sessions import live
from sessions.actions.tables import seat_those_coming
from sessions.errors import Refusal
from sessions.models import CityTeam, Seat, quick

MOST_TEAMS = 84


def new_team(workshop, name, **fields):
    """Make a city team of a name that is not taken; refuses when the session is full."""
    if workshop.teams.count() >= MOST_TEAMS:
        raise Refusal(_("A session has room for %(most)d city teams.") % {"most": MOST_TEAMS})
    return CityTeam.objects.create(workshop=workshop, name=name, **fields)


def named(workshop, name):
    """Return the city team of this name, however it is spelled (case, spaces), or None."""
    return workshop.teams.filter(key=CityTeam.key_of(name)).first()


def add_team(workshop, *, name):
    """Put one city team on the roster."""
    if named(workshop, name):
        raise Refusal(_("%(city)s is already on the list.") % {"city": name})
    team = new_team(workshop, name)
    seat_those_coming(workshop)
    _roster_changed()
    return team


def add_teams(workshop, *, names):
    """Put several city teams on the roster (names that were checked); those already there are passed over.

    Returns the number of new ones.
    """
    fresh = [name for name in names if named(workshop, name) is None]
    for name in fresh:
        new_team(workshop, name)
    seat_those_coming(workshop)
    _roster_changed()
    return len(fresh)


def _roster_changed():
    live.stage_changed("wall")
    live.desk_changed()


def team_of(workshop, pk):
    """Return the city team with this id, or refuse."""
    team = quick.team(workshop, pk)
    if team is None:
        raise Refusal(_("This city team is not in the session."))
    return team


def rename_team(workshop, *, team, name):
    """Give a city team another name; phones, notes and tables stay with it."""
    team = team_of(workshop, team)
    other = named(workshop, name)
    if other is not None and other.pk != team.pk:
        raise Refusal(
            _("There is already a city team “%(city)s”. If the two are one, merge them.") % {"city": other.name}
        )
    team.name = name
    team.save()
    _seen_everywhere(workshop)


def _seen_everywhere(workshop):
    live.teams_changed(workshop.teams.all())
    live.stage_changed("wall")
    live.board_changed()
    live.desk_changed()


def set_state(workshop, *, team, state):
    """Say how a city team is here, or that it is not; seats in later discussions follow, those shown already stay."""
    team = team_of(workshop, team)
    team.state = CityTeam.State(state)
    team.admitted = True
    team.save()
    follow_the_room(workshop, team)


def follow_the_room(workshop, team):
    """Bring tables and screens in line after a city team came, left or changed."""
    seat_those_coming(workshop)
    live.team_changed(team)
    live.stage_changed("wall")
    live.desk_changed("roster", "tables", "run")


def admit_team(workshop, *, team):
    """Let a city team in that asked; it sits down with the next tables, or with one tap at a running one."""
    team = team_of(workshop, team)
    team.admitted = True
    team.save()
    follow_the_room(workshop, team)


def remove_team(workshop, *, team):
    """Take a city team off the list that has written nothing; one with notes is set to “left”, or merged."""
    team = team_of(workshop, team)
    if team.notes.filter(deleted_at=None).exists():
        raise Refusal(_("%(city)s has written notes. Set it to “left”, or merge it with another.") % {"city": team})
    live.team_changed(team)
    live.shut(f"team-{team.pk}", come_back=False)
    team.delete()
    seat_those_coming(workshop, anew=True)
    _seen_everywhere(workshop)


def merge_teams(workshop, *, team, into):
    """Make two city teams one: phones, notes and marks move over; where both have a table, the other's stays."""
    team, into = team_of(workshop, team), team_of(workshop, into)
    if team.pk == into.pk:
        raise Refusal(_("These are already one city team."))
    live.team_changed(team)
    live.shut(f"team-{team.pk}", come_back=True)
    team.devices.update(team=into)
    team.notes.update(team=into)
    team.handed_in.update(team=into)
    Seat.objects.filter(team=team).exclude(breakout__in=Seat.objects.filter(team=into).values("breakout")).update(
        team=into
    )
    _merge_marks(team, into)
    into.state = min(into.state, team.state, key=_NEARER.index)
    into.admitted = into.admitted or team.admitted
    into.save()
    team.delete()
    seat_those_coming(workshop, anew=True)
    _seen_everywhere(workshop)


# Which of two states is true of both, when two city teams turn out to be one.
_NEARER = [
    CityTeam.State.HERE,
    CityTeam.State.WITHOUT_PHONE,
    CityTeam.State.LEFT,
    CityTeam.State.EXPECTED,
    CityTeam.State.NOT_COMING,
]


def _merge_marks(team, into):
    """Move marks over; of two on one item the last tap wins."""
    kept = {mark.item_id: mark for mark in into.marks.all()}
    for mark in team.marks.all():
        other = kept.get(mark.item_id)
        if other is not None and other.marked_at >= mark.marked_at:
            continue
        if other is not None:
            other.delete()
        mark.team = into
        mark.save()
