"""What goes wrong in a run, how often, and for how long."""

import asyncio
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from bench.chaos import failpoints
from bench.chaos.outages import DATABASE, PROCESSES
from bench.chaos.waiting import until
from sessions.rehearsal.browser import FAILURES


@dataclass(frozen=True)
class Pace:
    """How long things last, in seconds. `short` is for the gate."""

    between: float  # two faults, on average
    tail: float  # nobody writes after a third of the faults
    stopped: float  # an app does not run
    cut: tuple  # a network is away: from, to
    half_open: tuple
    slow: tuple
    hints_lost: float
    notes: int  # not seconds: so many are written for each fault, at least


SHORT = Pace(0.5, 1.2, 1.2, (0.5, 2.5), (2, 4), (1, 2.5), 0.8, 0)
FULL = Pace(1.6, 10.0, 5.0, (2, 30), (5, 20), (5, 20), 2.0, 31)

# Seconds for which a page owes nothing after its network was half-open: 12 of silence until it may notice, an answer
# it may be waiting for (10), and the way back.
NOTICED_WITHIN = 25
HIT_WITHIN = 6


class Hurt:
    """Hurts one stand and the rooms in it. Every fault returns when it is over."""

    def __init__(self, stand, room, networks, pace, rng):
        self.stand, self.room, self.networks, self.pace, self.rng = stand, room, networks, pace, rng
        self.noticed = []  # seconds from the moment a half-open network was mended until a page had everything again

    # Processes.

    def _app(self):
        return self.rng.choice(self.stand.apps)

    async def kill_app(self):
        """kill -9 of an app process."""
        await self.stand.all_up()
        await self._app().kill()

    async def end_app(self):
        """SIGTERM: it finishes what is under way."""
        await self.stand.all_up()
        await self._app().stop()

    async def stop_app(self):
        """SIGSTOP for a while: it takes connections and says nothing."""
        await self.stand.all_up()
        app = self._app()
        with self.stand.outages.during(PROCESSES):
            app.tell(signal.SIGSTOP)
            await asyncio.sleep(self.pace.stopped)
            app.tell(signal.SIGCONT)

    async def kill_redis(self):
        """kill -9 of Redis; it comes back empty."""
        await self.stand.redis.kill()
        await asyncio.sleep(self.rng.uniform(0, 2))
        await self.stand.redis.start_again()

    async def restart_redis(self):
        """A clean restart of Redis; it comes back empty, too."""
        await self.stand.redis.stop()
        await self.stand.redis.start_again()

    async def kill_postgresql(self):
        """kill -9 of the postmaster; it recovers what was committed."""
        with self.stand.outages.during(DATABASE):
            await self.stand.postgresql.kill()
            await self.stand.postgresql.start_again()

    async def restart_postgresql(self):
        """pg_ctl restart -m fast."""
        with self.stand.outages.during(DATABASE):
            await self.stand.postgresql.restart()

    # Networks.

    def _some_networks(self):
        """A fifth of them, and sometimes the desk's or the wall's."""
        groups = self.networks["phones"]
        some = self.rng.sample(groups, max(1, len(groups) // 5))
        others = [self.networks[name] for name in ("desk", "wall", "board")]
        return [*some, *(network for network in others if self.rng.random() < 0.3)]

    async def cut(self):
        """A fifth of the phones have no network."""
        some = self._some_networks()
        with self.stand.outages.during(*(network.name for network in some)):
            for network in some:
                network.cut()
            await asyncio.sleep(self.rng.uniform(*self.pace.cut))
            for network in some:
                network.mend()

    async def slow(self):
        """A fifth of the phones wait 400 ms each way for each piece."""
        some = self._some_networks()
        with self.stand.outages.during(*(network.name for network in some)):
            for network in some:
                network.delay = 0.4
            await asyncio.sleep(self.rng.uniform(*self.pace.slow))
            for network in some:
                network.mend()

    async def half_open(self):
        """One network drops everything without a word; its sockets never hear of it."""
        network = self.rng.choice([*self.networks["phones"], *(self.networks[n] for n in ("desk", "wall", "board"))])
        behind = [s for s in self.room.screens if network.name in s.witness.depends_on and not s.is_out]
        with self.stand.outages.during(network.name):
            began = time.time()
            network.swallow()
            await asyncio.sleep(self.rng.uniform(*self.pace.half_open))
            network.mend()
            mended = time.time()
            noticed = lambda: all(any(whole > began for _lost, whole in s.witness.gaps) for s in behind)  # noqa: E731
            await until(noticed, NOTICED_WITHIN)
            self.noticed.append(time.time() - mended)

    # Phones.

    async def reload(self):
        """A page dies while notes wait on it, and is opened again from what the phone kept."""
        person = self.rng.choice(self.room.people)
        if person.is_loading:
            return
        with self.stand.outages.during(person.network.name):
            person.network.cut()
            person.do_something(self.room.numbers)
            person.do_something(self.room.numbers)
            await asyncio.sleep(self.rng.uniform(0.2, 1))
            person.network.mend()
        with suppress(*FAILURES):
            await person.load_again()

    # Failpoints.

    async def _hit(self, name):
        """Arm a failpoint somewhere and wait until somebody comes by."""
        points = self._app().failpoints
        points.arm(name)
        await until(lambda: not points.is_armed(name), HIT_WITHIN)
        return not points.take(name)

    async def crash_before_hint(self):
        """Stored, and dead before anybody is told."""
        return await self._hit(failpoints.BEFORE_HINT)

    async def crash_before_ack(self):
        """Stored and told, and dead before it is acknowledged."""
        return await self._hit(failpoints.BEFORE_ACK)

    async def drop_ack(self):
        """The answer is lost on its way."""
        return await self._hit(failpoints.ACK_DROPPED)

    async def delay_commit(self):
        """The streams' numbers are taken, the commit waits."""
        return await self._hit(failpoints.SLOW_COMMIT)

    async def lose_hints(self):
        """The channel layer takes everything and delivers nothing."""
        for app in self.stand.apps:
            app.failpoints.arm_for(failpoints.HINTS_LOST, self.pace.hints_lost)
        await asyncio.sleep(self.pace.hints_lost)


@dataclass(frozen=True)
class Kind:
    """A kind of fault: its name in reports, its weight, what is done, and where it exists."""

    name: str
    weight: int
    act: Callable
    only_scaled: bool = False


KINDS = [
    Kind("kill -9 app", 4, Hurt.kill_app),
    Kind("SIGTERM app", 1, Hurt.end_app),
    Kind("SIGSTOP app", 1, Hurt.stop_app),
    Kind("kill -9 Redis", 2, Hurt.kill_redis, True),
    Kind("restart Redis", 1, Hurt.restart_redis, True),
    Kind("kill -9 postmaster", 1, Hurt.kill_postgresql, True),
    Kind("restart PostgreSQL", 1, Hurt.restart_postgresql, True),
    Kind("network cut", 2, Hurt.cut),
    Kind("network half-open", 1, Hurt.half_open),
    Kind("network slow", 1, Hurt.slow),
    Kind("phone page loaded again", 1, Hurt.reload),
    Kind("crash after commit before ack", 1, Hurt.crash_before_ack),
    Kind("ack dropped", 1, Hurt.drop_ack),
    Kind("crash between write and hint", 1, Hurt.crash_before_hint),
    Kind("delay between seq and commit", 1, Hurt.delay_commit),
    Kind("hints lost", 1, Hurt.lose_hints),
]


def plan(rng, number, setting):
    """Return so many kinds of faults, by their weights; each at least once if there are enough.

    A half-open network takes long to be noticed, so none comes last and is waited for.
    """
    kinds = [kind for kind in KINDS if setting == "scaled" or not kind.only_scaled]
    chosen = rng.choices(kinds, [kind.weight for kind in kinds], k=number)
    if number >= len(kinds):
        chosen[: len(kinds)] = kinds
    rng.shuffle(chosen)
    first = [kind for kind in chosen[-5:] if kind.act is Hurt.half_open]
    return [*first, *chosen[: len(chosen) - 5], *(kind for kind in chosen[-5:] if kind not in first)]
