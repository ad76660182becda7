"""Somebody at the desk who keeps to the plan as far as the room lets them."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from sessions.rehearsal.browser import FAILURES

# Words a room reads in a second, and seconds it looks at a note on the board.
WORDS = 3
PER_NOTE = 2.5
# Seconds the facilitator waits for those who have not found their table; how much longer than planned a board lasts.
GRACE = 120
BOARD_AT_MOST = 3


@dataclass
class Taken:
    """A segment as it went: its Planned, and the seconds of the room it took."""

    planned: object
    seconds: float

    @property
    def drift(self):
        """Seconds more than planned; fewer: negative."""
        return self.seconds - self.planned.whole


class Facilitator:
    """Presses the primary button when the plan says so and the room has read, found its tables and talked.

    taken: the segments so far, as Taken. refusals: what the desk refused.
    """

    def __init__(self, room):
        self.room = room
        self.taken, self.refusals = [], []
        self._current, self._begun = None, 0
        self._read = Counter()

    @property
    def done(self):
        """Seconds of the plan that are behind, with what has passed of the current segment."""
        behind = sum(taken.planned.whole for taken in self.taken)
        if self._current is None:
            return behind
        return behind + min(self._current.whole, self.room.clock() - self._begun)

    async def run(self):
        """Open the doors, welcome, and go through the plan."""
        await self._press(self.room.desk.open_doors)
        await self.room.rest(60)
        for planned in self.room.plan:
            begun = self._begun = self.room.clock()
            self._current = planned
            await (self._discussion if planned.is_discussion else self._teach)(planned, begun)
            if self.room.is_stopped:
                return
            self._current = None
            self.taken.append(Taken(planned, self.room.clock() - begun))

    async def _teach(self, planned, begun):
        """Show a segment step by step: each for its share of the minutes, and until it is read."""
        for step in range(1, planned.steps + 1):
            await self._press(self.room.desk.advance)
            read = self.room.clock() + self._new_words() / WORDS
            await self._until(max(begun + planned.seconds * step / planned.steps, read))

    async def _discussion(self, planned, begun):
        await self._press(self.room.desk.advance)
        await self._seat_until(begun + planned.find)
        while not self._all_sit() and self.room.clock() < begun + planned.find + GRACE and not self.room.is_stopped:
            await self._seat_until(self.room.clock() + 5)
        self.room.talk_seconds = planned.seconds
        self.room.discussion += 1
        await self._press(self.room.desk.advance)
        begun = self.room.clock()
        await self._seat_until(begun + planned.seconds)
        # Refused when the clock ran out by itself, as it does at the speed of life.
        await self._press(self.room.desk.end_discussion, minds=False)
        await self._press(self.room.desk.advance)
        notes = sum(self.room.wall.counts.values()) or self.room.counting.total
        wanted = max(planned.board, min(notes * PER_NOTE, planned.board * BOARD_AT_MOST))
        await self._until(begun + planned.seconds + wanted)

    async def _seat_until(self, moment):
        """Wait, and give those who come late a table."""
        while self.room.clock() < moment and not self.room.is_stopped:
            for team in self.room.desk.standing:
                await self._press(partial(self.room.desk.seat, team))
            await self._until(min(moment, self.room.clock() + 10))

    def _all_sit(self):
        return all(city.sits for city in self.room.cities if city.phones)

    def _new_words(self):
        """How many words the wall shows that it did not show before."""
        shown = Counter(self.room.wall.page.get("wall").text.split())
        new = shown - self._read
        self._read = shown
        return sum(new.values())

    async def _until(self, moment):
        await self.room.rest(moment - self.room.clock())

    async def _press(self, button, minds=True):
        """Press, and look at the wall as it is then. A refusal is remembered if it matters; the plan goes on."""
        if self.room.is_stopped:
            return
        sentence = await button()
        if sentence and minds:
            self.refusals.append(sentence)
        with suppress(*FAILURES):
            await self.room.wall.pull()
