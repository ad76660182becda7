"""Marking the checklist: one set of marks per city team, the last tap wins."""

import uuid

import pytest

from frameworks.models import Item
from sessions.models import Mark
from tests.rooms import Phone


@pytest.fixture
def triangle(room):
    """The room at the strategic triangle with marking on; returns its items by code."""
    room.desk.press("jump", segment=room.segment("checklist").pk)
    room.desk.press("marking", on="on")
    return {item.code: item.pk for item in Item.objects.filter(checklist__code="strategic-triangle")}


def tap(phone, item, value, **more):
    sent = {"item": item, "value": value, **more}
    return phone.client.post(f"{phone.path}mark", sent, headers={"accept": "text/plain"}).status_code


def test_marking_is_off_until_the_facilitator_turns_it_on(room):
    riverton = room.phone("Riverton")
    room.desk.press("jump", segment=room.segment("checklist").pk)
    item = Item.objects.filter(checklist__code="strategic-triangle").first()

    assert "Where do you stand?" not in riverton.words()
    assert "in place 0" not in room.wall_words()
    assert tap(riverton, item.pk, "partly") == 409
    assert not Mark.objects.exists()


def test_turned_on_the_phones_offer_three_answers_an_item_and_hear_of_it(room):
    riverton = room.phone("Riverton")
    room.desk.press("jump", segment=room.segment("checklist").pk)
    stream = room.team("Riverton").stream
    have = room.workshop.streams.get(name=stream).seq

    room.desk.press("marking", on="on")

    assert any("Where do you stand?" in frame["html"] for frame in riverton.catch_up(f"{stream}:{have}"))
    page = riverton.words()
    assert page.count("Not yet Partly In place") == 8, "the items of the first build"
    room.desk.press("advance")
    assert riverton.words().count("Not yet Partly In place") == 12


def test_the_marks_leave_the_phones_with_the_checklist(room, triangle):
    riverton = room.phone("Riverton")
    stream = room.team("Riverton").stream
    have = room.workshop.streams.get(name=stream).seq

    room.desk.press("jump", segment=room.segment("info", 3).pk)

    assert "Where do you stand?" not in riverton.words()
    assert any('id="marks"' in frame["html"] for frame in riverton.catch_up(f"{stream}:{have}"))


def test_the_last_tap_wins_from_whichever_phone_and_all_of_them_see_it(room, triangle):
    one, two = room.here("Riverton", "Riverton")
    item = min(triangle.values())

    assert tap(one, item, "partly") == 204
    assert tap(two, item, "in-place") == 204

    assert [(m.item_id, m.value) for m in Mark.objects.all()] == [(item, "in-place")]
    for phone in (one, two):
        row = phone.page().partition(f'id="mark-{item}"')[2].partition("</form>")[0]
        assert row.count('aria-pressed="true"') == 1
        assert row.index('aria-pressed="true"') > row.index('value="in-place"')


def test_a_mark_is_taken_back(room, triangle):
    riverton = room.phone("Riverton")
    item = min(triangle.values())
    tap(riverton, item, "partly")

    assert tap(riverton, item, "") == 204

    assert not Mark.objects.exists()


def test_the_wall_counts_where_cities_stand_without_names(room, triangle):
    riverton, lakeview, stonebridge = room.here("Riverton", "Lakeview", "Stonebridge")
    item = min(triangle.values())
    tap(riverton, item, "in-place"), tap(lakeview, item, "in-place"), tap(stonebridge, item, "not-yet")

    wall = room.wall_words()

    numbers = wall.replace(":", " ").casefold()
    assert "in place 2" in numbers or "2 in place" in numbers
    assert "not yet 1" in numbers or "1 not yet" in numbers
    for name in ("Riverton", "Lakeview", "Stonebridge"):
        assert name not in wall


def test_a_city_does_not_see_another_citys_marks(room, triangle):
    riverton, lakeview = room.here("Riverton", "Lakeview")
    tap(riverton, min(triangle.values()), "in-place")

    assert 'aria-pressed="true"' not in lakeview.page().partition('id="marks"')[2].partition("</section>")[0]


def test_marks_stay_when_marking_is_turned_off_and_no_more_are_taken(room, triangle):
    riverton = room.phone("Riverton")
    item = min(triangle.values())
    tap(riverton, item, "partly")

    room.desk.press("marking")

    assert tap(riverton, item, "in-place") == 409
    assert Mark.objects.get().value == "partly"
    room.desk.press("marking", on="on")
    assert 'aria-pressed="true"' in riverton.page()


@pytest.mark.parametrize("value", ["done", "IN-PLACE", "in-place "])
def test_an_answer_that_does_not_exist_is_refused(room, triangle, value):
    assert tap(room.phone("Riverton"), min(triangle.values()), value) == 422


def test_an_item_that_is_not_shown_in_this_session_is_refused(room, triangle):
    assert tap(room.phone("Riverton"), 10**6, "partly") == 409


def test_guests_waiting_cities_and_closed_sessions_do_not_mark(room, triangle):
    item = min(triangle.values())
    riverton = room.phone("Riverton")

    assert tap(Phone(room.workshop, guest="on"), item, "partly") == 404
    assert tap(Phone(room.workshop, name="Eastmoor"), item, "partly") == 404
    room.desk.press("close")
    assert tap(riverton, item, "partly") == 409
    assert not Mark.objects.exists()


def test_a_tap_that_is_sent_twice_counts_once_and_the_later_one_stands(room, triangle):
    riverton, colleague = room.here("Riverton", "Riverton")
    item, same = next(iter(triangle.values())), uuid.uuid4()
    tap(riverton, item, "partly", uuid=same)
    tap(colleague, item, "in-place", uuid=uuid.uuid4())

    assert tap(riverton, item, "partly", uuid=same) == 204
    assert Mark.objects.get().value == "in-place"
    assert tap(riverton, item, "not-yet", uuid=same) == 409
