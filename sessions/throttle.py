"""Slows down who guesses codes, and a phone that floods; never a room behind one address.

Of guesses only wrong ones count, by address; what a phone writes counts by its own token, so that 300 phones behind
one address are 300. Each process counts for itself: with several, there are a few more tries.
"""

import math
import time
from collections import OrderedDict

from academy import clock
from sessions.errors import TooFast

FREE_GUESSES = 20
PER_SECONDS = 60
REMEMBERED = 10_000


class Guesses:
    """Wrong guesses by address, in a sliding minute."""

    def __init__(self):
        self._wrong = OrderedDict()

    def wrong(self, address):
        """Note a wrong guess; return the seconds its address should wait: 0 for the first 20, then 1, 2, 4 … 30."""
        now = time.monotonic()
        recent = [moment for moment in self._wrong.pop(address, ()) if now - moment < PER_SECONDS][-100:]
        recent.append(now)
        self._wrong[address] = recent
        while len(self._wrong) > REMEMBERED:
            self._wrong.popitem(last=False)
        beyond = len(recent) - FREE_GUESSES
        return 0 if beyond <= 0 else min(30, 2 ** (beyond // 10))


class Buckets:
    """What one phone may send: a few at once, then so many a second. What is over waits there; nothing is lost."""

    def __init__(self, *, burst, per_second):
        self.burst, self.per_second = burst, per_second
        self._left = OrderedDict()

    def take(self, phone):
        """Take one for a phone (its id), or raise TooFast with the seconds (1 or more) until there is one again."""
        now = clock.now()
        left, since = self._left.pop(phone, (self.burst, now))
        grown = max(0.0, (now - since).total_seconds()) * self.per_second
        left = min(self.burst, left + grown)
        has_one = left >= 1
        self._left[phone] = (left - 1 if has_one else left, now)
        while len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        if not has_one:
            raise TooFast(math.ceil((1 - left) / self.per_second))


codes = Guesses()
# New notes; and what is quicker to do than to write: changes, deletions, marks.
notes = Buckets(burst=5, per_second=1)
changes = Buckets(burst=20, per_second=4)
