"""A database that cannot serve: a locked file, no room left, a lost connection. Nothing unstored is acknowledged."""

import contextlib
import re
import resource
import signal
import sqlite3
import sys
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from academy import outage
from tests.stories.people import Room
from tests.stories.room_client import until

SENTENCE = (503, "Nothing can be stored or read just now.")


@contextlib.contextmanager
def a_room(server):
    """A room on this server."""
    password = re.search(r"^Password +(\S+)", server.greeting, re.MULTILINE)[1]
    room = Room(SimpleNamespace(base=server.url, trust=None, password=password))
    try:
        yield room
    finally:
        room.close()


@contextlib.contextmanager
def locked(place, server):
    """Another program holds the file, as some that make backups do."""
    other = sqlite3.connect(place.data / "academy.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextlib.contextmanager
def full(place, server):
    """No file of the server may grow: what it writes fails as on a disk without room."""
    before = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, before)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux sets limits to a process that runs")
@pytest.mark.parametrize("away", [locked, full])
def test_what_cannot_be_stored_is_not_acknowledged_and_kept_on_the_phone(place, away):
    with place.serving("--no-demo") as server, a_room(server) as room:
        room.begin_to_write()
        until(lambda: all(writer.acknowledged for writer in room.writers), "everybody has written", 20)
        with away(place, server):
            until(lambda: all(writer.answers[-1] == SENTENCE for writer in room.writers), "they are told", 40)
            before = [len(writer.acknowledged) for writer in room.writers]
            # What is stored can still be read.
            phone = room.phones["Riverton"]
            assert phone.browser.http.get(phone.path).status_code == 200
            assert [len(writer.acknowledged) for writer in room.writers] == before
        writers = room.everything_is_stored()
        room.all_is_as_fresh()

    assert {answer for writer in writers for answer in writer.refusals} == {SENTENCE}
    assert "Traceback" not in server.printed
    said = [line for line in server.printed.splitlines() if "academy.outage" in line]
    assert ["away" in line for line in said] == [True, False], said


def test_the_server_is_stopped_and_started_while_everybody_writes(place):
    with place.serving("--no-demo") as server, a_room(server) as room:
        room.begin_to_write()
        until(lambda: all(len(writer.acknowledged) > 1 for writer in room.writers), "everybody has written", 20)
        assert server.stop(signal.SIGTERM) <= 5
        assert "Traceback" not in server.printed
        with place.serving("--no-demo", port=server.port) as again:
            writers = room.everything_is_stored()
            room.all_is_as_fresh()
        assert "Traceback" not in again.printed
        assert {status for writer in writers for status, _text in writer.refusals} <= {0}
        assert {screen.close_code for screen in room.screens} == {1012}


def test_one_question_that_is_lost_while_all_is_well_refuses_nobody_else(db, caplog):
    def lost():
        raise OperationalError("the connection is lost")

    with pytest.raises(OperationalError, match="the connection is lost"):
        outage.watched(lost)

    assert outage.watched(lambda: "stored") == "stored"
    assert ["away" in line for line in caplog.messages] == [True, False]
