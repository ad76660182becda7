"""The run of the session: one button from welcome to close; back, skip, jump; what time it will end."""

import re
import uuid

import pytest

from sessions.models import Workshop
from tests.rooms import Desk, Room, account, pass_time


def version(room):
    return Workshop.objects.get(pk=room.workshop.pk).version


def primary(room):
    """What the primary button says."""
    page = room.desk.get().content.decode()
    return re.search(r"<button[^>]*button--primary[^>]*>\s*(.*?)\s*</button>", page, re.S).group(1)


def at(room):
    """Where the run stands: the segment's title (None at the welcome) and the step."""
    workshop = Workshop.objects.get(pk=room.workshop.pk)
    return str(workshop.segment.title) if workshop.segment else None, workshop.step


def test_the_primary_button_names_what_comes_next_from_welcome_to_close(content):
    room = Room.open(["Riverton", "Lakeview", "Stonebridge"], is_open=False)
    said = []
    while len(said) < 80:
        said.append(primary(room))
        if said[-1] in ("Open the session", "Close the session"):
            room.desk.press({"Open the session": "open", "Close the session": "close"}[said[-1]])
        elif said[-1] == "Reopen the session":
            break
        else:
            room.desk.press("advance", early="on")

    discussion = ["Show tables", "Start the discussion", "End the discussion", "Show the board"]
    assert said == [
        "Open the session",
        "Next: Session plan",
        "Next: Management and leadership; individual and organizational capabilities; collaborating across boundaries",
        "Next: Individual Capabilities (Skills) / Organizational Capabilities (Practices)",
        "Next: Collaborating Across Boundaries",
        "Next: The Hartford Case",
        *(f"Next: Fact {n} of 6" for n in range(1, 7)),
        "Next: The case question",
        "Next: Top 3 Challenges of Cross-Boundary Collaboration",
        *discussion,
        "Next: The Louisville Case",
        *(f"Next: Fact {n} of 2" for n in range(1, 3)),
        "Next: The case question",
        "Next: Learning Journey or Blame Game?; advice list",
        "Next: Five key actions",
        "Next: For the team",
        "Next: Epilogue",
        "Next: Open the epilogue",
        *discussion,
        "Next: The South Yorkshire Case",
        *(f"Next: Fact {n} of 3" for n in range(1, 4)),
        "Next: The case question",
        "Next: Where to Start; Entry Points",
        "Next: Entry point",
        "Next: Execution as learning",
        "Next: Entry Points: Gaining Momentum in Early-Stage Cross-Boundary Collaborations",
        *discussion,
        "Next: Strategic Triangle for a Collaborative Team",
        "Next: Part 2 of 3",
        "Next: Part 3 of 3",
        "Next: Resources",
        "Close the session",
        "Reopen the session",
    ]


def test_after_the_last_segment_the_button_does_not_wrap_around(room):
    room.desk.press("jump", segment=room.segment("info", 3).pk)

    assert "last segment" in room.desk.refused("advance")


def test_back_goes_one_step_back_to_the_very_beginning(room):
    room.desk.press("jump", segment=room.segment("case").pk)
    room.desk.press("advance")

    room.desk.press("back")
    assert at(room) == ("The Hartford Case", 0)
    room.desk.press("back")
    assert at(room)[0].startswith("Management and leadership")
    assert at(room)[1] == 2, "the last thing that segment shows"
    for _press in range(4):
        room.desk.press("back")
    assert at(room) == (None, 0)
    assert "beginning" in room.desk.refused("back")


def test_a_segment_that_is_skipped_is_passed_over_both_ways_and_can_be_taken_back_in(room):
    case = room.segment("case").pk
    insights = room.segment("insights")
    room.desk.press("skip", segment=case)
    room.desk.press("jump", segment=room.segment("info", 2).pk)
    room.desk.press("advance"), room.desk.press("advance")
    assert primary(room) == f"Next: {insights.title}"

    room.desk.press("advance")
    assert at(room) == (str(insights.title), 0)
    room.desk.press("back")
    assert at(room)[0].startswith("Management and leadership")

    room.desk.press("skip", segment=case)
    assert primary(room) == "Next: The Hartford Case"


def test_skipping_the_current_segment_leaves_it_at_once(room):
    room.desk.press("jump", segment=room.segment("case").pk)

    room.desk.press("skip", segment=room.segment("case").pk)

    assert at(room)[0] == "Top 3 Challenges of Cross-Boundary Collaboration"


def test_the_last_segment_cannot_be_skipped_from_within(room):
    last = room.segment("info", 3).pk
    room.desk.press("jump", segment=last)

    assert "nothing to skip to" in room.desk.refused("skip", segment=last)


def test_a_discussion_is_skipped_and_the_next_ones_tables_are_shown(room):
    room.here()
    first = room.workshop.breakouts.get(order=1)
    room.desk.press("skip", segment=first.segment_id)

    page = room.desk.words()
    assert room.workshop.breakouts.get(order=2).question in page, "the desk looks ahead to the second discussion"
    room.desk.press("jump", segment=room.segment("insights").pk)
    assert primary(room) == "Next: The Louisville Case"
    room.discuss("talk", 2)
    assert room.workshop.breakouts.get(order=1).starts_at is None


def test_going_to_a_skipped_segment_takes_it_back_in(room):
    case = room.segment("case").pk
    room.desk.press("skip", segment=case)

    room.desk.press("jump", segment=case)

    assert at(room) == ("The Hartford Case", 0)
    assert not room.segment("case").skipped


def test_a_segment_of_another_session_cannot_be_gone_to_skipped_or_edited(room):
    foreign = Room.open(["Eastmoor"]).segment("case").pk

    for command in ("jump", "skip"):
        assert "not in the session's plan" in room.desk.refused(command, segment=foreign)
    assert "not in the session's plan" in room.desk.refused("edit-segment", segment=foreign, title="x", minutes=1)
    assert room.desk.get(f"segments/{foreign}").status_code == 404


# Two browsers, stale tabs, double clicks.


def test_a_stale_tab_changes_nothing_and_says_so(room):
    old = version(room)
    room.desk.press("advance")
    stands = at(room)

    for command, data in {
        "advance": {},
        "back": {},
        "jump": {"segment": room.segment("case").pk},
        "skip": {"segment": room.segment("case").pk},
        "close": {},
    }.items():
        sentence = room.desk.refused(command, version=old, **data)
        assert sentence.startswith("The session has moved on since this page was drawn, so nothing was changed."), (
            command
        )
    assert at(room) == stands


def test_a_stale_tab_does_not_touch_the_clock(room):
    room.here()
    room.discuss("talk")
    old = version(room)
    room.desk.press("change-minutes", minutes=1)
    left = room.breakout().seconds_left

    for command, data in {"pause": {}, "change-minutes": {"minutes": 1}, "end-discussion": {}}.items():
        assert "moved on" in room.desk.refused(command, version=old, **data)
    assert room.breakout().is_running
    assert room.breakout().seconds_left == pytest.approx(left, abs=2)


def test_a_double_click_goes_one_step(room):
    same, old = str(uuid.uuid4()), version(room)

    answers = [room.desk.do("advance", version=old, uuid=same).status_code for _click in range(2)]

    assert answers == [204, 204]
    assert at(room) == ("Session plan", 0)


def test_a_double_click_without_an_id_goes_one_step_too(room):
    old = version(room)

    answers = [room.desk.do("advance", version=old).status_code for _click in range(2)]

    assert answers == [204, 409]
    assert at(room) == ("Session plan", 0)


def test_an_id_that_was_used_for_something_else_is_refused(room):
    same = str(uuid.uuid4())
    room.desk.press("message", message="One", uuid=same)

    assert "already sent with other words" in room.desk.refused("message", message="Two", uuid=same)
    assert Workshop.objects.get().message == "One"


def test_a_refused_command_may_be_sent_again_with_its_id(room):
    same = str(uuid.uuid4())
    room.desk.refused("back", uuid=same)
    room.desk.press("advance")

    room.desk.press("back", uuid=same)

    assert at(room) == (None, 0)


def test_a_command_that_does_not_say_what_it_saw_is_not_carried_out(room):
    response = room.desk.client.post(f"/desk/{room.workshop.slug}/do/advance", headers={"accept": "text/plain"})

    assert response.status_code == 422
    assert "Reload the page" in response.content.decode()
    assert at(room) == (None, 0)


def test_two_facilitators_see_the_same(room):
    room.desk.press("add-facilitator", username=account("second").username)
    second = Desk(room.workshop, account("second"))
    have = room.workshop.streams.get(name="desk").seq

    room.desk.press("advance")

    frames = second.client.get(f"/catch-up/desk/{room.workshop.slug}", {"have": f"desk:{have}"}).json()["frames"]
    assert "Next: Management and leadership" in frames[0]["html"]
    second.press("advance")
    assert at(room)[0].startswith("Management and leadership")


# On the spot.


def test_a_question_is_edited_on_the_spot_and_notes_keep_the_wording_they_answered(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    breakout = room.discuss("talk")
    riverton.post_note("Answers the old one")

    room.desk.press(
        "edit-segment", segment=breakout.segment_id, title="Talk", minutes=10, question="What is in your way?"
    )
    riverton.post_note("Answers the new one")

    asked = dict(room.workshop.notes.values_list("text", "question"))
    assert asked == {
        "Answers the old one": "What barriers is your collaboration facing?",
        "Answers the new one": "What is in your way?",
    }
    assert "What is in your way?" in riverton.words()
    assert "What is in your way?" in room.wall_words()
    assert "Asked as: What barriers is your collaboration facing?" in room.desk.words("notes")
    assert "Asked as: What barriers is your collaboration facing?" in riverton.words("yours")


def test_minutes_edited_before_the_start_are_the_minutes_of_talk(room):
    room.here()
    breakout = room.discuss("find")

    room.desk.press("edit-segment", segment=breakout.segment_id, title="Talk", minutes=6)
    room.desk.press("advance")

    assert room.breakout().seconds_left == pytest.approx(360, abs=2)
    assert "for 6 minutes" in room.wall_words()


def test_minutes_edited_after_the_start_leave_the_clock_alone(room):
    room.here()
    breakout = room.discuss("talk")

    room.desk.press("edit-segment", segment=breakout.segment_id, title="Talk", minutes=3)

    assert room.breakout().seconds_left == pytest.approx(600, abs=2)


def test_a_segments_title_is_edited_on_the_spot(room):
    case = room.segment("case")
    assert "The Hartford Case" in room.desk.get(f"segments/{case.pk}").content.decode()

    room.desk.press("edit-segment", segment=case.pk, title="Our own <case>", minutes=5)
    room.desk.press("jump", segment=case.pk)

    assert "Our own <case>" in room.wall_words()
    assert "Our own <case>" in room.phone("Riverton").words()


@pytest.mark.parametrize("minutes", ["0", "-1", "241", "x", ""])
def test_minutes_that_make_no_sense_are_not_stored(room, minutes):
    response = room.desk.do("edit-segment", segment=room.segment("case").pk, title="x", minutes=minutes)

    assert response.status_code == 422
    assert room.segment("case").minutes == 8


# Time.


def ends(room):
    """What the desk says of the end: "Ends 12:12" and "12 minutes late" or ""."""
    found = re.search(r"Ends (\d\d:\d\d)(?: ?, ?(\d+ minutes? late))?", room.desk.words())
    return found.group(1), found.group(2) or ""


@pytest.fixture
def at_nine(room, monkeypatch):
    """The room, where it is 09:00 in Berlin, winter time."""
    from datetime import UTC, datetime

    from academy import clock

    room.desk.client.post(
        f"/desk/{room.workshop.slug}/settings", {"title": "Leading Collaboration", "time_zone": "Europe/Berlin"}
    )
    clock.shift(datetime(2030, 1, 15, 8, 0, 5, tzinfo=UTC) - datetime.now(UTC))
    room.desk = Desk(room.workshop, room.desk.user)
    return room


def test_before_the_start_the_desk_says_how_long_it_will_take(room):
    assert "90 minutes planned" in room.desk.words()


def test_planned_times_are_shifted_to_the_actual_start_in_the_sessions_time_zone(at_nine):
    at_nine.desk.press("advance")

    page = at_nine.desk.words()
    assert ends(at_nine) == ("10:30", "")
    assert re.search(r"09:00\s+Session plan", page)
    assert re.search(r"09:04\s+The Hartford Case", page)
    assert re.search(r"10:29\s+Resources", page)


def test_a_segment_that_takes_longer_makes_the_end_late(at_nine):
    at_nine.desk.press("advance")

    pass_time(minutes=13)

    assert ends(at_nine) == ("10:42", "12 minutes late")


def test_a_minute_late_is_said_as_one(at_nine):
    at_nine.desk.press("advance")
    pass_time(minutes=2)

    assert ends(at_nine) == ("10:31", "1 minute late")


def test_skipping_a_segment_makes_up_for_being_late(at_nine):
    at_nine.desk.press("advance")
    pass_time(minutes=13)

    at_nine.desk.press("skip", segment=at_nine.segment("case").pk)

    assert ends(at_nine) == ("10:34", "4 minutes late")


def test_cutting_minutes_makes_up_for_being_late(at_nine):
    at_nine.desk.press("advance")
    pass_time(minutes=13)

    case = at_nine.segment("case")
    at_nine.desk.press("edit-segment", segment=case.pk, title=str(case.title), minutes=2)

    assert ends(at_nine) == ("10:36", "6 minutes late")


def test_a_discussion_cut_to_six_minutes_ends_the_session_four_minutes_earlier(at_nine):
    at_nine.here()
    at_nine.discuss("find")
    before = ends(at_nine)[0]

    at_nine.desk.press("set-minutes", minutes=6)

    assert before == "10:14"
    assert ends(at_nine) == ("10:10", "")


def test_minutes_given_to_a_discussion_move_the_end(at_nine):
    at_nine.here()
    at_nine.discuss("talk")  # found their tables at once: two minutes won
    assert ends(at_nine)[0] == "10:12"

    at_nine.desk.press("change-minutes", minutes=5)
    assert ends(at_nine)[0] == "10:17"
    at_nine.desk.press("end-discussion")
    assert ends(at_nine)[0] == "10:02"


def test_being_early_is_not_being_late(at_nine):
    at_nine.desk.press("advance")

    at_nine.desk.press("jump", segment=at_nine.segment("insights", 3).pk)

    assert ends(at_nine) == ("09:24", "")


# The wall, the phones.


def test_a_message_is_on_all_phones_until_it_is_taken_away(room):
    riverton, guest = room.phone("Riverton"), room.phone("Lakeview")
    room.desk.press("message", message="Lunch is <b>late</b>")

    for phone in (riverton, guest):
        assert "From the facilitator Lunch is <b>late</b>" in phone.words()
    assert "Lunch is" not in room.wall_words()

    room.desk.press("message", message="")
    assert "Lunch is" not in riverton.words()


def test_a_message_longer_than_a_sentence_is_refused(room):
    assert room.desk.do("message", message="x" * 201).status_code == 422


def test_covering_the_wall_leaves_title_and_code_and_nothing_else(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    breakout = room.discuss("board")
    riverton.post_note("Nobody owns the budget")

    room.desk.press("cover-wall", covered="on")

    wall = room.wall_words()
    assert "Leading Collaboration in Cities" in wall
    assert room.workshop.code in wall
    for word in (breakout.question, "Nobody owns", "Riverton", "1 note"):
        assert word not in wall
    assert "Covered: title and code only" in room.desk.words()
    assert breakout.question in riverton.words(), "phones follow all the same"

    room.desk.press("cover-wall")
    assert breakout.question in room.wall_words()


def test_showing_ones_own_slides_rests_the_wall_while_phones_follow(room):
    riverton = room.phone("Riverton")
    room.desk.press("pause-wall", paused="on")

    room.desk.press("jump", segment=room.segment("case").pk)
    room.desk.press("advance")

    assert "The Hartford Case" not in room.wall_words()
    assert "Leading Collaboration in Cities" in room.wall_words()
    assert "The Hartford Case" in riverton.words()
    assert "Resting: you are showing your own slides" in room.desk.words()
    room.desk.press("pause-wall")
    assert "The Hartford Case" in room.wall_words()


def test_the_desk_says_what_the_wall_shows(room):
    room.here()
    assert "Welcome, the city teams and the code" in room.desk.words()
    room.discuss("find")
    assert "Cities from A to Z with their tables" in room.desk.words()
    room.desk.press("advance")
    assert "The question and the clock" in room.desk.words()
    room.desk.press("advance", early="on"), room.desk.press("advance")
    assert "Board: counts" in room.desk.words()


def test_going_back_to_the_tables_shows_them_again_on_the_wall(room):
    room.here()
    room.discuss("board")

    room.desk.press("back"), room.desk.press("back")

    wall = room.wall_words()
    assert "Find your table" in wall
    assert "Riverton" in wall
    assert "0 notes" not in wall
