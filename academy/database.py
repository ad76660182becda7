"""Where database work runs: on a few long-lived threads, never on the server's loop.

A thread per request, Django's way under ASGI, opens a connection per request; with SQLite those then fight
for the one write lock and the unlucky ones wait for seconds. One writer has nobody to fight with.

On SQLite, the same thread also asks all short questions. Each call into SQLite lets go of Python's own lock: two
threads at it hand that lock to each other all the time, and a note took twice as long (docs/decisions.md).
"""

import asyncio
import contextvars
import functools
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import OperationalError, close_old_connections, connection, connections

from academy import outage

# Seconds that a write waits for another program that holds a SQLite file; pages send again what was not stored.
PATIENCE = 8
# Seconds of it that it keeps the thread, on which others have something to ask.
AT_ONCE = 0.05
_LOCKED = object()
_own = threading.local()


def _is_sqlite():
    # By the settings: asking the connection would make one here, on the server's loop, which never uses any.
    return settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


@functools.cache
def _writers():
    return ThreadPoolExecutor(1 if _is_sqlite() else 4, thread_name_prefix="writer")


@functools.cache
def _readers():
    return _writers() if _is_sqlite() else ThreadPoolExecutor(6, thread_name_prefix="reader")


@functools.cache
def _long_readers():
    return ThreadPoolExecutor(3, thread_name_prefix="long-reader") if _is_sqlite() else _readers()


def _run(call):
    """Run on the thread and give PostgreSQL's connection back to the pool; SQLite's stays open for the next call."""
    try:
        return call()
    finally:
        if not _is_sqlite():
            close_old_connections()


async def _on(pool, function, args, kwargs):
    call = functools.partial(contextvars.copy_context().run, function, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(pool, _run, call)


async def write(function, *args, **kwargs):
    """Run a function that changes the database on a writer thread; returns or raises what it does.

    Where another program holds a SQLite file it is called again: what it does before its first change, which takes the
    lock, has to bear being done twice.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + PATIENCE
    while True:
        tried = functools.partial(outage.watched, _unless_locked, loop.time() < until, function)
        result = await _on(_writers(), tried, args, kwargs)
        if result is not _LOCKED:
            return result
        await asyncio.sleep(AT_ONCE)


def _unless_locked(is_patient, function, *args, **kwargs):
    """Return what the function does, or _LOCKED where it can wait."""
    if _is_sqlite():
        _wait_shortly()
    try:
        return function(*args, **kwargs)
    except OperationalError as problem:
        if is_patient and getattr(problem.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            return _LOCKED
        raise


def _wait_shortly():
    """Let this thread's connection give up soon where another program holds the file."""
    connection.ensure_connection()
    if getattr(_own, "connection", None) is not connection.connection:
        connection.connection.execute(f"PRAGMA busy_timeout = {1000 * AT_ONCE:.0f}")
        _own.connection = connection.connection


async def read(function, *args, **kwargs):
    """Run a function that only reads the database, a few rows, on a reader thread; returns or raises what it does.

    A SQLite file that takes no writes can still be read.
    """
    return await _on(_readers(), _watched_read(function), args, kwargs)


async def read_long(function, *args, **kwargs):
    """As read(), for what takes more than some milliseconds: a page of the desk, a file to take home."""
    return await _on(_long_readers(), _watched_read(function), args, kwargs)


def _watched_read(function):
    return function if _is_sqlite() else functools.partial(outage.watched, function)


def reading(view):
    """Turn a plain function view that only reads into an async one that runs on a reader thread."""
    return _on_a_thread(view, read)


def reading_long(view):
    """As reading(), for a page that takes long: on the threads for that."""
    return _on_a_thread(view, read_long)


def _on_a_thread(view, how):
    @functools.wraps(view)
    async def wrapper(request, *args, **kwargs):
        return await how(view, request, *args, **kwargs)

    return wrapper


def close_threads():
    """Finish what runs, close every thread's connections. The next call starts new threads."""
    pools = (_writers, _readers, _long_readers)
    for executor in {pool() for pool in pools if pool.cache_info().currsize}:
        # All of them at once: a quick thread would otherwise take another one's turn, and its connection stay open.
        together = threading.Barrier(executor._max_workers)
        for _ in range(executor._max_workers):
            executor.submit(_close_here, together)
        executor.shutdown(wait=True)
    for pool in pools:
        pool.cache_clear()


def _close_here(together):
    together.wait(timeout=30)
    connections.close_all()
