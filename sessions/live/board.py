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
    """One column: code ("" for all notes, "other" for those without a term), title, its place in the order, notes."""

    code: str
    title: str
    order: int
    notes: list = field(default_factory=list)
    terms: list = field(default_factory=list)

    @property
    def count(self):
        return len(self.notes)


def notes_of(breakout, **filters):
    """Return a discussion's notes that were not deleted, oldest first, with what a partial needs: three queries."""
    found = Note.objects.filter(breakout=breakout, deleted_at=None, **filters)
    return list(_with_all(found).order_by("pk"))


def _with_all(notes):
    return notes.select_related("team", "table").prefetch_related("terms__category")


def newest_of(breakout, most):
    """Return the newest notes of a discussion, newest first, at most so many."""
    return list(_with_all(breakout.notes.filter(deleted_at=None)).order_by("-pk")[:most])


def note_of(breakout, pk):
    """Return a note (its id) of a discussion, or None when it is not there (any more)."""
    return _with_all(breakout.notes.filter(deleted_at=None, pk=pk)).first()


def columns(taxonomy, notes):
    """Sort notes into columns; a note with terms of two columns stands in both, one without in "other"."""
    if taxonomy is None:
        return [Column("other", _("Notes"), 0, list(notes))]
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
    for note in notes:
        codes = {column_of(term, bool(categories)) for term in note.terms.all()}
        for code in codes & set(found):
            found[code].notes.append(note)
        if not codes & set(found):
            other.notes.append(note)
    return [*found.values(), other]


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


def board(breakout):
    """Return the Board of a discussion as everybody may see it, turned to what the desk chose."""
    notes = notes_of(breakout, hidden=False)
    view = breakout.board_view
    filtered = ""
    if team := view.get("team"):
        notes = [note for note in notes if note.team_id == team]
        filtered = str(breakout.workshop.teams.filter(pk=team).first() or "")
    if table := view.get("table"):
        notes = [note for note in notes if note.table and note.table.number == table]
        filtered = _("Table %(number)d") % {"number": table}
    sorted_notes = columns(breakout.taxonomy, notes)
    result = Board(
        breakout=breakout,
        text_is_out=breakout.text_is_out,
        columns=sorted_notes,
        total=len(notes),
        cities=len({note.team_id for note in notes}),
        filtered_by=filtered,
    )
    if not breakout.text_is_out:
        _numbers_only(result)
        return result
    result.note = next((note for note in notes if note.pk == view.get("note")), None)
    result.column = next((c for c in sorted_notes if c.code == view.get("column")), None)
    if result.column is None and filtered:
        result.column = Column("", filtered, 0, notes)
    if result.column is not None:
        _turn_to(result, view.get("page", 1))
    return result


def _turn_to(result, page):
    everything = result.column.notes
    result.pages = max(1, -(-len(everything) // NOTES_PER_PAGE))
    result.page = min(max(1, page), result.pages)
    start = (result.page - 1) * NOTES_PER_PAGE
    result.notes = everything[start : start + NOTES_PER_PAGE]


@dataclass(frozen=True)
class Count:
    """A column of which only the number may be told."""

    code: str
    title: str
    order: int
    count: int
    notes: tuple = ()
    terms: tuple = ()


def _numbers_only(result):
    """Leave no text in what is rendered, so that no template can show it by mistake."""
    result.columns = [Count(c.code, c.title, c.order, c.count) for c in result.columns]
    result.filtered_by = ""
