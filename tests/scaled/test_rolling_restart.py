"""Every process is restarted, one after the other, while everybody writes."""

import time
from collections import Counter

from tests.stories.people import COME_AGAIN
from tests.stories.room_client import until


def test_processes_are_restarted_one_after_the_other_while_everybody_writes(site, room):
    room.begin_to_write()
    until(lambda: all(writer.acknowledged for writer in room.writers), "everybody has written", 20)
    for app in site.apps:
        served_before = app.printed
        seconds = app.stop()
        assert seconds <= 5
        assert app.process.returncode == 0
        assert app.printed.removeprefix(served_before).strip() == "Stopped. Everything is kept."
        app.start()
        heard = Counter({screen: screen.beats for screen in room.screens})
        until(lambda heard=heard: all(s.beats > heard[s] for s in room.screens), "every page hears again", 20)
    time.sleep(1)
    writers = room.everything_is_stored()

    assert {status for writer in writers for status, _text in writer.refusals} <= COME_AGAIN | {0}
    assert max(wait for writer in writers for wait in writer.waits) < 5
    closed = {screen.close_code for screen in room.screens} - {None}
    assert closed == {1012}, "whoever was on a process that went was told to come back"
    room.all_is_as_fresh()
