"""Renders panels into frames: once per audience and language, never per socket."""

import json
from functools import cache

from django.template.loader import render_to_string
from django.utils import timezone, translation

from academy import clock
from academy.recent import Recently
from sessions.live import streams
from sessions.live.panels import chosen, read_notes, subject_of
from sessions.models import quick


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
            for panel in chosen(kind, audience, only)
        }


_drawn = Recently(most=100)
# A session has at most 84 city teams. Nothing in their panels ages: it is another number when something has changed.
_drawn_for_teams = Recently(most=200, seconds=60)


def whole_panels(pk, stream, seq, audience, language, row):
    """Return {panel id: html} of all panels of a stream of a session (id) as they stand at a number.

    row: returns the session as it was read after the number; not asked where it was drawn a moment ago. A room that
    comes in, or back after a restart, asks for the same thing a thousand times in a few seconds: it is drawn once in
    two, for a city team once in sixty. What ages without a change may be as old as that in them, so for the desk it is
    drawn anew.
    """
    if audience == "desk":
        return panels(row(), stream, audience, language)
    recently = _drawn_for_teams if stream.startswith("team-") else _drawn
    return recently.get((pk, stream, seq, audience, language), lambda: panels(row(), stream, audience, language))


def as_it_is(workshop):
    """Return the session's row read anew; for after the numbers were read.

    The row that was read at the door is older than they are: the run may have moved on in between, and a page that
    claims the new number with the old row would stay wrong until the next change.
    """
    return quick.workshop(workshop.pk) or workshop


def catch_up(listener, have):
    """Return the frames (dicts) a page lacks, each the whole of a stream's panels, numbers read before rows.

    have: {stream: seq} the page has. A page that is up to date gets an empty list.
    """
    seqs = streams.numbers(listener.workshop, listener.streams)
    row = cache(lambda: as_it_is(listener.workshop))
    return [_frame(listener, name, seq, row) for name, seq in seqs.items() if have.get(name, -1) < seq]


def _frame(listener, stream, seq, row):
    """The frame of a catch-up as a dict: the whole of a stream's panels, whatever the page has."""
    drawn = whole_panels(listener.workshop.pk, stream, seq, listener.audience, listener.language, row)
    html = "".join(drawn.values())
    return {"stream": stream, "since": -1, "seq": seq, "now": clock.milliseconds(), "html": html}


def draw(pk, drawings):
    """Return the text of each of these rooms.Drawing of a session (id), None where its subject is gone.

    They share one reading of the run: the rows are read after the numbers, so they may show more than is claimed.
    """
    workshop = quick.workshop(pk)
    if workshop is None:
        return [None] * len(drawings)
    read_notes(workshop, drawings)
    return [_text(workshop, drawing) for drawing in drawings]


def _text(workshop, drawing):
    if subject_of(workshop, drawing.stream) is None:
        return None
    drawn = panels(workshop, drawing.stream, drawing.audience, drawing.language, drawing.only)
    return drawing.text(clock.milliseconds(), "".join(drawn.values()))
