"""Handing in: a phone that is out offers what it still holds, and the desk takes it in or declines it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from academy.database import read, reading_long
from sessions import access, throttle
from sessions.actions import handing_in, perform
from sessions.errors import Refusal
from sessions.forms import PostForm
from sessions.views.commands import invalid, refused
from sessions.views.phone import note_of


@require_POST
async def hand_in(request, slug):
    """Keep a note of a phone that is out until the desk decides: 202, also when it comes again."""
    device = await read(access.released, request, slug)
    form = PostForm(request.POST)
    if not form.is_valid():
        return invalid(request, form)
    try:
        throttle.notes.take(device.pk)
        await perform(handing_in.hand_in, device.workshop, device=device.pk, **note_of(form))
    except Refusal as refusal:
        return refused(request, refusal)
    return HttpResponse(status=202)


@require_safe
@reading_long
@login_required
def handed_in(request, slug):
    """What phones that are out have handed in, to take in or to decline; only who runs the session reads it."""
    workshop = access.desk(request, slug, "run")
    waiting = workshop.handed_in.filter(declined_at=None).select_related("team", "breakout", "device")
    context = {"workshop": workshop, "rights": workshop.rights, "waiting": waiting, "section": "roster"}
    return render(request, "sessions/handed_in.html", context)
