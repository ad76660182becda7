"""A server that stops and starts again: told to come back, everybody comes back to the same."""

import signal
import socket

import pytest

from tests.live.rooms import LiveRoom, process
from tests.stories.room_client import until


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_restart_in_the_middle_of_a_discussion_changes_nothing(content, tmp_path, port, how):
    with process(tmp_path, port) as (server, base):
        live = LiveRoom(base)
        live.talk()
        phone, wall, desk, guest = live.phone("Riverton"), live.wall(), live.desk(), live.guest()
        screens = (phone, wall, desk, guest)
        phone.write("Before the restart", ["teaming-trust"])
        for screen in screens:
            screen.is_as_fresh()
        ends = {screen.ends_at() for screen in screens}
        before = {screen: screen.panel(part).html for screen, part in ((phone, "our-notes"), (wall, "wall"))}
        server.send_signal(how)
        server.wait(20)
        if how == signal.SIGTERM:
            until(lambda: all(screen.close_code == 1012 for screen in screens), "all are told to come back")
    try:
        with process(tmp_path, port):
            for screen in screens:
                beats = screen.beats
                until(lambda screen=screen, beats=beats: screen.beats > beats, "it is back", 15)
                screen.is_as_fresh()
            assert {screen.ends_at() for screen in screens} == ends
            assert before == {
                screen: screen.panel(part).html for screen, part in ((phone, "our-notes"), (wall, "wall"))
            }
            phone.write("After the restart")
            desk.sees("Before the restart", "After the restart")
            phone.sees("Our notes 2")
    finally:
        live.close()
    assert "Traceback" not in (tmp_path / "server.log").read_text()
