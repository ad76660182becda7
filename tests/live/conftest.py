"""What tests of the live layer have: a session on a real server, and a log without tracebacks."""

import contextlib
import logging

import pytest
from django.db import connections
from django.db.backends.signals import connection_created

from academy import database
from tests import rooms
from tests.live import layers
from tests.live.rooms import LiveRoom


class _Kept(logging.Handler):
    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append(record)


@pytest.fixture(autouse=True)
def log():
    """What was logged, from before the server starts until it has stopped: no errors, no tracebacks."""
    kept = _Kept()
    logging.getLogger().addHandler(kept)
    yield kept.records
    logging.getLogger().removeHandler(kept)
    bad = [r for r in kept.records if r.levelno >= logging.ERROR or r.exc_info]
    assert [f"{r.name}: {r.getMessage()}" for r in bad] == []


@pytest.fixture
def live(server):
    """A session with six cities on a real server."""
    room = LiveRoom(server)
    yield room
    room.close()


@pytest.fixture
def lossy(settings, content):
    """The same session over a channel layer that loses every message: no live frame ever arrives."""
    settings.CHANNEL_LAYERS = layers.deaf()
    yield from _room_of_its_own()


@pytest.fixture(params=["told", "lost"])
def either(request, settings, content):
    """The same session twice: where news arrives, and where it is lost."""
    if request.param == "lost":
        settings.CHANNEL_LAYERS = layers.deaf()
    yield from _room_of_its_own()


def _room_of_its_own():
    with rooms.serving() as base:
        room = LiveRoom(base)
        yield room
        room.close()


class _Counter:
    """Keeps every query of every thread of this process."""

    def __init__(self):
        self.seen = []

    def __call__(self, execute, sql, params, many, context):
        self.seen.append(sql)
        return execute(sql, params, many, context)

    def connected(self, connection, **_kwargs):
        if self not in connection.execute_wrappers:
            connection.execute_wrappers.append(self)


@pytest.fixture
def queries():
    """`with queries() as seen:` collects the SQL of all threads, those of the server too."""

    @contextlib.contextmanager
    def collecting():
        counter = _Counter()
        database.close_threads()  # the next call connects anew, and is seen
        connection_created.connect(counter.connected)
        own = connections["default"]
        own.execute_wrappers.append(counter)
        try:
            yield counter.seen
        finally:
            connection_created.disconnect(counter.connected)
            own.execute_wrappers.remove(counter)
            database.close_threads()

    return collecting
