"""Redis dies, and comes back empty: nobody is refused anything, every page follows, and it heals by itself."""

import re
import time

import pytest

from tests.stories.room_client import until

# Seconds after a note is stored until every page that shows it has it (H4).
FOLLOWS = 6


def follows(room, text):
    """A phone writes; returns how many seconds later desk and wall have followed. Both are as a fresh page is."""
    phone = room.phones["Riverton"]
    phone.write(text)
    began = time.monotonic()
    room.desk.sees(text, within=FOLLOWS)
    room.phones["Riverton"].sees(text, within=FOLLOWS)
    until(lambda: room.wall.have == {f["stream"]: f["seq"] for f in room.wall.fetch()}, "the wall follows", FOLLOWS)
    return time.monotonic() - began


def test_redis_is_killed_and_starts_again_empty(site, room):
    said = len(site.log)
    room.begin_to_write()
    site.redis.kill()
    seconds = [follows(room, f"Without Redis {number}") for number in range(3)]
    late = room.join("Oldtown")
    late.sees("What barriers is your collaboration facing?")
    assert max(seconds) < FOLLOWS
    for app in site.apps:
        assert app.health() == (200, {"process": "ok", "database": "ok", "channel_layer": "down"})

    site.redis.start()
    until(lambda: all(app.health()[1]["channel_layer"] == "ok" for app in site.apps), "it heals", 20)
    until(lambda: len(lines(site, said, "works again")) == len(site.apps), "each process says so", 20)
    writers = room.everything_is_stored()
    heard_again(room)
    room.all_is_as_fresh()
    assert [answer for writer in writers for answer in writer.refusals] == []
    assert len(lines(site, said, "screens follow by their heartbeat")) == len(site.apps), "once for each process"
    assert "Traceback" not in "\n".join(site.log[said:])


def lines(site, said, words):
    """The lines of the log since then with these words in them."""
    return [line for line in site.log[said:] if words in line]


def heard_again(room):
    """News comes by socket again, not only by catching up."""

    def comes(number):
        heard = len(room.desk.heard)
        room.phones["Lakeview"].write(f"Heard again {number}")
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            if len(room.desk.heard) > heard:
                return True
            time.sleep(0.02)
        return False

    assert any(comes(number) for number in range(10)), "no frame arrives any more"


@pytest.fixture
def without_redis(site):
    """Both processes start while there is no Redis."""
    for app in site.apps:
        app.stop()
    site.redis.stop()
    for app in site.apps:
        app.start()
    yield
    site.redis.start()


def test_redis_is_not_there_when_the_processes_start(without_redis, site, room):
    said = len(site.log)
    assert follows(room, "Nobody needs Redis to write") < FOLLOWS
    site.redis.start()
    until(lambda: len(lines(site, said, "works again")) == len(site.apps), "each process says so", 20)
    heard_again(room)
    room.all_is_as_fresh()
    assert "Traceback" not in "\n".join(site.log)
    assert re.search("channel layer: .*; screens follow by their heartbeat", "\n".join(site.log))
