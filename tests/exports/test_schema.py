"""Every JSON export keeps to the published schema."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from sessions import exports
from tests.exports import opened, rooms

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "session-notes.schema.json").read_text(encoding="utf-8"))


def problems(content):
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(opened.document(content))]


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("city_names", [True, False])
@pytest.mark.parametrize("hidden", [True, False])
def test_every_export_keeps_to_it(workshop, city_names, hidden):
    assert problems(exports.export(workshop, "json", city_names=city_names, hidden=hidden)) == []


@pytest.mark.parametrize("city_names", [True, False])
def test_an_empty_session_keeps_to_it(db, city_names):
    workshop = rooms.make_workshop(date=None)
    rooms.make_discussion(workshop, tables_shown_at=None, starts_at=None, ends_at=None)

    assert problems(exports.export(workshop, "json", city_names=city_names)) == []


@pytest.mark.parametrize("key", ["city", "table", "written_at", "edited_at", "from_desk"])
def test_the_schema_notices_a_city_where_there_should_be_none(workshop, key):
    named = opened.document(exports.export(workshop, "json"))
    nameless = opened.document(exports.export(workshop, "json", city_names=False))
    note = opened.notes(exports.export(workshop, "json"))[0]

    nameless["discussions"][0]["notes"][0][key] = note[key]
    del named["discussions"][0]["notes"][0][key]

    validator = Draft202012Validator(SCHEMA)
    assert not validator.is_valid(nameless)
    assert not validator.is_valid(named)


def test_the_schema_knows_which_it_is(workshop):
    assert opened.document(exports.export(workshop, "json"))["schema"] == SCHEMA["$id"]
