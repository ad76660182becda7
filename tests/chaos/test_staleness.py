"""How long a note took is counted from when a screen could know it."""

from bench.chaos.database import Row
from bench.chaos.outages import Outages
from bench.chaos.staleness import by_the_newest, waits

NETWORK = ("network 1",)


def row(number, at, **fields):
    """A note stored at this second."""
    return Row(number, f"u{number}", f"n{number:06d} said", team=1, breakout=1, created_at=at, **fields)


def away(*intervals):
    """Outages of the screen's network."""
    outages = Outages()
    outages.of[NETWORK[0]] = list(intervals)
    return outages


def test_a_note_waits_from_when_it_was_stored():
    assert waits([row(1, 10)], {"n000001": 12}, NETWORK, away(), until=90) == [(2, "n000001")]


def test_a_screen_owes_nothing_while_its_network_is_away():
    seen = {"n000001": 22}

    assert waits([row(1, 10)], seen, NETWORK, away((9, 20)), until=90) == [(2, "n000001")]
    assert waits([row(1, 10)], seen, NETWORK, away((9, 15), (16, 21)), until=90) == [(1, "n000001")]
    assert waits([row(1, 10)], seen, NETWORK, away((2, 8), (30, 40)), until=90) == [(12, "n000001")]


def test_what_was_seen_before_the_network_was_back_did_not_wait():
    assert waits([row(1, 10)], {"n000001": 12}, NETWORK, away((11, 20)), until=90) == []


def test_a_note_that_is_never_shown_has_waited_until_now():
    assert waits([row(1, 10)], {}, NETWORK, away((12, 20)), until=90) == [(70, "n000001")]
    assert waits([row(1, 10)], {}, NETWORK, away((12, 95)), until=90) == []


def test_a_note_that_was_hidden_meanwhile_may_never_have_been_shown():
    assert waits([row(1, 10, hidden=True)], {}, NETWORK, away(), until=90) == []


def test_a_screen_that_shows_a_newer_note_knew_the_older_ones():
    rows = [row(1, 10), row(2, 11), row(3, 12)]

    assert by_the_newest(rows, {"n000002": 14}) == {"n000001": 14, "n000002": 14}
    assert by_the_newest(rows, {"n000001": 11, "n000003": 13}) == {"n000001": 11, "n000002": 13, "n000003": 13}


def test_away_twice_is_away_until_both_have_ended():
    outages = Outages()
    outages.begin("network 1", at=10)
    outages.begin("network 1", at=12)
    outages.end("network 1", at=15)
    assert outages.back(NETWORK, 11, 16) == float("inf")

    outages.end("network 1", at=18)
    assert outages.back(NETWORK, 11, 20) == 18
    assert outages.touch(NETWORK, 17, 30)
    assert not outages.touch(NETWORK, 19, 30)


def test_the_time_in_which_no_simulated_screen_could_run_is_none():
    outages = away()
    outages.stalls = [(8, 11), (13, 14)]

    assert waits([row(1, 10)], {"n000001": 15}, NETWORK, outages, until=90) == [(3, "n000001")]
