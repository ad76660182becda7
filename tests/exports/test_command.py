"""manage.py export_notes: the same bytes as the desk, for whoever runs the server."""

import io
import sys

import pytest
from django.core.management import CommandError, call_command

from sessions import exports


def run(*arguments):
    said = io.StringIO()
    call_command("export_notes", *arguments, stdout=said)
    return said.getvalue()


@pytest.mark.parametrize("options", [{}, {"city_names": False}, {"hidden": True}])
def test_it_writes_the_bytes_of_the_desk(workshop, format, tmp_path, options):
    flags = ["--without-city-names"] * ("city_names" in options) + ["--with-hidden"] * ("hidden" in options)
    path = tmp_path / "notes"

    said = run(workshop.code, "--format", format, "--output", str(path), *flags)

    assert path.read_bytes() == exports.export(workshop, format, **options)
    assert str(path.stat().st_size) in said


def test_it_finds_a_session_by_its_code_however_it_is_spelled(workshop, tmp_path):
    workshop.code = "AB01CD"
    workshop.save()

    for typed in ["ab01cd", "AB0-1CD", " abolcd ", workshop.slug]:
        run(typed, "--format", "csv", "--output", str(tmp_path / "notes.csv"))

    assert workshop.exports_taken.count() == 4


def test_it_remembers_that_an_export_was_taken(workshop, tmp_path):
    run(workshop.code, "--format", "json", "--output", str(tmp_path / "n"), "--without-city-names", "--with-hidden")

    taken = workshop.exports_taken.get()
    assert (taken.by, taken.format, taken.options) == (None, "json", "without-city-names with-hidden")


def test_it_writes_to_standard_output_and_nothing_else_there(workshop, monkeypatch):
    out = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", out)

    call_command("export_notes", workshop.code, "--format", "xlsx", "--output", "-")

    assert out.buffer.getvalue() == exports.export(workshop, "xlsx")


def test_it_says_that_there_is_no_such_session(workshop, tmp_path):
    with pytest.raises(CommandError, match="There is no session with the code “ZZZZZZ”"):
        run("ZZZZZZ", "--format", "csv", "--output", str(tmp_path / "notes.csv"))


def test_it_says_that_a_file_cannot_be_written_and_remembers_nothing(workshop, tmp_path):
    with pytest.raises(CommandError, match=r"cannot be written \(No such file or directory\)"):
        run(workshop.code, "--format", "csv", "--output", str(tmp_path / "missing" / "notes.csv"))

    assert not workshop.exports_taken.exists()


def test_an_export_that_fails_spoils_no_old_file(workshop, tmp_path, monkeypatch):
    path = tmp_path / "notes.csv"
    path.write_text("yesterday's")
    monkeypatch.setattr("sessions.exports.streaming.NoteReader.__call__", lambda self: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        run(workshop.code, "--format", "csv", "--output", str(path))

    assert path.read_text() == "yesterday's"


def test_it_says_that_standard_output_is_gone(workshop, monkeypatch):
    class Full(io.RawIOBase):
        def writable(self):
            return True

        def write(self, _content):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BufferedWriter(Full())))

    with pytest.raises(CommandError, match="Standard output cannot be written"):
        call_command("export_notes", workshop.code, "--format", "csv", "--output", "-")
    monkeypatch.undo()
