"""Seating: the promise for every number of cities, and whole sessions as people come and go."""

from itertools import combinations, permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions.seating import meetings, place_latecomer, plan, repeats, table_sizes

EVERY_NUMBER = range(6, 85)
MINIMA = {6: 5, 7: 6, 8: 8, 10: 2, 11: 4}  # every other number from 6 to 84: none


def fewest_in_any_seating(n):
    """Try every seating over three rounds; round one may stay, as others differ only in names."""
    bit = {pair: 1 << i for i, pair in enumerate(combinations(range(n), 2))}
    met = [sum(bit[pair] for pair in meetings(tables)) for tables in every_round(set(range(n)), table_sizes(n))]
    shared = sorted(((tables & met[0]).bit_count(), tables) for tables in met)
    fewest = shared[-1][0] * 3
    for i, (again, second) in enumerate(shared):
        if again >= fewest:
            break
        either = met[0] | second
        fewest = min(fewest, min(again + (third & either).bit_count() for _, third in shared[i:]))
    return fewest


def every_round(cities, sizes):
    """Yield every way to seat the cities at tables of these sizes."""
    if not cities:
        yield []
        return
    for size in set(sizes):
        other_sizes = list(sizes)
        other_sizes.remove(size)
        for mates in combinations(sorted(cities)[1:], size - 1):
            table = (min(cities), *mates)
            for others in every_round(cities - set(table), other_sizes):
                yield [table, *others]


def shuffled(cities, rounds, rng):
    """Seat the cities as somebody without a plan would: shuffle, and fill the tables."""
    seating = []
    for _ in range(rounds):
        queue = rng.sample(cities, len(cities))
        seating.append([tuple(queue.pop() for _ in range(size)) for size in table_sizes(len(cities))])
    return seating


def added(rounds, history):
    """Count the repeats these rounds add to those that have happened."""
    return repeats(rounds, history) - repeats([], history)


def numbers(tables):
    """Return {city: table number}."""
    return {city: number for number, table in enumerate(tables, 1) for city in table}


def seated(tables):
    return sorted(city for table in tables for city in table)


# The promise.


@pytest.mark.parametrize("n", EVERY_NUMBER)
def test_cities_meet_again_as_rarely_as_can_be(n):
    for seed in range(5):
        assert repeats(plan(range(n), 3, seed=seed)) == MINIMA.get(n, 0)


@pytest.mark.parametrize("n", [6, 7, 8, 9, 10, 11])
def test_no_seating_at_all_has_fewer_repeats(n):
    assert fewest_in_any_seating(n) == MINIMA.get(n, 0)


@pytest.mark.parametrize("n", EVERY_NUMBER)
def test_with_tables_of_two_no_city_meets_another_twice(n):
    for seed in range(5):
        assert repeats(plan(range(n), 3, pairs=True, seed=seed)) == 0


@pytest.mark.parametrize(("n", "twos"), [(6, 6), (7, 6), (8, 3), (9, 0), (10, 4), (11, 2), (12, 0), (13, 0), (84, 0)])
def test_only_as_many_tables_of_two_as_it_takes(n, twos):
    tables = sum(plan(range(n), 3, pairs=True), [])

    assert [len(table) for table in tables].count(2) == twos


@pytest.mark.parametrize("n", range(2, 85))
@pytest.mark.parametrize("pairs", [False, True])
def test_everybody_sits_exactly_once_in_every_round_and_nobody_alone(n, pairs):
    for tables in plan(range(n), 3, pairs=pairs):
        assert seated(tables) == list(range(n))
        assert min(map(len, tables)) >= 2


@pytest.mark.parametrize("n", EVERY_NUMBER)
def test_tables_have_three_cities_and_four_only_for_the_remainder(n):
    for tables in plan(range(n), 3):
        sizes = sorted(map(len, tables))
        assert sizes == sorted(table_sizes(n))
        assert set(sizes) <= {3, 4}
        assert sizes.count(4) == n % 3


@pytest.mark.parametrize(
    ("n", "normal", "with_pairs"),
    [
        (0, [], []),
        (1, [], []),
        (2, [2], [2]),
        (3, [3], [3]),
        (4, [4], [2, 2]),
        (5, [5], [3, 2]),
        (6, [3, 3], [3, 3]),
        (7, [4, 3], [3, 2, 2]),
        (8, [4, 4], [3, 3, 2]),
        (10, [4, 3, 3], [3, 3, 2, 2]),
    ],
)
def test_table_sizes_for_few_cities(n, normal, with_pairs):
    assert table_sizes(n) == normal
    assert table_sizes(n, pairs=True) == with_pairs


def test_three_to_five_cities_sit_as_one_table():
    assert plan("abcde", 2) == [[tuple("abcde")]] * 2


def test_four_cities_at_tables_of_two_meet_all_the_others():
    assert repeats(plan("abcd", 3, pairs=True)) == 0


def test_one_city_has_nobody_to_talk_to_and_gets_no_table():
    assert plan(["Riverton"], 3) == [[], [], []]
    assert plan([], 2) == [[], []]


def test_a_city_cannot_be_named_twice():
    with pytest.raises(ValueError, match="twice"):
        plan(["Riverton", "Lakeview", "Riverton"], 3)


# The same room, the same tables.


def test_the_same_seed_gives_the_same_tables():
    assert plan(range(20), 3, seed=7) == plan(range(20), 3, seed=7)
    assert plan(range(20), 3, seed=7) != plan(range(20), 3, seed=8)


def test_the_order_of_the_history_does_not_matter():
    history = meetings(plan(range(13), 1)[0]) + [(1, 2), (99, 3)]
    reversed_history = [(b, a) for a, b in reversed(history)]

    assert plan(range(13), 2, history) == plan(range(13), 2, reversed_history)


# Counting.


def test_a_repeat_is_every_meeting_beyond_the_first():
    assert repeats([[("a", "b", "c")], [("a", "b", "d")], [("b", "a")]]) == 2


def test_the_history_counts_whichever_way_round_a_pair_is_named():
    assert repeats([("a", "b", "c")], history=[("b", "a"), ("a", "b")]) == 2
    assert repeats([[["a", "b"]], [["c", "d"]]], history=[("a", "d")]) == 0


# Seats chosen by hand, and table numbers.


def test_pins_hold_in_their_round_and_cost_no_repeat_where_there_is_room():
    pinned = {0: [(5, 3), (6, 3)], 2: [(5, 1), (0, 5)]}
    rounds = plan(range(15), 3, pinned=pinned)

    for r, seats in pinned.items():
        assert all(city in rounds[r][number - 1] for city, number in seats)
    assert repeats(rounds) == 0


def test_a_table_filled_up_by_hand_takes_its_seats_from_the_others():
    tables = plan(range(12), 1, pinned={0: [(city, 2) for city in (0, 3, 6, 9)]})[0]

    assert tables[1] == (0, 3, 6, 9)
    assert sorted(map(len, tables)) == [2, 3, 3, 4]


def test_pins_hold_when_there_are_tables_of_two():
    tables = plan(range(6), 3, pairs=True, pinned={1: [(city, 1) for city in range(4)]})[1]

    assert tables == [(0, 1, 2, 3), (4, 5)]


def test_a_pin_to_a_table_that_does_not_exist_is_passed_over():
    assert plan(range(9), 3, pinned={0: [(1, 4), (2, 0), ("gone", 1)], 5: [(1, 1)]}) == plan(range(9), 3)


def test_no_pin_leaves_a_city_alone():
    tables = plan(range(6), 1, pinned={0: [(city, 2) for city in range(5)]})[0]

    assert tables == [(4, 5), (0, 1, 2, 3)]


def test_a_city_of_every_table_keeps_its_number_without_costing_a_repeat():
    rounds = plan(range(30), 3)

    for before, after in zip(rounds, rounds[1:], strict=False):
        assert len(numbers(before).items() & numbers(after).items()) == 10
    assert repeats(rounds) == 0


@pytest.mark.parametrize("n", [8, 11, 14, 17])
def test_no_other_numbering_keeps_more_cities_where_they_were(n):
    rng = Random(n)
    home = {city: rng.randint(1, 6) for city in range(n)}
    tables = plan(range(n), 1, home=home)[0]

    stay = [len(numbers(order).items() & home.items()) for order in permutations(tables)]

    assert stay[0] == max(stay)  # the first permutation is the plan itself


def test_a_pinned_table_keeps_its_number_whatever_the_others_would_like():
    tables = plan(range(9), 1, home=dict.fromkeys(range(9), 2), pinned={0: [(4, 3)]})[0]

    assert 4 in tables[2]


# Latecomers.


def test_a_latecomer_joins_the_table_where_it_has_met_the_fewest():
    tables = [("a", "b", "c"), ("d", "e", "f"), ("g", "h", "i")]

    assert place_latecomer(tables, "z", history=[("z", "a"), ("d", "z")]) == 2


def test_a_latecomer_joins_the_smaller_table_and_then_the_first():
    assert place_latecomer([("a", "b", "c"), ("d", "e"), ("f", "g")], "z") == 1


def test_a_table_of_four_becomes_five_only_where_there_are_only_fours():
    met_everybody_else = [("z", "e"), ("z", "f"), ("z", "g")]

    assert place_latecomer([tuple("abcd"), tuple("efg")], "z", met_everybody_else) == 1
    assert place_latecomer([tuple("abcd"), tuple("efgh")], "z", met_everybody_else) == 0
    assert place_latecomer([tuple("abcdx"), tuple("efgh")], "z", met_everybody_else) == 1


def test_a_latecomer_joins_a_city_that_was_left_alone():
    assert place_latecomer([("a", "b"), (), ("c",)], "z", history=[("z", "c")]) == 2


def test_a_latecomer_waits_where_there_is_no_table():
    assert place_latecomer([], "z") is None
    assert place_latecomer([()], "z") is None


# Whole sessions: late arrivals, no-shows and leavers, all at once.


@st.composite
def comings_and_goings(draw, fewest, most, moves):
    """Return (cities expected, [(how many leave before, come before, come during a round)])."""
    some = st.integers(0, moves)
    return draw(st.integers(fewest, most)), draw(st.lists(st.tuples(some, some, some), min_size=3, max_size=3))


def breakouts(expected, moves, seed, pairs=False):
    """Play a session; yield (cities here, rounds solved now, history) as each breakout starts.

    Only coming rounds are ever solved: what has happened is in the history, latecomers included.
    """
    rng = Random(seed)
    here, history, home, names = list(range(expected)), [], {}, iter(range(expected, 1000))
    for r, (gone, early, late) in enumerate(moves):
        here = sorted(rng.sample(here, max(2, len(here) - gone))) + [next(names) for _ in range(early)]
        rounds = plan(here, 3 - r, history, pairs=pairs, seed=seed, home=home)
        yield here, rounds, list(history)
        running = list(rounds[0])
        for city in [next(names) for _ in range(late)]:
            running[place_latecomer(running, city, history)] += (city,)
            here.append(city)
        history += meetings(running)
        home |= numbers(running)


whole_sessions = settings(max_examples=100, deadline=None, derandomize=True)


@whole_sessions
@given(comings_and_goings(2, 30, 4), st.integers(0, 99), st.booleans())
def test_whoever_comes_and_goes_everybody_here_sits_exactly_once(session, seed, pairs):
    for here, rounds, _ in breakouts(*session, seed, pairs):
        for tables in rounds:
            assert seated(tables) == sorted(here)
            assert min(map(len, tables)) >= 2


@whole_sessions
@given(comings_and_goings(2, 30, 4), st.integers(0, 99))
def test_a_plan_is_never_worse_than_the_best_of_three_shuffles(session, seed):
    for here, rounds, history in breakouts(*session, seed):
        naive = [shuffled(here, len(rounds), Random(attempt)) for attempt in range(3)]
        assert added(rounds, history) <= min(added(seating, history) for seating in naive)


@whole_sessions
@given(comings_and_goings(17, 40, 2), st.integers(0, 99))
def test_with_fifteen_cities_or_more_nobody_meets_again_whoever_comes_and_goes(session, seed):
    for here, rounds, history in breakouts(*session, seed):
        if len(here) >= 15:
            assert added(rounds, history) == 0


@whole_sessions
@given(comings_and_goings(12, 30, 3), st.integers(0, 99))
def test_a_latecomer_never_makes_a_table_of_five_while_there_is_a_three(session, seed):
    for _, rounds, history in breakouts(*session, seed):
        running = rounds[0]
        sizes = set(map(len, running))
        joined = len(running[place_latecomer(running, "late", history)])
        assert joined < 4 or min(sizes) >= 4


@whole_sessions
@given(st.integers(6, 30), st.integers(0, 99), st.data())
def test_pins_hold_in_every_round_that_has_the_table(n, seed, data):
    seat = st.tuples(st.integers(0, n - 1), st.integers(1, n // 3))
    pinned = {r: data.draw(st.lists(seat, max_size=3, unique_by=lambda seat: seat[0])) for r in range(3)}

    for r, tables in enumerate(plan(range(n), 3, pinned=pinned, seed=seed)):
        assert all(city in tables[number - 1] for city, number in pinned[r])
