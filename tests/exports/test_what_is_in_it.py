"""Every format tells everything the database has, and nothing that is not for it."""

from datetime import datetime

import pytest

from sessions import exports
from sessions.exports import reading
from sessions.live import board
from sessions.models import Note
from tests.exports import opened, rooms


def test_csv_has_a_row_for_every_note(workshop):
    rows = opened.rows(exports.export(workshop, "csv", hidden=True))

    assert rows[0] == {
        "discussion": "1",
        "question": "What is in the way?",
        "table": "41",
        "city": "Riverton",
        "text": "Nobody owns the budget",
        "terms": "Agreeing; Trusting, also",
        "term_codes": "aims-term; trust-term",
        "categories": "Aims; Trust",
        "written_at": "2026-09-14T10:03:30+02:00",
        "edited_at": "",
        "late": "no",
        "starred": "yes",
        "hidden": "no",
        "from_desk": "no",
    }
    assert [row["text"] for row in rows] == ["Nobody owns the budget", "'=1+1 is two", "Insulting", "Two\nlines"]
    assert [row["late"] for row in rows] == ["no", "yes", "no", "no"]
    assert [row["hidden"] for row in rows] == ["no", "no", "yes", "no"]
    assert rows[3]["edited_at"] == "2026-09-14T10:07:30+02:00"
    assert rows[3]["from_desk"] == "yes"


def test_json_equals_the_database(workshop):
    found = opened.notes(exports.export(workshop, "json", hidden=True))

    kept = Note.objects.filter(deleted_at=None).order_by("breakout__order", "pk")
    assert [
        (n["text"], n["question"], n["city"], n["table"], n["late"], n["starred"], n["hidden"], n["from_desk"])
        for n in found
    ] == [(n.text, n.question, n.team.name, n.table.number, n.late, n.starred, n.hidden, n.from_desk) for n in kept]
    assert [{term["code"] for term in n["terms"]} for n in found] == [
        {term.code for term in n.terms.all()} for n in kept
    ]
    assert [datetime.fromisoformat(n["written_at"]) for n in found] == [
        n.created_at.replace(microsecond=0) for n in kept
    ]


def test_json_tells_the_session_its_tables_and_its_terms(workshop):
    found = opened.document(exports.export(workshop, "json"))

    assert found["session"]["title"] == "Leading Together"
    assert found["session"]["date"] == "2026-09-14"
    assert found["cities"] == ["O'Fallon – São João", "Riverton"]
    first = found["discussions"][0]
    assert first["tables"] == [{"number": 41, "cities": ["O'Fallon – São João", "Riverton"]}]
    assert first["started_at"] == "2026-09-14T10:00:30+02:00"
    assert [term["code"] for term in first["taxonomy"]["terms"]] == ["aims-term", "trust-term", "other"]
    assert first["taxonomy"]["categories"] == [{"code": "aims", "title": "Aims"}, {"code": "trust", "title": "Trust"}]
    counts = [item["counts"] for item in found["checklists"][0]["items"]]
    assert counts == [{"not-yet": 0, "partly": 1, "in-place": 0}, {"not-yet": 0, "partly": 0, "in-place": 0}]


def test_xlsx_has_the_same_notes_as_csv(workshop):
    content = exports.export(workshop, "xlsx", hidden=True)

    rows = opened.sheet(content, "Notes")
    assert [row["Note"] for row in rows] == ["Nobody owns the budget", "=1+1 is two", "Insulting", "Two\nlines"]
    assert [row["City team"] for row in rows] == ["Riverton"] + ["O'Fallon – São João"] * 3
    assert rows[0]["Written (Europe/Berlin)"] == datetime(2026, 9, 14, 10, 3, 30)  # noqa: DTZ001
    assert (rows[0]["Table"], rows[0]["Starred"], rows[0]["Late"]) == (41, "yes", None)
    assert [row["Notes"] for row in opened.sheet(content, "Discussions")] == [3, 1]
    assert opened.sheet(content, "Discussions")[0]["Tables"] == "Table 41: O'Fallon – São João · Riverton"
    assert opened.sheet(content, "Checklist")[0]["Partly: City teams"] == "Riverton"
    assert opened.book(content)["Notes"].freeze_panes == "A2"


@pytest.mark.parametrize("format", ["docx", "html"])
def test_a_document_tells_it_in_words(workshop, format):
    text = opened.words(exports.export(workshop, format, hidden=True))

    for said in [
        "Leading Together",
        "Sept. 14, 2026 · Old Library",
        "Discussion 1: What is in the way?",
        "Something else",
        "Nobody owns the budget",
        "starred",
        "late",
        "hidden from the board",
        "written at the desk",
        "asked as “What was in the way?”",
        "1: Riverton",
        "Adapted from a plan.",
    ]:
        assert said in text
    assert "Nobodyhere" not in text


def test_a_document_sorts_as_the_board_does(workshop):
    found = opened.paragraphs(exports.export(workshop, "docx"))

    start = found.index("Aims")
    about = "Riverton · Table 41 · 10:03 a.m. · Agreeing · Trusting, also · starred"
    assert found[start : start + 7] == [
        "Aims",
        "Nobody owns the budget",
        about,
        "Trust",
        "Nobody owns the budget",
        about,
        "Something else",
    ]


@pytest.mark.parametrize("hidden", [True, False])
def test_its_columns_are_the_boards(workshop, hidden):
    breakout = workshop.breakouts.get(order=1)
    team = workshop.teams.first()
    rooms.make_note(breakout, team, "Of two kinds", "other", "aims-term")
    rooms.make_note(breakout, team, "Of no kind")
    on_board = board.notes_of(breakout) if hidden else board.notes_of(breakout, hidden=False)

    found = reading.read(workshop, hidden=hidden).discussions[0].sorted_notes()

    assert [(title, [note.text for note in notes]) for title, notes in found] == [
        (column.title, [note.text for note in column.notes]) for column in board.columns(breakout.taxonomy, on_board)
    ]
