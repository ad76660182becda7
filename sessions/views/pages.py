"""What every live page has: its panels, where its streams stand, and the door to catch up."""

import json
import uuid

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.html import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from academy import clock
from academy.database import reading
from sessions import access
from sessions.live import render as rendering
from sessions.live import streams


def live_page(request, template, kind, slug, **context):
    """Render a page that listens: numbers are read before the panels, so the page may show more than it claims."""
    listener = access.page_listener(request, kind, slug)
    workshop = listener.workshop
    have = streams.numbers(workshop, listener.streams)
    # A page without JavaScript sends its note under this id: a second tap is the same note.
    extra = {"csrf_token": get_token(request), "note_uuid": uuid.uuid4()}
    panels = {}
    for name in listener.streams:
        panels |= _of_a_page(listener, name, have[name], extra)
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


def _of_a_page(listener, stream, seq, extra):
    """The panels of a stream; those in which something can be sent carry the page's own token and id."""
    of = (listener.workshop, stream)
    shape = (listener.audience, listener.language)
    if listener.audience == "desk":
        return rendering.panels(*of, *shape, **extra)
    drawn = rendering.whole_panels(*of, seq, *shape)
    own = [name for name, html in drawn.items() if "<form" in html]
    return drawn | (rendering.panels(*of, *shape, only=own, **extra) if own else {})


@require_safe
@reading
def catch_up(request, kind, slug):
    """GET ?have=stage:12,…: the frames a page lacks, as JSON {"now", "frames"}; the numbers of all its streams too."""
    listener = access.page_listener(request, kind, slug)
    have = streams.parsed(request.GET.get("have", ""))
    frames = rendering.catch_up(listener, have)
    body = json.dumps({"now": clock.milliseconds(), "frames": frames})
    return HttpResponse(body, content_type="application/json")
