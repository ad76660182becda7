"""Settings of a server in a process of its own whose clock a test can move: MOVED_CLOCK names a file with seconds."""

import os
from datetime import timedelta
from pathlib import Path

from academy import clock
from tests.live.served import *  # noqa: F403

_moved = Path(os.environ["MOVED_CLOCK"])
_now = clock.now


def now():
    """Return the time, moved on as the test has moved it."""
    clock.shift(timedelta(seconds=float(_moved.read_text() or 0)))
    return _now()


clock.now = now
