"""Load "stage": one change to all phones. +1 minute, a message to all, −1 minute … given at the desk, several a second.

bench/baseline.py then tells the same bytes to as many sockets by other means, on the same machine.
"""

import asyncio
import gc
import time
from dataclasses import dataclass

from bench import audience, figures, machine, sockets
from bench.figures import ms, percentile


@dataclass
class Change:
    """A command of one session: its number among the changes of that stage, and moments by time.monotonic_ns()."""

    room: audience.Audience
    seq: int
    click: int
    committed: int
    answered: int


class Desk:
    """Gives one session's commands, as its page does: each of the run says which state it was drawn from."""

    def __init__(self, room):
        self.room = room
        self.version = room.session["version"]
        self.seq = room.phones[0].ear.first.result()["stage"]
        self.turn = 0

    async def start(self):
        """Start the discussion."""
        return await self._do("advance", version=self.version)

    async def change(self):
        """One minute more, a message, one minute less, a message, and so on."""
        self.turn += 1
        if self.turn % 2 == 0:
            return await self.say(f"Two more minutes, everybody: {self.turn}")
        return await self._do("change-minutes", minutes=1 if self.turn % 4 == 1 else -1, version=self.version)

    async def say(self, message):
        """A message to all."""
        return await self._do("message", message=message)

    async def _do(self, command, **form):
        path = f"/desk/{self.room.session['slug']}/do/{command}"
        answer, click, answered = await self.room.desk.command(path, **form)
        assert answer.status == 204, f"{command}: {answer.status} {answer.text[:200]}"
        self.version += "version" in form
        self.seq += 1
        return Change(self.room, self.seq, click, answer.committed or answered, answered)


async def measure(ports, pids, room, *, seconds, per_second):
    """Measure this app; returns a row of figures, and the frame a phone got, for the baselines."""
    here = await audience.gather(ports, room)
    await asyncio.sleep(2)
    idle = await _idle(pids)
    desks = [Desk(each) for each in here]
    row = {"sockets": sum(len(each.phones) for each in here), "sessions": len(here)}
    started = await _start(here, desks, pids)
    row |= await _changes(here, desks, pids, idle, seconds, per_second) | started
    row |= {"idle_cpu_ms_per_s": round(idle, 1), "rss_mb": round(machine.rss(pids), 1)}
    frame = await _recorded(ports[0], desks[0])
    sockets.close_all(audience.everybody(here))
    return row | {"frame_bytes": len(frame)}, frame


async def _idle(pids, seconds=3):
    """The CPU a second (ms) of connected screens when nothing happens: heartbeats and leases."""
    before = machine.cpu(pids)
    await asyncio.sleep(seconds)
    return (machine.cpu(pids) - before) * 1000 / seconds


async def _start(here, desks, pids):
    """Start the discussions: each changes the stage, every city team's own stream, the board and the desk at once."""
    audience.forget(here)
    before = machine.cpu(pids)
    starts = [await desk.start() for desk in desks]
    await asyncio.sleep(2)
    used = machine.cpu(pids) - before
    lasts = [max(found) - start.click for start in starts if (found := _arrivals(start))]
    return {"start_last_ms": ms(max(lasts, default=None)), "start_cpu_ms": round(used * 1000 / len(desks), 1)}


async def _changes(here, desks, pids, idle, seconds, per_second):
    """Give the commands, each session in turn; returns what they cost and how long they took.

    app_cpu_ms_per_1000 is all CPU of that time, heartbeats and leases included; change_cpu_ms_per_1000 is without
    what the same screens cost when nothing happens.
    """
    audience.forget(here)
    gc.collect()
    gc.disable()
    changes, before, own, begun = [], machine.cpu(pids), time.process_time(), time.monotonic()
    for number in range(int(seconds * per_second)):
        await asyncio.sleep(max(0, begun + number / per_second - time.monotonic()))
        changes.append(await desks[number % len(desks)].change())
    await asyncio.sleep(1)
    used, own, lasted = machine.cpu(pids) - before, time.process_time() - own, time.monotonic() - begun
    gc.enable()
    frames = sum(len(phone.ear.frames("stage")[0]) for each in here for phone in each.phones)
    alone = used - idle * lasted / 1000
    return {
        "changes": len(changes),
        "per_second": per_second,
        "deliveries": frames,
        "app_cpu_ms_per_1000": round(used * 1e6 / max(1, frames), 2),
        "change_cpu_ms_per_1000": round(alone * 1e6 / max(1, frames), 2),
        "app_cpu_share": round(used / lasted, 3),
        "client_cpu_share": round(own / lasted, 3),
        **_latencies(changes),
    }


def _latencies(changes):
    """From click and from commit to each phone; the last phone of each change, of these the median."""
    arrived = [(change, _arrivals(change)) for change in changes]
    from_commit = [moment - change.committed for change, moments in arrived for moment in moments]
    from_click = [moment - change.click for change, moments in arrived for moment in moments]
    return {
        "missing": sum(len(change.room.phones) - len(moments) for change, moments in arrived),
        "p50_ms": ms(percentile(from_commit, 50)),
        "p99_ms": ms(percentile(from_commit, 99)),
        "last_ms": ms(figures.median([max(moments) - change.committed for change, moments in arrived if moments])),
        "click_p50_ms": ms(percentile(from_click, 50)),
        "click_p99_ms": ms(percentile(from_click, 99)),
        "click_last_ms": ms(figures.median([max(moments) - change.click for change, moments in arrived if moments])),
        "answer_p50_ms": ms(percentile([change.answered - change.click for change in changes], 50)),
    }


def _arrivals(change):
    """Return when each phone of the session had a change; fewer than there are phones when one never had it."""
    moments = [sockets.when(*phone.ear.frames("stage"), change.seq) for phone in change.room.phones]
    return [moment for moment in moments if moment is not None]


async def _recorded(port, desk):
    """Return the frame a phone gets for a message, as it travels."""
    slug, phone = desk.room.session["slug"], desk.room.phones[0]
    ear = await sockets.listen(port, f"/live/phone/{slug}?language=en", phone.cookies, keeps=True)
    await ear.first
    await asyncio.sleep(0.5)
    ear.forget()
    await desk.say("Two more minutes, everybody: 20")
    await asyncio.sleep(1)
    sockets.close_all([ear])
    return next(text for _moment, text in ear.heard if b'"html"' in text)
