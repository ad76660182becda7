"""Slows down who guesses codes, without ever locking out a room behind one address.

Only wrong guesses count. Each process counts for itself: with several, a guesser gets a few more tries.
"""

import time
from collections import OrderedDict

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


codes = Guesses()
