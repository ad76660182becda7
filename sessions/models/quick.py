"""The few questions that every note and every page of a phone asks, as SQL.

Django composes a query anew each time it is asked, which takes five times as long as asking it; and these are asked
by a whole room at once (docs/performance.md). Everything else is asked the ordinary way.
"""

from django.db import connection

from frameworks.models import Taxonomy, Term
from sessions.models.breakout import Breakout, Seat, Table
from sessions.models.note import Note
from sessions.models.people import CityTeam, Device
from sessions.models.record import Command
from sessions.models.workshop import Workshop


def _one(model, condition, *values, more=""):
    rows = model.objects.raw(f"SELECT * FROM {model._meta.db_table} WHERE {condition} {more}", values)  # noqa: S608
    return next(iter(rows), None)


def locked(pk):
    """Return the session (id) with its row locked until the transaction ends, or None."""
    return _one(Workshop, "id = %s", pk, more="FOR UPDATE" if connection.features.has_select_for_update else "")


def workshop(pk):
    """Return the session (id), or None."""
    return _one(Workshop, "id = %s", pk)


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
    table = Seat._meta.db_table
    mine = f"SELECT table_id FROM {table} WHERE breakout_id = %s AND team_id = %s"  # noqa: S608
    return list(Seat.objects.raw(f"SELECT * FROM {table} WHERE table_id IN ({mine})", [of.pk, team]))  # noqa: S608


def note(of, uuid):
    """Return the note of a session with this uuid, or None."""
    return _one(Note, "workshop_id = %s AND uuid = %s", of.pk, _uuid(Note, uuid))


def notes(of, pks):
    """Return {id: Note} of these notes of a session that were not deleted, each with its city team, table and terms."""
    if not pks:
        return {}
    found = {note.pk: note for note in _some(Note, "id", pks) if note.workshop_id == of.pk and note.deleted_at is None}
    teams = {team.pk: team for team in _some(CityTeam, "id", {note.team_id for note in found.values()})}
    tables = {table.pk: table for table in _some(Table, "id", {note.table_id for note in found.values()} - {None})}
    terms = _terms_of(found)
    for pk, note in found.items():
        note.team, note.table = teams[note.team_id], tables.get(note.table_id)
        note._prefetched_objects_cache = {"terms": terms.get(pk, [])}
    return found


def _some(model, column, values):
    if not values:
        return []
    places = ", ".join(["%s"] * len(values))
    return model.objects.raw(f"SELECT * FROM {model._meta.db_table} WHERE {column} IN ({places})", list(values))  # noqa: S608


def _terms_of(pks):
    """Return {note id: its terms in their order}."""
    found = {}
    if pks:
        of_notes, places = Note.terms.through._meta.db_table, ", ".join(["%s"] * len(pks))
        query = (
            f"SELECT t.*, n.note_id AS note_id FROM {Term._meta.db_table} t JOIN {of_notes} n ON n.term_id = t.id "  # noqa: S608
            f'WHERE n.note_id IN ({places}) ORDER BY t."order", t.id'
        )
        for term in Term.objects.raw(query, list(pks)):
            found.setdefault(term.note_id, []).append(term)
    return found


def _uuid(model, uuid):
    """Return a uuid as the database stores it."""
    return model._meta.get_field("uuid").get_db_prep_value(uuid, connection)


def terms(taxonomy, codes):
    """Return the terms of a taxonomy with these codes."""
    if taxonomy is None or not codes:
        return []
    places = ", ".join(["%s"] * len(codes))
    query = f"SELECT * FROM {Term._meta.db_table} WHERE taxonomy_id = %s AND code IN ({places})"  # noqa: S608
    return list(Term.objects.raw(query, [taxonomy.pk, *codes]))


def device(token_hash):
    """Return the phone with this token, released or not, with its session and city team, or None."""
    found = _one(Device, "token_hash = %s", token_hash)
    if found is not None:
        found.workshop = workshop(found.workshop_id)
        found.team = team(found.workshop, found.team_id) if found.team_id else None
    return found


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
