"""The database is away: whoever asks is told in a sentence, the log in one line, and nobody queues behind a wait.

Nothing is acknowledged that is not stored, and pages send again what was not, with the same id. So a quick refusal
costs nothing, while a request that waits for a dead server holds a thread that others need.
"""

import logging
import threading
import time

from django.db import Error, InterfaceError, OperationalError, connection, transaction

log = logging.getLogger(__name__)

# Seconds until a database that is away is asked again, and until then everybody is refused at once.
ASK_AGAIN = 1
# PostgreSQL: connection lost, being shut down or started. No state: no server.
_LOST = ("08", "57")
# And out of space or connections, I/O error.
_STATES = (*_LOST, "53", "58")
# SQLite: busy, locked, read only, I/O error, full, cannot be opened.
_CODES = {5, 6, 8, 10, 13, 14}

_lock = threading.Lock()
_since = None
_ask_at = 0.0
_over_at = 0.0


def is_one(problem):
    """Whether an exception says that the database cannot serve now, rather than that our question was wrong."""
    if not isinstance(problem, (OperationalError, InterfaceError)):
        return False
    cause = problem.__cause__ or problem
    if hasattr(cause, "sqlite_errorcode"):
        return cause.sqlite_errorcode & 0xFF in _CODES
    state = getattr(cause, "sqlstate", None)
    return state is None or state.startswith(_STATES)


def _is_lost(problem):
    """Whether nobody answered, rather than that somebody refused."""
    cause = problem.__cause__ or problem
    state = getattr(cause, "sqlstate", None)
    return not hasattr(cause, "sqlite_errorcode") and (state is None or state.startswith(_LOST))


def noticed(problem, began=None):
    """Whether this is an outage; the first time it is said in the log, then remembered until it is over.

    began: when (monotonic seconds) what has failed was begun; what waited since before the end tells nothing new.
    """
    global _since, _ask_at
    if not is_one(problem):
        return False
    if isinstance(problem, Away) or getattr(problem, "was_noticed", False):
        return True
    problem.was_noticed = True
    with _lock:
        if began is not None and began < _over_at:
            return True
        now = time.monotonic()
        if _since is None:
            # One connection may be lost while the next one works, where a full disk takes this and refuses that.
            _since, _ask_at = now, now if _is_lost(problem) else now + ASK_AGAIN
            reason = str(problem).strip().partition("\n")[0]
            log.error("the database is away (%s): nothing is stored, pages keep what is typed and try again", reason)
        else:
            _ask_at = now + ASK_AGAIN
    return True


def watched(function, *args, **kwargs):
    """Call a function that needs the database. While it is away refuse at once, but ask it again once a second.

    Raises what the function does, or OperationalError for an outage that goes on.
    """
    began = time.monotonic()
    try:
        if _since is not None:
            _ask_again()
        return function(*args, **kwargs)
    except Error as problem:
        noticed(problem, began)
        raise


def _ask_again():
    global _since, _ask_at, _over_at
    with _lock:
        if _since is None:
            return
        if time.monotonic() < _ask_at:
            raise Away
        _ask_at = time.monotonic() + ASK_AGAIN
    _forget_connections()
    _write_something()
    with _lock:
        if _since is not None:
            log.warning("the database works again after %.0f s", time.monotonic() - _since)
        _since, _over_at = None, time.monotonic()


def _forget_connections():
    """Empty the pool: it finds dead connections one by one, and waits longer after each."""
    if connection.vendor == "postgresql":
        connection.pool.drain()


def _write_something():
    """Change a row to what it is: a database that is full or locked can still be read."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = name WHERE id = (SELECT MIN(id) FROM django_migrations)")


class Away(OperationalError):
    """The database was away a moment ago and has not been asked since."""
