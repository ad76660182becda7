"""The one clock. Nothing else asks for the time, so that a test can move it.

A process asks its machine for the time once, when it starts, and counts on from there with the counter that nobody
can set and that goes on while the machine sleeps. A laptop that finds a time server in the middle of a discussion
may set its clock by an hour: the room's countdown must not notice. Where several processes share a database they
follow its clock (academy.agreed_time).
"""

import time
from datetime import UTC, datetime, timedelta

# Linux stops its monotonic clock in sleep and has this one beside it; macOS's monotonic clock goes on.
_COUNTER = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def _count():
    return timedelta(microseconds=time.clock_gettime_ns(_COUNTER) // 1000)


_zero = datetime.now(UTC) - _count()
_correction = timedelta()
_offset = timedelta()


def own():
    """Return this process's own time as an aware UTC datetime: its machine's at the start, and counted since."""
    return _zero + _count()


def was_set_by():
    """Return by how much somebody has set the machine's clock since this process started (a timedelta)."""
    return datetime.now(UTC) - own()


def now():
    """Return the server's time as an aware UTC datetime, plus what a test has added."""
    return own() + _correction + _offset


def milliseconds():
    """Return the server's time in milliseconds since 1970 (UTC), as pages count with it."""
    return int(now().timestamp() * 1000)


def follow(correction):
    """Be ahead of this process's own time by a timedelta from now on: what academy.agreed_time has measured."""
    global _correction
    _correction = correction


def correction():
    """Return what `follow` was told last (a timedelta)."""
    return _correction


def shift(offset):
    """Move the clock by a timedelta from real time; None puts it back. For tests and rehearsals."""
    global _offset
    _offset = offset or timedelta()
