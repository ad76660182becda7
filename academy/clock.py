"""The one clock. Nothing else asks for the time, so that a test can move it."""

from datetime import UTC, datetime

_offset = None


def now():
    """Return the server's time as an aware UTC datetime, plus what a test has added."""
    moment = datetime.now(UTC)
    return moment if _offset is None else moment + _offset


def milliseconds():
    """Return the server's time in milliseconds since 1970 (UTC), as pages count with it."""
    return int(now().timestamp() * 1000)


def shift(offset):
    """Move the clock by a timedelta from real time; None puts it back. For tests and rehearsals."""
    global _offset
    _offset = offset
