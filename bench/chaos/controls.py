"""Negative controls: each broken variant has to be caught, or what the checker says of the real one is worth nothing.

Each is a small room on a stand of its own, hurt just so that its fault can show.
"""

import asyncio
import random
import time

from bench.chaos import checker, failpoints, inspection
from bench.chaos.crowd import Numbers
from bench.chaos.office import Office
from bench.chaos.room import Room, base
from bench.chaos.run import GRACE
from bench.chaos.stand import stand
from bench.chaos.waiting import until

NO_PULL = "no-pull"
# So many at the same moment: a machine may have two cores.
AT_ONCE = 2
# Seconds after which what is not there yet is stale, and a little more.
LONG_ENOUGH = inspection.LONGEST_WAIT + 0.7


async def run_all(static, seed):
    """Return {control: "caught" or "missed"}."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def run(name):
        async with gate:
            return name, "caught" if await _is_caught(name, static, seed) else "missed"

    return dict(await asyncio.gather(*map(run, SCENARIOS)))


async def _is_caught(name, static, seed):
    scenario, expected = SCENARIOS[name]
    async with stand("embedded", static, of_server(name)) as place:
        room = await _room(place, random.Random(f"{name} {seed}"))
        try:
            await scenario(room, place)
            found = await inspection.inspect(room, patience=0)
            for screen in room.screens:
                found += checker.check_errors(screen.witness.errors, place.outages, GRACE)
        finally:
            await room.close()
            await room.office.close()
    return not expected.isdisjoint(violation.invariant for violation in found)


def of_server(name):
    """Return what is broken in the server for a control; "" where it is the page that is broken."""
    return "" if name in (None, NO_PULL) else name


async def _room(place, rng):
    networks = {name: await place.proxy() for name in ("desk", "wall", "board")}
    networks["phones"] = [await place.proxy() for _ in range(2)]
    office = Office(base(await place.proxy()), place.database)
    await office.sign_in(place.password)
    room = Room(place, office, "Control", rng, networks=networks)
    room.numbers, room.looked_for = Numbers(), 1.0
    await room.open(6)
    await room.fill(6)
    await room.discuss(1)
    # Who has no box yet would write nothing, and nothing would be caught.
    await until(lambda: all(person.phone.step == "talk" for person in room.people), within=10)
    return room


def _all_write(people, room):
    for person in people:
        person.write(next(room.numbers))


async def _hit(place, name, within=5):
    """Wait until somebody has come by a failpoint."""
    points = place.apps[0].failpoints
    points.arm(name)
    await until(lambda: not points.is_armed(name), within, every=0.02)


# What is done in each.


async def lose_acks(room, place):
    """Answers are lost, and a process dies before it answers: phones send again."""
    for name in (failpoints.ACK_DROPPED, failpoints.BEFORE_ACK):
        _all_write(room.people, room)
        await _hit(place, name)
        await inspection.settle(room, within=10)


async def kill_after_ack(room, place):
    """A process dies as soon as somebody has been told that a note is stored."""
    _all_write(room.people, room)
    await until(lambda: any(c.is_stored for person in room.people for c in person.commands), within=10, every=0.01)
    await place.apps[0].kill()
    await inspection.settle(room, within=10)


async def cut_and_come_back(room, place):
    """The desk, the wall, the board and half the phones are away while others write; then nobody writes any more."""
    for screen in room.screens:
        screen.trusts_its_socket = True
    away = [room.networks[name] for name in ("desk", "wall", "board")] + room.networks["phones"][:1]
    with place.outages.during(*(network.name for network in away)):
        for network in away:
            network.cut()
        others = [person for person in room.people if person.network not in away]
        _all_write(others, room)
        await until(lambda: not any(person.phone.waiting for person in others), within=10)
        for network in away:
            network.mend()
    await inspection.settle(room, within=1)
    await asyncio.sleep(LONG_ENOUGH)


async def pull_before_commit(room, place):
    """Screens ask for what is new while the numbers are taken and the commit waits; then nobody writes any more."""
    points = place.apps[0].failpoints
    points.arm(failpoints.SLOW_COMMIT)
    _all_write(room.people[:1], room)
    began = time.monotonic()
    while room.people[0].phone.waiting and time.monotonic() - began < 5:
        await asyncio.gather(*(screen.pull() for screen in (room.desk, room.wall, room.board)))
        await asyncio.sleep(0.05)
    await asyncio.sleep(LONG_ENOUGH)


async def lose_the_layer(room, place):
    """The channel layer fails for a while, and people go on writing."""
    place.apps[0].failpoints.arm_for(failpoints.LAYER_FAILS, 3)
    _all_write(room.people, room)
    await asyncio.sleep(3)
    await inspection.settle(room, within=10)


# control: (what is done, as what it has to be caught)
SCENARIOS = {
    "no-idempotency-key": (lose_acks, {checker.DOUBLED}),
    "ack-before-commit": (kill_after_ack, {checker.EARLY_ACK, checker.LOST}),
    NO_PULL: (cut_and_come_back, {checker.STALE}),
    "seq-outside-transaction": (pull_before_commit, {checker.STALE}),
    "layer-error-is-an-error": (lose_the_layer, {checker.ERROR}),
}
