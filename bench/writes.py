"""How many notes a second are stored when phones write as fast as they are answered.

A phone of every city, the wall and the desk listen meanwhile: what is stored is also drawn.
"""

import asyncio
import time

from bench import audience, machine, sockets
from bench.figures import ms, percentile
from bench.writers import Writers


async def measure(ports, pids, room, *, writers, notes, database, seconds=40):
    """Let so many writers post so many notes in all, each as soon as its last was answered; returns a row.

    seconds: after these no more notes are begun.
    """
    cities = len({team for session in room["sessions"] for _token, team in session["phones"]})
    here = await audience.gather(ports, room, listening=cities)
    posting = Writers(ports, here)
    took, problems, left = [], [], notes

    async def write_on():
        nonlocal left
        while left > 0 and time.monotonic() < begun + seconds:
            left -= 1
            try:
                note = await posting.write()
            except (OSError, TimeoutError) as problem:
                problems.append(repr(problem))
                continue
            if note.is_stored:
                took.append(note.answered - note.click)
            else:
                problems.append(f"{note.answer.status} {note.answer.text[:100]}")

    before, own, begun = machine.cpu(pids), time.process_time(), time.monotonic()
    await asyncio.gather(*(write_on() for _ in range(writers)))
    lasted = time.monotonic() - begun
    used, own = machine.cpu(pids) - before, time.process_time() - own
    posting.close()
    sockets.close_all(audience.everybody(here))
    return {
        "database": database,
        "writers": writers,
        "notes": len(took),
        "listening": cities,
        "notes_per_s": round(len(took) / lasted, 1),
        "p50_ms": ms(percentile(took, 50)),
        "p99_ms": ms(percentile(took, 99)),
        "errors": len(problems),
        "first_error": problems[0] if problems else "",
        "cpu_ms_per_note": round(used * 1000 / max(1, len(took)), 2),
        "app_cpu_share": round(used / lasted, 3),
        "client_cpu_share": round(own / lasted, 3),
    }
