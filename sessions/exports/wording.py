"""What the documents for people say beside what people wrote: DOCX and the page to print say the same."""

from dataclasses import dataclass

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from sessions.models import Mark


@dataclass(frozen=True)
class NoteToRead:
    """A note as a person reads it: its text, and what is to know about it, part by part."""

    text: str
    about: list[str]


def note_to_read(note, discussion):
    """Return the NoteToRead. Marks are words: a star or a colour is lost on paper and on a screen reader."""
    about = [note.city] if note.city else []
    if note.table:
        about.append(_("Table %(number)d") % {"number": note.table})
    if note.written_at:
        about.append(time_format(note.written_at.time(), "TIME_FORMAT"))
    if discussion.taxonomy and discussion.taxonomy.categories:
        about += [term.text for term in note.terms]
    about += _marks(note)
    if note.question != discussion.question:
        about.append(_("asked as “%(question)s”") % {"question": note.question})
    return NoteToRead(note.text, about)


def _marks(note):
    words = {
        pgettext("a note", "starred"): note.starred,
        pgettext("a note", "late"): note.late,
        pgettext("a note", "changed later"): note.edited_at,
        pgettext("a note", "hidden from the board"): note.hidden,
        pgettext("a note", "written at the desk"): note.from_desk,
    }
    return [word for word, is_so in words.items() if is_so]


def when_and_where(notes):
    """Return the line below the title, maybe empty."""
    day = date_format(notes.date, "DATE_FORMAT") if notes.date else ""
    return " · ".join(part for part in (day, notes.place) if part)


def what_it_is(notes):
    """Return the sentences that say what was left out and what came along."""
    said = [] if notes.city_names else [_("City names, tables and times are left out.")]
    if notes.hidden:
        said.append(_("Notes that were hidden from the board are included."))
    return " ".join(said)


def heading(discussion):
    """Return what a discussion is called."""
    return _("Discussion %(number)d") % {"number": discussion.number}


def when_held(discussion):
    """Return when it began and how long it was planned; without a time, how long."""
    minutes = ngettext("%(count)d minute", "%(count)d minutes", discussion.minutes) % {"count": discussion.minutes}
    if not discussion.started_at:
        return minutes
    return f"{time_format(discussion.started_at.time(), 'TIME_FORMAT')} · {minutes}"


def tables(discussion):
    """Return (name, cities) of each table."""
    return [(_("Table %(number)d") % {"number": t.number}, " · ".join(t.cities)) for t in discussion.tables or ()]


def checklist_headings():
    """Return the headings of a checklist's table."""
    return [_("Place"), _("Item"), *(str(label) for label in Mark.Value.labels)]


def checklist_row(item):
    """Return the cells of an item's row: for each mark how many cities, and which."""
    return [item.place, item.text, *(_marked(item, value) for value in Mark.Value.values)]


def _marked(item, value):
    count = str(item.counts[value])
    cities = item.cities and item.cities[value]
    return f"{count}: {' · '.join(cities)}" if cities else count
