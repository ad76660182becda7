"""The columns of a note in a table: CSV and XLSX have the same."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SEPARATOR = "; "


@dataclass(frozen=True)
class Column:
    """A column. code: its name in CSV, the same for ever. width: in characters. tells: whether it tells an author."""

    code: str
    title: str | Promise
    width: int
    tells: bool = False


COLUMNS = [
    Column("discussion", _("Discussion"), 11),
    Column("question", _("Question as asked"), 30),
    Column("table", _("Table"), 8, tells=True),
    Column("city", _("City team"), 24, tells=True),
    Column("text", _("Note"), 70),
    Column("terms", _("Terms"), 36),
    Column("term_codes", _("Term codes"), 28),
    Column("categories", _("Categories"), 20),
    Column("written_at", _("Written"), 20, tells=True),
    Column("edited_at", _("Changed"), 20, tells=True),
    Column("late", pgettext_lazy("a note", "Late"), 8),
    Column("starred", pgettext_lazy("a note", "Starred"), 8),
    Column("hidden", pgettext_lazy("a note", "Hidden"), 8),
    Column("from_desk", _("From the desk"), 8, tells=True),
]


def columns(notes):
    """Return the columns of these SessionNotes."""
    return [column for column in COLUMNS if notes.city_names or not column.tells]


def cells(discussion, note):
    """Return {column code: value} of a note: str, int, bool, aware datetime or None."""
    return {
        "discussion": discussion.number,
        "question": note.question,
        "table": note.table,
        "city": note.city,
        "text": note.text,
        "terms": SEPARATOR.join(term.text for term in note.terms),
        "term_codes": SEPARATOR.join(term.code for term in note.terms),
        "categories": SEPARATOR.join(note.categories),
        "written_at": note.written_at,
        "edited_at": note.edited_at,
        "late": note.late,
        "starred": note.starred,
        "hidden": note.hidden,
        "from_desk": note.from_desk,
    }
