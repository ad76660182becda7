"""The session board: notes of one discussion, sorted into the columns of its taxonomy.

What may be read is decided here, for the wall, for phones and for the desk alike: as long as the discussion's
text is not out, everybody but the desk gets numbers only.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from sessions.models import Note

NOTES_PER_PAGE = 4
# Ten metres: what a page of the board shows of a note before it offers the rest on demand.
NOTE_START = 140


@dataclass
class Column:
    """One column: code ("" for all notes, "other" for those without a term), title, its place in the order.

    ids: of all its notes, oldest first; notes: those of them that are shown.
    """

    code: str
    title: str
    order: int
    notes: list = field(default_factory=list)
    terms: list = field(default_factory=list)
    ids: list = field(default_factory=list)

    @property
    def count(self):
        return len(self.ids)


def notes_of(breakout, **filters):
    """Return a discussion's notes that were not deleted, oldest first, with what a partial needs: three queries."""
    found = Note.objects.filter(breakout=breakout, deleted_at=None, **filters)
    return list(_with_all(found).order_by("pk"))


def _with_all(notes):
    return notes.select_related("team", "table").prefetch_related("terms__category")


def newest_of(breakout, most, **filters):
    """Return the newest notes of a discussion, newest first, at most so many."""
    return list(_with_all(breakout.notes.filter(deleted_at=None, **filters)).order_by("-pk")[:most])


def columns(taxonomy, notes):
    """Sort notes into columns; a note with terms of two columns stands in both, one without in "other"."""
    terms = [(note.pk, term.pk) for note in notes for term in note.terms.all()]
    found = _sorted(taxonomy, [note.pk for note in notes], terms)
    by_id = {note.pk: note for note in notes}
    for column in found:
        column.notes = [by_id[pk] for pk in column.ids]
    return found


def _sorted(taxonomy, ids, terms):
    """Return the columns with the ids of their notes. terms: (note id, term id) of these notes."""
    found, column_of_term = _empty_columns(taxonomy)
    codes = {}
    for note, term in terms:
        if term in column_of_term:
            codes.setdefault(note, set()).add(column_of_term[term])
    for note in ids:
        for code in codes.get(note, {"other"}):
            found[code].ids.append(note)
    return list(found.values())


def _empty_columns(taxonomy):
    """Return ({code: Column} with "other" last, {term id: code} of the terms that have a column of their own)."""
    if taxonomy is None:
        return {"other": Column("other", _("Notes"), 0)}, {}
    terms = list(taxonomy.terms.select_related("category").order_by("category__order", "order", "pk"))
    categories = list(taxonomy.categories.all())
    if categories:
        found = {c.code: Column(c.code, str(c.title), i) for i, c in enumerate(categories)}
        for term in terms:
            if term.category:
                found[term.category.code].terms.append(term)
    else:
        found = {t.code: Column(t.code, str(t.text), i, terms=[t]) for i, t in enumerate(terms)}
    # A taxonomy's own term "other" is the column of its kind, not a second one.
    other = found.pop("other", None) or Column("other", str(taxonomy.other) or _("Other"), 0)
    other.order = len(found)
    column_of_term = {term.pk: code for term in terms if (code := column_of(term, bool(categories))) in found}
    return {**found, "other": other}, column_of_term


def column_of(term, has_categories):
    """Return the code of the column a term stands in."""
    if has_categories:
        return term.category.code if term.category else "other"
    return term.code


@dataclass
class Board:
    """What the wall or a phone shows of one discussion's notes."""

    breakout: object
    text_is_out: bool
    columns: list
    total: int
    cities: int
    column: Column | None = None
    notes: list = field(default_factory=list)
    page: int = 1
    pages: int = 1
    note: object = None
    filtered_by: str = ""


def board(breakout, whole=False):
    """Return the Board of a discussion as everybody may see it, turned to what the desk chose.

    whole: with all notes of all columns, as phones read it. Otherwise only the few that are shown are read whole:
    the wall draws this many times a second while a room writes.
    """
    notes = Note.objects.filter(breakout=breakout, deleted_at=None, hidden=False)
    view, filtered = breakout.board_view, ""
    text_is_out = breakout.text_is_out
    if team := view.get("team"):
        notes = notes.filter(team_id=team)
        filtered = str(breakout.workshop.teams.filter(pk=team).first() or "")
    if table := view.get("table"):
        notes = notes.filter(table__number=table)
        filtered = _("Table %(number)d") % {"number": table}
    teams = dict(notes.order_by("pk").values_list("pk", "team_id"))
    terms = Note.terms.through.objects.filter(note__in=notes).values_list("note_id", "term_id")
    result = Board(
        breakout=breakout,
        text_is_out=text_is_out,
        columns=_sorted(breakout.taxonomy, list(teams), terms),
        total=len(teams),
        cities=len(set(teams.values())),
        filtered_by=filtered if text_is_out else "",
    )
    # Columns know the ids of their notes. The texts are only read where everybody may read them.
    if text_is_out:
        _turn(result, notes, list(teams), whole)
    return result


def _turn(result, notes, ids, whole):
    """Show what the desk chose: one note, a page of a column or of what it filtered by."""

    def read(some):
        return list(_with_all(notes.filter(pk__in=some)).order_by("pk")) if some else []

    view = result.breakout.board_view
    result.note = next(iter(read([pk for pk in ids if pk == view.get("note")])), None)
    result.column = next((c for c in result.columns if c.code == view.get("column")), None)
    if result.column is None and result.filtered_by:
        result.column = Column("", result.filtered_by, 0, ids=ids)
    if result.column is not None:
        result.notes = read(_turn_to(result, view.get("page", 1)))
    if whole:
        by_id = {note.pk: note for note in read(ids)}
        for column in result.columns:
            column.notes = [by_id[pk] for pk in column.ids if pk in by_id]


def _turn_to(result, page):
    """Turn to a page of the chosen column; returns the ids of its notes."""
    everything = result.column.ids
    result.pages = max(1, -(-len(everything) // NOTES_PER_PAGE))
    result.page = min(max(1, page), result.pages)
    start = (result.page - 1) * NOTES_PER_PAGE
    return everything[start : start + NOTES_PER_PAGE]
