"""Waits for something to come true."""

import asyncio
import time


async def until(condition, within, every=0.05):
    """Ask again and again, for so many seconds; returns whether it came true."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(every)
    return True
