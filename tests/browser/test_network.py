"""A phone on the network of a room: cut, silent, slow, without sockets, a server that dies. Nothing typed is lost."""

import os
import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOM_HOST

# Seconds without a network. By hand, for half an hour: OFFLINE_SECONDS=1800
OFFLINE = int(os.environ.get("OFFLINE_SECONDS", "20"))
CITIES = ["Riverton", "Lakeview", "O'Fallon – São João"]
SECURE = pytest.mark.parametrize("room", ["127.0.0.1"], indirect=True)
PLAIN = pytest.mark.parametrize("room", [ROOM_HOST], indirect=True)
KEPT = """async (slug) => {
  const opening = indexedDB.open(`academy-${slug}`);
  const open = await new Promise((resolve) => { opening.onsuccess = () => resolve(opening.result); });
  const asking = open.transaction("items").objectStore("items").getAll();
  const items = await new Promise((resolve) => { asking.onsuccess = () => resolve(asking.result); });
  open.close();
  return [...items.map((item) => item.text), ...Object.keys(localStorage).filter((key) => key.includes("draft"))];
}"""


def _discussion(room):
    """Lead three cities to the first discussion; returns the desk and Riverton's phone."""
    desk = room.desk()
    phone = room.phone("Riverton")
    for city in CITIES[1:]:
        room.is_here(city)
    desk.locator(".run__segment--discussion form[action$='/do/jump'] button").first.click()
    desk.get_by_role("button", name="Start the discussion").click()
    expect(phone.locator(".composer textarea")).to_be_visible()
    expect(phone.locator("#connection")).to_have_text("Connected")
    return desk, phone


def _write(phone, text):
    phone.locator(".composer textarea").fill(text)
    phone.get_by_role("button", name="Add note").tap()
    expect(phone.locator(".composer textarea")).to_have_value("")


def _ours(phone, text):
    return phone.locator("#our-notes .note", has_text=text)


def _state(phone, text):
    return _ours(phone, text).locator(".note__state")


def _stored_once(desk, phone, *texts):
    """All of these are at the desk, each once; the phone says "sent" and keeps nothing any more."""
    for text in texts:
        expect(desk.locator(".desk-note", has_text=text)).to_have_count(1, timeout=20_000)
        expect(_state(phone, text)).to_have_text(re.compile("sent|on the board"))
    expect(desk.locator(".desk-note")).to_have_count(len(texts))
    expect(phone.locator("#our-notes .note--pending")).to_have_count(0)
    expect(phone.locator("#connection")).to_have_text("Connected", timeout=20_000)
    assert phone.evaluate(KEPT, phone.locator("body").get_attribute("data-slug")) == []


def test_what_is_written_in_20_seconds_without_a_network_arrives_once(room, network):
    desk, phone = _discussion(room)
    _write(phone, "A mistake")
    _write(phone, "Written before")
    expect(_state(phone, "Written before")).to_have_text("sent")

    network.cut()
    began = time.monotonic()
    _write(phone, "Written without a network")
    _write(phone, "And another one")
    expect(_state(phone, "And another one")).to_have_text("on this phone")
    _ours(phone, "Written before").get_by_text("Edit", exact=True).tap()
    phone.locator("#editing textarea").fill("Changed without a network")
    phone.get_by_role("button", name="Save note").tap()
    expect(_state(phone, "Changed without a network")).to_have_text("change on this phone")
    _ours(phone, "A mistake").get_by_text("Edit", exact=True).tap()
    phone.get_by_role("button", name="Delete this note").tap()
    expect(phone.locator("#connection")).to_have_text("No connection. Keep writing; 4 notes wait here", timeout=15_000)
    if "127.0.0.1" not in room.base:
        expect(phone.locator("#stay")).to_have_text("Don't close this page: 4 notes wait here.")
    phone.locator(".composer textarea").fill("Half a thought")
    phone.wait_for_timeout(max(0, OFFLINE - (time.monotonic() - began)) * 1000 if "127.0.0.1" not in room.base else 0)
    network.mend()

    expect(phone.locator("#connection")).to_have_text("Connected", timeout=10_000)
    expect(phone.locator(".composer textarea")).to_have_value("Half a thought")
    phone.get_by_role("button", name="Add note").tap()
    _stored_once(
        desk, phone, "Changed without a network", "Written without a network", "And another one", "Half a thought"
    )
    expect(phone.locator("#stay")).to_be_hidden()


@PLAIN
def test_a_note_goes_from_this_phone_to_sent_to_on_the_board(room, network):
    desk, phone = _discussion(room)
    network.delay = 0.3
    _write(phone, "Nobody owns the budget")
    expect(_state(phone, "Nobody owns the budget")).to_have_text("on this phone")
    expect(_state(phone, "Nobody owns the budget")).to_have_text("sent")

    desk.get_by_role("button", name="End the discussion").click()
    desk.get_by_role("button", name="Show the board").click()

    expect(_state(phone, "Nobody owns the budget")).to_have_text("on the board")
    phone.reload()
    expect(_state(phone, "Nobody owns the budget")).to_have_text("on the board")


@SECURE
def test_a_network_that_is_silent_for_a_minute_is_noticed_and_loses_nothing(room, network):
    desk, phone = _discussion(room)

    network.silence()
    began = time.monotonic()
    _write(phone, "Written into the silence")
    expect(phone.locator("#connection")).not_to_have_text("Connected", timeout=12_000)
    expect(_state(phone, "Written into the silence")).to_have_text("on this phone")
    phone.wait_for_timeout(max(0, 60 - (time.monotonic() - began)) * 1000)
    network.mend()

    _stored_once(desk, phone, "Written into the silence")


@SECURE
def test_a_note_whose_answer_was_lost_is_sent_again_and_stored_once(room, network):
    desk, phone = _discussion(room)
    network.delay = 1

    _write(phone, "Stored, but the phone never heard")
    expect(desk.locator(".desk-note")).to_have_count(1)
    network.cut()
    network.delay = 0
    expect(_state(phone, "Stored, but the phone never heard")).to_have_text("on this phone")
    network.mend()

    _stored_once(desk, phone, "Stored, but the phone never heard")


@SECURE
def test_the_page_opens_again_without_a_network_with_all_that_was_typed(room, network):
    desk, phone = _discussion(room)
    phone.wait_for_selector("body[data-reopens]")
    network.cut()
    _write(phone, "Waits here")
    phone.locator(".composer textarea").fill("Half a thought")

    phone.reload()

    expect(_state(phone, "Waits here")).to_have_text("on this phone")
    expect(phone.locator(".composer textarea")).to_have_value("Half a thought")
    # A battery dies, the browser is opened again.
    other = phone.context.new_page()
    phone.close(run_before_unload=False)
    other.goto(f"/p/{room.slug}/")
    expect(_state(other, "Waits here")).to_have_text("on this phone")
    network.mend()
    expect(_state(other, "Waits here")).to_have_text("sent", timeout=20_000)
    other.get_by_role("button", name="Add note").tap()
    _stored_once(desk, other, "Waits here", "Half a thought")


@PLAIN
def test_a_server_that_is_killed_while_somebody_types_loses_nothing(room, server):
    desk, phone = _discussion(room)
    phone.locator(".composer textarea").fill("Half a thought")
    server.kill()
    phone.locator(".composer textarea").press_sequentially(", now whole")
    phone.get_by_role("button", name="Add note").tap()
    phone.locator(".composer textarea").fill("One more")

    server.start()

    expect(phone.locator(".composer textarea")).to_have_value("One more")
    phone.get_by_role("button", name="Add note").tap()
    _stored_once(desk, phone, "Half a thought, now whole", "One more")


@SECURE
def test_two_tabs_of_one_phone_send_everything_once(room, network):
    desk, phone = _discussion(room)
    other = phone.context.new_page()
    other.goto(f"/p/{room.slug}/")
    expect(other.locator("#connection")).to_have_text("Connected")
    network.cut()
    _write(phone, "From the first tab")
    other.locator(".composer textarea").fill("From the second tab")
    other.locator(".composer .button--primary").click()

    for page in (phone, other):
        expect(_state(page, "From the first tab")).to_have_text("on this phone")
        expect(_state(page, "From the second tab")).to_have_text("on this phone")
    network.mend()

    for page in (phone, other):
        _stored_once(desk, page, "From the first tab", "From the second tab")


def _holds(desk, room, sentence):
    """The settings say so, a few seconds later; a phone only tells of what has waited for five."""
    page = desk.context.new_page()
    deadline = time.monotonic() + 15
    while True:
        page.goto(f"{room.cable}/desk/{room.slug}/settings")
        if sentence in page.locator("#held").inner_text() or time.monotonic() > deadline:
            break
        page.wait_for_timeout(500)
    expect(page.locator("#held")).to_contain_text(sentence)
    page.close()


@SECURE
def test_what_the_server_refuses_waits_with_its_sentence_to_be_changed_or_discarded(room):
    desk, phone = _discussion(room)
    phone.locator(".composer textarea").evaluate("area => area.removeAttribute('maxlength')")
    _write(phone, "Too long " * 200)
    _write(phone, "This one is fine")

    refused = phone.locator("#our-notes .note--pending", has_text="Too long")
    expect(refused.locator(".note__problem")).to_contain_text("there is room for")
    expect(desk.locator(".desk-note")).to_have_count(1)
    _holds(desk, room, "1 phone still holds notes")
    refused.get_by_role("button", name="Edit").tap()
    phone.locator("#editing textarea").fill("Short enough")
    phone.get_by_role("button", name="Save note").tap()

    _stored_once(desk, phone, "This one is fine", "Short enough")
    _holds(desk, room, "No phone holds unsent notes")


@SECURE
def test_a_phone_that_was_released_hands_in_what_it_still_holds(room, network):
    desk, phone = _discussion(room)
    network.cut()
    _write(phone, "Nobody has read this yet")
    desk.goto(f"/desk/{room.slug}/roster")
    team = desk.locator(".roster-page__team:has(b:text-is('Riverton'))")
    team.locator("summary").first.click()
    team.get_by_role("button", name="Release").click()
    network.mend()

    expect(phone.locator("#alert")).to_contain_text("no longer in the session", timeout=15_000)
    expect(phone.get_by_role("button", name="Hand these notes in")).to_be_visible()
    # Also from the page that says that there is nothing here.
    phone.reload()
    expect(phone.locator("h1")).to_have_text("There is nothing here for you.")
    expect(phone.locator("#hand-in")).to_contain_text("Nobody has read this yet")
    phone.get_by_role("button", name="Hand these notes in").tap()

    expect(phone.locator("#hand-in")).to_contain_text("1 note was handed in")
    desk.goto(f"/desk/{room.slug}/handed-in")
    expect(desk.locator("main")).to_contain_text("Nobody has read this yet")
    assert phone.evaluate(KEPT, room.slug) == []


@SECURE
def test_a_mark_waits_like_a_note_and_a_refused_one_says_why(room, network):
    desk, phone = room.desk(), room.phone("Riverton")
    desk.locator(".run__segment--checklist form[action$='/do/jump'] button").first.click()
    marking = desk.locator("form[action$='/do/marking'] button")
    marking.click()
    partly = phone.locator(".marks__item").first.get_by_role("button", name="Partly")
    expect(partly).to_be_visible()
    network.cut()
    partly.tap()
    expect(partly).to_have_attribute("aria-pressed", "true")
    expect(partly).to_have_class(re.compile("waits"))
    network.mend()
    expect(partly).not_to_have_class(re.compile("waits"), timeout=20_000)
    phone.reload()
    expect(partly).to_have_attribute("aria-pressed", "true")

    network.cut()
    phone.locator(".marks__item").nth(1).get_by_role("button", name="Partly").tap()
    marking.click()
    expect(marking).not_to_have_attribute("aria-pressed", "true")
    network.mend()

    expect(phone.locator("#alert")).to_have_text("Marking is not turned on. Ask the facilitator.", timeout=20_000)
    assert phone.evaluate(KEPT, room.slug) == []


@SECURE
def test_who_leaves_leaves_nothing_behind(room):
    _desk, phone = _discussion(room)
    phone.wait_for_selector("body[data-reopens]")
    _write(phone, "Mine no more")
    expect(_state(phone, "Mine no more")).to_have_text("sent")
    phone.locator(".composer textarea").fill("Half a thought")
    phone.locator(".this-phone summary").click()
    phone.get_by_role("button", name="Leave the session").click()

    expect(phone.get_by_label("Code")).to_be_visible()
    left = phone.evaluate("async () => (await caches.open('academy-pages')).keys().then((kept) => kept.length)")
    assert left == 0
    assert phone.evaluate("() => Object.keys(localStorage).filter((key) => key.includes('draft'))") == []
    phone.goto(f"/p/{room.slug}/")
    expect(phone.locator("h1")).to_have_text("There is nothing here for you.")


NO_DATABASE = "indexedDB.open = () => { throw new Error('not in a private window'); };"
NO_STORAGE = NO_DATABASE + "Storage.prototype.setItem = () => { throw new Error('no room'); };"


@SECURE
@pytest.mark.parametrize("lacks", [NO_DATABASE, NO_STORAGE], ids=["no database", "no storage"])
def test_a_browser_that_keeps_little_or_nothing_sends_everything_all_the_same(room, network, lacks):
    desk, phone = _discussion(room)
    phone.add_init_script(lacks)
    phone.reload()
    expect(phone.locator("#connection")).to_have_text("Connected")
    network.cut()
    # More than may be sent at once: what is slowed down waits, in its order.
    texts = [f"Note {number} of seven" for number in range(1, 8)]
    for text in texts:
        _write(phone, text)
    kept = phone.evaluate("() => (localStorage.getItem(`academy-${document.body.dataset.slug}`) || '').length")
    assert (kept > 0) is (lacks == NO_DATABASE)
    if lacks == NO_STORAGE:
        expect(phone.locator("#stay")).to_contain_text("This browser cannot keep notes")
    network.mend()

    for text in texts:
        expect(desk.locator(".desk-note", has_text=text)).to_have_count(1, timeout=20_000)
    expect(phone.locator("#our-notes .note--pending")).to_have_count(0)
    written = desk.locator(".desk-note .note__text").all_inner_texts()
    assert written == texts[::-1]
    assert phone.evaluate("() => localStorage.getItem(`academy-${document.body.dataset.slug}`)") is None


def _read(page, selector):
    """What a person reads there, without clocks and spaces."""
    text = " ".join(page.locator(selector).all_inner_texts())
    return " ".join(re.sub(r"\d+:\d\d", "", text).split())


@PLAIN
def test_without_sockets_every_screen_ends_up_the_same(room, network):
    desk, phone = _discussion(room)
    watched = {"main": f"/p/{room.slug}/", "#wall, #board": f"/wall/{room.slug}/", "#run, #notes, #tables": desk.url}
    # The same browsers, once by the cable and once by a network that refuses sockets.
    network.refuses_sockets = True
    network.cut()
    network.mend()
    sockets_before = network.sockets
    pairs = []
    for selector, path in watched.items():
        context = phone.context if path.startswith("/p/") else desk.context
        pages = context.new_page(), context.new_page()
        for page, base in zip(pages, (room.base, room.cable), strict=True):
            page.goto(base + path.removeprefix(room.cable))
        pairs.append((selector, *pages))

    _write(phone, "Said without a socket")
    expect(_state(phone, "Said without a socket")).to_have_text("sent")
    desk.get_by_role("button", name="End the discussion").click()
    desk.get_by_role("button", name="Show the board").click()

    for selector, without, with_sockets in pairs:
        expect(with_sockets.locator("#connection")).to_have_attribute("data-state", "connected")
        expect(without.locator("#connection")).to_have_attribute("data-state", "connected", timeout=10_000)
        deadline = time.monotonic() + 10
        while _read(without, selector) != _read(with_sockets, selector) and time.monotonic() < deadline:
            without.wait_for_timeout(100)
        assert _read(without, selector) == _read(with_sockets, selector)
        assert "Said without a socket" in _read(without, selector) or selector == "#wall, #board"
    assert network.sockets == sockets_before
    _stored_once(desk, phone, "Said without a socket")


@SECURE
def test_back_and_forward_shows_what_happened_in_between(room):
    desk, phone = _discussion(room)
    # Chromium never keeps a page that is not to be stored and has a socket; Safari does. It is told like this.
    turn = "persisted => window.dispatchEvent(new PageTransitionEvent(persisted, { persisted: true }))"
    phone.evaluate(turn, "pagehide")
    desk.get_by_role("button", name="End the discussion").click()
    expect(desk.locator("#run")).to_contain_text("Reopen the discussion")
    phone.evaluate(turn, "pageshow")
    expect(phone.locator("#now")).to_contain_text("Time is up", timeout=2000)

    phone.get_by_role("link", name="Session board").click()
    expect(phone.locator("h1")).to_have_text("Session board")
    desk.get_by_role("button", name="Show the board").click()
    expect(phone.locator("#board")).to_contain_text("0 notes")

    phone.go_back()
    expect(phone.locator("#now")).to_contain_text("Look at the screen")
    expect(phone.locator("#connection")).to_have_text("Connected")
    phone.go_forward()
    expect(phone.locator("#connection")).to_have_text("Connected")
    phone.go_back()
    _write(phone, "Written after going back")

    _stored_once(desk, phone, "Written after going back")


def test_a_page_that_the_browser_had_put_aside_is_right_again_when_somebody_comes_back(room, network):
    network.keeps_pages = True
    desk, phone = _discussion(room)
    phone.evaluate("() => { window.isTheOneFromBefore = true; }")
    phone.get_by_role("link", name="Session board").click()
    expect(phone.locator("h1")).to_have_text("Session board")
    desk.get_by_role("button", name="End the discussion").click()
    expect(desk.locator("#run")).to_contain_text("Reopen the discussion")

    phone.evaluate("() => history.back()")
    expect(phone.locator("#now")).to_contain_text("Time is up", timeout=6000)
    assert phone.evaluate("() => window.isTheOneFromBefore"), "it was put aside, not drawn anew"
    _write(phone, "Written on a page from before")

    _stored_once(desk, phone, "Written on a page from before")


@PLAIN
def test_at_400_ms_and_50_kbit_notes_flow_and_the_clock_is_right(room, network):
    desk, phone = _discussion(room)
    # The phone's own clock jumps by two hours: nothing asks it for the time.
    phone.evaluate("() => { const now = Date.now; Date.now = () => now() + 7200000; }")
    network.delay, network.bandwidth = 0.2, 6250

    _write(phone, "Slowly")
    _write(phone, "But surely")

    _stored_once(desk, phone, "Slowly", "But surely")
    phone.evaluate("() => window.dispatchEvent(new Event('online'))")  # asks, and so measures the way
    phone.wait_for_timeout(2000)
    assert abs(phone.evaluate("() => serverNow()") - time.time() * 1000) < 250
