"""What the app is held against: the same bytes to as many sockets by the raw broadcast, or by stock Channels."""

import asyncio
import gc
import time

from picows import WSMsgType

from bench import figures, machine, sockets
from bench.figures import ms, percentile

# Changes a second. Stock Channels would drown in more; what counts there is the CPU for each delivery.
STOCK = {100: 4, 500: 2, 1000: 1, 2000: 0.4}


def stock_per_second(number):
    """Return how many changes a second stock Channels can take with so many sockets."""
    return next((rate for most, rate in STOCK.items() if number <= most), 0.2)


async def measure(name, port, pids, number, frame, *, seconds, per_second):
    """Measure the raw broadcast or stock Channels with the same bytes; returns its figures, named after it."""
    ears = await sockets.open_all(sockets.listen(port, "/") for _ in range(number))
    say = await sockets.listen(port, "/say")
    await asyncio.sleep(1)
    gc.collect()
    gc.disable()
    clicks, before, begun = [], machine.cpu(pids), time.monotonic()
    for turn in range(max(3, int(seconds * per_second))):
        await asyncio.sleep(max(0, begun + turn / per_second - time.monotonic()))
        clicks.append(time.monotonic_ns())
        say.transport.send(WSMsgType.TEXT, frame)
    due = number * len(clicks)
    for _ in range(300):
        await asyncio.sleep(0.1)
        if sum(len(ear.heard) for ear in ears) >= due:
            break
    used = machine.cpu(pids) - before
    gc.enable()
    delivered = sum(len(ear.heard) for ear in ears)
    took = [ear.heard[turn][0] - click for turn, click in enumerate(clicks) for ear in ears if turn < len(ear.heard)]
    last = [max(ear.heard[t][0] for ear in ears if t < len(ear.heard)) - click for t, click in enumerate(clicks)]
    row = {
        f"{name}_cpu_ms_per_1000": round(used * 1e6 / max(1, delivered), 2),
        f"{name}_p50_ms": ms(percentile(took, 50)),
        f"{name}_p99_ms": ms(percentile(took, 99)),
        f"{name}_last_ms": ms(figures.median(last)),
        f"{name}_missing": due - delivered,
        f"{name}_rss_mb": round(machine.rss(pids), 1),
    }
    sockets.close_all([*ears, say])
    return row
