"""No cell is ever a formula, whatever a city is called and whatever it writes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions import exports
from sessions.exports.plain import defused, is_like_formula
from tests.exports import opened, rooms

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"
BLANKS = ["", " ", "  ", "\t", "\n", "\r", "\r\n", "\u00a0", "\u3000", "\u200b", "\ufeff", "'", "''", " '"]
CORPUS = [f"{blank}{sign}1+1" for blank in BLANKS for sign in SIGNS] + [
    '=HYPERLINK("http://example.org","x")',
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "-2+3+cmd|' /C calc'!A0",
    "- a list",
    "+49 30 1234",
    "\tTab",
    "\rReturn",
    "{=1+1}",
    "#N/A",
    "#REF!",
    "=",
    "1e5",
    "TRUE",
    "0049",
    "_x0041_ is not A",
]


@pytest.fixture
def hostile(db):
    """A session whose every text begins like a formula."""
    workshop = rooms.make_workshop(title="=1+1")
    taxonomy = rooms.make_barriers()
    taxonomy.terms.update(text="=2+2")
    taxonomy.categories.update(title="+3")
    breakout = rooms.make_discussion(workshop, "@SUM(A1)", taxonomy)
    team = rooms.make_team(workshop, "=City()")
    rooms.make_table(breakout, 1, team)
    for text in CORPUS:
        rooms.make_note(breakout, team, text, "aims-term", "trust-term")
    rooms.make_marks(workshop, **{"=City()": "partly"})
    return workshop


@pytest.mark.parametrize("city_names", [True, False])
def test_no_cell_of_a_workbook_is_a_formula(hostile, city_names):
    content = exports.export(hostile, "xlsx", city_names=city_names)

    cells = [cell for sheet in opened.book(content) for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert "<f>" not in opened.everything(content)
    texts = [cell for cell in cells if cell.data_type == "s"]
    assert all(cell.quotePrefix for cell in texts if is_like_formula(cell.value))


def test_a_workbook_keeps_every_text_as_it_was_written(hostile):
    rows = opened.sheet(exports.export(hostile, "xlsx"), "Notes")

    # What a workbook calls _x005F_ is an underscore: spreadsheets read it so, openpyxl does not.
    assert rows[-1]["Note"] == "_x005F_x0041_ is not A"
    found = [row["Note"].replace("_x005F_", "_") for row in rows]
    assert found == [re.sub(r"\r\n?", "\n", text) for text in CORPUS]


@pytest.mark.parametrize("city_names", [True, False])
def test_no_cell_of_a_csv_begins_like_a_formula(hostile, city_names):
    rows = opened.rows(exports.export(hostile, "csv", city_names=city_names))

    assert len(rows) == len(CORPUS)
    for value in (value for row in rows for value in row.values()):
        assert value[:1] not in ("\t", "\r", "\n")
        assert value.lstrip()[:1] not in set(SIGNS)


@given(st.text(alphabet=st.sampled_from("'=+-@\t\n a\uff1d"), max_size=8))
def test_the_apostrophe_can_be_taken_off_again(text):
    shown = defused(text)

    assert (shown[1:] if shown.startswith("'") and is_like_formula(shown) else shown) == text


@pytest.mark.parametrize("text", ["", "a=b", "Riverton", "O'Fallon – São João", "'quoted'", "1+1", "(-1)", "– a dash"])
def test_what_is_no_formula_stays_as_it_is(text):
    assert defused(text) == text
