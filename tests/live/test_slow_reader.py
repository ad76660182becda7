"""A screen that does not read: it is closed, told to come back, and nobody else waits for it."""

import json
import socket
import time
from contextlib import suppress

from websockets.exceptions import ConnectionClosed

from tests.rooms import pass_time
from tests.stories.room_client import until

# Of 90 KB each: four megabytes that the operating system holds for a socket, 64 in the outbox, and some more.
FRAMES = 140


def test_a_screen_that_does_not_read_is_closed_with_1013_and_slows_nobody(live):
    live.talk()
    author = live.prepared.phone("Riverton")
    for number in range(40):
        pass_time(seconds=1)
        assert author.post_note(f"{number} " + "long winded " * 80).status_code == 204
    later = live.prepared.segment("checklist").pk
    desk, phone = live.desk(), live.phone("Lakeview")
    host, port = live.base.removeprefix("http://").split(":")
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.connect((host, int(port)))
    stalled = live.signed_in().open_socket(desk.live, sock=narrow, max_queue=1, ping_interval=None, legacy=True)

    slowest, before = 0, desk.have["desk"]
    for number in range(FRAMES):
        began = time.monotonic()
        live.do("skip", segment=later)  # the whole desk is drawn anew
        until(
            lambda seen=number + 1: desk.heard and desk.heard[-1][2] - before >= seen, "the other desk is not slowed", 5
        )
        slowest = max(slowest, time.monotonic() - began)
    live.do("message", message="Everybody else goes on")
    phone.sees("Everybody else goes on", within=2)
    desk.is_as_fresh()
    assert desk.close_code is None
    assert slowest < 3

    got = []
    deadline = time.monotonic() + 20
    with suppress(ConnectionClosed):
        while time.monotonic() < deadline:
            got.append(json.loads(stalled.recv(timeout=10)))
    assert stalled.close_code == 1013
    frames = [(frame["since"], frame["seq"]) for frame in got if "seq" in frame]
    assert [since for since, _seq in frames[1:]] == [seq for _since, seq in frames[:-1]], "what it got has no hole"
    assert len(frames) < FRAMES
