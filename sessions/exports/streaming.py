"""Reads the notes of one discussion one by one, so that a hundred thousand take no more memory than a few."""

from dataclasses import dataclass
from itertools import groupby

from sessions.exports.notes import NoteRow, TermRow
from sessions.exports.plain import writable
from sessions.models import Note

# Rows the database hands over at a time.
CHUNK = 500

_FIELDS = [
    "pk",
    "question",
    "table__number",
    "team__name",
    "text",
    "created_at",
    "edited_at",
    "late",
    "starred",
    "hidden",
    "from_desk",
]


@dataclass(frozen=True)
class NoteReader:
    """Called, it reads a discussion's notes: two queries, whatever their number.

    notes: the query set to read. terms: {id: TermRow}, in their order. columns: the codes of the board's columns,
    in their order. city_names: whether to tell what would tell an author.
    """

    notes: object
    terms: dict[int, TermRow]
    columns: list[str]
    zone: object
    city_names: bool

    def __call__(self):
        """Return an iterator of NoteRow: as they were written, or without city names in an order that tells nothing."""
        if self.city_names:
            return self._rows()
        return iter(sorted(self._rows(), key=self._what_is_seen))

    def _rows(self):
        places = {pk: place for place, pk in enumerate(self.terms)}
        for note, pks in self._notes_and_terms():
            known = sorted((pk for pk in pks if pk in places), key=places.get)
            yield self._row(note, tuple(self.terms[pk] for pk in known))

    def _notes_and_terms(self):
        """Walk down notes and their terms side by side, both in the order of the notes' ids."""
        notes = self.notes.order_by("pk").values_list(*_FIELDS, named=True).iterator(CHUNK)
        tags = Note.terms.through.objects.filter(note__in=self.notes.order_by())
        tags = tags.order_by("note_id").values_list("note_id", "term_id").iterator(CHUNK)
        groups = groupby(tags, key=lambda tag: tag[0])
        pk, group = next(groups, (None, ()))
        for note in notes:
            # A note that was deleted between the two queries has tags here and nowhere else.
            while pk is not None and pk < note.pk:
                pk, group = next(groups, (None, ()))
            yield note, [term for _pk, term in group] if pk == note.pk else []

    def _row(self, note, terms):
        told = self.city_names
        return NoteRow(
            question=writable(note.question),
            table=note.table__number if told else None,
            city=writable(note.team__name) if told else None,
            text=writable(note.text),
            terms=terms,
            written_at=self._local(note.created_at) if told else None,
            edited_at=self._local(note.edited_at) if told and note.edited_at else None,
            late=note.late,
            starred=note.starred,
            hidden=note.hidden,
            from_desk=note.from_desk if told else None,
        )

    def _local(self, moment):
        return moment.astimezone(self.zone).replace(microsecond=0)

    def _what_is_seen(self, row):
        """Sort by what the file shows anyway, board column first: that two notes stand together tells nothing."""
        columns = sorted(self.columns.index(term.column) for term in row.terms if term.column in self.columns)
        codes = [term.code for term in row.terms]
        return columns or [len(self.columns)], row.text, row.question, codes, row.late, row.starred, row.hidden
