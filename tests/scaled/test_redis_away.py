"""Redis dies, and comes back empty: nobody is refused anything, every page follows, and it heals by itself."""

import time
from contextlib import suppress

import pytest

from tests.stories.room_client import until

# Seconds after a note is stored until every page that shows it has it (H4).
FOLLOWS = 6


def follows(room, text):
    """A phone writes; returns how many seconds later the last of desk, phone and wall has followed."""
    room.phones["Riverton"].write(text)
    began = time.monotonic()
    behind = {screen: numbers(screen) for screen in (room.desk, room.wall, room.phones["Lakeview"])}
    for screen, wanted in behind.items():
        until(lambda s=screen, w=wanted: all(s.have[n] >= w[n] for n in w), f"{screen.path} follows", FOLLOWS)
    assert text in room.desk.text
    return time.monotonic() - began


def numbers(screen):
    """Where a page's streams stand."""
    return {frame["stream"]: frame["seq"] for frame in screen.fetch()}


def heard_again(room):
    """News comes by socket again, not only by catching up."""

    def comes(number):
        heard = len(room.desk.heard)
        room.phones["Lakeview"].write(f"Heard again {number}")
        with suppress(AssertionError):
            return until(lambda: len(room.desk.heard) > heard, "it comes", 1)

    assert any(comes(number) for number in range(10)), "no frame arrives any more"


def says_that_it_works(app, before):
    return "works again" in app.printed[before[app] :]


def test_redis_is_killed_and_starts_again_empty(site, room):
    before = {app: len(app.printed) for app in site.apps}
    with site.listening() as said:
        room.begin_to_write()
        site.redis.kill()
        seconds = [follows(room, f"Without Redis {number}") for number in range(3)]
        room.join("Oldtown").sees("What barriers is your collaboration facing?")
        for app in site.apps:
            assert app.health() == (200, {"process": "ok", "database": "ok", "channel_layer": "down"})

        site.redis.start()
        until(lambda: all(says_that_it_works(app, before) for app in site.apps), "each process says so", 20)
        writers = room.everything_is_stored()
        heard_again(room)
        room.all_is_as_fresh()
    print("followed within", seconds, "acknowledged within", max(w for writer in writers for w in writer.waits))
    assert max(seconds) < FOLLOWS
    assert [answer for writer in writers for answer in writer.refusals] == []
    for log in said:
        failed, works = log.splitlines()
        assert "screens follow by their heartbeat" in failed
        assert "works again" in works


@pytest.fixture
def without_redis(site):
    """Both processes start while there is no Redis; gives how much each had printed before."""
    for app in site.apps:
        app.stop()
    site.redis.stop()
    before = {app: len(app.printed) for app in site.apps}
    for app in site.apps:
        app.start()
    yield before
    site.redis.start()


def test_redis_is_not_there_when_the_processes_start(without_redis, site, room):
    before = without_redis
    assert follows(room, "Nobody needs Redis to write") < FOLLOWS
    site.redis.start()
    until(lambda: all(says_that_it_works(app, before) for app in site.apps), "each process says so", 20)
    heard_again(room)
    room.all_is_as_fresh()
    for app in site.apps:
        said = app.printed[before[app] :]
        assert "Traceback" not in said
        assert said.count("screens follow by their heartbeat") == said.count("works again") == 1
