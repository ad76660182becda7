"""What every live page has: its panels, where its streams stand, and the door to catch up."""

import contextlib
import json
import uuid
from datetime import timedelta

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.html import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from academy import clock
from academy.database import read, write
from sessions import access, throttle
from sessions.actions import joining, perform
from sessions.errors import Refusal
from sessions.forms import HaveForm
from sessions.live import looking, streams
from sessions.live import render as rendering
from sessions.views.commands import invalid

# A lease is not renewed more often than this; it is three times as long.
RENEWED_AFTER = timedelta(seconds=5)


def live_page(request, template, kind, slug, only=(), **context):
    """Render a page that listens: numbers are read before the panels, so the page may show more than it claims.

    only: ids of the panels it has, if not all.
    """
    listener = access.page_listener(request, kind, slug)
    have = streams.numbers(listener.workshop, listener.streams)
    workshop = rendering.as_it_is(listener.workshop)
    # A page without JavaScript sends its note under this id: a second tap is the same note.
    extra = {"csrf_token": get_token(request), "note_uuid": uuid.uuid4()}
    panels = {}
    for name in listener.streams:
        panels |= _of_a_page(workshop, listener, name, have[name], only, extra)
    page = {
        "workshop": workshop,
        "device": listener.device,
        "panels": {name.replace("-", "_"): mark_safe(html) for name, html in panels.items()},  # noqa: S308
        "have": streams.written(have),
        "kind": kind,
        "now": clock.milliseconds(),
        "language": get_language(),
        **context,
    }
    return render(request, template, page)


def _of_a_page(workshop, listener, stream, seq, only, extra):
    """The panels of a stream; those in which something can be sent carry the page's own token and id."""
    of = (workshop, stream)
    shape = (listener.audience, listener.language)
    if listener.audience == "desk":
        return rendering.panels(*of, *shape, only, **extra)
    drawn = rendering.whole_panels(workshop.pk, stream, seq, *shape, lambda: workshop)
    own = [name for name, html in drawn.items() if "<form" in html]
    return drawn | (rendering.panels(*of, *shape, only=own, **extra) if own else {})


@require_http_methods(["GET", "HEAD", "POST"])
async def catch_up(request, kind, slug):
    """Answer the frames a page lacks, as JSON {"now", "frames"}: GET ?have=stage:12,… never writes.

    A POST of `have` and `waiting` (0 to 999: the notes a phone still holds) answers the same, and is how a phone is
    heard of that has no socket.
    """
    if request.method != "POST":
        return await read(_lacking, request, kind, slug, request.GET.get("have", ""))
    listener = await read(access.page_listener, request, kind, slug)
    form = HaveForm(request.POST)
    if not form.is_valid():
        return invalid(request, form)
    if listener.device is not None:
        await _heard_of(listener.device, form.cleaned_data["waiting"])
    return await read(_lacking, request, kind, slug, form.cleaned_data["have"])


async def _heard_of(device, waiting):
    """Renew a phone's lease; note how many notes it holds when that has changed. A flood of news is not listened to."""
    with contextlib.suppress(Refusal):
        if waiting not in (None, device.waiting):
            throttle.changes.take(device.pk)
            await perform(joining.say_waiting, device.workshop, device=device.pk, waiting=waiting)
        elif clock.now() - device.last_seen > RENEWED_AFTER:
            await write(looking.saw, [device.pk])


def _lacking(request, kind, slug, have):
    listener = access.page_listener(request, kind, slug)
    frames = rendering.catch_up(listener, streams.parsed(have))
    body = json.dumps({"now": clock.milliseconds(), "frames": frames})
    return HttpResponse(body, content_type="application/json")
