"""The same data gives the same bytes: today, next year, from the desk's function and from the command."""

import io
import time
import zipfile
from datetime import timedelta

import pytest
from django.utils import translation

from academy import clock
from sessions import exports


@pytest.fixture
def years_later():
    clock.shift(timedelta(days=4000))
    yield
    clock.shift(None)


def test_twice_the_same(workshop, format):
    assert exports.export(workshop, format) == exports.export(workshop, format)


def test_the_same_in_years_to_come(workshop, format, monkeypatch, request):
    before = exports.export(workshop, format)
    request.getfixturevalue("years_later")
    later = time.time() + 10**8
    monkeypatch.setattr("time.time", lambda: later)

    assert exports.export(workshop, format) == before


def test_the_same_whatever_the_language_of_whoever_asks(workshop, format):
    before = exports.export(workshop, format)

    with translation.override("de"):
        assert exports.export(workshop, format) == before


@pytest.mark.parametrize("format", ["xlsx", "docx"])
def test_office_files_carry_no_moment_of_writing(workshop, format):
    with zipfile.ZipFile(io.BytesIO(exports.export(workshop, format))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        properties = archive.read("docProps/core.xml").decode()

    assert properties.count(">2026-09-14T00:00:00Z<") == 2


def test_something_written_later_changes_it(workshop, format):
    before = exports.export(workshop, format)
    workshop.notes.filter(starred=True).update(text="Somebody owns it now")

    assert exports.export(workshop, format) != before
