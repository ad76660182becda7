"""The few questions that every note and every page of a phone asks, as SQL.

Django composes a query anew each time it is asked, which takes five times as long as asking it; and these are asked
by a whole room at once (docs/performance.md). Everything else is asked the ordinary way.
"""

from functools import cache

from django.db import connection

from frameworks.models import Taxonomy, Term
from sessions.models.breakout import Breakout, Seat, Table
from sessions.models.note import Note
from sessions.models.people import CityTeam, Device
from sessions.models.record import Command
from sessions.models.workshop import Workshop


def _all(model, condition, values):
    """Return the rows of a model for a condition in SQL.

    A model's own `raw()` finds out anew each time which columns there are and how each is read.
    """
    query, names, readers = _shape(model, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(f"{query} WHERE {condition}", values)
        rows = cursor.fetchall()
    return [model.from_db(connection.alias, names, _read(row, readers)) for row in rows]


@cache
def _shape(model, _vendor):
    """Return (the query for all rows of a model, its fields' names, {place: (column, what reads its value)})."""
    table, fields, quote = model._meta.db_table, model._meta.concrete_fields, connection.ops.quote_name
    readers = {}
    for place, field in enumerate(fields):
        column = field.get_col(table)
        if found := [*connection.ops.get_db_converters(column), *field.get_db_converters(connection)]:
            readers[place] = (column, found)
    columns = ", ".join(quote(field.column) for field in fields)
    return f"SELECT {columns} FROM {table}", [field.attname for field in fields], readers  # noqa: S608


def _read(row, readers):
    values = list(row)
    for place, (column, found) in readers.items():
        for convert in found:
            values[place] = convert(values[place], column, connection)
    return values


def _one(model, condition, *values):
    return next(iter(_all(model, condition, values)), None)


def _these(model, column, values):
    return _all(model, f"{column} IN ({', '.join(['%s'] * len(values))})", list(values)) if values else []


def locked(pk):
    """Return the session (id) with its row locked until the transaction ends, or None."""
    return _one(Workshop, f"id = %s {'FOR UPDATE' if connection.features.has_select_for_update else ''}", pk)


def workshop(pk):
    """Return the session (id), or None."""
    return _one(Workshop, "id = %s", pk)


def session_of_code(code):
    """Return the session with this join code, whatever its state, or None."""
    return _one(Workshop, "code = %s", code)


def session_of_slug(slug):
    """Return the session at this address, or None."""
    return _one(Workshop, "slug = %s", slug)


def breakout(of, pk):
    """Return a discussion (id) of a session with its taxonomy, or None."""
    found = _one(Breakout, "id = %s AND workshop_id = %s", pk, of.pk)
    if found is not None and found.taxonomy_id is not None:
        found.taxonomy = _one(Taxonomy, "id = %s", found.taxonomy_id)
    return found


def current_breakout(of):
    """Return the discussion a session stands at, without its taxonomy, or None."""
    return _one(Breakout, "workshop_id = %s AND segment_id = %s", of.pk, of.segment_id) if of.segment_id else None


def team(of, pk):
    """Return a city team (id) of a session, or None."""
    return _one(CityTeam, "id = %s AND workshop_id = %s", pk, of.pk)


def company(of, team):
    """Return the seats at the table of a city team (id) in a discussion, its own among them, without their teams."""
    mine = f"SELECT table_id FROM {Seat._meta.db_table} WHERE breakout_id = %s AND team_id = %s"  # noqa: S608
    return _all(Seat, f"table_id IN ({mine})", [of.pk, team])


def tables_of_teams(breakout):
    """Return {city team's id: its table's id} of a discussion."""
    return {seat.team_id: seat.table_id for seat in _all(Seat, "breakout_id = %s", [breakout.pk])}


def note(of, uuid):
    """Return the note of a session with this uuid, or None."""
    return _one(Note, "workshop_id = %s AND uuid = %s", of.pk, _uuid(Note, uuid))


def notes(of, pks):
    """Return {id: Note} of these notes of a session that were not deleted, each with its city team, table and terms."""
    if not pks:
        return {}
    found = {note.pk: note for note in _these(Note, "id", pks) if note.workshop_id == of.pk and not note.deleted_at}
    teams = {team.pk: team for team in _these(CityTeam, "id", {note.team_id for note in found.values()})}
    tables = {table.pk: table for table in _these(Table, "id", {note.table_id for note in found.values()} - {None})}
    terms = _terms_of(found)
    for pk, note in found.items():
        note.team, note.table = teams[note.team_id], tables.get(note.table_id)
        note._prefetched_objects_cache = {"terms": terms.get(pk, [])}
    return found


def _terms_of(pks):
    """Return {note id: its terms in their order}."""
    pairs = _these(Note.terms.through, "note_id", pks)
    terms = sorted(_these(Term, "id", {pair.term_id for pair in pairs}), key=lambda term: (term.order, term.pk))
    return {pk: [t for t in terms if any((p.note_id, p.term_id) == (pk, t.pk) for p in pairs)] for pk in pks}


def count_of_team(team):
    """Return how many notes a city team (id) has written and not deleted."""
    return _count("team_id = %s", team)


def count_of_others(table, team):
    """Return how many notes of a table (id), neither deleted nor hidden, are not of this city team (id)."""
    return _count("table_id = %s AND NOT hidden AND team_id <> %s", table, team)


def _count(condition, *values):
    query = f"SELECT COUNT(*) FROM {Note._meta.db_table} WHERE deleted_at IS NULL AND {condition}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()[0]


def _uuid(model, uuid):
    """Return a uuid as the database stores it."""
    return model._meta.get_field("uuid").get_db_prep_value(uuid, connection)


def terms(taxonomy, codes):
    """Return the terms of a taxonomy with these codes."""
    if taxonomy is None or not codes:
        return []
    places = ", ".join(["%s"] * len(codes))
    return _all(Term, f"taxonomy_id = %s AND code IN ({places})", [taxonomy.pk, *codes])


def device(token_hash):
    """Return the phone with this token, released or not, with its session and city team, or None."""
    found = _one(Device, "token_hash = %s", token_hash)
    if found is not None:
        found.workshop = workshop(found.workshop_id)
        found.team = team(found.workshop, found.team_id) if found.team_id else None
    return found


def phone_of_code(of, personal_code):
    """Return the phone of a session with this personal code, released or not, or None."""
    return _one(Device, "workshop_id = %s AND personal_code = %s", of.pk, personal_code)


def phones_by_team(of):
    """Return {city team's id: how many phones of it are in the session}; None: its guests."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT team_id, COUNT(*) FROM {Device._meta.db_table} "  # noqa: S608
            "WHERE workshop_id = %s AND released_at IS NULL GROUP BY team_id",
            [of.pk],
        )
        return dict(cursor.fetchall())


def command(of, uuid, digest, moment):
    """Remember a command of a session by its id, once; returns (whether it is new, the digest it came with first)."""
    table, value = Command._meta.db_table, _uuid(Command, uuid)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (workshop_id, uuid, digest, done_at) VALUES (%s, %s, %s, %s) "  # noqa: S608
            "ON CONFLICT (workshop_id, uuid) DO NOTHING",
            [of.pk, value, digest, connection.ops.adapt_datetimefield_value(moment)],
        )
        if cursor.rowcount == 1:
            return True, digest
    return False, _one(Command, "workshop_id = %s AND uuid = %s", of.pk, value).digest
