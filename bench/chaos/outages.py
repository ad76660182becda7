"""When something was away: screens owe nothing while they cannot know, and begin to owe when it is back."""

import time
from contextlib import contextmanager

DATABASE, PROCESSES = "database", "processes"


class Outages:
    """Intervals by what was away: a network's name, DATABASE, or PROCESSES (no app to go to). Seconds, wall clock."""

    def __init__(self):
        self.of = {}
        self.stalls = []  # intervals in which the harness, and with it every simulated screen, did not get to run
        self._open = {}

    def begin(self, name, at=None):
        """It is away from now on; begun twice is away until it is ended twice."""
        since, depth = self._open.get(name, (at or time.time(), 0))
        self._open[name] = since, depth + 1

    def end(self, name, at=None):
        """It is back."""
        since, depth = self._open.pop(name)
        if depth > 1:
            self._open[name] = since, depth - 1
        else:
            self.of.setdefault(name, []).append((since, at or time.time()))

    def blink(self, name, at=None):
        """It was away and back in the same moment: connections are lost, nothing else."""
        at = at or time.time()
        self.of.setdefault(name, []).append((at, at))

    @contextmanager
    def during(self, *names):
        """They are away until the block ends."""
        for name in names:
            self.begin(name)
        try:
            yield
        finally:
            for name in names:
                self.end(name)

    def _intervals(self, names):
        for name in names:
            yield from self.of.get(name, ())
            if name in self._open:
                yield self._open[name][0], float("inf")

    def back(self, names, since, until):
        """Return from when on, of the time from `since` to `until`, all of these were there; later than that if not."""
        return max([since, *(end for start, end in self._intervals(names) if start < until and end > since)])

    def stalled(self, since, until):
        """Return for how many of these seconds no simulated screen could have seen anything."""
        return sum(max(0.0, min(end, until) - max(start, since)) for start, end in self.stalls)

    def touch(self, names, since, until):
        """Whether any of these was away at any moment from `since` to `until`."""
        return any(start <= until and end >= since for start, end in self._intervals(names))
