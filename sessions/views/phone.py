"""A city team's phone."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.database import read, reading
from academy.errors import wants_text
from sessions import access
from sessions.actions import marks, notes, perform
from sessions.errors import Refusal
from sessions.forms import MarkForm, PostForm, WriteForm
from sessions.live import panels
from sessions.models.note import NOTE_HINT, NOTE_LIMIT
from sessions.views.commands import done, invalid, refused
from sessions.views.pages import live_page


@require_safe
@reading
def phone(request, slug):
    """What happens now, our table, our notes."""
    device = access.device(request, slug)
    return live_page(request, "sessions/phone.html", "phone", slug, phone=device, team=device.team)


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
    context = panels.our_notes(device.workshop, device.team)
    in_order = sorted(context["notes"], key=lambda note: (note.breakout.order, note.pk))
    page = {"workshop": device.workshop, "team": device.team, "notes": in_order}
    return render(request, "sessions/your_notes.html", page)


@require_POST
async def post_note(request, slug):
    """Store a note. 204 to the page's script, 303 to a plain form; refused in words with the text still there."""
    device = await read(access.writer, request, slug)
    form = PostForm(request.POST)
    if not form.is_valid():
        return await _again(request, device, form, 422)
    try:
        await perform(notes.post_note, device.workshop, device=device.pk, team=device.team_id, **_own(form))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return await _again(request, device, form, 409)
    return done(request, reverse("phone", args=[slug]) + "#our-notes")


def _own(form):
    """The note's uuid is the note's own id, not a command's: perform must not take it."""
    data = dict(form.cleaned_data)
    note_uuid = data.pop("uuid")
    return {**data, "note_uuid": note_uuid}


async def _again(request, device, form, status):
    if wants_text(request):
        return invalid(request, form) if status == 422 else refused(request, form.non_field_errors()[0])
    return await read(_note_page, request, device, form, status=status)


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
    """Change one of our notes."""
    device, note = await read(_own_note, request, slug, uuid)
    if note is None:
        from django.http import Http404

        raise Http404
    if request.method != "POST":
        return await read(_note_page, request, device, WriteForm(), note)
    form = WriteForm(request.POST)
    if not form.is_valid():
        return (
            invalid(request, form) if wants_text(request) else await read(_note_page, request, device, form, note, 422)
        )
    text, terms = form.cleaned_data["text"], form.cleaned_data["terms"]
    try:
        await perform(notes.edit_note, device.workshop, note=uuid, team=device.team_id, text=text, terms=terms)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return (
            refused(request, refusal)
            if wants_text(request)
            else await read(_note_page, request, device, form, note, 409)
        )
    return done(request, reverse("phone", args=[slug]) + "#our-notes")


@require_POST
async def delete_note(request, slug, uuid):
    """Take one of our notes back."""
    device = await read(access.writer, request, slug)
    try:
        await perform(notes.delete_note, device.workshop, note=uuid, team=device.team_id)
    except Refusal as refusal:
        return refused(request, refusal)
    return done(request, reverse("phone", args=[slug]) + "#our-notes")


@require_POST
async def mark(request, slug):
    """Mark an item of the checklist for our city team."""
    device = await read(access.writer, request, slug)
    form = MarkForm(request.POST)
    if not form.is_valid():
        return invalid(request, form)
    data = form.cleaned_data
    try:
        await perform(marks.mark, device.workshop, team=device.team_id, item=data["item"], value=data["value"])
    except Refusal as refusal:
        return refused(request, refusal)
    return done(request, reverse("phone", args=[slug]) + "#marks")
