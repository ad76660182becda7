"""Renders panels into frames: once per audience and language, never per socket."""

import json

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from academy import clock
from sessions.live import streams
from sessions.live.panels import PANELS, audiences, subject_of
from sessions.models.run import forget


def heartbeat(have, now):
    """The text that names each stream's number; `now` in milliseconds, UTC."""
    return json.dumps({"seqs": have, "now": now})


def panels(workshop, stream, audience, language, only=(), **extra):
    """Return {panel id: html} of a stream's panels for an audience.

    only: panel ids, or empty for all. extra: context a page adds (its CSRF token); frames have none.
    """
    subject = subject_of(workshop, stream)
    kind = stream.partition("-")[0]
    with translation.override(language), timezone.override(workshop.zone):
        return {
            panel.id: render_to_string(
                panel.template,
                {"workshop": workshop, "panel_id": panel.id, **panel.context(workshop, subject), **extra},
            ).strip()
            for panel in PANELS[kind, audience]
            if not only or panel.id in only
        }


def frame(workshop, stream, seq, audience, language, only=()):
    """Return one frame as a dict: {"stream", "seq", "now" (milliseconds, UTC), "html"}."""
    html = "".join(panels(workshop, stream, audience, language, only).values())
    return {"stream": stream, "seq": seq, "now": clock.milliseconds(), "html": html}


def messages(workshop, told, seqs):
    """Return the channel-layer messages for what an action told, one per stream; runs after the commit."""
    forget(workshop)
    return [
        {
            "type": "news",
            "stream": f"{workshop.pk}.{stream}",
            "shut": told.shut,
            "texts": _texts(workshop, stream, seqs[stream], only),
        }
        for stream, only in told.changes.items()
    ]


def farewell(pk):
    """Return the messages that shut every screen of a session (its id) that was deleted."""
    shut = [(f"workshop-{pk}", False)]
    return [
        {"type": "news", "stream": f"{pk}.{stream}", "shut": shut, "texts": {}}
        for stream in (streams.STAGE, streams.DESK)
    ]


def _texts(workshop, stream, seq, only):
    """Return {"phone.en": frame text}; nothing for the stream of a city team that is gone."""
    if subject_of(workshop, stream) is None:
        return {}
    return {
        f"{audience}.{language}": json.dumps(frame(workshop, stream, seq, audience, language, only))
        for audience in audiences(stream)
        for language in _languages(workshop, audience)
    }


def _languages(workshop, audience):
    """The wall speaks the session's language, people their own."""
    return [workshop.language] if audience == "wall" else [code for code, _name in settings.LANGUAGES]
