"""Streams and their numbers."""

from django.db import connection

from sessions.models import Stream

STAGE = "stage"
BOARD = "board"
DESK = "desk"


def advance(workshop, names):
    """Take the next number of each stream, inside the transaction that holds the session's row lock.

    Returns {name: seq}. One statement, which SQLite (3.35) and PostgreSQL both know: every change of a session
    comes through here, and reading after writing would be a second one.
    """
    table = Stream._meta.db_table
    rows = ", ".join(["(%s, %s, 1)"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (workshop_id, name, seq) VALUES {rows} "  # noqa: S608 - names of our own tables only
            f"ON CONFLICT (workshop_id, name) DO UPDATE SET seq = {table}.seq + 1 RETURNING name, seq",
            [value for name in names for value in (workshop.pk, name)],
        )
        return dict(cursor.fetchall())


def numbers(workshop, names):
    """Return {name: seq} as they are now; 0 for a stream nothing was ever said on. Read this before the rows."""
    places = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT name, seq FROM {Stream._meta.db_table} "  # noqa: S608
            f"WHERE workshop_id = %s AND name IN ({places})",
            [workshop.pk, *names],
        )
        found = dict(cursor.fetchall())
    return {name: found.get(name, 0) for name in names}


def written(have):
    """Return {"stage": 12} as the text pages carry, "stage:12"."""
    return ",".join(f"{name}:{seq}" for name, seq in have.items())


def parsed(text):
    """Return what a page has, {"stage": 12} from "stage:12"; what cannot be read counts as nothing had."""
    have = {}
    for part in text[:2000].split(","):
        name, _colon, seq = part.rpartition(":")
        if name and seq.isascii() and seq.isdigit() and len(seq) < 18:
            have[name] = int(seq)
    return have
