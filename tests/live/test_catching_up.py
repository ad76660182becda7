"""Missing nothing: a screen that was away, news that was lost, a layer that is gone."""

import shutil
import time

import pytest
import redis

from sessions import access
from sessions.live import render
from tests import services
from tests.live.rooms import LiveRoom
from tests.rooms import serving
from tests.stories.room_client import until


def test_a_screen_that_was_away_catches_up_with_one_pull(live):
    live.talk()
    phone, wall, desk = live.phone("Riverton"), live.wall(), live.desk()
    other = live.phone("Riverton")
    screens = (phone, wall, desk)
    for screen in screens:
        screen.lose_network()
    asked = [screen.pulls for screen in screens]

    other.write("Said while you slept")
    live.do("change-minutes", minutes=1)
    live.do("message", message="We go on in the garden")
    live.do("message", message="We go on in the hall")
    assert "Said while you slept" not in phone.text
    for screen in screens:
        screen.regain_network()

    phone.sees("Said while you slept", "We go on in the hall")
    desk.sees("Said while you slept")
    for screen in screens:
        screen.is_as_fresh()
    assert [screen.pulls for screen in screens] == [times + 1 for times in asked]
    assert not phone.ever_had("We go on in the garden")


@pytest.mark.parametrize("kind", ["phone", "wall", "desk"])
def test_what_happens_between_the_door_and_the_numbers_is_in_what_a_page_gets(room, kind):
    """The session's row is read at the door, before the numbers; what is drawn must not be older than they are."""
    browser = room.phone("Riverton").client if kind == "phone" else room.desk.client
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    at_the_door = access.listener(kind, room.workshop.slug, cookies=cookies, user=lambda: room.desk.user, language="en")

    room.discuss("talk")

    drawn = "".join(frame["html"] for frame in render.catch_up(at_the_door, {}))
    assert "What barriers is your collaboration facing?" in drawn


def test_a_screen_that_missed_nothing_pulls_nothing(live):
    phone = live.phone("Riverton")
    phone.lose_network()
    asked = phone.pulls

    phone.regain_network()

    until(lambda: phone.beats >= 2, "it is connected again")
    assert phone.pulls == asked
    assert phone.fetch(",".join(f"{name}:{seq}" for name, seq in phone.have.items())) == []


def test_catch_up_draws_only_what_is_behind(live):
    live.talk()
    phone = live.phone("Riverton")

    everything = {frame["stream"] for frame in phone.fetch()}
    behind = [frame["stream"] for frame in phone.fetch(f"stage:{phone.have['stage']}")]

    assert everything == set(phone.have)
    assert behind == [name for name in phone.have if name != "stage"]


def test_news_that_is_lost_is_noticed_by_the_heartbeat_and_every_view_is_right_within_six_seconds(lossy):
    lossy.talk()
    phone, neighbour, guest = lossy.phone("Riverton"), lossy.phone("Riverton"), lossy.guest()
    wall, desk = lossy.wall(), lossy.desk()
    screens = (phone, neighbour, guest, wall, desk)
    for screen in screens:
        screen.is_as_fresh()

    began = time.monotonic()
    form = phone.box()
    phone.browser.submit(form, script=True, token=phone.token, text="Nobody was told of this")
    lossy.do("end-discussion")
    lossy.do("advance")
    for screen in (phone, neighbour, guest, desk):
        screen.sees("Nobody was told of this", within=6)
    wall.sees("Substance", within=6)
    for screen in screens:
        screen.is_as_fresh()

    assert time.monotonic() - began < 6
    frames = [frame for screen in screens for frame in screen.heard]
    assert all(seq - since > 1 for stream, since, seq in frames if stream == "stage"), "drawn once for all of it"


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="Redis is not installed")
def test_with_redis_gone_people_join_write_and_read_as_before(settings, content, log):
    with services.redis() as url:
        settings.CHANNEL_LAYERS = {
            "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [url]}}
        }
        with serving() as base:
            room = LiveRoom(base)
            try:
                room.talk()
                phone, wall = room.phone("Riverton"), room.wall()
                phone.write("While it was there")
                phone.sees("While it was there")

                redis.Redis.from_url(url).shutdown(nosave=True)
                began = time.monotonic()
                phone.write("While it was gone")
                assert time.monotonic() - began < 2, "an answer waits for the layer a second at most"
                late = room.phone("Riverton")
                late.sees("While it was gone")
                room.do("set-board", breakout=room.breakout().pk, setting="at-once")
                wall.sees("While it was gone", within=6)
                late.write("And by a phone that came since")
                phone.sees("And by a phone that came since", within=6)
                for screen in (phone, late, wall):
                    screen.is_as_fresh()
            finally:
                room.close()
    # The library tells of its lost connection with a traceback; we do it in a line.
    assert [r for r in log if r.exc_info and not r.name.startswith("channels_redis")] == []
    assert any("screens follow by their heartbeat" in r.getMessage() for r in log)
    log[:] = [r for r in log if not r.name.startswith("channels_redis")]
