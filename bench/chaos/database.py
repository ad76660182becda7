"""The database as somebody else sees it: a connection of our own, plain SQL, nothing of the application in between."""

import asyncio
import sqlite3
import threading
from dataclasses import dataclass

import psycopg

ERRORS = (sqlite3.Error, psycopg.Error, OSError)


@dataclass(frozen=True)
class Row:
    """A note as it is stored. created_at: seconds since 1970, by the server's clock, taken in its transaction."""

    pk: int
    uuid: str
    text: str
    team: int
    breakout: int
    table: int | None = None
    hidden: bool = False
    deleted: bool = False
    created_at: float = 0.0


class Database:
    """Asks by SQL, on a thread. url: sqlite:///… or postgresql://…; placeholders are %s."""

    def __init__(self, url):
        self.url = url
        self._connection = None
        self._lock = threading.Lock()

    async def ask(self, sql, *values):
        """Return the rows of a query. Raises one of ERRORS while the database is away; the next call connects anew."""
        return await asyncio.to_thread(self._ask, sql, values)

    async def one(self, sql, *values):
        """Return the first row of a query, or None."""
        rows = await self.ask(sql, *values)
        return rows[0] if rows else None

    def _ask(self, sql, values):
        with self._lock:
            try:
                return self._connected().execute(self._spelled(sql), values).fetchall()
            except ERRORS:
                self.close()
                raise

    def _connected(self):
        if self._connection is None and self.is_sqlite:
            path = self.url.removeprefix("sqlite:///")
            self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5, check_same_thread=False)
            self._connection.isolation_level = None
        elif self._connection is None:
            self._connection = psycopg.connect(self.url, autocommit=True, connect_timeout=3)
        return self._connection

    def _spelled(self, sql):
        return sql.replace("%s", "?") if self.is_sqlite else sql

    @property
    def is_sqlite(self):
        return self.url.startswith("sqlite")

    def close(self):
        """Give up the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    # What a run asks.

    async def rows(self, workshop):
        """Return every note of a session (its id) as a Row, in the order of their ids."""
        julian = "(julianday(created_at) - 2440587.5) * 86400"
        epoch = julian if self.is_sqlite else "EXTRACT(EPOCH FROM created_at)"
        found = await self.ask(
            f"SELECT id, uuid, text, team_id, breakout_id, table_id, hidden, deleted_at IS NOT NULL, {epoch}"
            " FROM workshops_note WHERE workshop_id = %s ORDER BY id",
            workshop,
        )
        return [
            Row(pk, _uuid(uuid), text, team, breakout, table, bool(hidden), bool(deleted), float(created))
            for pk, uuid, text, team, breakout, table, hidden, deleted, created in found
        ]

    async def text_of(self, workshop, uuid):
        """Return the text stored under a note's uuid, or None."""
        known = uuid.replace("-", "") if self.is_sqlite else uuid
        found = await self.one("SELECT text FROM workshops_note WHERE workshop_id = %s AND uuid = %s", workshop, known)
        return found and found[0]

    async def seqs(self):
        """Return {(session, stream): seq} of everything."""
        return {
            (w, name): seq for w, name, seq in await self.ask("SELECT workshop_id, name, seq FROM workshops_stream")
        }

    async def connections(self):
        """Return how many connections PostgreSQL has; 0 on SQLite."""
        if self.is_sqlite:
            return 0
        return (await self.one("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"))[0]

    async def version(self, workshop):
        """Return the state of a session's run, which its commands have to name."""
        return (await self.one("SELECT version FROM workshops_workshop WHERE id = %s", workshop))[0]


def _uuid(stored):
    text = str(stored).replace("-", "")
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
