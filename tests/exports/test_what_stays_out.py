"""What is told of notes, cities, tables and discussions, and what never is."""

from sessions import exports
from sessions.models import Note
from tests.exports import opened, rooms


def test_a_hidden_note_stays_out_unless_asked_for(workshop, format):
    assert "Insulting" not in opened.everything(exports.export(workshop, format))
    assert "Insulting" in opened.everything(exports.export(workshop, format, hidden=True))


def test_a_deleted_note_never_comes_back(workshop, format):
    Note.objects.filter(starred=True).update(deleted_at=rooms.TEN)

    assert "Nobody owns" not in opened.everything(exports.export(workshop, format, hidden=True))


def test_another_session_is_not_in_it(workshop, format):
    other = rooms.make_workshop(title="Elsewhere")
    rooms.make_note(rooms.make_discussion(other, "Q"), rooms.make_team(other, "Farcity"), "Said elsewhere")

    text = opened.everything(exports.export(workshop, format))

    assert "elsewhere" not in text
    assert "Farcity" not in text


def test_neither_code_nor_first_names_nor_ids_are_in_it(workshop, format):
    team = workshop.teams.get(name="Riverton")
    device = workshop.devices.create(team=team, token_hash="0" * 64, first_name="Wilhelmina", personal_code="QXZQXZ")
    workshop.notes.update(device=device)

    text = opened.everything(exports.export(workshop, format, hidden=True))

    for secret in [workshop.code, workshop.slug, "Wilhelmina", "QXZQXZ", *map(str, workshop.notes.values_list("uuid"))]:
        assert str(secret) not in text


def test_the_cities_are_those_that_took_part(workshop):
    for name, fields in {
        "Silent": {"state": "without-phone"},
        "Gone": {"state": "left"},
        "Absent": {"state": "not-coming"},
        "Outside": {"state": "here", "admitted": False},
    }.items():
        workshop.teams.create(name=name, **fields)
    rooms.make_note(workshop.breakouts.first(), workshop.teams.get(name="Nobodyhere"), "Sent by mail")

    found = opened.document(exports.export(workshop, "json"))["cities"]

    assert found == ["Gone", "Nobodyhere", "O'Fallon – São João", "Riverton", "Silent"]


def test_tables_that_were_only_proposed_are_not_told(workshop):
    later = rooms.make_discussion(workshop, "Later", tables_shown_at=None, starts_at=None, ends_at=None)
    rooms.make_table(later, 1, *workshop.teams.all())

    found = opened.document(exports.export(workshop, "json"))["discussions"][2]

    assert (found["tables"], found["started_at"], found["notes"]) == ([], None, [])


def test_a_skipped_discussion_is_told_only_if_something_was_written(workshop):
    for order in (1, 2):
        segment = workshop.breakouts.get(order=order).segment
        segment.skipped = True
        segment.save()
    workshop.notes.filter(breakout__order=2).delete()

    found = opened.document(exports.export(workshop, "json"))["discussions"]

    assert [discussion["number"] for discussion in found] == [1]


def test_a_note_whose_table_is_gone_is_still_there(workshop):
    workshop.breakouts.get(order=1).tables.all().delete()

    rows = opened.rows(exports.export(workshop, "csv"))

    assert [row["table"] for row in rows] == ["", "", "42"]


def test_a_session_where_nothing_was_written_exports(db, format):
    workshop = rooms.make_workshop(date=None, title="空")
    rooms.make_discussion(workshop, "What is in the way?")

    assert exports.export(workshop, format)
    assert exports.filename(workshop, format) == f"academy-notes.{format}"


def test_a_file_has_a_name_that_every_system_takes(workshop, format):
    assert exports.filename(workshop, format) == f"academy-notes-2026-09-14-leading-together.{format}"
