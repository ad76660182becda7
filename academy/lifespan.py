"""Start and stop of one server process."""

import asyncio
import fcntl
import gc
import logging
import os
import threading
from contextlib import suppress

from django.conf import settings

from academy import agreed_time, database

log = logging.getLogger(__name__)


def needs_to_be_alone():
    """Whether this process must be the only one: SQLite or the in-memory layer reach nobody else."""
    layer = settings.CHANNEL_LAYERS["default"]["BACKEND"]
    return "InMemory" in layer or settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


def take_data_folder():
    """Take the data folder for this process, or raise RuntimeError with a sentence."""
    if not needs_to_be_alone():
        return None
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    handle = os.open(settings.DATA_DIR / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise RuntimeError(
            f"Another process already serves {settings.DATA_DIR}. With SQLite or without Redis only one may: "
            "stop it, or set DATABASE_URL=postgresql://… and REDIS_URL=redis://…"
        ) from None
    return handle


async def _finish_writes():
    """Let the database's threads end what they have begun, a second at most: what takes longer was not acknowledged."""
    finished, loop = asyncio.Event(), asyncio.get_running_loop()

    def close():
        database.close_threads()
        with suppress(RuntimeError):  # nobody waits any more
            loop.call_soon_threadsafe(finished.set)

    threading.Thread(target=close, daemon=True).start()
    with suppress(TimeoutError):
        await asyncio.wait_for(finished.wait(), timeout=1)


def _collect_rarely():
    """Look through all objects for garbage less often: with 1,000 sockets that stops everything for 160 ms.

    What was made at the start stays and is never looked through again. Most objects are freed without it anyway.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(2000, 10, 100)


async def lifespan(scope, receive, send):
    """ASGI lifespan: refuse to be the second embedded process; on stop, finish the writes that are under way."""
    from sessions.live import hub

    handle = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            try:
                handle = take_data_folder()
            except RuntimeError as refusal:
                log.error("%s", refusal)
                await send({"type": "lifespan.startup.failed", "message": str(refusal)})
                return
            await database.read(agreed_time.settle)
            _collect_rarely()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await hub.current().stop()
            await _finish_writes()
            if handle is not None:
                os.close(handle)
            await send({"type": "lifespan.shutdown.complete"})
            return
