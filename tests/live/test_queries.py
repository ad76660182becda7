"""Pages and pulls that cost the same whatever has been said, and however many were in the room."""

from functools import partial

import pytest

from academy import recent
from tests import rooms
from tests.live.rooms import CITIES


def _counted(queries, fetch):
    """How many queries a request takes when nothing that was made for others is handed out again."""
    recent.forget()
    with queries() as seen:
        fetch()
    return len(seen)


def test_a_catch_up_takes_as_many_queries_for_thirty_notes_as_for_one(live, queries):
    live.talk()
    phone = live.phone("Riverton", listen=False)
    neighbour = live.phone(next(iter(live.at_the_table_of("Riverton") - {"Riverton"})), listen=False)
    wall, desk = live.wall(), live.desk()
    live.do("set-board", breakout=live.breakout().pk, setting="at-once")
    screens = (phone, neighbour, wall, desk)
    for screen in (wall, desk):
        screen.close()

    phone.write("The first", ["teaming-trust"])
    for_one = [_counted(queries, screen.fetch) for screen in screens]
    for number in range(29):
        rooms.pass_time(seconds=1)
        phone.write(f"Thought {number}", ["teaming-trust", "substance-action-plan"][: 1 + number % 2])
    for_thirty = [_counted(queries, screen.fetch) for screen in screens]

    assert for_thirty == for_one
    assert max(for_one) < 50


def test_many_that_come_back_at_once_are_answered_with_what_was_drawn_for_the_first(live, queries):
    live.talk()
    first, second = (live.phone("Riverton", listen=False) for _phone in range(2))
    first.fetch()

    with queries() as seen:
        frames = second.fetch()

    assert [frame["html"] for frame in frames] == [frame["html"] for frame in first.fetch()]
    assert len(seen) <= 4, "which phone, of which session and city team; where its streams stand"
    first.write("Ours alone")
    assert "Ours alone" in "".join(frame["html"] for frame in second.fetch()), "a change is drawn at once"


# A room of three cities and one of thirty, with a phone and a note for each.


@pytest.fixture
def small_and_large(content, settings):
    found = []
    for size in (3, 30):
        room = rooms.Room.open([f"City {number:02}" for number in range(size)])
        phones = room.here()
        room.discuss("talk")
        for number, phone in enumerate(phones):
            phone.post_note(f"Note {number}", terms=["teaming-trust"])
        found.append(room)
    return found


def test_no_page_of_desk_or_phone_takes_more_queries_for_thirty_cities_than_for_three(small_and_large, queries):
    few, many = [], []
    for room, counts in zip(small_and_large, (few, many), strict=True):
        phone = room.phone("City 01")
        pages = [
            *(
                partial(room.desk.get, page)
                for page in ("", "roster", "tables", "tables/1", "notes", "settings", "exports")
            ),
            *(partial(phone.get, page) for page in ("", "board", "yours", "change")),
            room.wall,
        ]
        counts.extend(_counted(queries, page) for page in pages)

    assert many == few
    assert max(few) < 60


def test_coming_in_takes_as_many_queries_when_a_hundred_phones_are_here_as_when_three_are(content, queries):
    room = rooms.Room.open(CITIES)
    room.here()
    doors = [
        lambda: rooms.Phone(room.workshop, room.team("Riverton")),
        lambda: room.phone("Riverton").get("change"),
        lambda: room.desk.client.get(f"/j/{room.workshop.code}"),
    ]
    few = [_counted(queries, door) for door in doors]
    for _phone in range(94):
        room.phone("Lakeview")

    assert [_counted(queries, door) for door in doors] == few
    assert max(few) < 25


def test_the_list_of_sessions_takes_as_many_queries_for_thirty_as_for_three(content, queries):
    room = rooms.Room.open(CITIES)
    for _session in range(2):
        rooms.Room.open(CITIES[:3])
    for_three = _counted(queries, lambda: room.desk.client.get("/desk/"))
    for _session in range(27):
        rooms.Room.open()

    assert _counted(queries, lambda: room.desk.client.get("/desk/")) == for_three
