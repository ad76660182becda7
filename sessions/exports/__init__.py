"""The session notes as files: workshop in, bytes out.

The same data gives the same bytes, whenever and from wherever: nothing in a file comes from the clock. So a file
that was handed out can be made again after the session, and the desk's and the command's are one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO

from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from sessions.exports import as_csv, as_docx, as_html, as_json, as_xlsx, reading


@dataclass(frozen=True)
class Format:
    """A kind of file. writer: takes the SessionNotes and a binary file, and fills it."""

    code: str
    title: str | Promise
    content_type: str
    extension: str
    description: str | Promise
    writer: Callable = field(repr=False)


_OFFICE = "application/vnd.openxmlformats-officedocument"

FORMATS = {
    each.code: each
    for each in [
        Format("csv", _("CSV"), "text/csv; charset=utf-8", "csv", _("One row a note, for any program."), as_csv.write),
        Format("json", _("JSON"), "application/json", "json", _("For programs, with a schema."), as_json.write),
        Format(
            "xlsx",
            _("Excel"),
            f"{_OFFICE}.spreadsheetml.sheet",
            "xlsx",
            _("One row a note, and the discussions, to sort and filter."),
            as_xlsx.write,
        ),
        Format(
            "docx",
            _("Word"),
            f"{_OFFICE}.wordprocessingml.document",
            "docx",
            _("To read and to edit: question by question, sorted as on the board."),
            as_docx.write,
        ),
        Format(
            "html",
            _("Page to print"),
            "text/html; charset=utf-8",
            "html",
            _("To read and to print; opens in any browser, without a network."),
            as_html.write,
        ),
    ]
}


def write(file, workshop, format, *, city_names=True, hidden=False):
    """Write the session notes to a binary file; as CSV or JSON never more than a few hundred notes are in memory.

    format: a code of FORMATS. hidden: whether notes that were taken off the board come too. Without city names
    the notes lose whatever tells their author, and are sorted so that their order does not either: for that, one
    discussion at a time is read whole. Headings are in the session's language.
    """
    with translation.override(workshop.language):
        FORMATS[format].writer(reading.read(workshop, city_names=city_names, hidden=hidden), file)


def export(workshop, format, *, city_names=True, hidden=False):
    """Return the file's bytes; see write."""
    file = BytesIO()
    write(file, workshop, format, city_names=city_names, hidden=hidden)
    return file.getvalue()


def filename(workshop, format, *, city_names=True):
    """Return the name the file is saved under: ASCII, without spaces, the same for the same session.

    A file without city names says so, so that the two are not taken for each other later.
    """
    date = workshop.date.isoformat() if workshop.date else ""
    title = slugify(workshop.title)[:60].strip("-")
    name = "-".join(part for part in ("academy-notes", date, title, "" if city_names else "without-city-names") if part)
    return f"{name}.{FORMATS[format].extension}"
