"""Who sits with whom: the tables of all discussions, latecomers, swapping by hand."""

from itertools import combinations

import pytest

from sessions.models import Note, Seat
from tests.rooms import Phone, Room, pass_time

FOUR = ["Riverton", "Lakeview", "Stonebridge", "O'Fallon – São João"]


def room_of(n, here=None):
    """An open session of n cities, of which so many are here (by default all) without a phone."""
    room = Room.open([f"City {i:02}" for i in range(n)])
    for i in range(n if here is None else here):
        arrive(room, i)
    return room


def arrive(room, i):
    room.desk.press("team-state", team=room.team(f"City {i:02}").pk, state="without-phone")


def sizes(room, order=1):
    return sorted(len(cities) for cities in room.tables(order).values())


def met(room, *orders):
    """All pairs that sit together in these discussions, once for each meeting."""
    return [
        frozenset(pair)
        for order in orders
        for cities in room.tables(order).values()
        for pair in combinations(sorted(cities), 2)
    ]


def swap(room, one, two, order=1):
    breakout = room.workshop.breakouts.get(order=order).pk
    return room.desk.do("swap", breakout=breakout, team=room.team(one).pk, other=room.team(two).pk)


def move(room, name, table, order=1):
    breakout = room.workshop.breakouts.get(order=order).pk
    return room.desk.do("move", breakout=breakout, team=room.team(name).pk, table=table)


# Before.


def test_the_tables_of_all_discussions_stand_as_soon_as_the_list_does(content):
    room = room_of(9, here=0)

    assert [sizes(room, order) for order in (1, 2, 3)] == [[3, 3, 3]] * 3
    assert len(met(room, 1, 2, 3)) == len(set(met(room, 1, 2, 3))) == 27


def test_the_desk_shows_the_tables_of_all_discussions_and_that_nobody_meets_twice(content):
    room = room_of(9, here=0)

    page = room.desk.words("tables")

    for breakout in room.workshop.breakouts.all():
        assert breakout.question in page
    assert page.count("City 04") >= 3
    assert "Nobody meets the same city twice." in page


def test_the_desk_counts_and_names_the_repeats(content):
    room = room_of(6, here=0)

    page = room.desk.words("tables")

    assert "5 repeats: cities meet again" in page
    again = set(met(room, 1)) & set(met(room, 2))
    for pair in again:
        one, two = sorted(pair)
        assert f"{one} and {two} meet again" in page


def test_never_meeting_twice_is_a_choice_that_costs_tables_of_two(content):
    room = room_of(7, here=0)

    room.desk.press("pairs", on="on")

    assert len(met(room, 1, 2, 3)) == len(set(met(room, 1, 2, 3)))
    assert min(sizes(room, 1) + sizes(room, 2) + sizes(room, 3)) == 2
    assert "Nobody meets the same city twice." in room.desk.words("tables")
    room.desk.press("pairs")
    assert sizes(room, 1) == [3, 4]


def test_tables_made_anew_are_others(content):
    room = room_of(9, here=0)
    before = [room.tables(order) for order in (1, 2, 3)]

    room.desk.press("make-tables")

    assert [room.tables(order) for order in (1, 2, 3)] != before


def test_tables_made_anew_forget_the_pins_and_leave_the_running_discussion_alone(content):
    room = room_of(9)
    room.discuss("talk")
    running = room.tables(1)
    move(room, "City 00", 2, order=3)

    room.desk.press("make-tables")

    assert room.tables(1) == running
    assert not Seat.objects.filter(pinned=True).exists()


def test_tables_cannot_be_made_anew_when_all_were_shown(room):
    room.here()
    room.discuss("find", 1), room.discuss("find", 2), room.discuss("find", 3)

    assert "none can be made anew" in room.desk.refused("make-tables")


def test_the_printed_seats_name_every_city_from_a_to_z_and_table_by_table(content):
    room = room_of(7, here=0)

    page = room.desk.words("tables/2")

    for number, cities in room.tables(2).items():
        assert f"{number} " + ", ".join(sorted(cities)) in page.replace(" ,", ",")
        for city in cities:
            assert f"{city} {number}" in page
    assert room.desk.get("tables/4").status_code == 404


# "Show tables".


def test_showing_the_tables_seats_who_is_here_and_nobody_else(content):
    room = room_of(7, here=6)

    room.discuss("find")

    assert sizes(room) == [3, 3]
    assert "City 06" not in str(room.tables())
    assert "City 06" in str(room.tables(2)), "a city that is still expected keeps its place later"


def test_arrivals_that_were_expected_move_nobody(content):
    room = room_of(7, here=0)
    before = [room.tables(order) for order in (1, 2, 3)]

    for i in range(7):
        arrive(room, i)
    room.discuss("find")

    assert [room.tables(order) for order in (1, 2, 3)] == before


@pytest.mark.parametrize(
    ("here", "expected"), [(0, [3, 3]), (1, []), (2, [2]), (3, [3]), (4, [4]), (5, [5]), (6, [3, 3])]
)
def test_whoever_is_here_sits_with_somebody(content, here, expected):
    room = room_of(6, here=here)

    room.discuss("find")

    assert sizes(room) == expected
    assert room.desk.get().status_code == 200
    assert "Find your table" in room.wall_words()


def test_showing_the_tables_of_a_session_without_city_teams_breaks_nothing(content):
    room = Room.open()
    guest = Phone(room.workshop, guest="on")

    room.discuss("board")

    for words in (room.desk.words(), room.wall_words(), guest.words(), room.desk.words("tables")):
        assert "What barriers is your collaboration facing?" in words


def test_the_first_two_to_arrive_after_show_tables_sit_down_together(content):
    room = room_of(4, here=1)
    room.discuss("find")
    first = room.team("City 00")
    assert "would be alone" in room.desk.refused("seat", team=first.pk)
    arrive(room, 2)

    room.desk.press("seat", team=first.pk)

    assert room.tables() == {1: {"City 00", "City 02"}}


def test_who_is_named_sits_down_with_the_first_two_though_nobody_said_that_it_is_here(content):
    room = room_of(4, here=1)
    room.discuss("find")
    arrive(room, 2)

    room.desk.press("seat", team=room.team("City 03").pk)

    assert room.tables() == {1: {"City 00", "City 02", "City 03"}}


def test_the_wall_shows_each_city_with_its_table(content):
    room = room_of(7)

    room.discuss("find")

    wall = room.wall_words()
    for number, cities in room.tables().items():
        for city in cities:
            assert f"{number} {city}" in wall or f"{city} {number}" in wall


def test_the_phone_says_which_table_with_whom_and_how_long(content):
    room = Room.open(["Riverton", "Lakeview", "Stonebridge"])
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")

    room.discuss("find")

    page = riverton.words()
    assert "Go to table 1" in page
    assert "You are with Lakeview and Stonebridge" in page
    assert "Talk to two other cities for 10 minutes" in page
    for way_to_find_it in ("shape--circle", "colour"):
        assert way_to_find_it in riverton.page()


def test_before_the_tables_are_shown_no_phone_and_no_wall_names_one(room):
    riverton, *_others = room.here("Riverton", "Lakeview")

    assert "Go to table" not in riverton.words()
    assert "Go to table" not in room.wall_words()


def test_a_city_keeps_its_table_number_where_it_can(content):
    room = room_of(9)
    room.discuss("board", 1)
    kept = sum(len(cities & room.tables(2)[number]) for number, cities in room.tables(1).items())

    assert kept >= 3


# The instruction line.


def instruction(room, city):
    return Phone(room.workshop, room.team(city)).words()


def test_the_instruction_is_the_seeds_sentence_only_for_three_at_a_table_and_ten_minutes(content):
    room = room_of(6)
    room.discuss("find")
    assert "Talk to two other cities for 10 minutes" in room.desk.words()

    room.desk.press("set-minutes", minutes=6)

    assert "Talk to the two other cities at your table for 6 minutes" in room.desk.words()
    assert "Talk to the two other cities at your table for 6 minutes" in instruction(room, "City 00")


def test_the_instruction_at_a_table_of_four_says_three_other_cities(content):
    room = room_of(4)

    room.discuss("talk")

    assert "Talk to the three other cities at your table for 10 minutes" in room.wall_words()


def test_the_instruction_for_tables_of_three_and_four_is_true_for_both_and_each_phone_has_its_own(content):
    room = room_of(7)
    room.discuss("talk")

    assert "Talk to the other cities at your table for 10 minutes" in room.wall_words()
    for cities in room.tables().values():
        told = instruction(room, sorted(cities)[0])
        expected = {3: "Talk to two other cities for 10 minutes", 4: "Talk to the three other cities at your table"}
        assert expected[len(cities)] in told


def test_the_instruction_at_a_table_of_two_and_of_five(content):
    room = room_of(5)
    room.discuss("find")
    assert "Talk to the 4 other cities at your table for 10 minutes" in instruction(room, "City 00")

    two = room_of(2)
    two.discuss("find")
    two.desk.press("set-minutes", minutes=1)
    assert "Talk to the other city at your table for 1 minute" in instruction(two, "City 00")


# Latecomers.


def test_a_latecomer_is_proposed_the_smaller_table_and_sits_there_by_one_tap_while_the_talk_runs(content):
    room = room_of(8, here=7)
    room.discuss("talk")
    before = room.tables()
    late = room.phone("City 07")
    assert "You will get a table in a moment" in late.words()
    number = next(n for n, cities in before.items() if len(cities) == 3)
    assert f"City 07 has no table. Seat at table {number}" in room.desk.words()

    room.desk.press("seat", team=room.team("City 07").pk)

    assert room.tables() == before | {number: before[number] | {"City 07"}}
    assert f"Go to table {number}" in late.words()
    assert "has no table" not in room.desk.words()


def test_the_phones_of_the_table_a_latecomer_joins_hear_of_it(content):
    room = room_of(4, here=3)
    at_the_table = room.phone("City 00")
    room.discuss("talk")
    team = room.team("City 00")
    have = room.workshop.streams.get(name=team.stream).seq
    room.phone("City 03")

    room.desk.press("seat", team=room.team("City 03").pk)

    assert any("City 03" in frame["html"] for frame in at_the_table.catch_up(f"{team.stream}:{have}"))


def test_a_latecomer_meets_new_cities_where_it_can(content):
    room = room_of(10)
    room.discuss("board", 1)
    before = next(cities for cities in room.tables(1).values() if len(cities) == 3)
    late = sorted(before)[0]
    room.desk.press("team-state", team=room.team(late).pk, state="left")
    room.discuss("find", 2)
    room.desk.press("team-state", team=room.team(late).pk, state="without-phone")

    room.desk.press("seat", team=room.team(late).pk)

    mine = next(cities for cities in room.tables(2).values() if late in cities)
    assert len(mine) == 4
    assert mine & before == {late}


def test_cities_a_latecomer_met_are_not_met_again_later(content):
    room = room_of(12, here=11)
    room.discuss("talk")
    arrive(room, 11)

    room.desk.press("seat", team=room.team("City 11").pk)

    assert sizes(room) == [4, 4, 4]
    pairs = met(room, 1, 2, 3)
    assert len(pairs) == len(set(pairs))


def test_a_latecomer_may_be_seated_at_another_table_than_the_proposed_one(content):
    room = room_of(7, here=6)
    room.discuss("talk")
    arrive(room, 6)

    room.desk.press("seat", team=room.team("City 06").pk, table=2)

    assert "City 06" in room.tables()[2]


def test_nobody_is_seated_twice_nor_before_tables_are_shown_nor_at_a_table_that_is_not_there(content):
    room = room_of(7, here=6)
    assert "Tables are not shown yet" in room.desk.refused("seat", team=room.team("City 00").pk)
    room.discuss("find")
    arrive(room, 6)

    assert "already has a table" in room.desk.refused("seat", team=room.team("City 00").pk)
    assert "There is no table 9" in room.desk.refused("seat", team=room.team("City 06").pk, table=9)


def test_an_unlisted_city_that_is_admitted_while_the_talk_runs_is_seated_by_one_tap(content):
    room = room_of(6)
    room.discuss("talk")
    phone = Phone(room.workshop, name="Eastmoor")
    assert "Eastmoor has no table" not in room.desk.words()

    room.desk.press("admit-team", team=room.team("Eastmoor").pk)
    assert "Eastmoor has no table" in room.desk.words()
    room.desk.press("seat", team=room.team("Eastmoor").pk)

    assert sizes(room) == [3, 4]
    assert phone.post_note("Here now").status_code == 204
    assert "Eastmoor" in str(room.tables(2))


# By hand.


def test_two_cities_swap_places_and_everybody_else_stays(content):
    room = room_of(9, here=0)
    one, two = sorted(room.tables(2)[1])[0], sorted(room.tables(2)[2])[0]
    before = room.tables(2)

    assert swap(room, one, two, order=2).status_code == 204

    after = room.tables(2)
    assert after[1] == before[1] - {one} | {two}
    assert after[2] == before[2] - {two} | {one}
    assert after[3] == before[3]
    assert room.desk.words("tables").count("pinned") == 2


def test_a_pinned_city_stays_through_every_later_solving(content):
    room = room_of(9, here=0)
    assert move(room, "City 04", 2, order=2).status_code == 204

    room.desk.press("team-state", team=room.team("City 00").pk, state="not-coming")
    room.desk.press("add-team", name="Eastmoor")
    room.desk.press("pairs", on="on")

    assert "City 04" in room.tables(2)[2]


def test_an_unpinned_city_is_free_again(content):
    room = room_of(9, here=0)
    move(room, "City 04", 3, order=2)

    room.desk.press("unpin", breakout=room.workshop.breakouts.get(order=2).pk, team=room.team("City 04").pk)

    assert not Seat.objects.filter(pinned=True).exists()
    assert "pinned" not in room.desk.words("tables")


def test_a_swap_in_a_running_discussion_leaves_the_notes_where_they_were_written_and_both_tables_follow(content):
    room = room_of(6)
    room.discuss("talk")
    (one, *_), (two, *_) = (sorted(cities) for cities in room.tables().values())
    first, second = room.phone(one), room.phone(two)
    first.post_note("Written at table 1")
    stayed = sorted(room.tables()[1] - {one})[0]
    other = room.phone(stayed)

    assert swap(room, one, two).status_code == 204

    assert Note.objects.get().table.number == 1
    assert "Go to table 2" in first.words()
    assert "Go to table 1" in second.words()
    assert "Written at table 1" in other.words(), "the table still sees what was written there"
    assert "Written at table 1" in second.words(), "and who sits there now"
    first.post_note("Written at table 2")
    assert "Written at table 2" not in other.words()


def test_all_phones_of_both_tables_hear_of_a_swap(content):
    room = room_of(6)
    room.discuss("talk")
    (one, *_), (two, *_) = (sorted(cities) for cities in room.tables().values())
    before = dict(room.workshop.streams.values_list("name", "seq"))

    swap(room, one, two)

    after = dict(room.workshop.streams.values_list("name", "seq"))
    teams = [team.stream for team in room.workshop.teams.all()]
    assert all(after[name] == before[name] + 1 for name in [*teams, "stage", "board", "desk"])


def test_the_later_tables_take_a_swap_into_account(content):
    room = room_of(9)
    room.discuss("talk")
    one, two = sorted(room.tables(1)[1])[0], sorted(room.tables(1)[2])[0]

    swap(room, one, two)

    pairs = met(room, 1, 2, 3)
    assert len(pairs) == len(set(pairs))


def test_a_city_is_moved_in_a_running_discussion(content):
    room = room_of(7)
    room.discuss("talk")
    four = next(n for n, cities in room.tables().items() if len(cities) == 4)
    city = sorted(room.tables()[four])[0]

    assert move(room, city, 3 - four).status_code == 204

    assert city in room.tables()[3 - four]


def test_cities_that_sit_together_do_not_swap(room):
    response = swap(room, "Riverton", "Lakeview")

    assert response.status_code == 409
    assert "Riverton and Lakeview already sit together." in response.content.decode()


def test_nobody_is_left_alone_at_a_table_by_hand(content):
    room = room_of(5, here=0)
    room.desk.press("pairs", on="on")
    tables = room.tables()
    number = next(n for n, cities in tables.items() if len(cities) == 2)
    other = next(n for n in tables if n != number)

    response = move(room, sorted(tables[number])[0], other)

    assert response.status_code == 409
    assert f"leave one city alone at table {number}" in response.content.decode()
    assert "There is no table 9" in move(room, "City 00", 9).content.decode()


def test_a_city_whose_neighbours_left_is_proposed_another_table(content):
    room = room_of(6)
    room.discuss("talk")
    first, second, third = sorted(room.tables()[1])
    room.desk.press("team-state", team=room.team(second).pk, state="left")
    assert "is alone" not in room.desk.words()

    room.desk.press("team-state", team=room.team(third).pk, state="left")
    assert f"{first} is alone at table 1. Seat at table 2" in room.desk.words()
    room.desk.press("seat", team=room.team(first).pk)

    assert first in room.tables()[2]


def test_a_discussion_or_a_city_of_another_session_is_refused(room):
    other = Room.open(["Eastmoor", "Oldtown"])
    foreign = other.workshop.breakouts.get(order=1).pk
    mine = room.workshop.breakouts.get(order=1).pk
    riverton, eastmoor = room.team("Riverton").pk, other.team("Eastmoor").pk

    assert "not in the session" in room.desk.refused("swap", breakout=foreign, team=riverton, other=riverton)
    assert "no table" in room.desk.refused("swap", breakout=mine, team=eastmoor, other=riverton)
    assert "not in the session" in room.desk.refused("move", breakout=foreign, team=riverton, table=1)
    assert "not in the session" in room.desk.refused("unpin", breakout=foreign, team=riverton)
    room.discuss("find")
    assert "not in the session" in room.desk.refused("seat", team=eastmoor)


def test_cities_met_are_told_on_the_phone_once_the_talk_has_begun(content):
    room = room_of(9)
    phone = room.phone("City 00")
    room.discuss("find")
    assert "Met so far" not in phone.words()

    room.desk.press("advance")

    mates = next(cities for cities in room.tables().values() if "City 00" in cities) - {"City 00"}
    told = phone.words().partition("Met so far:")[2]
    assert all(city in told for city in mates)


def test_the_desk_sees_of_each_table_its_cities_phones_notes_and_minutes_since_the_last(content):
    room = Room.open(FOUR)
    riverton, *_others = room.here("Riverton", "Riverton", "Lakeview", "Stonebridge", FOUR[3])
    room.discuss("talk")
    riverton.post_note("Nobody owns the budget")
    page = room.desk.words()
    assert "5 phones · 1 note" in page
    assert "since the last" not in page

    pass_time(minutes=3)

    assert "3 min since the last" in room.desk.words()
