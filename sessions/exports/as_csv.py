"""CSV: one row a note."""

import csv
import io

from sessions.exports.columns import cells, columns
from sessions.exports.plain import defused


def write(notes, file):
    """Write the notes to a binary file: RFC 4180, UTF-8 with the byte order mark that spreadsheets ask for."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    rows = csv.writer(text)
    codes = [column.code for column in columns(notes)]
    rows.writerow(codes)
    for discussion in notes.discussions:
        for note in discussion.notes():
            values = cells(discussion, note)
            rows.writerow([_cell(values[code]) for code in codes])
    text.detach()


def _cell(value):
    """Return a value as it is read back: yes or no, ISO 8601, nothing for nothing; text never as a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return value
    return defused(value if isinstance(value, str) else value.isoformat())
