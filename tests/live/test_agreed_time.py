"""Two processes whose machines disagree about the time: the room has one time all the same, the database's."""

import time
import uuid
from datetime import timedelta
from statistics import median

import pytest
from django.db import connection

from academy import agreed_time, clock
from sessions.models import Note
from tests.live.rooms import LiveRoom, process
from tests.ops.conftest import free_port
from tests.stories.room_client import PhoneClient

APART_MS = 500


@pytest.fixture
def two_servers(content, tmp_path):
    """A session and two servers of its site; the second one's machine is half a second ahead."""
    if connection.vendor != "postgresql":
        pytest.skip("with SQLite there is one process, which agrees with itself")
    with (
        process(tmp_path / "right", free_port()) as (_first, right),
        process(tmp_path / "wrong", free_port(), MACHINE_AHEAD_MS=str(APART_MS)) as (_second, wrong),
    ):
        live = LiveRoom(right)
        live.talk()
        yield live, (right, wrong)
        live.close()
    for name in ("right", "wrong"):
        assert "Traceback" not in (tmp_path / name / "server.log").read_text()


def phones(live, base, number):
    """Phones of one city that reach the session at this server."""
    found = [PhoneClient.join(base, live.workshop.code, "Riverton", listen=False) for _ in range(number)]
    live.screens.extend(found)
    return found


def ahead(phone):
    """By how many milliseconds the server behind a phone's page is ahead of this process."""
    found = []
    for _ in range(9):
        left = clock.milliseconds()
        now = phone.browser.http.get(phone.catch_up).json()["now"]
        found.append(now - (left + clock.milliseconds()) / 2)
    return median(found)


def test_both_say_the_same_end_and_the_same_time(two_servers):
    live, bases = two_servers
    right, wrong = (phones(live, base, 1)[0].listen() for base in bases)

    at_once = ahead(wrong) - ahead(right)
    time.sleep(3.2)  # two heartbeats
    later = ahead(wrong) - ahead(right)

    assert right.ends_at() == wrong.ends_at()
    assert abs(at_once) < 50
    assert abs(later) < 50


def test_a_note_at_the_edge_of_the_end_is_as_late_for_both(two_servers):
    live, bases = two_servers
    # In turns, few notes from each phone: nobody writes ten notes a second.
    in_turns = list(zip(*(phones(live, base, 12) for base in bases), strict=True))
    end = clock.now() + timedelta(seconds=1)
    live.workshop.breakouts.filter(pk=live.breakout().pk).update(ends_at=end)

    written = []
    for pair in in_turns * 4:
        for phone in pair:
            note = uuid.uuid4()
            phone.browser.submit(phone.box(), script=True, token=phone.token, text="At the edge", uuid=note)
            written.append(note)
        if clock.now() > end + timedelta(seconds=1):
            break
        time.sleep(0.05)  # so that a quick machine has not written everything before the end

    late = dict(Note.objects.values_list("uuid", "late"))
    lateness = [late[note] for note in written]
    assert {True, False} == set(lateness)
    assert lateness == sorted(lateness), "a note sent after another one was answered is never less late than that"


@pytest.fixture
def stands_still(db, monkeypatch):
    """This process's machine stands still for a while, as a paused virtual machine does: its counter stays behind."""
    if connection.vendor != "postgresql":
        pytest.skip("with SQLite there is one process, which agrees with itself")
    agreed_time.settle()

    def stand_still(span):
        monkeypatch.setattr(clock, "_zero", clock._zero - span)

    yield stand_still
    monkeypatch.undo()
    clock.follow(timedelta())
    agreed_time._samples.clear()


def database_is_ahead_by():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return (cursor.fetchone()[0] - clock.now()).total_seconds()


def test_a_little_that_is_missing_is_followed_in_steps_nobody_sees(stands_still):
    stands_still(timedelta(milliseconds=300))
    assert database_is_ahead_by() == pytest.approx(0.3, abs=0.03)

    for heartbeat in range(1, 7):
        agreed_time.look()
        assert database_is_ahead_by() == pytest.approx(0.3 - 0.05 * heartbeat, abs=0.03)


def test_much_that_is_missing_is_followed_at_once_and_the_log_says_so(stands_still, log):
    stands_still(timedelta(minutes=10))

    agreed_time.look()

    assert database_is_ahead_by() == pytest.approx(0, abs=0.03)
    assert any("moved by 600.0 s" in record.getMessage() for record in log)
