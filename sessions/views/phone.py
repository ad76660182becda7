"""A city team's phone."""

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.database import read, reading
from academy.errors import wants_text
from sessions import access, throttle
from sessions.actions import marks, notes, perform
from sessions.errors import Refusal
from sessions.forms import CommandForm, MarkForm, PostForm, WriteForm
from sessions.live import phone_panels
from sessions.models.note import NOTE_HINT, NOTE_LIMIT
from sessions.views.commands import done, hold, invalid, refused
from sessions.views.pages import live_page


@require_safe
def worker(request):
    """The service worker that opens a phone's page again without a network. Its address limits it to phones' pages."""
    script = (settings.BASE_DIR / "static/js/sw.js").read_bytes()
    return HttpResponse(script, content_type="text/javascript")


@require_safe
@reading
def phone(request, slug):
    """What happens now, our table, our notes."""
    device = access.device(request, slug)
    return live_page(
        request, "sessions/phone.html", "phone", slug, phone=device, team=device.team, note_limit=NOTE_LIMIT
    )


@require_safe
@reading
def phone_board(request, slug):
    """The session board, to read on a phone."""
    device = access.device(request, slug)
    return live_page(request, "sessions/phone_board.html", "board", slug, phone=device, team=device.team)


@require_safe
@reading
def our_notes(request, slug):
    """ "Your notes": everything this city team wrote, to keep or to print."""
    device = access.writer(request, slug)
    context = phone_panels.our_notes(device.workshop, device.team)
    prefetch_related_objects(context["notes"], "breakout")
    in_order = sorted(context["notes"], key=lambda note: (note.breakout.order, note.pk))
    page = {"workshop": device.workshop, "team": device.team, "notes": in_order}
    return render(request, "sessions/your_notes.html", page)


@require_POST
async def post_note(request, slug):
    """Store a note. 204 to the page's script, 303 to a plain form; refused in words with the text still there."""
    device = await read(access.writer, request, slug)
    form = PostForm(request.POST)
    if not form.is_valid():
        return await _again(request, device, form)
    try:
        throttle.notes.take(device.pk)
        await perform(notes.post_note, device.workshop, device=device.pk, team=device.team_id, **note_of(form))
    except Refusal as refusal:
        return await _again(request, device, form, refusal)
    return done(request, reverse("phone", args=[slug]) + "#our-notes")


def note_of(form):
    """Return what a PostForm says of a note: its uuid is the note's own, not a command's, which perform would take."""
    data = dict(form.cleaned_data)
    data["note_uuid"] = data.pop("uuid")
    return data


async def _again(request, device, form, refusal=None, note=None):
    """Say what is wrong with a note: to a script the sentence, to a person the page with what was typed."""
    if wants_text(request):
        return refused(request, refusal) if refusal else invalid(request, form)
    if refusal:
        form.add_error(None, str(refusal))
    status = refusal.status if refusal else 422
    return hold(await read(_note_page, request, device, form, note, status), refusal)


def _note_page(request, device, form, note=None, status=200):
    """A note box on a page of its own, with what was typed; a fresh id, since the old one is taken."""
    known = {} if note else form.cleaned_data
    breakout = note.breakout if note else device.workshop.breakouts.filter(pk=known.get("breakout")).first()
    groups = list(breakout.taxonomy.terms.all()) if breakout and breakout.taxonomy else []
    context = {
        "workshop": device.workshop,
        "device": device,
        "team": device.team,
        "form": form,
        "note": note,
        "breakout": breakout,
        "terms": groups,
        "chosen": form.data.getlist("terms") if form.is_bound else [t.code for t in note.terms.all()],
        "text": form.data.get("text", "") if form.is_bound else note.text,
        "limit": NOTE_LIMIT,
        "hint": NOTE_HINT,
    }
    return render(request, "sessions/note_form.html", context, status=status)


def _own_note(request, slug, uuid):
    device = access.writer(request, slug)
    note = device.workshop.notes.filter(uuid=uuid, team=device.team, deleted_at=None).select_related(
        "breakout__taxonomy"
    )
    return device, note.first()


@require_http_methods(["GET", "HEAD", "POST"])
async def edit_note(request, slug, uuid):
    """Change one of our notes (its uuid); the uuid in the form is the command's."""
    device, note = await read(_own_note, request, slug, uuid)
    is_repeatable = request.method == "POST" and wants_text(request)
    if note is None and not is_repeatable:  # a script may repeat what was done before the note was deleted
        raise Http404
    if request.method != "POST":
        return await read(_note_page, request, device, WriteForm(), note)
    form = WriteForm(request.POST)
    if not form.is_valid():
        return await _again(request, device, form, note=note)
    try:
        await _change(notes.edit_note, device, note=uuid, **form.cleaned_data)
    except Refusal as refusal:
        return await _again(request, device, form, refusal, note)
    return done(request, reverse("phone", args=[slug]) + "#our-notes")


async def _change(action, device, **arguments):
    """Do what a phone may do quicker than write."""
    throttle.changes.take(device.pk)
    await perform(action, device.workshop, team=device.team_id, **arguments)


@require_POST
async def delete_note(request, slug, uuid):
    """Take one of our notes back; the uuid in the form is the command's."""
    device = await read(access.writer, request, slug)
    return await _changed(request, device, notes.delete_note, CommandForm, "#our-notes", note=uuid)


@require_POST
async def mark(request, slug):
    """Mark an item of the checklist for our city team."""
    device = await read(access.writer, request, slug)
    return await _changed(request, device, marks.mark, MarkForm, "#marks")


async def _changed(request, device, action, form_class, back, **arguments):
    form = form_class(request.POST)
    if not form.is_valid():
        return invalid(request, form)
    try:
        await _change(action, device, **form.cleaned_data, **arguments)
    except Refusal as refusal:
        return refused(request, refusal)
    return done(request, reverse("phone", args=[device.workshop.slug]) + back)
