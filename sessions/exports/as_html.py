"""A page to print: one file that opens in any browser and asks no network for anything."""

import shutil
import tempfile
from contextlib import ExitStack

from django.template.loader import get_template, render_to_string

from sessions.exports import wording

# Stands in the page where the notes of a column belong. No text holds it: plain.writable takes it out.
_HERE = "\0"


def write(notes, file):
    """Write the page to a binary file, in the active language. Notes wait on disk until their column is written."""
    with ExitStack() as files:
        columns = [_columns(discussion, files) for discussion in notes.discussions]
        page = {
            "notes": notes,
            "when_and_where": wording.when_and_where(notes),
            "what_it_is": wording.what_it_is(notes),
            "discussions": [
                _discussion(discussion, found) for discussion, found in zip(notes.discussions, columns, strict=True)
            ],
            "checklist_headings": wording.checklist_headings(),
            "checklists": [
                {"title": checklist.title, "rows": [wording.checklist_row(item) for item in checklist.items]}
                for checklist in notes.checklists
            ],
        }
        start, *rest = render_to_string("exports/notes.html", page).split(_HERE)
        file.write(start.encode())
        waiting = [column for found in columns for _title, column in found]
        for column, text in zip(waiting, rest, strict=True):
            column.seek(0)
            shutil.copyfileobj(column, file)
            file.write(text.encode())


def _columns(discussion, files):
    """Return (title, file with its notes) of each column that has some."""
    template = get_template("exports/_note.html")
    found = {}
    for note in discussion.notes():
        html = template.render({"note": wording.note_to_read(note, discussion)}).encode()
        for code in discussion.columns_of(note):
            if code not in found:
                found[code] = files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
            found[code].write(html)
    return [(title, found[code]) for code, title in discussion.columns if code in found]


def _discussion(discussion, columns):
    return {
        "heading": wording.heading(discussion),
        "question": discussion.question,
        "when": wording.when_held(discussion),
        "tables": wording.tables(discussion),
        "columns": [(title, _HERE) for title, _notes in columns],
    }
