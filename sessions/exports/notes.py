"""The session notes as every format writes them: plain text and numbers, no rows of the database.

What is None was left out ("without city names"): a writer cannot tell what it was not given.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term with its category (code and title, "" without one) and the board's column it stands in."""

    code: str
    text: str
    category: str
    category_title: str
    column: str


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note. question: as it was asked. Times are aware, in the session's time zone, to the second."""

    question: str
    table: int | None
    city: str | None
    text: str
    terms: tuple[TermRow, ...]
    written_at: datetime | None
    edited_at: datetime | None
    late: bool
    starred: bool
    hidden: bool
    from_desk: bool | None

    @property
    def categories(self):
        """The titles of its terms' categories, each once."""
        return tuple(dict.fromkeys(term.category_title for term in self.terms if term.category))


@dataclass(frozen=True)
class TaxonomyRow:
    """The set of terms of a discussion. categories: (code, title) pairs."""

    code: str
    title: str
    categories: tuple[tuple[str, str], ...]
    terms: tuple[TermRow, ...]


@dataclass(frozen=True)
class TableRow:
    """A table, and the cities that sat at it."""

    number: int
    cities: tuple[str, ...]


@dataclass(frozen=True)
class Discussion:
    """A small-group discussion. columns: the board's, (code, title) pairs, "other" last.

    `notes()` reads its notes anew each time, one by one.
    """

    number: int
    question: str
    minutes: int
    started_at: datetime | None
    taxonomy: TaxonomyRow | None
    columns: tuple[tuple[str, str], ...]
    tables: tuple[TableRow, ...] | None
    notes: Callable[[], Iterator[NoteRow]] = field(repr=False)

    def sorted_notes(self):
        """Return (column title, notes) pairs as on the board, without empty columns: a note may stand in two."""
        found = {code: [] for code, _title in self.columns}
        for note in self.notes():
            for code in self.columns_of(note):
                found[code].append(note)
        return [(title, found[code]) for code, title in self.columns if found[code]]

    def columns_of(self, note):
        """Return the codes of the columns a note stands in: those of its terms, or if there are none "other"."""
        codes = {term.column for term in note.terms} - {"other"}
        return [code for code, _title in self.columns if code in codes] or ["other"]


@dataclass(frozen=True)
class ItemRow:
    """A line of a checklist. counts: number of cities by mark; cities: their names by mark, or None."""

    code: str
    text: str
    place: str
    counts: dict[str, int]
    cities: dict[str, tuple[str, ...]] | None


@dataclass(frozen=True)
class ChecklistRow:
    """A checklist that cities marked."""

    code: str
    title: str
    items: tuple[ItemRow, ...]


@dataclass(frozen=True)
class SessionNotes:
    """Everything an export tells of a session. cities: those that took part, or None."""

    title: str
    date: date | None
    place: str
    time_zone: str
    language: str
    attribution: str
    city_names: bool
    hidden: bool
    cities: tuple[str, ...] | None
    discussions: tuple[Discussion, ...]
    checklists: tuple[ChecklistRow, ...]
