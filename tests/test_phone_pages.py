"""What a city team's phone shows from the door to "Your notes"."""

import pytest

from sessions.models import Note
from tests.rooms import Phone, Room


def test_every_page_of_a_phone_opens_at_every_segment(room):
    phones = [room.phone("Riverton"), Phone(room.workshop, guest="on"), Phone(room.workshop, name="Eastmoor")]
    for segment in room.workshop.plan.segments():
        room.desk.press("jump", segment=segment.pk)
        for phone in phones:
            for page in ("", "board", "change"):
                assert phone.get(page).status_code == 200, (segment, page)


def test_the_badge_says_which_city_this_phone_is_with(room):
    assert 'class="city-badge" dir="auto">Riverton<' in room.phone("Riverton").page()


def test_before_the_first_segment_the_phone_says_to_keep_the_page_open(room):
    assert "We begin soon" in room.phone("Riverton").words()


def test_the_phone_says_what_comes_next(room):
    riverton = room.phone("Riverton")
    room.desk.press("jump", segment=room.segment("case").pk)

    assert "Next: Top 3 Challenges of Cross-Boundary Collaboration" in riverton.words()


def test_the_table_leaves_the_phone_when_the_run_moves_on(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("board")
    assert "Go to table 1" in riverton.words()
    stream = room.team("Riverton").stream
    have = room.workshop.streams.get(name=stream).seq

    room.desk.press("advance")

    assert "Go to table 1" not in riverton.words()
    frames = riverton.catch_up(f"{stream}:{have}")
    assert frames, "an open page hears of it"
    assert "Go to table" not in "".join(frame["html"] for frame in frames)


def test_a_phone_that_slept_pulls_what_it_lacks_and_nothing_when_it_lacks_nothing(room):
    riverton, lakeview, _stonebridge = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    have = riverton.page().partition('data-have="')[2].partition('"')[0]
    assert riverton.catch_up(have) == []

    lakeview.post_note("Said while you slept")

    assert "Said while you slept" in "".join(frame["html"] for frame in riverton.catch_up(have))


def test_your_notes_are_all_of_them_by_question_in_the_order_of_the_discussions(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    first = room.discuss("talk", 1)
    riverton.post_note("About barriers", terms=["teaming-trust"])
    second = room.discuss("talk", 2)
    riverton.post_note("About setbacks")
    riverton.post_note("About barriers, later", breakout=first)

    page = riverton.words("yours")

    order = [first.question, "About barriers", "Trusting and understanding each other", "About barriers, later"]
    order += [second.question, "About setbacks"]
    places = [page.index(text) for text in order]
    assert places == sorted(places)
    assert page.count(first.question) == 1
    assert "print this page" in page


def test_your_notes_are_yours_alone(room):
    riverton, lakeview, _stonebridge = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    riverton.post_note("Between us")

    assert "Between us" not in lakeview.words("yours")
    assert Note.objects.count() == 1


def test_after_closing_the_phone_thanks_and_keeps_your_notes_to_read(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    riverton.post_note("Nobody owns the budget")

    room.desk.press("close")

    assert "Your notes stay here for you to read and to print." in riverton.words()
    assert "Nobody owns the budget" in riverton.words()
    assert riverton.get("yours").status_code == 200
    assert riverton.get("board").status_code == 200


@pytest.mark.parametrize("page", ["", "board", "yours", "change", "notes/8a4c5ba6-8a7c-4d25-b6bd-6ba4a8a10f7b"])
def test_a_phone_of_another_session_gets_404(room, page):
    outside = Phone(Room.open(["Eastmoor"]).workshop, guest="on")

    assert outside.client.get(f"/p/{room.workshop.slug}/{page}").status_code == 404
