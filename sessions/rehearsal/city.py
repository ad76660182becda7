"""A simulated city team."""

import asyncio
import random
from contextlib import suppress

from sessions.rehearsal import phrases
from sessions.rehearsal.browser import FAILURES, NotTaken
from sessions.rehearsal.phone import Phone

# Seconds of life between two looks at a phone.
LOOK = 0.2
# How many phones are on a network that refuses sockets; at most at this speed, since polls do not get quicker with it.
WITHOUT_SOCKETS = 0.1
POLLED_UP_TO = 10


class City:
    """A city team with its phones: it comes, finds its table, talks, writes, has its troubles, and goes on.

    lateness: seconds it comes after the others. falls_silent: it writes in the first discussion only.
    """

    def __init__(self, room, name, phones, *, lateness=0, falls_silent=False):
        self.room, self.name = room, name
        self.lateness, self.falls_silent = lateness, falls_silent
        self.phones = []
        self.problem = ""
        self._sat_for = 0
        self._closed = {}
        # Its own chances: what it does must not depend on how quick the others are.
        self._chances = [random.Random(room.chance.random()) for _ in range(phones)]

    @property
    def sits(self):
        """Whether it has found its table for the discussion that is to begin."""
        return self._sat_for > self.room.discussion

    async def live(self):
        """Come in with every phone, and live through the session until cancelled."""
        await asyncio.gather(*(self._live(chance) for chance in self._chances))

    async def _live(self, chance):
        await self.room.rest(self.lateness + chance.uniform(0, 50))
        place = await self._join(chance)
        seen = ""
        while place is not None and not self.room.is_stopped:
            phone = self.phones[place]
            if phone.step == "find" and phone.table and not self.sits:
                await self.room.rest(chance.uniform(20, 110))
                self._sat_for = self.room.discussion + 1
            elif phone.step == "talk" and phone.discussion != seen:
                seen = phone.discussion
                await self._talk(place, chance)
            elif phone.items():
                self._mark(phone, chance)
            await asyncio.sleep(LOOK)

    async def _join(self, chance):
        """Come in by the code, trying again when the door does not answer; returns the phone's place, or None."""
        room = self.room
        while not room.is_stopped:
            try:
                phone = await Phone.join(room.base, room.code, self.name, behind_tls=room.behind_tls)
            except NotTaken as refusal:
                # Before the doors are open the code leads nowhere.
                self.problem = str(refusal)
                await asyncio.sleep(LOOK)
            except FAILURES as failure:
                self.problem = f"{type(failure).__name__}: {failure}"
            else:
                self.problem = ""
                phone.browser.no_sockets = room.speed <= POLLED_UP_TO and chance.random() < WITHOUT_SOCKETS
                self.phones.append(phone)
                return len(self.phones) - 1
        return None

    # Talking.

    async def _talk(self, place, chance):
        """Write one to three notes while the talk lasts, with now and then a nap, a dead spot or a reload between."""
        last = self.room.talk_seconds * 0.95
        moments = sorted(chance.uniform(0.03 * last, last) for _ in range(chance.randint(1, 3)))
        if self.falls_silent and self.room.discussion > 1:
            moments = []
        trouble = chance.choice([None, None, self._nap, self._dead_spot, self._reload])
        at = chance.randrange(len(moments)) if moments else -1
        passed = 0
        for turn, moment in enumerate(moments):
            await self.room.rest(moment - passed)
            passed = moment
            if self.room.is_stopped:
                return
            if trouble is not None and turn == at:
                await trouble(place, chance)
            else:
                self._write(self.phones[place], chance)
            self._say_better(self.phones[place], chance)

    def _write(self, phone, chance):
        text, terms = phrases.note(chance, phone.terms(), self.room.number())
        with suppress(NotTaken):
            phone.write(text, terms)

    def _say_better(self, phone, chance):
        """Change one of the notes that are on the board, now and then."""
        stored = [command for command in phone.commands if command.kind == "note" and command.is_stored]
        if stored and chance.random() < 0.25:
            note = chance.choice(stored)
            phone.edit(note.note, f"{note.text} – and in better words", [v for k, v in note.fields if k == "terms"])

    def _mark(self, phone, chance):
        marked = {command.note for command in phone.commands if command.kind == "mark"}
        for item in phone.items():
            if item not in marked:
                phone.mark(item, chance.choice(["not-yet", "partly", "in-place"]))

    # Troubles.

    async def _nap(self, place, chance):
        """Write, and put the phone into a pocket before anything is sent."""
        phone = self.phones[place]
        self._write(phone, chance)
        await phone.sleep()
        try:
            await self.room.rest(chance.uniform(20, 90))
        finally:
            await phone.wake()

    async def _dead_spot(self, place, chance):
        """Write where there is no network."""
        phone = self.phones[place]
        await phone.cut()
        try:
            self._write(phone, chance)
            await self.room.rest(chance.uniform(20, 60))
        finally:
            phone.mend()

    async def _reload(self, place, chance):
        """Write, close the page at once, and open it again from what the phone has kept."""
        phone = self.phones[place]
        self._write(phone, chance)
        self._closed[place] = phone.snapshot()
        await phone.close()
        while place in self._closed and not self.room.is_stopped:
            await self._reopen(place)

    async def _reopen(self, place):
        try:
            self.phones[place] = await Phone.restore(self._closed[place])
        except (NotTaken, *FAILURES):
            await asyncio.sleep(LOOK)
        else:
            del self._closed[place]

    async def come_back(self):
        """End every trouble: all that was written can be sent now."""
        for place in list(self._closed):
            await self._reopen(place)
        for phone in self.phones:
            phone.mend()
            if not phone.is_listening and not phone.is_out:
                with suppress(*FAILURES, RuntimeError):
                    await phone.wake()
