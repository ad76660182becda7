"""Where database work runs: reads and writes each on a few long-lived threads, never on the server's loop.

A thread per request, Django's way under ASGI, opens a connection per request; with SQLite those then fight
for the one write lock and the unlucky ones wait for seconds. One writer has nobody to fight with.
"""

import asyncio
import contextvars
import functools
import threading
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import close_old_connections, connections

from academy import outage


def _is_sqlite():
    # By the settings: asking the connection would make one here, on the server's loop, which never uses any.
    return settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


@functools.cache
def _writers():
    return ThreadPoolExecutor(1 if _is_sqlite() else 4, thread_name_prefix="writer")


@functools.cache
def _readers():
    return ThreadPoolExecutor(4 if _is_sqlite() else 6, thread_name_prefix="reader")


def _run(call):
    """Run on the thread; SQLite's connection stays open for the next call, PostgreSQL's goes back to the pool."""
    try:
        return call()
    finally:
        if not _is_sqlite():
            close_old_connections()


async def _on(pool, function, args, kwargs):
    call = functools.partial(contextvars.copy_context().run, function, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(pool, _run, call)


async def write(function, *args, **kwargs):
    """Run a function that changes the database on a writer thread; returns or raises what it does."""
    return await _on(_writers(), functools.partial(outage.watched, function), args, kwargs)


async def read(function, *args, **kwargs):
    """Run a function that only reads the database on a reader thread; returns or raises what it does.

    A SQLite file that takes no writes can still be read.
    """
    if not _is_sqlite():
        function = functools.partial(outage.watched, function)
    return await _on(_readers(), function, args, kwargs)


def reading(view):
    """Turn a plain function view that only reads into an async one that runs on the reader threads."""

    @functools.wraps(view)
    async def wrapper(request, *args, **kwargs):
        return await read(view, request, *args, **kwargs)

    return wrapper


def close_threads():
    """Finish what runs, close every thread's connections. The next call starts new threads."""
    for pool in (_writers, _readers):
        if pool.cache_info().currsize:
            executor = pool()
            # All of them at once: a quick thread would otherwise take another one's turn, and its connection stay open.
            together = threading.Barrier(executor._max_workers)
            for _ in range(executor._max_workers):
                executor.submit(_close_here, together)
            executor.shutdown(wait=True)
            pool.cache_clear()


def _close_here(together):
    together.wait(timeout=30)
    connections.close_all()
