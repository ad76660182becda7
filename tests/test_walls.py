"""A venue's computer becomes the wall; and what every wall shows, driven by the session's state alone."""

import re

import pytest
from django.test import Client

from sessions.models import Wall
from tests.rooms import Room, pass_time, words


@pytest.fixture
def venue():
    """The browser of a venue's computer."""
    return Client()


def shown_code(venue):
    return re.search(r"code:? ([0-9A-HJKMNP-TV-Z]{6})\b", words(venue.get("/wall/"))).group(1)


def test_a_venues_computer_shows_a_code_and_keeps_it(content, venue):
    first = shown_code(venue)

    assert shown_code(venue) == first
    assert Wall.objects.count() == 1


def test_the_desk_connects_a_screen_by_its_code_typed_anyhow(room, venue):
    code = shown_code(venue)

    room.desk.press("connect-wall", code=f" {code[:3].lower()}-{code[3:]}")

    response = venue.get("/wall/")
    assert (response.status_code, response.url) == (302, f"/wall/{room.workshop.slug}/")
    assert "Leading Collaboration in Cities" in words(venue.get(response.url))
    assert "A connected screen" in room.desk.words() or "connected" in room.desk.words()


def test_the_screens_secret_is_in_its_cookie_and_in_no_address(room, venue):
    code = shown_code(venue)
    room.desk.press("connect-wall", code=code)
    response = venue.get("/wall/", follow=True)

    cookie = venue.cookies["wall"]
    assert cookie["httponly"]
    assert Wall.objects.get().token_hash != cookie.value
    for address, _status in response.redirect_chain:
        assert cookie.value not in address
        assert code not in address
    assert Client().get(f"/wall/{room.workshop.slug}/").status_code == 404, "the address alone opens nothing"


def test_a_code_nobody_shows_is_refused_in_words(room, venue):
    shown_code(venue)

    assert "No screen shows the code ZZZZZZ." in room.desk.refused("connect-wall", code="ZZZZZZ")


def test_a_screen_that_is_connected_is_not_taken_by_another_session(room, venue):
    code = shown_code(venue)
    room.desk.press("connect-wall", code=code)
    other = Room.open(["Eastmoor"])

    assert "No screen shows" in other.desk.refused("connect-wall", code=code)
    assert venue.get(f"/wall/{other.workshop.slug}/").status_code == 404


def test_a_screen_is_disconnected_and_shows_a_new_code(room, venue):
    code = shown_code(venue)
    room.desk.press("connect-wall", code=code)

    room.desk.press("disconnect-wall", wall=Wall.objects.get().pk)

    assert venue.get(f"/wall/{room.workshop.slug}/").status_code == 404
    assert shown_code(venue) != code
    assert "no longer connected" in room.desk.refused("disconnect-wall", wall=Wall.objects.get().pk)


def test_screens_nobody_connected_are_forgotten_after_a_day(content, venue):
    shown_code(venue)
    pass_time(days=2)

    shown_code(Client())

    assert Wall.objects.count() == 1


def test_a_screen_whose_session_was_deleted_shows_a_code_again(room, venue):
    room.desk.press("connect-wall", code=shown_code(venue))
    room.desk.client.post(f"/desk/{room.workshop.slug}/delete", {"title": room.workshop.title})

    assert shown_code(venue)


# What it shows.


def test_title_code_address_and_qr_are_on_the_wall_at_all_times(room):
    room.here()
    room.desk.client.post(
        f"/desk/{room.workshop.slug}/settings",
        {"title": room.workshop.title, "time_zone": "UTC", "address": "http://192.168.1.20:8000"},
    )

    def check():
        assert room.workshop.code in room.wall_words()
        assert "192.168.1.20:8000" in room.wall_words()
        assert "<svg" in room.wall()
        assert room.workshop.code in room.desk.words()
        assert "192.168.1.20:8000" in room.desk.words()
        assert "qr__image" in room.desk.get().content.decode()

    check()
    for kind in ("info", "case", "insights", "epilogue", "checklist"):
        room.desk.press("jump", segment=room.segment(kind).pk)
        check()
    for part in ("find", "talk", "board"):
        room.discuss(part)
        check()


def test_the_welcome_wall_lights_up_the_cities_that_are_here(room):
    def lit():
        return re.findall(r'wall__city--here"[^>]*>\s*<span[^>]*>([^<]+)', room.wall())

    assert lit() == []

    room.phone("Riverton")
    room.desk.press("team-state", team=room.team("Lakeview").pk, state="without-phone")

    assert lit() == ["Lakeview", "Riverton"]
    assert "Stonebridge" in room.wall_words()


def test_facts_come_one_by_one_and_then_the_question(room):
    room.desk.press("jump", segment=room.segment("case").pk)
    facts = ["Secured a $27m DOL grant for youth", "Fought over the governance structure"]
    riverton = room.phone("Riverton")
    assert facts[0] not in room.wall_words()

    room.desk.press("advance")
    for words_shown in (room.wall_words(), riverton.words()):
        assert facts[0] in words_shown
        assert facts[1] not in words_shown
    room.desk.press("advance")
    assert facts[1] in room.wall_words()
    assert "How could this happen?" not in room.wall_words()
    for _press in range(5):
        room.desk.press("advance")

    assert "How could this happen?" in room.wall_words()
    room.desk.press("back")
    assert "How could this happen?" not in room.wall_words()


EPILOGUE = ["New Executive Director", "New Name: Evolve502"]


def test_the_epilogue_is_in_no_page_and_no_frame_before_it_is_opened(room):
    riverton = room.phone("Riverton")

    def everything():
        desk = room.desk.client.get(f"/catch-up/desk/{room.workshop.slug}").json()["frames"]
        wall = room.desk.client.get(f"/catch-up/wall/{room.workshop.slug}").json()["frames"]
        frames = "".join(frame["html"] for frame in [*riverton.catch_up(), *desk, *wall])
        return frames + riverton.page() + room.wall() + room.desk.get().content.decode()

    for kind, nth in (("case", 1), ("case", 2), ("insights", 2), ("epilogue", 1), ("discussion", 2)):
        room.desk.press("jump", segment=room.segment(kind, nth).pk)
        assert not any(line in everything() for line in EPILOGUE), (kind, nth)

    room.desk.press("jump", segment=room.segment("epilogue").pk)
    room.desk.press("advance")

    for page in (room.wall_words(), riverton.words()):
        assert all(line in page for line in EPILOGUE)
    room.desk.press("back")
    assert not any(line in room.wall_words() for line in EPILOGUE)


def test_the_triangle_grows_in_its_builds(room):
    room.desk.press("jump", segment=room.segment("checklist").pk)
    counts = []
    for build in range(3):
        counts.append(room.wall().count("checklist__item "))
        assert ("Learn and adjust" in room.wall_words()) == (build == 2)
        if build < 2:
            room.desk.press("advance")

    assert counts == [8, 12, 15]


def test_phones_show_what_the_wall_shows_of_each_segment(room):
    riverton = room.phone("Riverton")
    for kind, nth, text in (
        ("info", 2, "Bringing Order and Consistency"),
        ("insights", 1, "Accountability"),
        ("insights", 2, "Cross-Sector Collaboration in Cities: Learning Journey or Blame Game?"),
        ("checklist", 1, "Come up with a workable plan"),
        ("info", 3, "On collaborative governance in cities"),
    ):
        room.desk.press("jump", segment=room.segment(kind, nth).pk)
        assert text in room.wall_words()
        assert text in riverton.words()


def test_a_closed_session_thanks_on_the_wall(room):
    room.desk.press("close")

    wall = room.wall_words()
    assert "Thank you" in wall
    assert room.workshop.code not in wall


def test_a_draft_shows_its_title_and_not_its_plan(content):
    room = Room.open(["Riverton"], is_open=False)

    assert "Leading Collaboration in Cities" in room.wall_words()
    assert "Hartford" not in room.wall()
