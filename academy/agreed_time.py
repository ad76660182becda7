"""All processes of a site keep one time, their database's: a phone sees the same countdown whichever answers it.

Two machines may disagree by half a second or more, and a phone's socket may be held by one and its catch-up answered
by the other. With SQLite there is one process, which agrees with itself.
"""

import logging
from collections import deque
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, connection

from academy import clock

log = logging.getLogger(__name__)

# Where the database's clock is found to have moved, this much is followed with each look, so that no countdown is
# seen to jump; beyond the second, at once: a database that was set by an hour is an hour from all new processes.
_STEP = timedelta(milliseconds=50)
_JUMP = timedelta(seconds=1)
_WORTH_A_LINE = timedelta(minutes=1)
_KEPT = 8


@dataclass(frozen=True)
class Sample:
    """How far the database was ahead of this process, and the trip there and back that it took to ask."""

    ahead: timedelta
    trip: timedelta

    def contradicts(self, other):
        """Whether both cannot be true: each is right within half its trip; 20 ms are for the counters' own drift."""
        return abs(self.ahead - other.ahead) > (self.trip + other.trip) / 2 + timedelta(milliseconds=20)


_samples = deque(maxlen=_KEPT)
_told = False


def look():
    """Ask the database once what time it is, and follow; with SQLite, tell the operator of a clock that was set.

    Called with every heartbeat, on the thread of its query: one short query more.
    """
    if connection.vendor != "postgresql":
        _tell_of_a_set_clock()
        return
    sample = _ask()
    is_first = not _samples
    if not is_first and sample.contradicts(_best()):
        _samples.clear()
    _samples.append(sample)
    _follow(_best().ahead, at_once=is_first)


def settle():
    """Ask a few times at the start, before anybody is served; a database that is not there yet is asked later."""
    try:
        for _ in range(_KEPT):
            look()
    except DatabaseError as problem:
        log.warning("the database's time is not known yet: %s", problem.__class__.__name__)


def _ask():
    connection.ensure_connection()
    with connection.cursor() as cursor:
        left = clock.own()
        cursor.execute("SELECT clock_timestamp()")
        came = clock.own()
        database = cursor.fetchone()[0]
    return Sample(ahead=database - (left + (came - left) / 2), trip=came - left)


def _best():
    """Of the last samples the one with the shortest trip: half of it is the most it can be wrong."""
    return min(_samples, key=lambda sample: sample.trip)


def _follow(ahead, at_once):
    missing = ahead - clock.correction()
    if abs(missing) > _JUMP and not at_once:
        log.warning("the database's clock moved by %.1f s; this process follows", missing.total_seconds())
    if not at_once and abs(missing) <= _JUMP:
        missing = max(-_STEP, min(_STEP, missing))
    clock.follow(clock.correction() + missing)


def _tell_of_a_set_clock():
    global _told
    by = clock.was_set_by()
    if abs(by) > _WORTH_A_LINE and not _told:
        log.warning(
            "this machine's clock was set by %+d minutes while the server ran. Discussions go on as they began; times "
            "of day are the old ones until the server is restarted, best between two sessions.",
            round(by.total_seconds() / 60),
        )
    _told = abs(by) > _WORTH_A_LINE
