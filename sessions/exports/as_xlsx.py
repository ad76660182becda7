"""XLSX: one row a note to sort and filter, and the discussions, the checklists and the session beside it."""

import tempfile
from datetime import datetime

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from sessions.exports import wording
from sessions.exports.cells import Cells
from sessions.exports.columns import cells, columns
from sessions.exports.packing import repack
from sessions.models import Mark

YES = "yes"


def write(notes, file):
    """Write the workbook to a binary file; rows go to disk as they come."""
    book = Workbook(write_only=True)
    book.properties.creator = ""
    book.properties.title = notes.title
    counts = _notes(book, notes)
    _discussions(book, notes, counts)
    if notes.checklists:
        _checklists(book, notes)
    _session(book, notes)
    with tempfile.TemporaryFile() as stamped:
        book.save(stamped)
        repack(stamped, file, notes.date)


def _sheet(book, name, headings, widths):
    """Make a sheet whose first row stays in sight; returns its Cells."""
    sheet = book.create_sheet(name)
    for index, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    made = Cells(sheet)
    made.heading(headings)
    return made


def _notes(book, notes):
    """Write the notes; returns {discussion number: how many}."""
    shown, counts = columns(notes), {}
    rows = _sheet(book, "Notes", [_title(column, notes) for column in shown], [column.width for column in shown])
    for discussion in notes.discussions:
        counts[discussion.number] = 0
        for note in discussion.notes():
            counts[discussion.number] += 1
            values = cells(discussion, note)
            rows.row([_plain(values[column.code]) for column in shown])
    rows.filter()
    return counts


def _title(column, notes):
    """Return a column's heading; that of a time says whose time it is, because a cell cannot."""
    return f"{column.title} ({notes.time_zone})" if column.code.endswith("_at") else str(column.title)


def _plain(value):
    """Return what a cell holds: yes or nothing for what is so or not, a time without its zone."""
    if isinstance(value, bool):
        return YES if value else None
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def _discussions(book, notes, counts):
    headings = [_("Discussion"), _("Question"), _("Minutes"), _("Notes")]
    widths = [11, 50, 9, 8]
    if notes.city_names:
        headings += [f"{_('Started')} ({notes.time_zone})", _("Tables")]
        widths += [20, 70]
    rows = _sheet(book, "Discussions", headings, widths)
    for each in notes.discussions:
        values = [each.number, each.question, each.minutes, counts[each.number]]
        if notes.city_names:
            tables = "\n".join(f"{name}: {cities}" for name, cities in wording.tables(each))
            values += [_plain(each.started_at), tables]
        rows.row(values)


def _checklists(book, notes):
    labels = [str(label) for label in Mark.Value.labels]
    headings = [_("Checklist"), _("Place"), _("Code"), _("Item"), *labels]
    widths = [30, 24, 8, 60, 9, 9, 9]
    if notes.city_names:
        headings += [f"{label}: {_('City teams')}" for label in labels]
        widths += [40, 40, 40]
    rows = _sheet(book, "Checklist", headings, widths)
    for checklist in notes.checklists:
        for item in checklist.items:
            values = [checklist.title, item.place, item.code, item.text, *item.counts.values()]
            values += ["; ".join(names) for names in (item.cities or {}).values()]
            rows.row(values)


def _session(book, notes):
    rows = _sheet(book, "Session", [_("Session"), notes.title], [20, 90])
    rows.row([_("Date"), notes.date.isoformat() if notes.date else ""])
    rows.row([_("Place"), notes.place])
    rows.row([_("Time zone"), notes.time_zone])
    if notes.city_names:
        rows.row([_("City teams"), "\n".join(notes.cities)])
    rows.row([_("Source"), notes.attribution])
    rows.row([_("What it holds"), wording.what_it_is(notes)])
