"""Load "notes": all tables of three cities write; a note goes to its table's phones, to the wall and to the desk."""

import asyncio
import gc
import time
from collections import Counter

from bench import audience, machine, sockets
from bench.figures import ms, percentile
from bench.writers import Writers, Written


async def measure(ports, pids, room, *, rates, seconds):
    """Measure this app at several notes a second in all; returns [row]."""
    here = await audience.gather(ports, room)
    await asyncio.sleep(2)
    writers = Writers(ports, here)
    numbers = {id(each): await _numbers(each) for each in here}
    rows = []
    for rate in rates:
        rows.append(await _at(rate, seconds, here, pids, writers, numbers))
        await asyncio.sleep(1)
    writers.close()
    sockets.close_all(audience.everybody(here))
    return rows


async def _numbers(each):
    """Where the streams of a session stand before the first note."""
    return {name: seq for ear in each.ears for name, seq in (await ear.first).items()}


async def _at(rate, seconds, here, pids, writers, numbers):
    """Let so many notes a second be written, whatever the answers take; numbers are brought up to date."""
    audience.forget(here)
    row = {"sockets": sum(len(each.phones) for each in here), "sessions": len(here), "notes_per_s": rate}
    row["notes_before"] = writers.written
    gc.collect()
    gc.disable()
    before, own, begun = machine.cpu(pids), time.process_time(), time.monotonic()
    writing = []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0, begun + number / rate - time.monotonic()))
        writing.append(asyncio.ensure_future(writers.write()))
    done = await asyncio.gather(*writing, return_exceptions=True)
    stored = [note for note in done if isinstance(note, Written) and note.is_stored]
    await _until_shown(here, numbers, stored)
    used, own, lasted = machine.cpu(pids) - before, time.process_time() - own, time.monotonic() - begun
    gc.enable()
    return row | {
        "notes": len(done),
        "errors": len(done) - len(stored),
        "cpu_ms_per_note": round(used * 1000 / max(1, len(stored)), 2),
        "app_cpu_share": round(used / lasted, 3),
        "client_cpu_share": round(own / lasted, 3),
        "p50_answer_ms": ms(percentile([note.answered - note.click for note in stored], 50)),
        "p99_answer_ms": ms(percentile([note.answered - note.click for note in stored], 99)),
        **_latencies(here, stored, numbers),
        "rss_mb": round(machine.rss(pids), 1),
    }


async def _until_shown(here, numbers, stored):
    """Wait until every wall and desk has the last note, ten seconds at most: what is drawn late costs, too."""
    written = Counter(id(note.room) for note in stored)
    due = [
        (ear, stream, numbers[id(each)].get(stream, 0) + written[id(each)])
        for each in here
        for stream, ear in (("board", each.wall), ("desk", each.desk_ear))
        if written[id(each)]
    ]
    for _ in range(50):
        await asyncio.sleep(0.2)
        if all(ear.frames(stream)[0][-1:] >= [seq] for ear, stream, seq in due):
            return


def _latencies(here, stored, numbers):
    """From click to the wall, to the desk, and to each phone of the table.

    A note takes the next number of every stream it is told on, in the order of commits: so its number is its rank.
    """
    took, missing = {"wall": [], "desk": [], "table": []}, 0
    screens = {id(each): _screens(each) for each in here}
    for note in sorted(stored, key=lambda note: note.committed):
        counted = numbers[id(note.room)]
        for stream in (*_streams(note.room, note.team), "board", "desk"):
            counted[stream] = counted.get(stream, 0) + 1
            for frames in screens[id(note.room)].get(stream, ()):
                moment = sockets.when(*frames, counted[stream])
                missing += moment is None
                if moment is not None:
                    took[{"board": "wall", "desk": "desk"}.get(stream, "table")].append(moment - note.click)
    percentiles = {
        f"p{percent}_{name}_ms": ms(percentile(values, percent))
        for name, values in took.items()
        for percent in (50, 99)
    }
    return {**percentiles, "max_wall_ms": ms(max(took["wall"], default=None)), "missing": missing}


def _screens(each):
    """Return {stream: [(numbers, moments) of each screen that hears it]}."""
    heard = {"board": [each.wall.frames("board")], "desk": [each.desk_ear.frames("desk")]}
    for phone in each.phones:
        heard.setdefault(f"team-{phone.team}", []).append(phone.ear.frames(f"team-{phone.team}"))
    return heard


def _streams(each, team):
    """The streams of the cities that sit where this one sits."""
    tables = each.session["tables"]
    return [f"team-{other}" for other, table in tables.items() if table == tables[str(team)]]
