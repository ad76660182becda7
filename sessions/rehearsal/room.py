"""A room of simulated city teams that go through a whole session, faster than life if wanted."""

import asyncio
import random
import time
from contextlib import suppress
from dataclasses import dataclass

from sessions.rehearsal.browser import FAILURES, pause
from sessions.rehearsal.city import City
from sessions.rehearsal.counting import Counting
from sessions.rehearsal.desk import Desk
from sessions.rehearsal.facilitator import Facilitator


@dataclass(frozen=True)
class Planned:
    """A segment as the plan has it: seconds, and for a discussion those to find the table and to read the board."""

    module: str
    title: str
    steps: int
    seconds: float
    is_discussion: bool = False
    find: float = 0
    board: float = 0

    @property
    def whole(self):
        """All its seconds."""
        return self.find + self.seconds + self.board


class Room:
    """Everybody's open pages, and the pace at which they live.

    plan: a list of Planned. cities: their names. phones: of each. speed: 1 is life, 60 an hour in a minute. Seconds
    are of the room unless a name says otherwise: at speed 10, ten of them pass in one. The same seed makes the same
    people. patience: seconds of life the server has to answer at first.
    """

    def __init__(self, base, code, slug, *, cookies, plan, cities, phones, speed, seed=0, patience=0, behind_tls=False):
        self.base, self.code, self.slug = base, code, slug
        self.cookies, self.behind_tls = cookies, behind_tls
        self.plan, self.speed, self.patience = plan, speed, patience
        self.chance = random.Random(seed)
        self.desk = self.wall = None
        self.facilitator = Facilitator(self)
        self.counting = Counting()
        self.cities = [City(self, name, phones, **self._character(i, len(cities))) for i, name in enumerate(cities)]
        self.numbered = 0
        self.talk_seconds = 0
        self.discussion = 0
        self._stop = asyncio.Event()

    def _character(self, place, of):
        """The last of three or more comes late, the first of four or more falls silent after the first discussion."""
        lateness = self.planned * self.chance.uniform(0.05, 0.3) if of >= 3 and place == of - 1 else 0
        return {"lateness": lateness, "falls_silent": of >= 4 and place == 0}

    @property
    def planned(self):
        """Seconds of the whole plan."""
        return sum(each.whole for each in self.plan)

    @property
    def phones(self):
        """Every phone that came in."""
        return [phone for city in self.cities for phone in city.phones]

    @property
    def commands(self):
        """Everything that anybody wrote, as Commands."""
        return [command for phone in self.phones for command in phone.commands]

    @property
    def progress(self):
        """How much of it is done, 0 to 100."""
        return min(99, round(100 * self.facilitator.done / (self.planned or 1)))

    def number(self):
        """Return the next number of a sample note."""
        self.numbered += 1
        return self.numbered

    # Time.

    async def rest(self, seconds):
        """Let so many of the room's seconds pass, or fewer when it is to stop."""
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._stop.wait(), max(0, seconds) / self.speed)

    def stop(self):
        """End it early and in order: what was written is sent, and looked for."""
        self._stop.set()

    @property
    def is_stopped(self):
        """Whether it was told to end early."""
        return self._stop.is_set()

    def clock(self):
        """The room's seconds."""
        return time.monotonic() * self.speed

    # The session.

    async def run(self):
        """Go through the whole session. Raises what the desk raises: NotTaken, or one of FAILURES.

        It takes the plan's time, and at most twice of it and a minute of life more, whatever happens.
        """
        limit = 2 * self.planned / self.speed + 60
        await self._open()
        living = [asyncio.ensure_future(city.live()) for city in self.cities]
        try:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.facilitator.run(), limit)
        finally:
            for task in living:
                task.cancel()
            await asyncio.gather(*living, return_exceptions=True)
            await self._hand_over()

    async def _open(self):
        """Open desk and wall; a server that does not answer is asked again for some seconds: it may be starting."""
        deadline, tries = time.monotonic() + self.patience, 0
        while self.wall is None:
            try:
                if self.desk is None:
                    how = {"cookies": self.cookies, "behind_tls": self.behind_tls}
                    self.desk = await Desk.open(self.base, self.slug, **how)
                self.wall = await self.desk.wall()
            except FAILURES:
                tries += 1
                if time.monotonic() > deadline or self.is_stopped:
                    raise
                await asyncio.sleep(pause(tries))
        self.wall.on_frame = lambda heard, html: self.counting.look(self.discussion, heard.wall, html)

    async def _hand_over(self, patience=15):
        """Wait, so many seconds of life, until nothing waits on any phone; then the session may be closed."""
        await asyncio.gather(*(city.come_back() for city in self.cities))
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.gather(*(phone.outbox.emptied() for phone in self.phones)), patience)
        with suppress(*FAILURES):
            await self.desk.close_doors()

    async def close(self):
        """Close every page."""
        screens = [screen for screen in (self.desk, self.wall, *self.phones) if screen is not None]
        await asyncio.gather(*(screen.close() for screen in screens), return_exceptions=True)
