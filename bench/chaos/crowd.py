"""What goes on in a room while it is hurt: people write, some come late, the facilitator presses buttons."""

import asyncio
from contextlib import suppress

from bench.chaos.database import ERRORS
from sessions.rehearsal.browser import FAILURES, NotTaken

# Seconds between two things the facilitator does, on average.
PRESSES_EVERY = 1.2


class Numbers:
    """Numbers of notes, each given once; `last` is the one given last."""

    def __init__(self, last=0):
        self.last = last

    def __next__(self):
        self.last += 1
        return self.last


class Crowd:
    """Everybody in one room, for one discussion: `seconds` between two notes of a phone, `phones` in the end."""

    def __init__(self, room, rng, *, seconds, phones):
        self.room, self.rng, self.seconds, self.phones = room, rng, seconds, phones
        self.may_write = asyncio.Event()
        self._at_work = []

    def start(self):
        """Let them begin."""
        self.may_write.set()
        for person in self.room.people:
            self._set_to_work(person)
        self._at_work.append(asyncio.ensure_future(self._facilitate()))

    def _set_to_work(self, person):
        writing = person.write_now_and_then(self.may_write, self.seconds, self.room.numbers)
        self._at_work.append(asyncio.ensure_future(writing))

    async def pause(self, seconds):
        """Nobody does anything for a while, so that what was lost is not healed by the next note."""
        self.may_write.clear()
        await asyncio.sleep(seconds)
        self.may_write.set()

    async def stop(self):
        """Nobody does anything any more; what is written goes on being sent."""
        self.may_write.clear()
        for task in self._at_work:
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)

    async def _facilitate(self):
        while True:
            await asyncio.sleep(self.rng.expovariate(1 / PRESSES_EVERY))
            await self.may_write.wait()
            # What is refused, or does not get through in time, is tried no more: a facilitator sees it and goes on.
            with suppress(*FAILURES, *ERRORS, NotTaken):
                if len(self.room.people) < self.phones and self.rng.random() < 0.5:
                    self._set_to_work(await self.room.let_in())
                await self._press_something()

    async def _press_something(self):
        room, chance = self.room, self.rng.random()
        rows = [row for row in await room.stand.database.rows(room.workshop) if not row.deleted]
        if rows and chance < 0.4:
            note = self.rng.choice(rows)
            await room.hide(note, not note.hidden)
        elif rows and chance < 0.46:
            await room.purge(self.rng.choice(rows))
        elif chance < 0.56:
            await room.move(self.rng.choice(room.people))
        elif chance < 0.68:
            await self._for_a_moment("pause", "resume")
        elif chance < 0.8:
            await room.desk.change_minutes(self.rng.choice([-1, 1, 2]))
        elif chance < 0.88:
            await self._for_a_moment("end-discussion", "reopen-discussion")
        else:
            await room.desk.do("message", message=self.rng.choice(["Two minutes left", "Coffee is ready", ""]))

    async def _for_a_moment(self, command, back):
        await self.room.desk.do(command)
        await asyncio.sleep(self.rng.uniform(0.2, 1))
        await self.room.desk.do(back)
