"""The clock of a discussion: a deadline on the server, not a tick."""

import re

import pytest

from academy import clock
from sessions.models import Workshop
from tests.rooms import Room, pass_time


@pytest.fixture
def talking(room):
    """The room, everybody at a table, the clock of the first discussion running."""
    room.here()
    room.discuss("talk")
    return room


def left(room):
    """Whole seconds that are left, by the database."""
    return round(room.breakout().seconds_left)


def near(seconds):
    return pytest.approx(seconds, abs=2)


# Before.


def test_before_the_start_the_clock_shows_all_the_minutes_and_does_not_run(room):
    room.here()
    room.discuss("find")

    pass_time(minutes=3)

    assert left(room) == 600
    assert "10:00" in room.desk.words()


def test_ten_minutes_can_be_six_before_the_start(room):
    room.here()
    room.discuss("find")

    room.desk.press("set-minutes", minutes=6)
    room.desk.press("advance")

    assert left(room) == near(360)


@pytest.mark.parametrize("minutes", ["0", "121", "-5", "six", ""])
def test_minutes_that_make_no_sense_are_refused(room, minutes):
    room.discuss("find")

    assert room.desk.do("set-minutes", minutes=minutes).status_code == 422
    assert room.breakout().minutes == 10


def test_once_started_minutes_are_given_and_taken_not_set(talking):
    assert "use “1 more minute”" in talking.desk.refused("set-minutes", minutes=6)


def test_where_there_is_no_discussion_there_is_no_clock(room):
    assert "No discussion is on" in room.desk.refused("set-minutes", minutes=6)
    for command, data in {
        "pause": {},
        "resume": {},
        "end-discussion": {},
        "reopen-discussion": {},
        "change-minutes": {"minutes": 1},
    }.items():
        assert "No discussion has been started" in room.desk.refused(command, **data)


def test_before_the_start_there_is_nothing_to_pause(room):
    room.discuss("find")

    assert "No discussion has been started" in room.desk.refused("pause")


# While it runs.


def test_the_clock_runs_down_by_itself_and_never_below_zero(talking):
    pass_time(minutes=4)
    assert left(talking) == near(360)
    assert talking.breakout().is_running

    pass_time(minutes=16)
    assert left(talking) == 0
    assert talking.breakout().has_ended


def test_every_screen_shows_the_same_deadline(talking):
    riverton = talking.phone("Riverton")
    pages = (riverton.page(), talking.wall(), talking.desk.get().content.decode())

    deadlines = {re.search(r'data-ends-at="(\d+)"', page).group(1) for page in pages}

    assert deadlines == {str(int(talking.breakout().ends_at.timestamp() * 1000))}


def test_a_paused_clock_keeps_what_is_left_on_every_screen(talking):
    pass_time(minutes=3)

    talking.desk.press("pause")
    pass_time(minutes=20)

    assert left(talking) == near(420)
    assert not talking.breakout().has_ended
    for page in (talking.phone("Riverton").page(), talking.wall(), talking.desk.get().content.decode()):
        assert 417 <= int(re.search(r'data-left="(\d+)"', page).group(1)) <= 420
        assert "Paused" in page


def test_a_resumed_clock_goes_on_with_exactly_what_was_left(talking):
    pass_time(minutes=3)
    talking.desk.press("pause")
    before = talking.breakout().seconds_left
    pass_time(minutes=20)

    talking.desk.press("resume")

    assert talking.breakout().seconds_left == pytest.approx(before, abs=0.5)
    assert talking.breakout().is_running


def test_pausing_twice_and_resuming_what_runs_is_refused(talking):
    assert "not paused" in talking.desk.refused("resume")
    talking.desk.press("pause")
    assert "not running" in talking.desk.refused("pause")


@pytest.mark.parametrize("minutes", [1, 2, -1])
def test_minutes_are_given_and_taken_while_it_runs(talking, minutes):
    pass_time(minutes=4)

    talking.desk.press("change-minutes", minutes=minutes)

    assert left(talking) == near(360 + 60 * minutes)


def test_minutes_are_given_while_it_is_paused(talking):
    pass_time(minutes=4)
    talking.desk.press("pause")
    pass_time(minutes=5)

    talking.desk.press("change-minutes", minutes=2)
    assert left(talking) == near(480)
    assert talking.breakout().is_paused
    pass_time(minutes=5)
    talking.desk.press("resume")

    pass_time(minutes=1)
    assert left(talking) == near(420)


def test_taking_more_than_is_left_ends_it_now(talking):
    pass_time(minutes=9, seconds=30)

    talking.desk.press("change-minutes", minutes=-1)

    assert left(talking) == 0
    assert talking.breakout().has_ended
    assert talking.breakout().ends_at <= clock.now()


@pytest.mark.parametrize("minutes", [31, -31, "x"])
def test_more_than_half_an_hour_at_once_is_a_slip(talking, minutes):
    assert talking.desk.do("change-minutes", minutes=minutes).status_code == 422


def test_a_stray_key_never_ends_the_talk(talking):
    sentence = talking.desk.refused("advance")

    assert sentence.startswith("The clock is still running.")
    assert talking.breakout().is_running
    talking.desk.press("pause")
    assert "still running" in talking.desk.refused("advance"), "nor while it is paused"


def test_nobody_leaves_a_talk_by_jumping_skipping_or_going_back(talking):
    segment = talking.breakout().segment_id

    assert "End the discussion first" in talking.desk.refused("jump", segment=talking.segment("case").pk)
    assert "End the discussion first" in talking.desk.refused("skip", segment=segment)
    talking.desk.press("back")  # to the tables, for who is lost
    assert "End the discussion first" in talking.desk.refused("back")
    talking.desk.press("advance")
    assert left(talking) == near(600), "the clock ran on"


def test_the_cues_are_calm_and_ready_on_every_screen(talking):
    assert "Two minutes left. Write down your main point." in talking.phone("Riverton").page()
    assert "Two minutes left: write down your main point" in talking.wall()
    assert 'data-thirty-seconds="' in talking.phone("Riverton").page()


# The end, and after.


def test_when_time_is_up_nothing_moves_until_the_desk_does(talking):
    riverton = talking.phone("Riverton")
    pass_time(minutes=11)

    page = riverton.words()
    assert "Time is up. You can still finish your note." in page
    assert "Add note" in page
    assert Workshop.objects.get().step == 1
    talking.desk.press("advance")
    assert Workshop.objects.get().step == 2


def test_ending_early_needs_to_be_said_and_moves_nobody_on(talking):
    talking.desk.press("advance", early="on")

    assert talking.breakout().has_ended
    assert talking.breakout().step == "talk"
    assert "Show the board" in talking.desk.words()


def test_a_discussion_ends_once(talking):
    talking.desk.press("end-discussion")

    assert "already ended" in talking.desk.refused("end-discussion")


def test_a_discussion_that_was_ended_by_mistake_is_reopened_with_its_notes_and_its_time(talking):
    riverton = talking.phone("Riverton")
    riverton.post_note("Nobody owns the budget")
    pass_time(minutes=3)
    talking.desk.press("end-discussion")
    pass_time(minutes=5)

    talking.desk.press("reopen-discussion")

    assert left(talking) == near(420)
    assert talking.breakout().is_running
    assert "Nobody owns the budget" in riverton.words()


def test_a_discussion_is_reopened_from_the_board_and_its_text_is_numbers_again(talking):
    riverton = talking.phone("Riverton")
    riverton.post_note("Nobody owns the budget")
    talking.desk.press("advance", early="on"), talking.desk.press("advance")
    assert "Nobody owns the budget" in riverton.words("board")

    talking.desk.press("reopen-discussion")

    assert Workshop.objects.get().step == 1
    assert "Nobody owns the budget" not in talking.phone("Lakeview").words("board")
    assert "End the discussion" in talking.desk.words()


def test_a_discussion_whose_time_had_run_out_is_reopened_for_two_minutes(talking):
    pass_time(minutes=12)

    talking.desk.press("reopen-discussion")

    assert left(talking) == near(120)


def test_what_was_left_is_given_back_once(talking):
    talking.desk.press("end-discussion")
    talking.desk.press("reopen-discussion")
    pass_time(minutes=11)

    talking.desk.press("reopen-discussion")

    assert left(talking) == near(120)


def test_a_running_discussion_is_not_reopened(talking):
    assert "still open" in talking.desk.refused("reopen-discussion")


def test_minutes_given_after_the_end_count_from_now(talking):
    pass_time(minutes=13)

    talking.desk.press("change-minutes", minutes=2)

    assert left(talking) == near(120)
    pass_time(minutes=3)
    talking.desk.press("reopen-discussion")
    assert left(talking) == near(120)


def test_minutes_given_after_an_early_end_replace_what_was_left(talking):
    talking.desk.press("end-discussion")
    talking.desk.press("change-minutes", minutes=1)
    pass_time(minutes=2)

    talking.desk.press("reopen-discussion")

    assert left(talking) == near(120)


def test_on_the_board_the_clock_is_over_unless_it_is_reopened(talking):
    talking.desk.press("advance", early="on"), talking.desk.press("advance")

    assert "Press “Reopen the discussion”" in talking.desk.refused("change-minutes", minutes=1)


def test_a_second_look_at_a_discussion_does_not_start_its_clock_again(talking):
    talking.desk.press("advance", early="on"), talking.desk.press("advance")
    talking.desk.press("jump", segment=talking.segment("case", 2).pk)

    talking.discuss("board")

    assert talking.breakout().has_ended


def test_each_discussion_has_its_own_clock(talking):
    pass_time(minutes=11)

    talking.discuss("talk", 2)

    assert left(talking) == near(600)
    assert talking.workshop.breakouts.get(order=1).has_ended


def test_a_closed_session_has_no_clock_to_change(talking):
    talking.desk.press("close")

    for command, data in {"pause": {}, "change-minutes": {"minutes": 1}, "reopen-discussion": {}}.items():
        assert "closed" in talking.desk.refused(command, **data)
    assert talking.breakout().has_ended


def test_two_sessions_do_not_share_a_clock(talking):
    other = Room.open(["Eastmoor", "Oldtown", "Fairwater"])
    other.discuss("talk")

    other.desk.press("end-discussion")

    assert talking.breakout().is_running
