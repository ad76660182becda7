"""The life of a session: start from a plan, open, close, who may run it, its settings, its end."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from academy import clock
from sessions import codes, live
from sessions.actions.roster import admit_team
from sessions.errors import Refusal
from sessions.models import Breakout, Plan, Workshop


@transaction.atomic
def create_workshop(
    *, by, plan, title, date=None, place="", time_zone="UTC", language="en", address="", is_sample=False
):
    """Start a session from a plan (a template's id): it gets its own copy, and a discussion for each that is planned.

    Returns the Workshop, not yet open. Needs no lock: nobody can know it yet.
    """
    template = Plan.objects.get(pk=plan, is_template=True)
    workshop = Workshop.objects.create(
        title=title,
        date=date,
        place=place,
        time_zone=time_zone,
        language=language,
        owner=by,
        plan=template.copy(),
        address=address,
        is_sample=is_sample,
    )
    discussions = [segment for segment in workshop.plan.segments() if segment.is_discussion]
    Breakout.objects.bulk_create(
        Breakout(
            workshop=workshop,
            segment=segment,
            order=order,
            question=str(segment.prompt.question) if segment.prompt else str(segment.title),
            taxonomy=segment.prompt.taxonomy if segment.prompt else None,
            minutes=segment.minutes,
            board_setting=segment.board_setting,
        )
        for order, segment in enumerate(discussions, start=1)
    )
    return workshop


def edit_workshop(workshop, *, title, date, place, time_zone, address=None):
    """Change what a session is called, when and where it is, and the address its QR carries."""
    workshop.title, workshop.date, workshop.place, workshop.time_zone = title, date, place, time_zone
    if address is not None:
        workshop.address = address
    workshop.save()
    live.stage_changed()
    live.desk_changed()


def set_address(workshop, *, address):
    """Let the QR carry another address: the laptop is in another network now."""
    workshop.address = address
    workshop.save()
    live.stage_changed("wall")
    live.desk_changed()


def open_workshop(workshop):
    """Open the doors: the code leads in. Also reopens a closed session, with everything as it was."""
    if workshop.is_open:
        raise Refusal(_("The session is already open."))
    workshop.state = Workshop.State.OPEN
    workshop.opened_at = workshop.opened_at or clock.now()
    workshop.closed_at = None
    workshop.version += 1
    workshop.save()
    _everybody(workshop)


def close_workshop(workshop):
    """Close the session: the code is dead, phones keep their notes, exports stay possible."""
    if not workshop.is_open:
        raise Refusal(_("The session is not open."))
    breakout = workshop.current_breakout()
    if breakout and breakout.starts_at and not breakout.has_ended:
        breakout.seconds_unused = int(breakout.seconds_left)
        breakout.paused_at = None
        breakout.ends_at = clock.now()
        breakout.save()
    workshop.state = Workshop.State.CLOSED
    workshop.closed_at = clock.now()
    workshop.version += 1
    workshop.save()
    _everybody(workshop)


def _everybody(workshop):
    live.stage_changed()
    live.board_changed()
    live.teams_changed(workshop.teams.all())
    live.desk_changed()


def rotate_code(workshop):
    """Make a new join code: the old one is as dead as a random one; phones that are in stay in."""
    workshop.code = codes.new_code()
    workshop.save()
    live.stage_changed()
    live.desk_changed()


def change_settings(workshop, *, free_entry, tables_see_notes):
    """Set whether unlisted city teams come in at once (those that wait, now), and whether a table sees its notes."""
    workshop.free_entry = free_entry
    workshop.tables_see_notes = tables_see_notes
    workshop.save()
    for team in workshop.teams.filter(admitted=False) if free_entry else ():
        admit_team(workshop, team=team.pk)
    live.stage_changed("asked")
    live.teams_changed(workshop.teams.all(), "table-notes", "team")
    live.desk_changed()


def add_facilitator(workshop, *, username):
    """Let another account run this session (it may not delete it)."""
    user = get_user_model().objects.filter(username=username, is_active=True).first()
    if user is None:
        raise Refusal(
            _("There is no account “%(name)s”. An organizer can make one in the library.") % {"name": username}
        )
    if user.pk == workshop.owner_id:
        raise Refusal(_("The session is already theirs."))
    workshop.facilitators.add(user)
    live.desk_changed()


def remove_facilitator(workshop, *, user):
    """Take a second facilitator (user id) off the session; their open desk closes at once."""
    workshop.facilitators.remove(user)
    live.desk_changed()
    live.shut(f"user-{user}", come_back=False)


def delete_workshop(workshop, *, title):
    """Delete a session with every word in it, for good; its title has to be typed."""
    if title.strip() != workshop.title.strip():
        raise Refusal(_("The title you typed is not this session's title, so nothing was deleted."))
    erase(workshop)


def erase(workshop):
    """Delete a session and its rehearsals with every word in them, for good."""
    for copy in workshop.copies.all():
        erase(copy)
    plan = workshop.plan
    workshop.notes.all().delete()
    workshop.breakouts.all().delete()
    workshop.delete()
    plan.delete()
