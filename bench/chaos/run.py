"""One run: rooms one after another, people in them, faults, quiet tails, and a look at everything when it is quiet."""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from bench.chaos import checker, inspection
from bench.chaos.crowd import Crowd, Numbers
from bench.chaos.database import ERRORS
from bench.chaos.faults import Hurt
from bench.chaos.office import Office
from bench.chaos.outages import PROCESSES
from bench.chaos.room import Room, base
from bench.chaos.waiting import until

# Numbers of the room beside, whose words nobody here may ever see, and the other way round.
BESIDE = 900_000
FOREIGN_HERE, FOREIGN_BESIDE = r"\bn9\d{5}\b", r"\bn[0-8]\d{5}\b"
NOTES_OF_A_DISCUSSION = 600
DISCUSSIONS = 3
# Seconds. For how long after the database is back an answer may still say that it was away.
GRACE = 5.0
# Seconds the harness is late at which it is said not to have run.
STALL = 0.2


@dataclass
class Findings:
    """What came out of a run, before it is counted. Times in seconds.

    missed: failpoints nobody came by. waits: (seconds, marker, screen), how long notes took. noticed: how long pages
    took to be whole after a half-open network was mended. connections: of PostgreSQL, the most there were. lags: how
    late the harness itself was, which is how busy the machine was. timeline: (seconds, what), to look for a cause.
    """

    violations: list = field(default_factory=list)
    faults: Counter = field(default_factory=Counter)
    missed: Counter = field(default_factory=Counter)
    commands: list = field(default_factory=list)
    waits: list = field(default_factory=list)
    blackouts: list = field(default_factory=list)
    settled: list = field(default_factory=list)
    noticed: list = field(default_factory=list)
    rows: int = 0
    rooms: int = 0
    connections: int = 0
    tracebacks: Counter = field(default_factory=Counter)
    timeline: list = field(default_factory=list)
    lags: list = field(default_factory=list)
    began: float = 0.0
    seconds: float = 0.0


class Run:
    """So many phones in one room after another on one stand."""

    def __init__(self, stand, rng, *, phones, notes_per_second, pace, trusting=False):
        """trusting: every screen trusts its socket, as in a control."""
        self.stand, self.rng, self.pace, self.phones = stand, rng, pace, phones
        self.trusting = trusting
        self.seconds = phones / notes_per_second  # between two notes of a phone
        self.found = Findings()
        self.began = self.found.began = time.time()
        self.numbers = Numbers()
        self.room = self.beside = self.office = self.crowd = None
        self._networks, self._tasks = {}, []

    async def go(self, kinds):
        """Let these faults happen (faults.Kind), one after another; returns the Findings."""
        waiting = list(kinds)
        try:
            await self._prepare()
            while waiting:
                await self._new_room()
                for order in range(1, DISCUSSIONS + 1):
                    if waiting:
                        waiting = await self._discussion(order, waiting)
                await self._close_room()
        finally:
            await self._tidy()
        self.found.seconds = time.time() - self.began
        return self.found

    # Rooms.

    async def _prepare(self):
        last = len(self.stand.apps) - 1
        groups = max(4, self.phones // 5)
        self._networks = {
            "desk": await self.stand.proxy(0),
            "wall": await self.stand.proxy(last),
            "board": await self.stand.proxy(0),
            "phones": [await self.stand.proxy(number % (1 + last)) for number in range(groups)],
        }
        self.office = Office(base(await self.stand.proxy(0)), self.stand.database)
        await self.office.sign_in(self.stand.password)
        self.beside = await self._open_beside()
        self._tasks = [asyncio.ensure_future(work) for work in (self._watch_numbers(), self._watch_lag())]

    async def _open_beside(self):
        """A small session of somebody else, on a network nobody touches."""
        calm = await self.stand.proxy(0)
        networks = {"desk": calm, "wall": calm, "board": calm, "phones": [calm]}
        room = Room(self.stand, self.office, "Beside", self.rng, networks=networks, foreign=FOREIGN_BESIDE)
        room.numbers = Numbers(BESIDE)
        await room.open(3)
        await room.fill(3)
        await room.discuss(1)
        return room

    async def _new_room(self):
        self.found.rooms += 1
        title = f"Chaos {self.found.rooms}"
        self.room = Room(self.stand, self.office, title, self.rng, networks=self._networks, foreign=FOREIGN_HERE)
        self.room.numbers = self.numbers
        await self.room.open(min(84, max(6, self.phones // 3)))
        # Some come later, in the middle of it.
        await self.room.fill(self.phones * 4 // 5)

    async def _close_room(self):
        self.found.commands += [command for person in self.room.people for command in person.commands]
        self.found.rows += len(await self.stand.database.rows(self.room.workshop))
        self.found.waits += self.room.waits
        self.found.blackouts += blackouts(self.stand, self.room)
        for screen in self.room.screens:
            self.found.violations += checker.check_errors(screen.witness.errors, self.stand.outages, GRACE)
        await self.room.close()

    async def _tidy(self):
        for task in self._tasks:
            task.cancel()
        if self.crowd is not None:
            await self.crowd.stop()
        for each in (self.room, self.beside, self.office):
            if each is not None:
                await each.close()
        self.found.tracebacks = self.stand.tracebacks
        self.found.timeline += [
            (round(death.at - self.began, 1), f"{death.app.name} died") for death in self.stand.deaths
        ]
        self.found.timeline += [
            (round(death.back - self.began, 1), f"{death.app.name} is back")
            for death in self.stand.deaths
            if death.back
        ]

    # A discussion.

    async def _discussion(self, order, waiting):
        """Talk, write and be hurt until there are enough notes; returns the faults that are left."""
        room, first, faults = self.room, self.numbers.last, []
        await room.discuss(order)
        for screen in room.screens if self.trusting else ():
            screen.trusts_its_socket = True
        self.crowd = Crowd(room, self.rng, seconds=self.seconds, phones=self.phones)
        beside = Crowd(self.beside, self.rng, seconds=10, phones=0)
        hurt = Hurt(self.stand, room, self._networks, self.pace, self.rng)
        self.crowd.start()
        beside.start()
        while waiting and self.numbers.last - first < NOTES_OF_A_DISCUSSION:
            # From a room that works again: what hits one that is down finds nothing to hurt.
            await self.stand.all_up()
            await asyncio.sleep(self.rng.expovariate(1 / self.pace.between))
            await until(self._has_written_enough, within=30)
            faults.append(fault := asyncio.ensure_future(self._fault(hurt, waiting.pop(0))))
            if self.rng.random() < 1 / 3:
                await asyncio.wait({fault}, timeout=self.pace.tail)
                await self.crowd.pause(self.pace.tail)
        self._note("the last fault has begun")
        await asyncio.gather(*faults)
        await asyncio.gather(self.crowd.stop(), beside.stop())
        self.found.noticed += hurt.noticed
        await self._look_at_everything()
        return waiting

    def _has_written_enough(self):
        return self.numbers.last >= self.pace.notes * self.found.faults.total()

    async def _fault(self, hurt, kind):
        self.found.faults[kind.name] += 1
        self._note(kind.name)
        if await kind.act(hurt) is False:
            self.found.missed[kind.name] += 1
        self._note(f"{kind.name}: over")

    def _note(self, what):
        self.found.timeline.append((round(time.time() - self.began, 1), what))

    async def _look_at_everything(self):
        await self.stand.all_up()
        self._note("quiet")
        self.found.settled.append(await inspection.settle(self.room, within=40))
        await inspection.settle(self.beside, within=20)
        await asyncio.sleep(self.pace.tail)
        self.found.violations += await inspection.inspect(self.room)
        self.found.violations += await inspection.inspect(self.beside)

    async def _watch_numbers(self):
        """Look at all streams' numbers, and at PostgreSQL's connections, again and again."""
        before = {}
        while True:
            await asyncio.sleep(0.5)
            with suppress(*ERRORS):
                now = await self.stand.database.seqs()
                self.found.violations += checker.check_counters(before, now)
                before = now
                self.found.connections = max(self.found.connections, await self.stand.database.connections())

    async def _watch_lag(self):
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + 0.1
            await asyncio.sleep(0.1)
            lag = loop.time() - due
            self.found.lags.append(lag)
            if lag > STALL:
                self.stand.outages.stalls.append((time.time() - lag, time.time()))


def blackouts(stand, room):
    """Return the seconds from each kill -9 of an app until each phone that had lost its socket had everything again.

    Left out are phones whose own network, or whose database, was away in between, or that lost the next process too.
    """
    found = []
    kills = [death.at for death in stand.deaths if death.was_killed]
    for person in room.people:
        others = [name for name in person.witness.depends_on if name != PROCESSES]
        for lost, whole in person.witness.gaps:
            died = max((at for at in kills if at - 0.2 <= lost), default=None)
            if died is None or lost - died > 1 or stand.outages.touch(others, died, whole):
                continue
            if not any(died < death.at < whole for death in stand.deaths):
                found.append(whole - died)
    return found
