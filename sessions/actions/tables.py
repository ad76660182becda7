"""Who sits where: solving, seating a latecomer, swapping by hand."""

from django.utils.translation import gettext as _

from sessions import live, seating
from sessions.errors import Refusal
from sessions.live.desk_panels import company, met_before, proposed_number
from sessions.models import COMING, HERE, CityTeam, Seat, Table


def seat_those_coming(workshop, *, anew=False):
    """Re-solve the discussions whose tables were not shown yet, for everybody who is here or still expected.

    Nothing is done when exactly these city teams already sit there: arrivals that were expected move nobody.
    anew: solve all the same, because places were lost or cities met by hand.
    """
    coming = _teams(workshop, COMING)
    later = list(workshop.breakouts.filter(tables_shown_at=None))
    seated = {b.pk: set() for b in later}
    for breakout, team in Seat.objects.filter(breakout__in=later).values_list("breakout_id", "team_id"):
        seated[breakout].add(team)
    if not anew and all(teams == set(coming) for teams in seated.values()):
        return
    _solve(workshop, coming, later)


def seat_those_here(workshop, breakout):
    """At "Show tables": seat who is here (whoever is coming, when nobody is), in this discussion and the later ones."""
    later = list(workshop.breakouts.filter(tables_shown_at=None))
    here = _teams(workshop, HERE) or _teams(workshop, COMING)
    if set(here) != set(breakout.seats.values_list("team_id", flat=True)):
        _solve(workshop, here, [breakout, *later])
        seat_those_coming(workshop)


def make_tables_anew(workshop):
    """Throw away pins and later tables, and solve again with another seed."""
    workshop.seed += 1
    workshop.save()
    later = list(workshop.breakouts.filter(tables_shown_at=None))
    if not later:
        raise Refusal(_("All tables have been shown already; none can be made anew."))
    Seat.objects.filter(breakout__in=later).update(pinned=False)
    _solve(workshop, _teams(workshop, COMING), later)
    live.desk_changed("tables")


def set_pairs(workshop, *, on):
    """Choose whether tables of two may stand in for a second meeting, and solve the later discussions again."""
    workshop.pairs = on
    workshop.save()
    _solve(workshop, _teams(workshop, COMING), list(workshop.breakouts.filter(tables_shown_at=None)))
    live.desk_changed()


def _teams(workshop, states):
    return list(workshop.teams.filter(admitted=True, state__in=states).order_by("pk").values_list("pk", flat=True))


def _solve(workshop, teams, breakouts):
    """Write the best tables for these teams in these discussions; the others are history."""
    if not breakouts:
        return
    shown = workshop.breakouts.exclude(tables_shown_at=None).exclude(pk__in=[b.pk for b in breakouts])
    before = shown.last()
    pins = [
        list(b.seats.filter(pinned=True, team_id__in=teams).values_list("team_id", "table__number")) for b in breakouts
    ]
    rounds = seating.plan(
        teams,
        len(breakouts),
        history=met_before(shown),
        pairs=workshop.pairs,
        seed=workshop.seed,
        pinned={index: pairs for index, pairs in enumerate(pins) if pairs},
        home=dict(before.seats.values_list("team_id", "table__number")) if before else None,
    )
    for breakout, tables, pinned in zip(breakouts, rounds, pins, strict=True):
        _write(breakout, tables, dict(pinned))


def _write(breakout, tables, pinned):
    breakout.seats.all().delete()
    known = {table.number: table for table in breakout.tables.all()}
    Table.objects.bulk_create(Table(breakout=breakout, number=n) for n in range(1, len(tables) + 1) if n not in known)
    breakout.tables.filter(number__gt=len(tables)).delete()
    known = {table.number: table for table in breakout.tables.all()}
    Seat.objects.bulk_create(
        Seat(breakout=breakout, table=known[number], team_id=team, pinned=pinned.get(team) == number)
        for number, teams in enumerate(tables, start=1)
        for team in teams
    )


def seat_latecomer(workshop, *, team, table=None):
    """Seat a city team that has none in the current discussion, at the proposed one or at a number, also mid-round."""
    breakout = workshop.current_breakout()
    if breakout is None or breakout.tables_shown_at is None:
        raise Refusal(_("Tables are not shown yet; the city team will be seated when they are."))
    team = _team(workshop, team)
    places = list(breakout.tables.prefetch_related("seats__team"))
    old = next((place for place in places if any(seat.team_id == team.pk for seat in place.seats.all())), None)
    if old is not None and company(old, team):
        raise Refusal(_("%(city)s already has a table.") % {"city": team})
    table = table or proposed_number(workshop, places, team)
    if table is None:
        _first_tables(workshop, breakout, team)
        return
    place = _place(places, table)
    _not_alone(place, team)
    Seat.objects.update_or_create(breakout=breakout, team=team, defaults={"table": place})
    _moved(workshop, breakout, [place])


def _first_tables(workshop, breakout, team):
    """Nobody sits anywhere: make tables for everybody who is here and this team, once that is two city teams."""
    here = sorted({*_teams(workshop, HERE), team.pk})
    if len(here) < 2:
        raise Refusal(_("%(city)s would be alone. Seat it as soon as another city team is here.") % {"city": team})
    _solve(workshop, here, [breakout])
    _moved(workshop, breakout, list(breakout.tables.all()))


def _team(workshop, pk):
    team = workshop.teams.filter(pk=pk).first()
    if team is None:
        raise Refusal(_("This city team is not in the session."))
    return team


def _place(places, number):
    place = next((place for place in places if place.number == number), None)
    if place is None:
        raise Refusal(_("There is no table %(number)s in this discussion.") % {"number": number})
    return place


def _not_alone(place, team):
    if not company(place, team):
        raise Refusal(_("%(city)s would be alone at table %(number)d.") % {"city": team, "number": place.number})


def _moved(workshop, breakout, tables):
    live.teams_changed(CityTeam.objects.filter(seats__table__in=tables).distinct())
    live.stage_changed("wall")
    live.board_changed("board")
    live.desk_changed("tables", "roster", "run")
    if breakout.tables_shown_at is not None:
        met = met_before(workshop.breakouts.all())
        seat_those_coming(workshop, anew=len(met) > len(set(met)))


def _seat(breakout, team):
    seat = breakout.seats.select_related("table", "team").filter(team_id=team).first()
    if seat is None:
        raise Refusal(_("This city team has no table in this discussion."))
    return seat


def swap(workshop, *, breakout, team, other):
    """Let two city teams change places, and pin both; notes stay at the table they were written at."""
    breakout = breakout_of(workshop, breakout)
    one, two = _seat(breakout, team), _seat(breakout, other)
    if one.table_id == two.table_id:
        raise Refusal(_("%(one)s and %(two)s already sit together.") % {"one": one.team, "two": two.team})
    one.table, two.table = two.table, one.table
    for seat in (one, two):
        seat.pinned = True
        seat.save()
    _moved(workshop, breakout, [one.table, two.table])


def move(workshop, *, breakout, team, table):
    """Put a city team at a table by number, and pin it; the other places stay as they are."""
    breakout = breakout_of(workshop, breakout)
    seat = _seat(breakout, team)
    place = _place(breakout.tables.prefetch_related("seats__team"), table)
    if place.pk != seat.table_id:
        _not_alone(place, seat.team)
        if len(company(seat.table, seat.team)) == 1:
            raise Refusal(_("That would leave one city alone at table %(number)d.") % {"number": seat.table.number})
    old, seat.table, seat.pinned = seat.table, place, True
    seat.save()
    _moved(workshop, breakout, [old, place])


def unpin(workshop, *, breakout, team):
    """Let the next solving move this city team again."""
    breakout = breakout_of(workshop, breakout)
    seat = _seat(breakout, team)
    seat.pinned = False
    seat.save()
    live.desk_changed("tables")


def breakout_of(workshop, pk):
    """Return the session's discussion with this id, or refuse."""
    breakout = workshop.breakouts.filter(pk=pk).first()
    if breakout is None:
        raise Refusal(_("This discussion is not in the session."))
    return breakout
