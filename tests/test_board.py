"""The session board: who may read what when, its columns, and turning it from the desk."""

import re

import pytest

from sessions.models import Note
from tests.rooms import Phone, Room, pass_time

SECRET = "Nobody owns the budget"


@pytest.fixture
def table(room):
    """Phones of Riverton, Lakeview and Stonebridge at table 1, the first discussion running; Riverton has written."""
    phones = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    phones[0].post_note(SECRET, terms=["teaming-trust"])
    return phones


def stranger(room):
    """A phone of a city that sits elsewhere."""
    return room.phone("O'Fallon – São João")


def everything_public(room):
    """All that anybody but the desk, the author and the author's table is sent: pages and frames, wall and phones."""
    outside, guest = stranger(room), Phone(room.workshop, guest="on")
    frames = [*outside.catch_up(), *outside.catch_up(kind="board"), *guest.catch_up(), *guest.catch_up(kind="board")]
    wall = room.desk.client.get(f"/catch-up/wall/{room.workshop.slug}").json()["frames"]
    pages = [outside.page(), guest.page(), room.wall(), outside.get("board").content.decode()]
    pages.append(guest.get("board").content.decode())
    return "".join([*pages, *(frame["html"] for frame in [*frames, *wall])])


def show_board(room):
    room.desk.press("advance", early="on"), room.desk.press("advance")


def turn(room, **view):
    room.desk.press("turn-board", breakout=room.breakout().pk, **view)


# When text may be read.


def test_shipped_numbers_while_they_talk_text_on_show_the_board(room, table):
    assert room.breakout().board_setting == "numbers"
    assert SECRET not in everything_public(room)
    assert "1 note" in room.wall_words()
    assert "1 note" in stranger(room).words("board")
    assert "The text is shown when the facilitator opens the board." in stranger(room).words("board")

    room.desk.press("advance", early="on")
    assert SECRET not in everything_public(room), "not yet: the talk has ended, the board is not shown"
    room.desk.press("advance")

    assert SECRET in stranger(room).words("board")
    turn(room, column="teaming")
    assert SECRET in room.wall_words()


def test_text_at_once_is_on_the_wall_and_on_all_phones_while_they_talk(room, table):
    room.desk.press("set-board", breakout=room.breakout().pk, setting="at-once")

    assert SECRET in room.wall_words()
    assert SECRET in stranger(room).words("board")


def test_text_when_released_waits_for_the_release_even_on_the_board(room, table):
    room.desk.press("set-board", breakout=room.breakout().pk, setting="released")
    show_board(room)
    turn(room, column="teaming")
    assert SECRET not in everything_public(room)

    room.desk.press("release-text", breakout=room.breakout().pk, released="on")
    assert SECRET in room.wall_words()
    assert SECRET in stranger(room).words("board")

    room.desk.press("release-text", breakout=room.breakout().pk)
    assert SECRET not in everything_public(room)


@pytest.mark.parametrize("setting", ["numbers", "released"])
def test_a_setting_that_is_switched_back_live_takes_the_text_off_again(room, table, setting):
    room.desk.press("set-board", breakout=room.breakout().pk, setting="at-once")
    assert SECRET in everything_public(room)

    room.desk.press("set-board", breakout=room.breakout().pk, setting=setting)

    assert SECRET not in everything_public(room)


def test_a_setting_that_does_not_exist_is_refused(room, table):
    assert room.desk.do("set-board", breakout=room.breakout().pk, setting="never").status_code == 422


def test_a_changed_note_says_no_more_than_the_first_did(room, table):
    riverton, *_others = table
    note = Note.objects.get()
    riverton.client.post(f"{riverton.path}notes/{note.uuid}", {"text": "Somebody owns it"})

    assert "Somebody owns it" not in everything_public(room)
    show_board(room)
    turn(room, column="other")

    wall = room.wall_words()
    assert "Somebody owns it" in wall
    assert SECRET not in wall


def test_the_text_of_a_discussion_that_was_shown_stays_to_be_read_in_the_next_segment(room, table):
    show_board(room)

    room.desk.press("advance")

    assert SECRET in stranger(room).words("board")
    assert SECRET not in room.wall_words()


def test_the_text_of_a_discussion_that_was_left_before_its_board_stays_hidden(room, table):
    room.desk.press("advance", early="on")
    room.desk.press("jump", segment=room.segment("case", 2).pk)

    assert SECRET not in everything_public(room)


def test_each_discussion_has_its_own_setting(room, table):
    room.desk.press("set-board", breakout=room.workshop.breakouts.get(order=2).pk, setting="at-once")

    assert SECRET not in everything_public(room)
    room.discuss("talk", 2)
    table[0].post_note("About setbacks")
    assert "About setbacks" in everything_public(room)


def test_the_board_hears_of_every_note_and_of_every_change_of_what_may_be_read(room, table):
    def board():
        return room.workshop.streams.get(name="board").seq

    for change in (
        lambda: table[1].post_note("Another"),
        lambda: room.desk.press("set-board", breakout=room.breakout().pk, setting="at-once"),
        lambda: room.desk.press("hide", note=Note.objects.first().pk, on="on"),
        lambda: turn(room, column="teaming"),
        lambda: room.desk.press("cover-wall", covered="on"),
        lambda: room.desk.press("purge-note", note=Note.objects.first().pk),
        lambda: show_board(room),
    ):
        before = board()
        change()
        assert board() > before


# What it shows.


def test_counts_come_first_by_category_then_other(room, table):
    riverton, lakeview, stonebridge = table
    lakeview.post_note("Two barriers", terms=["substance-action-plan", "teaming-trust"])
    stonebridge.post_note("Something else")
    show_board(room)

    wall = room.wall_words()

    for column in ("1 Substance", "0 Accountability", "2 Teaming", "1 Other", "3 notes from 3 cities"):
        assert column in wall, (column, wall)
    for text in (SECRET, "Two barriers", "Something else"):
        assert text not in wall, "counts first, words on demand"


def test_the_columns_are_those_of_the_questions_own_taxonomy(room, table):
    room.discuss("talk", 2)
    table[0].post_note("We use data", terms=["use-data"])
    show_board(room)

    wall = room.wall_words()

    assert "Use data to focus, learn, and improve" in wall
    assert "Accountability" not in wall


def test_a_category_is_shown_page_by_page(room, table):
    for n in range(8):
        table[0].post_note(f"Note number {n}", terms=["teaming-trust"])
        pass_time(seconds=1)
    show_board(room)

    turn(room, column="teaming")
    first = room.wall_words()
    assert "1 of 3" in first
    turn(room, column="teaming", page=2)
    second = room.wall_words()

    assert SECRET in first
    assert SECRET not in second
    assert "Note number 3" in second
    assert "Board: Teaming, page 2 of 3" in room.desk.words()
    turn(room, column="teaming", page=99)
    assert "Note number 7" in room.wall_words(), "beyond the last page is the last page"


def test_a_long_note_is_shown_by_its_start_and_whole_on_demand(room, table):
    long = "We began well. " + "word " * 60 + "and this is how it ended"
    table[0].post_note(long, terms=["teaming-trust"])
    show_board(room)
    turn(room, column="teaming")
    assert "We began well." in room.wall_words()
    assert "how it ended" not in room.wall_words()

    turn(room, note=Note.objects.last().pk)

    assert "how it ended" in room.wall_words()
    assert "One note, whole" in room.desk.words()


def test_a_note_that_is_hidden_while_it_is_shown_whole_leaves_the_wall(room, table):
    show_board(room)
    turn(room, note=Note.objects.get().pk)
    assert SECRET in room.wall_words()

    room.desk.press("hide", note=Note.objects.get().pk, on="on")

    assert SECRET not in room.wall_words()


def test_a_note_cannot_be_shown_whole_before_its_text_is_out(room, table):
    turn(room, note=Note.objects.get().pk)

    assert SECRET not in everything_public(room)


def test_the_board_is_turned_to_one_city_or_one_table(content):
    room = Room.open([f"City {n}" for n in range(6)])
    phones = room.here(*[f"City {n}" for n in range(6)])
    room.discuss("talk")
    for n, phone in enumerate(phones):
        phone.post_note(f"Said by {n}", terms=["teaming-trust"])
    show_board(room)

    turn(room, team=room.team("City 3").pk)
    wall = room.wall_words()
    assert "Said by 3" in wall
    assert "Said by 2" not in wall

    turn(room, table=1)
    wall = room.wall_words()
    assert "Table 1" in wall
    at_table_1 = room.tables()[1]
    for n in range(6):
        assert (f"Said by {n}" in wall) == (f"City {n}" in at_table_1)


def test_the_board_turned_to_a_city_that_wrote_nothing_says_so(room, table):
    show_board(room)

    turn(room, team=room.team("Stonebridge").pk)

    wall = room.wall_words()
    assert "Stonebridge" in wall
    assert "No notes here." in wall
    assert SECRET not in wall


def test_a_board_of_another_session_is_not_turned(room, table):
    foreign = Room.open(["Eastmoor"]).workshop.breakouts.get(order=1).pk

    for command, data in {"turn-board": {}, "set-board": {"setting": "at-once"}, "release-text": {}}.items():
        assert "not in the session" in room.desk.refused(command, breakout=foreign, **data)


def test_a_wall_that_is_opened_twice_or_late_shows_the_same(room, table):
    show_board(room)
    turn(room, column="teaming")

    one, two = room.wall(), room.wall()
    frames = room.desk.client.get(f"/catch-up/wall/{room.workshop.slug}").json()["frames"]

    assert SECRET in one
    assert [SECRET in page for page in (two, *(f["html"] for f in frames if f["stream"] == "board"))] == [True, True]


def test_the_wall_counts_the_notes_of_each_table_while_they_talk(content):
    room = Room.open([f"City {n}" for n in range(6)])
    room.here()
    room.discuss("talk")
    city = sorted(room.tables()[2])[0]
    phone = room.phone(city)
    phone.post_note("One"), phone.post_note("Two")

    wall = room.wall_words()

    told = wall.partition("Notes so far")[2]
    assert re.search(r"1 .*\b0 notes.* 2 .*\b2 notes", told), told


# The desk.


def test_the_desk_filters_notes_by_discussion_column_city_table_stars_hidden_and_words(room, table):
    riverton, lakeview, _stonebridge = table
    lakeview.post_note("Our plan is thin", terms=["substance-action-plan"])
    room.desk.press("star", note=Note.objects.get(text=SECRET).pk, on="on")
    room.desk.press("hide", note=Note.objects.get(text="Our plan is thin").pk, on="on")
    room.discuss("talk", 2)
    riverton.post_note("About setbacks")

    def shown(**query):
        page = room.desk.words("notes", **query)
        return {text for text in (SECRET, "Our plan is thin", "About setbacks") if text in page}

    assert shown() == {SECRET, "Our plan is thin", "About setbacks"}
    assert shown(discussion=2) == {"About setbacks"}
    assert shown(discussion=1, column="substance") == {"Our plan is thin"}
    assert shown(column="teaming", discussion=1) == {SECRET}
    assert shown(city=room.team("Lakeview").pk) == {"Our plan is thin"}
    assert shown(table=2) == set()
    assert shown(table=1, discussion=1) == {SECRET, "Our plan is thin"}
    assert shown(only="starred") == {SECRET}
    assert shown(only="hidden") == {"Our plan is thin"}
    assert shown(words="SETBACKS") == {"About setbacks"}
    assert shown(city="x", table="y", discussion="z", only="w", column="v") == set()
