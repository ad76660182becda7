"""What people and their phones write: it arrives as written, and nothing breaks the file."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessions import exports
from sessions.exports.plain import is_right_to_left, writable
from tests.exports import opened, rooms

TEXTS = [
    "O'Fallon – São João",
    "ميزانية المدينة ليست واضحة",
    "העיר לא מסכימה",
    "👩🏽‍🚒 and 🏴󠁧󠁢󠁥󠁮󠁧󠁿 and 🇧🇷",
    "x" * 1000,
    "é" * 1000,
    "First line\nsecond line\n\nlast line",
    'He said "no", twice; and a comma, too',
    "<script>alert(1)</script>",
    "{{ 7 }} {% now 'Y' %} ${7}",
    "&lt;b&gt; &amp; ]]> <!-- -->",
    "\\n \\u0041 \\",
]


def written(*texts):
    workshop = rooms.make_workshop()
    breakout, team = rooms.make_discussion(workshop), rooms.make_team(workshop, "Riverton")
    for text in texts:
        rooms.make_note(breakout, team, text)
    return workshop


def test_it_arrives_as_written_in_every_format(db):
    workshop = written(*TEXTS)

    assert [row["text"] for row in opened.rows(exports.export(workshop, "csv"))] == TEXTS
    assert [note["text"] for note in opened.notes(exports.export(workshop, "json"))] == TEXTS
    assert [row["Note"] for row in opened.sheet(exports.export(workshop, "xlsx"), "Notes")] == TEXTS
    assert [p for p in opened.paragraphs(exports.export(workshop, "docx")) if p in TEXTS] == TEXTS


def test_csv_begins_with_a_byte_order_mark_and_ends_lines_as_the_standard_says(db):
    content = exports.export(written("One\nTwo"), "csv")

    assert content.startswith(b"\xef\xbb\xbfdiscussion,question,table,city,text,")
    assert content.count(b"\xef\xbb\xbf") == 1
    assert b'"One\nTwo"' in content
    assert content.count(b"\r\n") == 2


def test_a_page_to_print_shows_markup_and_does_not_obey_it(db):
    page = exports.export(written("<script>alert(1)</script>", "<img src=x onerror=alert(1)>"), "html").decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page
    assert "<img" not in page


def test_a_page_to_print_asks_no_network(db):
    page = exports.export(written("Nothing"), "html").decode()

    for request in ["http://", "https://", "url(", "@import", "<link", " src="]:
        assert request not in page


@pytest.mark.parametrize("unwritable", ["\x00", "\x0b", "\x1f", "\x7f", "\ud800", "\ufffe", "\uffff"])
def test_a_character_that_no_file_can_hold_costs_one_character(db, format, unwritable, monkeypatch):
    workshop = written("Before")
    # No database takes it from us, so it is put in where the row was read.
    monkeypatch.setattr("sessions.exports.streaming.writable", lambda text: writable(f"{text}{unwritable}after"))

    assert "Before\ufffdafter" in opened.everything(exports.export(workshop, format))


@given(st.text(alphabet=st.characters(codec=None), max_size=60))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_title_breaks_a_file(workshop, text):
    workshop.title = text
    for format in rooms.FORMATS:
        content = exports.export(workshop, format)
        assert opened.everything(content)
        assert exports.filename(workshop, format).isascii()


def test_text_that_runs_from_right_to_left_does_so_in_a_document(db):
    content = opened.everything(exports.export(written("ميزانية"), "docx"))

    assert "<w:bidi/>" in content
    assert is_right_to_left("1. שלום")
    assert not is_right_to_left("Riverton שלום")
    assert not is_right_to_left("123")
