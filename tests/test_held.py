"""What phones still hold: they say so, and the desk lists them before it closes."""

import re

import pytest

from sessions.models import Device, Stream
from tests.rooms import Phone, pass_time

NOTHING = "No phone holds unsent notes."


@pytest.fixture
def talked(room):
    """Phones of three cities after their first talk; the run stands at the end of the plan."""
    phones = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    room.desk.press("end-discussion")
    for phone in phones:
        pass_time(seconds=6)
        phone.report()
    to_the_end(room)
    return phones


def to_the_end(room):
    """Press on until the primary button closes the session."""
    last = list(room.workshop.plan.segments())[-1]
    room.desk.press("jump", segment=last.pk)
    while "Close the session" not in room.desk.words():
        room.desk.press("advance", early="on")


def held(room, page=""):
    """What the list says at the desk, or on its settings page."""
    found = re.search(r'<section id="held".*?</section>', room.desk.get(page).content.decode(), re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group()).split()) if found else None


def desk_news(room):
    """How often the desk was told of a change."""
    return Stream.objects.get(workshop=room.workshop, name="desk").seq


# What phones say.


def test_a_report_answers_what_a_pull_answers(room):
    phone = room.phone("Riverton")

    answer = phone.report()

    assert answer.status_code == 200
    pulled = phone.catch_up()
    assert [(f["stream"], f["seq"]) for f in answer.json()["frames"]] == [(f["stream"], f["seq"]) for f in pulled]
    have = ",".join(f"{frame['stream']}:{frame['seq']}" for frame in pulled)
    assert phone.report(have=have).json()["frames"] == []


def test_a_report_renews_the_lease_also_from_the_board(room):
    phone = room.phone("Riverton")
    for kind in ("phone", "board"):
        pass_time(minutes=1)
        assert not Device.objects.select_related("workshop").get().is_present
        phone.report(kind=kind)
        assert Device.objects.select_related("workshop").get().is_present


def test_a_pull_by_get_writes_nothing(room):
    phone = room.phone("Riverton")
    before = Device.objects.values().get()
    pass_time(minutes=1)

    phone.catch_up()

    assert Device.objects.values().get() == before


def test_reports_that_say_nothing_new_are_written_every_five_seconds_at_most_and_tell_nobody(room):
    phone = room.phone("Riverton")
    phone.report(waiting=2)
    seen, told = Device.objects.get().last_seen, desk_news(room)

    pass_time(seconds=3)
    phone.report(waiting=2)
    assert Device.objects.get().last_seen == seen
    pass_time(seconds=3)
    phone.report(waiting=2)

    assert Device.objects.get().last_seen > seen
    assert desk_news(room) == told


def test_a_report_of_something_new_tells_the_desk(room):
    phone = room.phone("Riverton")
    told = desk_news(room)

    phone.report(waiting=2)

    assert desk_news(room) == told + 1
    assert "Here · 1 of 1 phone · 2 notes not sent yet" in room.desk.words()
    phone.report(waiting=0)
    assert "not sent yet" not in room.desk.words()


def test_a_flood_of_news_is_not_listened_to(room):
    phone = room.phone("Riverton")
    told = desk_news(room)

    for n in range(100):
        assert phone.report(waiting=n % 2).status_code == 200

    assert desk_news(room) - told < 60


@pytest.mark.parametrize("waiting", ["-1", "1000", "x", "1.5", "9" * 40])
def test_a_number_of_notes_that_is_none_is_refused_in_words(room, waiting):
    phone = room.phone("Riverton")

    answer = phone.report(waiting=waiting)

    assert answer.status_code == 422
    assert len(answer.content) > 12
    assert Device.objects.get().waiting == 0


# The desk's list before the close.


def test_the_desk_lists_who_still_holds_notes_before_it_closes(room, talked):
    assert held(room) == held(room, "settings") == NOTHING
    riverton, lakeview, _stonebridge = talked
    riverton.report(waiting=3)
    lakeview.report(waiting=1)

    for page in ("", "settings"):
        said = held(room, page)
        assert "2 phones still hold notes:" in said
        assert "Lakeview 1 note, last heard of" in said
        assert "Riverton 3 notes, last heard of" in said
        assert "Notes arrive also after the close, marked late." in said

    riverton.report()
    lakeview.report()
    assert held(room) == NOTHING


def test_before_the_end_of_the_plan_the_desk_is_not_bothered_with_it(room):
    room.phone("Riverton").report(waiting=3)
    room.discuss("talk")

    assert held(room) is None
    assert "Riverton 3 notes" in held(room, "settings")


def test_phones_of_one_city_are_one_row(room, talked):
    talked[0].report(waiting=3)
    room.phone("Riverton").report(waiting=2)

    assert "2 phones still hold notes: Riverton 5 notes, last heard of" in held(room)


def test_a_phone_that_went_silent_while_its_city_could_write_may_hold_notes(room):
    riverton, lakeview, _stonebridge = room.here("Riverton", "Lakeview", "Stonebridge")
    pass_time(minutes=1)
    room.discuss("talk")
    for phone in (riverton, lakeview):
        phone.report()
    pass_time(minutes=4)
    room.desk.press("end-discussion")
    lakeview.report()
    to_the_end(room)
    pass_time(minutes=10)

    said = held(room)
    assert "1 phone went silent and may still hold notes Riverton not heard of since" in said
    assert "Lakeview" not in said, "it was heard of after the talk, and held nothing"
    assert "Stonebridge" not in said, "it was gone before anybody could write"
    assert "a phone went silent" in room.desk.words()
    riverton.report()
    assert held(room) == NOTHING


def test_guests_and_city_teams_that_have_left_are_not_waited_for(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    guest = Phone(room.workshop, guest="on")
    pass_time(minutes=1)
    room.discuss("talk")
    riverton.report()
    guest.report(waiting=2)
    pass_time(minutes=4)
    room.desk.press("team-state", team=room.team("Riverton").pk, state="left")
    room.desk.press("end-discussion")
    to_the_end(room)

    assert held(room) == NOTHING


# Phones that go.


def test_a_phone_that_leaves_by_itself_gives_up_what_it_held(room, talked):
    talked[0].report(waiting=3)

    talked[0].client.post(f"{talked[0].path}leave")

    assert held(room) == NOTHING


def test_a_released_phone_still_counts_and_says_how_it_can_be_rid_of_its_notes(room, talked):
    breakout = room.workshop.breakouts.get(order=1)
    talked[0].report(waiting=2)
    room.desk.press("release-device", device=Device.objects.get(team=room.team("Riverton")).pk)
    assert "Riverton 2 notes, last heard of" in held(room)
    assert "out of the session, can hand in" in held(room)

    for text in ("One", "Two"):
        assert talked[0].hand_in(text, breakout=breakout).status_code == 202

    assert held(room) == NOTHING
