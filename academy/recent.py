"""What was made a moment ago is handed out again: a whole room asks for the same thing within seconds."""

import weakref

from academy import clock

# Seconds, in whole intervals: as old as this may be what is handed out.
KEPT = 2
_all = weakref.WeakSet()


class Recently:
    """Things by key, each made anew in every interval of so many seconds; at most so many are kept, the newest."""

    def __init__(self, most, seconds=KEPT):
        self._most, self._milliseconds = most, 1000 * seconds
        self._made = {}
        _all.add(self)

    def get(self, key, make):
        """Return what `make()` returned for this key within the interval, or call it. From any thread."""
        key = (key, clock.milliseconds() // self._milliseconds)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = make()
            while len(self._made) > self._most:
                self._made.pop(next(iter(self._made)), None)
        return made


def forget():
    """Make everything anew. For tests that put the database back."""
    for each in list(_all):
        each._made.clear()
