"""Who may listen: let in by the same door as the page, and out as soon as that is shut."""

import time
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from sessions.models import Workshop
from tests import rooms
from tests.live.rooms import LiveRoom
from tests.stories.room_client import Browser, WallClient, until


def closed_with(socket, seconds=5):
    """Read a socket to its end; returns the close code."""
    deadline = time.monotonic() + seconds
    try:
        while True:
            socket.recv(timeout=max(0.01, deadline - time.monotonic()))
    except ConnectionClosed:
        return socket.close_code


@pytest.mark.parametrize("kind", ["phone", "board", "wall", "desk", "kitchen"])
def test_a_stranger_is_told_not_to_come_back(live, kind):
    stranger = Browser(live.base)

    with stranger.open_socket(f"/live/{kind}/{live.workshop.slug}") as socket:
        assert closed_with(socket) == 4403
    with stranger.open_socket(f"/live/{kind}/nosuchthing") as socket:
        assert closed_with(socket) == 4403


@pytest.mark.parametrize("path", ["/live/", "/live/phone", "/", "/desk/", "/live/phone/a/b"])
def test_an_address_that_does_not_exist_says_so(live, path):
    with Browser(live.base).open_socket(path) as socket:
        with suppress(ConnectionClosed):
            socket.send("hello?")
        assert closed_with(socket) == 4404


def test_cookies_that_make_no_sense_open_nothing(live):
    browser = Browser(live.base)
    for cookies in ('phone="', "phone=; =;;", f"phone-{live.workshop.slug}=\u00e9\u00e9", "desk=" + "x" * 4000):
        browser.http.cookies.jar.clear()
        with browser.open_socket(f"/live/phone/{live.workshop.slug}", user_agent_header=cookies) as socket:
            assert closed_with(socket) == 4403


def test_a_phone_of_another_session_is_a_stranger(live):
    other = LiveRoom(live.base)
    try:
        phone = other.phone("Riverton", listen=False)
        with phone.browser.open_socket(f"/live/phone/{live.workshop.slug}") as socket:
            assert closed_with(socket) == 4403
        phone.browser.get(f"/catch-up/phone/{live.workshop.slug}", status=404)
    finally:
        other.close()


def test_nobody_has_anything_to_say_on_a_socket(live):
    phone = live.phone("Riverton", listen=False)

    for said in ("{}", "", '{"action": "note"}', b"\x00\xff"):
        with phone.browser.open_socket(phone.live) as socket:
            socket.recv()
            socket.send(said)
            assert closed_with(socket) == 1008


def test_a_released_phone_is_out_within_two_seconds(live):
    phone, colleague = live.phone("Riverton"), live.phone("Riverton")

    live.do("release-device", device=live.device(phone).pk)

    until(lambda: phone.close_code == 4403, "the released phone's socket closes", 2)
    until(lambda: colleague.beats >= 2, "the other phone of the city stays")
    assert colleague.close_code is None
    phone.browser.get(phone.catch_up, status=404)
    phone.browser.get(phone.path, status=404)


def test_a_released_phone_is_out_within_two_seconds_also_when_the_news_of_it_is_lost(lossy):
    phone, colleague = lossy.phone("Riverton"), lossy.phone("Riverton")

    lossy.do("release-device", device=lossy.device(phone).pk)

    until(lambda: phone.close_code == 4403, "the released phone's socket closes", 2)
    assert colleague.close_code is None


def test_a_phone_that_goes_on_elsewhere_is_out_here(live):
    phone = live.phone("Riverton")
    personal = live.device(phone).personal_code
    elsewhere = Browser(live.base)
    elsewhere.get("/continue")

    elsewhere.submit(elsewhere.form(), code=live.workshop.code, personal_code=personal.lower())

    assert "Riverton" in elsewhere.text
    until(lambda: phone.close_code == 4403, "the first phone's socket closes", 2)


def test_a_phone_that_goes_on_elsewhere_is_out_here_also_when_the_news_of_it_is_lost(lossy):
    phone = lossy.phone("Riverton")
    elsewhere = Browser(lossy.base)
    elsewhere.get("/continue")

    elsewhere.submit(elsewhere.form(), code=lossy.workshop.code, personal_code=lossy.device(phone).personal_code)

    until(lambda: phone.close_code == 4403, "the first phone's socket closes", 2)


def test_a_phone_that_is_moved_follows_its_new_city(either):
    live = either
    live.talk()
    phone, lakeview = live.phone("Riverton"), live.phone("Lakeview")
    lakeview.write("A word of Lakeview")

    live.do("move-device", device=live.device(phone).pk, team=live.prepared.team("Lakeview").pk)

    until(lambda: phone.close_code == 1012, "its socket closes, to come back", 3)
    phone.sees("A word of Lakeview", "Our notes 1", within=6)
    lakeview.write("Another word of Lakeview")
    phone.sees("Another word of Lakeview", within=6)
    phone.is_as_fresh()


def test_merged_city_teams_share_their_notes_at_once(live):
    live.talk()
    riverton, oldtown = live.phone("Riverton"), live.phone("Oldtown")
    oldtown.write("A word of Oldtown")

    live.do("merge-teams", team=live.prepared.team("Riverton").pk, into=live.prepared.team("Oldtown").pk)

    riverton.sees("A word of Oldtown")
    riverton.write("Said together")
    oldtown.sees("Said together")
    for phone in (riverton, oldtown):
        phone.is_as_fresh()


def test_a_second_facilitator_who_is_removed_loses_desk_and_wall(either):
    live = either
    helper = live.signed_in("helper")
    live.do("add-facilitator", username="helper")
    own = LiveRoom(live.base, owner="helper")
    try:
        desk, wall, elsewhere = live.desk(helper), live.wall(helper), own.desk(helper)
        mine = live.desk()

        live.do("remove-facilitator", user=rooms.account("helper").pk)

        until(lambda: desk.close_code == 4403, "the helper's desk closes", 2.5)
        until(lambda: wall.close_code == 4403, "the helper's wall closes", 2.5)
        helper.get(desk.catch_up, status=404)
        beats = elsewhere.beats
        until(lambda: elsewhere.beats >= beats + 2, "the desk of the helper's own session goes on")
        assert elsewhere.close_code is None, "their own session is not touched"
        assert mine.close_code is None
    finally:
        own.close()


def test_a_deleted_session_closes_every_screen(either):
    live = either
    screens = [live.phone("Riverton"), live.guest(), live.wall(), live.desk()]
    screens.append(live.board_on(screens[0]))
    settings = screens[3].page_of("settings")

    settings.submit(settings.form(f"{live.workshop.slug}/delete"), title=live.workshop.title)

    for screen in screens:
        until(lambda screen=screen: screen.close_code == 4403, f"{screen.path} closes", 2.5)
    assert not Workshop.objects.filter(pk=live.workshop.pk).exists()


def test_signing_out_closes_the_desk(live):
    desk = live.desk()

    browser = desk.browser
    browser.get("/desk/")
    browser.submit(browser.form("/sign-out"), status=302)

    until(lambda: desk.close_code == 4403, "the desk closes", 2.5)


def test_a_code_that_is_changed_leaves_those_inside_inside(live):
    phone = live.phone("Riverton")
    old = live.workshop.code

    live.do("rotate-code")

    Browser(live.base).get(f"/j/{old}", status=404)
    until(lambda: phone.beats >= 2, "the phone stays")
    assert phone.close_code is None
    phone.is_as_fresh()


def test_a_venue_wall_is_connected_by_its_code_follows_and_is_taken_off(live):
    venue = Browser(live.base)
    venue.get("/wall/")
    code = venue.text.split("code:")[1].split()[0]
    venue.get(f"/wall/{live.workshop.slug}/", status=404)

    live.do("connect-wall", code=f"{code[:3]}-{code[3:].lower()}")
    wall, laptop = WallClient(venue, "/wall/"), live.wall()
    live.screens.append(wall)
    live.do("jump", segment=live.prepared.segment("case").pk)

    for each in (wall, laptop):
        each.sees("The Hartford Case")
        each.is_as_fresh()
    screen = live.workshop.walls.get()
    live.do("disconnect-wall", wall=screen.pk)
    until(lambda: wall.close_code == 4403, "its socket closes", 2.5)
    venue.get(f"/wall/{live.workshop.slug}/", status=404)
    venue.get("/wall/")
    assert "code:" in venue.text, "it shows a new code"
    assert code not in venue.text
    assert laptop.close_code is None
