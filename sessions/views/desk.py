"""The facilitator's and the organizer's pages."""

import uuid
from zoneinfo import available_timezones

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy import addresses, clock, lifespan
from academy.database import read, reading_long, write
from sessions import access
from sessions.actions import notes as note_actions
from sessions.actions import perform, roster, workshops
from sessions.errors import Refusal
from sessions.forms import DeleteForm, DeskNoteForm, EditWorkshopForm, NewWorkshopForm, RosterForm
from sessions.live import board, desk_panels, shared
from sessions.models import BoardSetting, Breakout, CityTeam, Segment
from sessions.models.note import NOTE_LIMIT
from sessions.views.commands import done, invalid, refused
from sessions.views.pages import live_page


@require_safe
@reading_long
@login_required
def desk(request):
    """The list of sessions: one's own, those one helps to run, all of them for an organizer."""
    found = access.sessions_of(request.user).select_related("owner")
    if access.is_organizer(request.user):
        # Rehearsals are the business of those who run the session.
        mine = Q(owner=request.user) | Q(facilitators=request.user)
        found = found.filter(Q(rehearsal_of=None) | mine).distinct()
    found = found.annotate(
        team_count=Count("teams", distinct=True),
        note_count=Count("notes", filter=Q(notes__deleted_at=None), distinct=True),
    ).order_by("-date", "-pk")
    return render(
        request, "sessions/desk.html", {"workshops": found, "is_organizer": access.is_organizer(request.user)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
async def new_session(request):
    """Start a session from a plan."""
    user = await read(access.account, request)
    if not user.is_authenticated:
        return redirect(f"{reverse('login')}?next={request.path}")
    form = await read(_new_form, request)
    if request.method == "POST" and await read(form.is_valid):
        base = addresses_for_phones(request)[0]
        workshop = await write(workshops.create_workshop, by=user, address=base, **form.cleaned_data)
        response = HttpResponseRedirect(reverse("desk-roster", args=[workshop.slug]))
        response.status_code = 303
        return response
    context = {"form": form, "zones": sorted(available_timezones())}
    return await read(render, request, "sessions/new_session.html", context, status=422 if form.is_bound else 200)


def _new_form(request):
    if request.method == "POST":
        return NewWorkshopForm(request.POST)
    form = NewWorkshopForm()
    choices = form.fields["plan"].choices
    title = choices[0][1] if choices else ""
    form.initial = {
        "title": title,
        "date": timezone.localdate(clock.now()),
        "time_zone": timezone.get_default_timezone_name(),
    }
    return form


def addresses_for_phones(request):
    """Return the base URLs a QR may carry, the likeliest first: the desk's own, if a phone could use it."""
    here = f"{request.scheme}://{request.get_host()}"
    if not lifespan.needs_to_be_alone() or request.is_secure():
        return [here]
    networks = addresses.for_phones(request.get_port())
    is_inside = request.get_host().startswith(("localhost", "127.0.0.1", "[::1]"))
    return [*networks, here] if is_inside else list(dict.fromkeys([here, *networks]))


@require_safe
@reading_long
@login_required
def session(request, slug):
    """The run of the session: now and next, one primary button, tables, notes, who is here."""
    workshop = access.desk(request, slug)
    known = addresses_for_phones(request)
    return live_page(
        request,
        "sessions/session.html",
        "desk",
        slug,
        rights=workshop.rights,
        qr=shared.qr(shared.join_address(workshop)["full"]) if workshop.address else "",
        join=shared.join_address(workshop),
        addresses=[] if workshop.address in known else known,
        section="run",
    )


@require_safe
@reading_long
@login_required
def tables_page(request, slug):
    """The tables of all discussions, with the repeats, to look at and to change by hand."""
    workshop = access.desk(request, slug)
    rounds = []
    met = set()
    repeats = 0
    for breakout in workshop.breakouts.prefetch_related("tables__seats__team"):
        rows = []
        for table in breakout.tables.all():
            seats = list(table.seats.all())
            again = [
                (a.team, b.team)
                for i, a in enumerate(seats)
                for b in seats[i + 1 :]
                if frozenset((a.team_id, b.team_id)) in met
            ]
            repeats += len(again)
            if seats:
                rows.append({"table": table, "seats": seats, "again": again})
        for row in rows:
            seats = row["seats"]
            met |= {frozenset((a.team_id, b.team_id)) for i, a in enumerate(seats) for b in seats[i + 1 :]}
        rounds.append({"breakout": breakout, "tables": rows})
    context = {
        "workshop": workshop,
        "rights": workshop.rights,
        "rounds": rounds,
        "repeats": repeats,
        "standing": desk_panels.tables(workshop, workshop).get("standing", []),
        "current": workshop.current_breakout(),
        "section": "tables",
    }
    return render(request, "sessions/tables.html", context)


@require_safe
@reading_long
@login_required
def seats_page(request, slug, order):
    """One discussion's seats on paper: cities A–Z, and table by table."""
    workshop = access.desk(request, slug)
    breakout = workshop.breakouts.filter(order=order).first()
    if breakout is None:
        raise Http404
    seats = breakout.seats.select_related("team", "table")
    by_table = breakout.tables.prefetch_related("seats__team")
    context = {
        "workshop": workshop,
        "rights": workshop.rights,
        "breakout": breakout,
        "seats": seats,
        "tables": by_table,
        "section": "tables",
    }
    return render(request, "sessions/seats.html", context)


# A room with more phones than this shows those of one city team at a time: each comes with a list of all cities.
FEW_PHONES = 120


def _phones(workshop, opened):
    """Return how many phones each city team (id; None: guests) has, and those that are shown: all, or the opened's."""
    inside = workshop.devices.filter(released_at=None)
    counts = dict(inside.values_list("team_id").annotate(n=Count("pk")).order_by())
    shown = inside.select_related("team", "workshop")
    if sum(counts.values()) > FEW_PHONES:
        shown = shown.filter(team=next((team for team in counts if str(team or "guests") == opened), 0))[:FEW_PHONES]
    phones = {}
    for device in shown:
        phones.setdefault(device.team_id, []).append(device)
    return counts, phones


def _roster_page(request, slug, form=None, status=200):
    workshop = access.desk(request, slug)
    counts, phones = _phones(workshop, request.GET.get("phones", ""))
    teams = list(
        workshop.teams.annotate(note_count=Count("notes", filter=Q(notes__deleted_at=None))).order_by("key", "pk")
    )
    for team in teams:
        team.phone_count, team.phones = counts.get(team.pk, 0), phones.get(team.pk, [])
    context = {
        "workshop": workshop,
        "rights": workshop.rights,
        "teams": teams,
        "guest_count": counts.get(None, 0),
        "guests": phones.get(None, []),
        "states": CityTeam.State.choices,
        "form": form or RosterForm(),
        "section": "roster",
    }
    return render(request, "sessions/roster.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
async def roster_page(request, slug):
    """The city teams: one by one, or a list pasted or uploaded; every bad line is named and nothing typed is lost."""
    if request.method != "POST":
        return await read(login_required(_roster_page), request, slug)
    workshop = await read(access.desk, request, slug, "run")
    form = RosterForm(request.POST, request.FILES)
    if await read(form.is_valid):
        try:
            await perform(roster.add_teams, workshop, names=form.cleaned_data["names"], uuid=form.cleaned_data["uuid"])
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, reverse("desk-roster", args=[slug]))
    return await read(_roster_page, request, slug, form, 422)


@require_safe
@reading_long
@login_required
def notes_page(request, slug):
    """All notes of the session, filtered by discussion, column, city, table, stars and hidden ones."""
    workshop = access.desk(request, slug)
    breakouts = list(workshop.breakouts.select_related("taxonomy"))
    wanted = {
        name: request.GET.get(name, "")[:60] for name in ("discussion", "column", "city", "table", "only", "words")
    }
    shown = []
    for breakout in breakouts:
        if wanted["discussion"] and wanted["discussion"] != str(breakout.order):
            continue
        found = board.notes_of(breakout)
        sorted_notes = board.columns(breakout.taxonomy, found)
        chosen = next((c for c in sorted_notes if c.code == wanted["column"]), None)
        shown.append(
            {
                "breakout": breakout,
                "columns": sorted_notes,
                "notes": _filtered(chosen.notes if chosen else found, wanted),
            }
        )
    context = {
        "workshop": workshop,
        "rights": workshop.rights,
        "breakouts": breakouts,
        "shown": shown,
        "wanted": wanted,
        "teams": workshop.teams.all(),
        "total": sum(len(each["notes"]) for each in shown),
        "section": "notes",
    }
    return render(request, "sessions/notes.html", context)


def _filtered(notes, wanted):
    if wanted["city"]:
        notes = [n for n in notes if str(n.team_id) == wanted["city"]]
    if wanted["table"]:
        notes = [n for n in notes if n.table and str(n.table.number) == wanted["table"]]
    if wanted["only"] == "starred":
        notes = [n for n in notes if n.starred]
    if wanted["only"] == "hidden":
        notes = [n for n in notes if n.hidden]
    if wanted["only"] == "late":
        notes = [n for n in notes if n.late]
    if wanted["words"]:
        notes = [n for n in notes if wanted["words"].casefold() in n.text.casefold()]
    return notes


def _desk_note_page(request, slug, form=None, status=200):
    workshop = access.desk(request, slug, "run")
    breakouts = list(workshop.breakouts.select_related("taxonomy").prefetch_related("taxonomy__terms"))
    current = workshop.current_breakout() or next((b for b in reversed(breakouts) if b.starts_at), None)
    context = {
        "workshop": workshop,
        "rights": workshop.rights,
        "breakouts": breakouts,
        "current": current,
        "teams": workshop.teams.filter(admitted=True),
        "form": form,
        "data": form.data if form else request.GET,
        "limit": NOTE_LIMIT,
        "note_uuid": uuid.uuid4(),
        "section": "notes",
    }
    return render(request, "sessions/desk_note.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
async def desk_note(request, slug):
    """Write a note for any city: a mayor without a phone."""
    if request.method != "POST":
        return await read(login_required(_desk_note_page), request, slug)
    workshop = await read(access.desk, request, slug, "run")
    form = DeskNoteForm(request.POST)
    if await read(form.is_valid):
        data = dict(form.cleaned_data)
        try:
            await perform(note_actions.post_note, workshop, note_uuid=data.pop("uuid"), from_desk=True, **data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, reverse("desk-session", args=[slug]))
    return await read(_desk_note_page, request, slug, form, 422)


@require_safe
@reading_long
@login_required
def segment_page(request, slug, segment):
    """Change a segment's title, minutes and question on the spot."""
    workshop = access.desk(request, slug, "run")
    found = Segment.objects.filter(module__plan=workshop.plan, pk=segment).first()
    if found is None:
        raise Http404
    breakout = Breakout.objects.filter(segment=found).first()
    context = {
        "workshop": workshop,
        "rights": workshop.rights,
        "segment": found,
        "breakout": breakout,
        "settings": BoardSetting.choices,
        "section": "run",
    }
    return render(request, "sessions/segment.html", context)


def _settings_page(request, slug, form=None, status=200):
    workshop = access.desk(request, slug)
    initial = {name: getattr(workshop, name) for name in ("title", "date", "place", "time_zone", "address")}
    context = {
        "workshop": workshop,
        "rights": workshop.rights,
        "form": form or EditWorkshopForm(initial=initial),
        "zones": sorted(available_timezones()),
        "helpers": workshop.facilitators.all(),
        "section": "settings",
        "addresses": addresses_for_phones(request),
    }
    response = live_page(request, "sessions/settings.html", "desk", slug, only=["held"], **context)
    response.status_code = status
    return response


@require_http_methods(["GET", "HEAD", "POST"])
async def settings_page(request, slug):
    """Title, date, place, time zone, address; doors, helpers, code, end."""
    if request.method != "POST":
        return await read(login_required(_settings_page), request, slug)
    workshop = await read(access.desk, request, slug, "run")
    form = EditWorkshopForm(request.POST)
    if not await read(form.is_valid):
        return await read(_settings_page, request, slug, form, 422)
    await perform(workshops.edit_workshop, workshop, **form.cleaned_data)
    return done(request, reverse("desk-settings", args=[slug]))


@require_POST
async def delete_session(request, slug):
    """Delete the session for good; its title has to be typed."""
    workshop = await read(access.desk, request, slug, "delete")
    form = DeleteForm(request.POST)
    if not form.is_valid():
        return invalid(request, form)
    try:
        await perform(workshops.delete_workshop, workshop, title=form.cleaned_data["title"])
    except Refusal as refusal:
        return refused(request, refusal)
    return done(request, reverse("desk"))
