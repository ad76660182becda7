"""What all tests have: a room with a session in it, phones, a desk, and a clock that can be moved."""

import os

import pytest

os.environ.setdefault("SECRET_KEY", "only-for-tests-" * 4)

from academy import clock, database
from tests import rooms


def pytest_configure(config):
    """Keep the test database in a file (threads of our own share it) and the plain static storage."""
    from django.conf import settings

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    default = settings.DATABASES["default"]
    if "sqlite" in default["ENGINE"]:
        default.setdefault("TEST", {})["NAME"] = f"/tmp/academy-test-{os.getpid()}.sqlite3"
        default["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"


@pytest.fixture(autouse=True)
def _steady_clock():
    """Every test begins in real time."""
    clock.shift(None)
    yield
    clock.shift(None)


@pytest.fixture(scope="session", autouse=True)
def _close_threads():
    """Give up the threads' connections before the test database goes."""
    yield
    database.close_threads()


@pytest.fixture(autouse=True)
def _forget_counts():
    """Wrong codes and notes of one test do not slow down the next."""
    rooms.forget_counts()


@pytest.fixture
def content(transactional_db):
    """The shipped content and plan."""
    rooms.load_content()


@pytest.fixture
def room(content):
    """An open session on the shipped plan with four invented city teams expected: see rooms.Room."""
    return rooms.Room.open(["Riverton", "Lakeview", "Stonebridge", "O'Fallon – São João"])


@pytest.fixture
def server(content):
    """A real server in this process on 127.0.0.1, with real sockets; yields its base address."""
    with rooms.serving() as address:
        yield address
