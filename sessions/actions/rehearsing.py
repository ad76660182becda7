"""Rehearsals: a copy of a session for simulated city teams. The session itself is never touched."""

from datetime import timedelta
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from academy import clock
from sessions.actions.roster import MOST_TEAMS
from sessions.actions.samples import CITIES
from sessions.actions.tables import seat_those_coming
from sessions.actions.workshops import erase
from sessions.errors import Refusal
from sessions.models import Breakout, CityTeam, Device, Rehearsal, Workshop
from sessions.models.rehearsal import lease_began

# What the copy has in common with the session.
_SAME = (
    *("date", "place", "time_zone", "language", "owner", "address"),
    *("free_entry", "pairs", "tables_see_notes", "marking"),
)
MOST_PHONES = 500


def begin(workshop, *, by, teams, phones, speed, seed=0):
    """Make the copy a rehearsal runs on; returns the Rehearsal. The last one of this session is deleted for it.

    teams: how many city teams: those of the roster, and sample names when it has fewer. phones: of each. speed: 1 to
    60 times life. by: the account, or None.
    """
    _refuse_if_unfit(workshop, teams * phones)
    _refuse_beside_another()
    _erase_copies(workshop)
    copy = _copied(workshop)
    _invite(copy, _names(workshop, teams))
    try:
        with transaction.atomic():
            return Rehearsal.objects.create(workshop=copy, by=by, phones=phones, speed=speed, seed=seed)
    except IntegrityError:
        raise _one_is_running() from None


def _refuse_if_unfit(workshop, phones):
    if workshop.is_rehearsal:
        raise Refusal(_("This is a rehearsal itself. Rehearse the session it was made from."))
    if workshop.has_begun:
        raise Refusal(_("This session has begun, so it is too late to rehearse it. Nothing was changed."))
    if phones > MOST_PHONES:
        raise Refusal(
            _("These are %(n)d phones; a rehearsal takes at most %(most)d.") % {"n": phones, "most": MOST_PHONES}
        )


def _refuse_beside_another():
    """One rehearsal at a time, and none beside a room with people in it: they would feel the load."""
    for rehearsal in Rehearsal.objects.filter(stored_state=Rehearsal.State.RUNNING):
        if rehearsal.is_running:
            raise _one_is_running()
        rehearsal.stored_state = Rehearsal.State.INTERRUPTED
        rehearsal.save()
    heard = clock.now() - timedelta(minutes=1)
    live = Workshop.objects.filter(state=Workshop.State.OPEN, rehearsal_of=None).exclude(started_at=None)
    if Device.objects.filter(workshop__in=live, released_at=None, last_seen__gte=heard).exists():
        raise Refusal(_("A session with people in it is going on here. Rehearse when it is over."))


def _one_is_running():
    return Refusal(_("A rehearsal is running already, and only one can. Wait until it is over, or cancel it."))


def _copied(workshop):
    """Return a session like this one, with its own plan as it is now, being prepared."""
    copy = Workshop.objects.create(
        title=_("Rehearsal: %(title)s") % {"title": workshop.title[:140]},
        plan=workshop.plan.copy(),
        rehearsal_of=workshop,
        **{name: getattr(workshop, name) for name in _SAME},
    )
    copy.facilitators.set(workshop.facilitators.all())
    theirs = dict(zip(workshop.plan.segments(), copy.plan.segments(), strict=True))
    fields = ("order", "question", "taxonomy", "minutes", "board_setting")
    Breakout.objects.bulk_create(
        Breakout(workshop=copy, segment=theirs[breakout.segment], **{name: getattr(breakout, name) for name in fields})
        for breakout in workshop.breakouts.select_related("segment")
    )
    return copy


def _names(workshop, n):
    """The first city teams of the roster that are coming, then sample names, numbered where those do not suffice."""
    coming = workshop.teams.filter(admitted=True).exclude(state=CityTeam.State.NOT_COMING)
    names = list(coming.order_by("pk").values_list("name", flat=True))
    samples = (f"{city} {turn}" if turn > 1 else city for turn in range(1, MOST_TEAMS) for city in CITIES)
    known = {CityTeam.key_of(name) for name in names}
    fresh = (name for name in samples if CityTeam.key_of(name) not in known)
    return [*names, *islice(fresh, n)][:n]


def _invite(copy, names):
    for name in names:
        CityTeam.objects.create(workshop=copy, name=name)
    seat_those_coming(copy)


def cancel(workshop):
    """Let the rehearsal of a session end early: it sends what was written, looks for it and reports."""
    if not Rehearsal.objects.filter(workshop__rehearsal_of=workshop, stored_state="running").update(is_cancelled=True):
        raise Refusal(_("No rehearsal of this session is running."))


def purge(workshop):
    """Delete what a session's rehearsals have left, copies, cities, notes and reports; returns how many there were."""
    n = _erase_copies(workshop)
    if not n:
        raise Refusal(_("No rehearsal of this session has left anything."))
    return n


def _erase_copies(workshop):
    copies = list(workshop.copies.all())
    if Rehearsal.objects.filter(workshop__in=copies, stored_state="running", heard_at__gte=lease_began()).exists():
        raise Refusal(_("The rehearsal is still running. Cancel it first."))
    for copy in copies:
        erase(copy)
    return len(copies)


# What whoever runs it says. These lock nothing: they are about the rehearsal's own row.


def tell(pk, progress):
    """Say that a rehearsal (its id) lives and how far it is; returns whether it is to go on."""
    alive = Rehearsal.objects.filter(pk=pk, stored_state=Rehearsal.State.RUNNING)
    alive.update(progress=progress, heard_at=clock.now())
    return alive.filter(is_cancelled=False).exists()


def finish(pk, state, *, report=None, problem=""):
    """Keep what a rehearsal (its id) came to."""
    done = {"progress": 100} if state == Rehearsal.State.DONE else {}
    Rehearsal.objects.filter(pk=pk).update(
        stored_state=state, report=report, problem=problem, heard_at=clock.now(), **done
    )
