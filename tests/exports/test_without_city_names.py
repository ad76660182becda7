"""Without city names, nothing in a file tells who wrote what."""

import re

import pytest

from sessions import exports
from tests.exports import opened, rooms


def anonymous(workshop, format):
    return exports.export(workshop, format, city_names=False, hidden=True)


def test_no_byte_of_it_names_a_city(workshop, format):
    text = opened.everything(anonymous(workshop, format))

    for name in ["Riverton", "Fallon", "São João", "Nobodyhere"]:
        assert name not in text
    assert "Nobody owns the budget" in text


def test_no_table_is_in_it(workshop, format):
    text = opened.words(anonymous(workshop, format))

    assert not re.search(r"\b4[12]\b", text)
    assert not re.search(r"[Tt]able \d", text)


def test_no_time_is_in_it(workshop, format):
    text = opened.everything(anonymous(workshop, format)).replace("T00:00:00Z", "")

    # Fonts, colours and page sizes of Office files are full of digits: look for what a time looks like.
    assert not re.search(r"\b([01]?\d|2[0-3]):[0-5]\d\b", text)
    assert not re.search(r"written_at|edited_at|started_at|Written|a\.m\.", text)


@pytest.mark.parametrize("format", ["csv", "json"])
def test_whether_it_was_typed_at_the_desk_is_not_in_it(workshop, format):
    assert "from_desk" not in opened.everything(anonymous(workshop, format))


def test_csv_has_fewer_columns(workshop):
    first = opened.rows(anonymous(workshop, "csv"))[0]

    assert list(first) == [
        "discussion",
        "question",
        "text",
        "terms",
        "term_codes",
        "categories",
        "late",
        "starred",
        "hidden",
    ]


def test_notes_are_sorted_by_column_and_text_and_not_by_city(db):
    workshop = rooms.make_workshop()
    one, two = rooms.make_team(workshop, "Riverton"), rooms.make_team(workshop, "Lakeview")
    breakout = rooms.make_discussion(workshop, taxonomy=rooms.make_barriers())
    rooms.make_note(breakout, one, "b", "trust-term")
    rooms.make_note(breakout, one, "d")
    rooms.make_note(breakout, one, "c", "aims-term")
    rooms.make_note(breakout, two, "a", "trust-term")
    rooms.make_note(breakout, two, "a", "aims-term")

    found = opened.notes(anonymous(workshop, "json"))

    assert [(n["text"], [t["code"] for t in n["terms"]]) for n in found] == [
        ("a", ["aims-term"]),
        ("c", ["aims-term"]),
        ("a", ["trust-term"]),
        ("b", ["trust-term"]),
        ("d", []),
    ]


def test_who_wrote_what_does_not_change_a_byte(workshop, format):
    """The strongest form of it: swap the authors, their tables and the order in time, and nothing differs."""
    before = anonymous(workshop, format)
    riverton, fallon = workshop.teams.get(name="Riverton"), workshop.teams.get(name__contains="Fallon")
    notes = list(workshop.notes.filter(breakout__order=1, deleted_at=None).order_by("pk"))
    said = [(n.text, n.question, n.late, n.starred, n.hidden, list(n.terms.all())) for n in notes]
    for note, (text, question, late, starred, hidden, terms) in zip(notes, reversed(said), strict=True):
        note.text, note.question, note.late, note.starred, note.hidden = text, question, late, starred, hidden
        note.team = fallon if note.team == riverton else riverton
        note.from_desk, note.edited_at, note.table = not note.from_desk, rooms.TEN, None
        note.save()
        note.terms.set(terms)

    assert anonymous(workshop, format) == before


def test_marks_are_counted_and_not_named(workshop):
    item = opened.document(anonymous(workshop, "json"))["checklists"][0]["items"][0]

    assert item["counts"] == {"not-yet": 0, "partly": 1, "in-place": 0}
    assert "cities" not in item
    assert opened.sheet(anonymous(workshop, "xlsx"), "Checklist")[0] == {
        "Checklist": "Strategic triangle",
        "Place": "Collaborative team",
        "Code": "T01",
        "Item": "Build trust",
        "Not yet": 0,
        "Partly": 1,
        "In place": 0,
    }


def test_a_document_says_that_it_was_left_out(workshop):
    assert "City names, tables and times are left out." in opened.words(anonymous(workshop, "docx"))
