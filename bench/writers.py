"""Phones that write notes, each in its turn."""

import asyncio
import random
import uuid
from dataclasses import dataclass

from bench import audience, client

WORDS = ("budget", "owner", "council", "mayor", "region", "water", "heat", "street", "school", "trust", "partner")
# Seconds after which a phone would have sent its note again: it counts as an error.
PATIENCE = 30
# A browser's CSRF token and its cookie, as Django takes them: any 32 letters that are the same twice.
TOKEN = "a" * 32


@dataclass
class Written:
    """A note that was posted: in which session, by which city team (id), its answer, moments by time.monotonic_ns()."""

    room: audience.Audience
    team: int
    answer: client.Answer
    click: int
    answered: int

    @property
    def is_stored(self):
        return self.answer.status == 204

    @property
    def committed(self):
        return self.answer.committed or self.answered


class Writers:
    """All phones of all sessions: none writes twice before every other has written once."""

    def __init__(self, ports, here):
        self.ports = ports
        self.turn = [(each, phone) for each in here for phone in each.phones]
        random.Random(7).shuffle(self.turn)
        self.written = 0
        # Connections that wait for the next note: phones keep theirs, here they are lent to the next phone.
        self._free = []

    async def write(self):
        """Post one note of the next phone; returns it as Written, or raises OSError or TimeoutError."""
        each, phone = self.turn[self.written % len(self.turn)]
        self.written += 1
        browser = self._free.pop() if self._free else client.Browser(self.ports[self.written % len(self.ports)])
        browser.cookies, browser.token = {**phone.cookies, "csrf": TOKEN}, TOKEN
        form = {"uuid": uuid.uuid4(), "breakout": each.session["breakout"], "text": text(self.written)}
        try:
            async with asyncio.timeout(PATIENCE):
                answer, click, answered = await browser.command(f"/p/{each.session['slug']}/notes", **form)
        finally:
            self._free.append(browser)
        return Written(each, phone.team, answer, click, answered)

    def close(self):
        """Close every connection."""
        for browser in self._free:
            browser.close()


def text(number):
    """Return a note as people write them, about 80 characters."""
    chosen = random.Random(number)
    return f"{number}: " + " ".join(chosen.choice(WORDS) for _ in range(12))
