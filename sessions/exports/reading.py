"""Reads a session into SessionNotes: how many queries it takes depends on the plan, never on the notes."""

from django.db.models import Exists, F, OuterRef, Q

from frameworks.models import Term
from sessions.exports.checklists import read_checklists
from sessions.exports.notes import Discussion, SessionNotes, TableRow, TaxonomyRow, TermRow
from sessions.exports.plain import writable
from sessions.exports.streaming import NoteReader
from sessions.live import board
from sessions.models import CityTeam, Note, Table


def read(workshop, *, city_names=True, hidden=False):
    """Return the SessionNotes, in the active language. Deleted notes are never in it, hidden ones only if asked for."""
    notes = Note.objects.filter(workshop=workshop, deleted_at=None)
    if not hidden:
        notes = notes.filter(hidden=False)
    terms = _terms(workshop)
    tables = _tables(workshop) if city_names else {}
    return SessionNotes(
        title=writable(workshop.title),
        date=workshop.date,
        place=writable(workshop.place),
        time_zone=workshop.time_zone,
        language=workshop.language,
        attribution=writable(workshop.plan.attribution),
        city_names=city_names,
        hidden=hidden,
        cities=_cities(workshop, notes) if city_names else None,
        discussions=tuple(
            _discussion(breakout, notes.filter(breakout=breakout), terms, tables, workshop.zone, city_names)
            for breakout in _breakouts(workshop, notes)
        ),
        checklists=read_checklists(workshop, city_names=city_names),
    )


def _breakouts(workshop, notes):
    """All discussions but those that were skipped and have no notes."""
    written = Exists(notes.filter(breakout=OuterRef("pk")))
    held = workshop.breakouts.filter(Q(segment__skipped=False) | written)
    return held.select_related("taxonomy").prefetch_related("taxonomy__categories")


def _terms(workshop):
    """Return {id: Term} of the discussions' taxonomies and of whatever else a note carries, in their order."""
    used = Note.terms.through.objects.filter(note__workshop=workshop).values("term_id")
    wanted = Q(taxonomy__in=workshop.breakouts.values("taxonomy_id")) | Q(pk__in=used)
    found = Term.objects.filter(wanted).select_related("category")
    by_category = F("category__order").asc(nulls_last=True)
    return {term.pk: term for term in found.order_by(by_category, "order", "pk")}


def _tables(workshop):
    """Return {breakout id: its tables}; tables that were only proposed so far seat nobody and are left out."""
    found = {}
    shown = Table.objects.filter(breakout__workshop=workshop).exclude(breakout__tables_shown_at=None)
    for table in shown.prefetch_related("seats__team"):
        cities = tuple(writable(seat.team.name) for seat in table.seats.all())
        found.setdefault(table.breakout_id, []).append(TableRow(table.number, cities))
    return found


def _cities(workshop, notes):
    """Return the names of the city teams that took part: they were in the room, or something of theirs is here."""
    state = CityTeam.State
    here = Q(admitted=True, state__in=[state.HERE, state.WITHOUT_PHONE, state.LEFT])
    wrote = Q(pk__in=notes.values("team_id"))
    return tuple(writable(team.name) for team in workshop.teams.filter(here | wrote))


def _discussion(breakout, notes, terms, tables, zone, city_names):
    """Return one Discussion; its notes are read when a writer asks for them."""
    columns = {}
    for column in board.columns(breakout.taxonomy, []):
        columns.setdefault(column.code, writable(column.title))
    has_categories = bool(breakout.taxonomy and breakout.taxonomy.categories.all())
    rows = {pk: _term(term, has_categories) for pk, term in terms.items()}
    own = [pk for pk, term in terms.items() if term.taxonomy_id == breakout.taxonomy_id]
    started = breakout.starts_at if city_names else None
    return Discussion(
        number=breakout.order,
        question=writable(breakout.question),
        minutes=breakout.minutes,
        started_at=started and started.astimezone(zone).replace(microsecond=0),
        taxonomy=_taxonomy(breakout.taxonomy, [rows[pk] for pk in own]) if breakout.taxonomy else None,
        columns=tuple(columns.items()),
        tables=tuple(tables.get(breakout.pk, ())) if city_names else None,
        notes=NoteReader(notes, rows, list(columns), zone, city_names),
    )


def _term(term, has_categories):
    category = term.category
    return TermRow(
        code=term.code,
        text=writable(term.text),
        category=category.code if category else "",
        category_title=writable(category.title) if category else "",
        column=board.column_of(term, has_categories),
    )


def _taxonomy(taxonomy, terms):
    categories = tuple((category.code, writable(category.title)) for category in taxonomy.categories.all())
    return TaxonomyRow(taxonomy.code, writable(taxonomy.title), categories, tuple(terms))
