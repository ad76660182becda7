"""How long an export takes the database does not grow with every note."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sessions import exports
from tests.exports import rooms


@pytest.mark.parametrize("city_names", [True, False])
def test_thirty_notes_take_as_many_queries_as_one(db, format, city_names):
    workshop = rooms.make_workshop()
    team = rooms.make_team(workshop, "Riverton")
    breakout = rooms.make_discussion(workshop, taxonomy=rooms.make_barriers())
    rooms.make_table(breakout, 1, team)

    def queries():
        workshop.refresh_from_db()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            exports.export(workshop, format, city_names=city_names)
        return len(captured)

    rooms.make_note(breakout, team, "One", "aims-term")
    one = queries()
    for number in range(29):
        rooms.make_note(breakout, rooms.make_team(workshop, f"City {number}"), "More", "aims-term", "trust-term")

    assert queries() == one
    assert one <= 12


def test_more_notes_than_the_database_hands_over_at_once_all_arrive(db, monkeypatch):
    monkeypatch.setattr("sessions.exports.streaming.CHUNK", 3)
    workshop = rooms.make_workshop()
    team = rooms.make_team(workshop, "Riverton")
    breakout = rooms.make_discussion(workshop, taxonomy=rooms.make_barriers())
    for number in range(20):
        rooms.make_note(breakout, team, f"Note {number}", *["aims-term", "trust-term"][: number % 3])

    content = exports.export(workshop, "csv").decode("utf-8-sig")

    lines = content.splitlines()[1:]
    assert [line.split(",")[4] for line in lines] == [f"Note {number}" for number in range(20)]
    assert [line.count("-term") for line in lines] == [number % 3 for number in range(20)]
