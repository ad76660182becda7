"""A page to print: one file that opens in any browser and asks no network for anything."""

from django.template.loader import render_to_string

from sessions.exports import wording


def write(notes, file):
    """Write the page to a binary file, in the active language."""
    page = {
        "notes": notes,
        "when_and_where": wording.when_and_where(notes),
        "what_it_is": wording.what_it_is(notes),
        "discussions": [_discussion(discussion) for discussion in notes.discussions],
        "checklist_headings": wording.checklist_headings(),
        "checklists": [
            {"title": checklist.title, "rows": [wording.checklist_row(item) for item in checklist.items]}
            for checklist in notes.checklists
        ],
    }
    file.write(render_to_string("exports/notes.html", page).encode())


def _discussion(discussion):
    return {
        "heading": wording.heading(discussion),
        "question": discussion.question,
        "when": wording.when_held(discussion),
        "tables": wording.tables(discussion),
        "columns": [
            (title, [wording.note_to_read(note, discussion) for note in found])
            for title, found in discussion.sorted_notes()
        ],
    }
