"""A session short enough to be rehearsed in seconds, on a real server."""

import io
import json
import threading
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from sessions.models import Segment, Workshop
from tests import rooms

CITIES = ["Riverton", "Lakeview", "Stonebridge", "Cedar Point"]


@pytest.fixture
def prepared(server):
    """A session of four cities that has not begun, with a base; `shorten` leaves some of its plan."""
    room = rooms.Room.open(CITIES)
    room.base = server
    room.shorten = lambda discussions, minutes: _shorten(room.workshop, discussions, minutes)
    return room


def _shorten(workshop, discussions, minutes):
    """Leave the first segment and so many discussions of so many minutes, with a minute before and after each."""
    segments = list(workshop.plan.segments())
    kept = [s.pk for s in segments if s.is_discussion][:discussions] + [segments[0].pk]
    Segment.objects.filter(module__plan=workshop.plan).exclude(pk__in=kept).update(skipped=True)
    Segment.objects.filter(pk__in=kept, kind="discussion").update(find_minutes=1, board_minutes=1)
    workshop.breakouts.update(minutes=minutes)


def rehearse(room, **options):
    """Run the command at the highest speed; returns its report and its exit code."""
    out = io.StringIO()
    options = {"url": room.base, "code": room.workshop.code, "speed": 60.0, "json": True} | options
    code = 0
    try:
        call_command("rehearse", stdout=out, **options)
    except SystemExit as ended:
        code = ended.code
    return json.loads(out.getvalue()), code


def meanwhile(what):
    """Call something again and again in another thread until it returns True; returns the thread."""

    def work():
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not what():
            time.sleep(0.02)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def copy_of(room):
    """The copy a rehearsal of this room runs on, or None."""
    return Workshop.objects.filter(rehearsal_of=room.workshop).first()


def refused(**options):
    """Run the command, which has to refuse; returns its sentence."""
    with pytest.raises(CommandError) as refusal:
        call_command("rehearse", stdout=io.StringIO(), **options)
    return str(refusal.value)
