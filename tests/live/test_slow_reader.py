"""A screen that does not read: it is closed, told to come back, and nobody else waits for it."""

import json
import socket
import time
from contextlib import suppress

from websockets.exceptions import ConnectionClosed

from tests.rooms import pass_time
from tests.stories.room_client import until

# Of 130 KB each: four megabytes that the operating system holds for a socket, 64 in the outbox, and some more.
FRAMES = 120


def test_a_screen_that_does_not_read_is_closed_with_1013_and_slows_nobody(live):
    live.talk()
    author = live.prepared.phone("Riverton")
    for number in range(100):
        pass_time(seconds=1)
        assert author.post_note(f"{number} " + "long winded " * 80).status_code == 204
    breakout = live.breakout().pk
    live.do("set-board", breakout=breakout, setting="at-once")
    phone = live.phone("Lakeview")
    board = live.board_on(phone)
    host, port = live.base.removeprefix("http://").split(":")
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.connect((host, int(port)))
    stalled = phone.browser.open_socket(board.live, sock=narrow, max_queue=1, ping_interval=None, legacy=True)

    slowest, before = 0, board.have["board"]
    for number in range(FRAMES):
        began = time.monotonic()
        live.do("turn-board", breakout=breakout, page=1)  # the whole board is drawn anew
        until(lambda seen=before + number + 1: board.have["board"] >= seen, "the other board is not slowed", 5)
        slowest = max(slowest, time.monotonic() - began)
    live.do("message", message="Everybody else goes on")
    phone.sees("Everybody else goes on", within=2)
    board.is_as_fresh()
    assert board.close_code is None
    assert slowest < 3

    got = []
    deadline = time.monotonic() + 60
    with suppress(ConnectionClosed):
        while time.monotonic() < deadline:
            got.append(json.loads(stalled.recv(timeout=10)))
    assert stalled.close_code == 1013
    frames = [(frame["since"], frame["seq"]) for frame in got if "seq" in frame]
    assert [since for since, _seq in frames[1:]] == [seq for _since, seq in frames[:-1]], "what it got has no hole"
    assert len(frames) < FRAMES
