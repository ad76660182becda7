"""One discussion in real Chromium: a desk, a wall, three phones."""

import re
import time

import pytest
from playwright.sync_api import expect

CITIES = ["Riverton", "Lakeview", "O'Fallon – São João"]


def _advance_to(desk, label):
    """Press the primary button until it says something."""
    button = desk.locator("#run [data-forward] button")
    for _press in range(40):
        if label in button.inner_text():
            return
        before = desk.locator("#run input[name=version]").first.get_attribute("value")
        button.click()
        expect(desk.locator("#run input[name=version]").first).not_to_have_value(before)
    raise AssertionError(f"the primary button never said {label}")


def _wait_for(seconds, condition):
    """Return how long it took until the condition held, or fail."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if condition():
            return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s")


def test_a_discussion_from_find_your_table_to_the_board(people):
    desk = people.desk()
    wall = people.wall(desk)
    phones = [people.phone(city) for city in CITIES]
    expect(wall.locator("#wall")).to_contain_text("Riverton")
    for phone in phones:
        expect(phone.locator("#connection")).to_have_text("Connected")

    _advance_to(desk, "Show tables")
    desk.get_by_role("button", name="Show tables").click()
    for phone in phones:
        expect(phone.locator("#team")).to_contain_text(re.compile(r"Go to table \d"))
    expect(wall.locator("#wall")).to_contain_text("Find your table")

    desk.get_by_role("button", name="Start the discussion").click()
    riverton, lakeview, fallon = phones
    expect(riverton.locator("#now")).to_contain_text("What barriers is your collaboration facing?")
    for page in (desk, wall, *phones):
        expect(page.locator(".clock").first).to_have_text(re.compile(r"^9:5\d$"))

    # Numbers while they talk: the wall counts the note and says nothing of it.
    riverton.locator("textarea").fill("Nobody owns the budget")
    riverton.locator("label.chip", has_text="Trusting and understanding each other").tap()
    riverton.get_by_role("button", name="Add note").tap()
    expect(riverton.locator("#our-notes")).to_contain_text("Nobody owns the budget")
    expect(desk.locator("#notes")).to_contain_text("Nobody owns the budget")
    expect(lakeview.locator("#table-notes")).to_contain_text("Nobody owns the budget")
    expect(wall.locator("#board")).to_contain_text("1 note")
    assert "Nobody owns the budget" not in wall.content()
    expect(riverton.locator("textarea")).to_have_value("")

    desk.get_by_role("button", name="End the discussion").click()
    desk.get_by_role("button", name="Show the board").click()
    expect(wall.locator("#board")).to_contain_text("Teaming")
    desk.locator("#screen button", has_text="Teaming").click()
    expect(wall.locator("#board")).to_contain_text("Nobody owns the budget")

    # A note that is allowed is on the wall within a second of the tap; typed with an apostrophe and two scripts.
    fallon.locator("textarea").fill("Trust comes on foot – الثقة")
    fallon.locator("label.chip", has_text="Trusting and understanding each other").tap()
    fallon.get_by_role("button", name="Add note").tap()
    _wait_for(1.0, lambda: "Trust comes on foot" in wall.locator("#board").inner_text())

    # Edited, starred, hidden, restored.
    riverton.locator("#our-notes a", has_text="Edit").click()
    riverton.locator("#editing textarea").fill("Nobody owns the money")
    riverton.get_by_role("button", name="Save note").tap()
    expect(wall.locator("#board")).to_contain_text("Nobody owns the money")
    note = desk.locator(".desk-note", has_text="Nobody owns the money")
    note.get_by_role("button", name="Star").click()
    expect(note.get_by_role("button", name="Starred")).to_have_attribute("aria-pressed", "true")
    note.get_by_role("button", name="Hide").click()
    _wait_for(1.0, lambda: "Nobody owns the money" not in wall.locator("#board").inner_text())
    expect(riverton.locator("#our-notes")).to_contain_text("Nobody owns the money")
    note.get_by_role("button", name="Restore").click()
    expect(wall.locator("#board")).to_contain_text("Nobody owns the money")

    # Cover the wall: title and code only, at once.
    desk.locator("body").press("b")
    expect(wall.locator("#board")).not_to_contain_text("Nobody owns the money")
    expect(wall.locator(".wall__code")).to_have_text(people.code)


@pytest.mark.parametrize("people", ["127.0.0.1"], indirect=True)
def test_the_settings_follow_the_room(people):
    desk = people.desk()
    settings = people.again(desk, f"/desk/{people.slug}/settings")

    expect(settings.locator("#connection")).to_have_text("Connected")
    expect(settings.locator("#held")).to_contain_text("No phone holds unsent notes")


def _seen(page, selector):
    """What a person reads there, without clocks and spaces."""
    text = " ".join(page.locator(selector).all_inner_texts())
    return " ".join(re.sub(r"\d+:\d\d", "", text).split())


@pytest.mark.parametrize("people", ["127.0.0.1"], indirect=True)
def test_a_reload_of_every_page_at_every_segment_shows_the_same(people):
    desk = people.desk()
    wall = people.wall(desk)
    phone = people.phone("Riverton")
    for other in CITIES[1:]:
        people.phone(other)
    watched = [(phone, "main"), (wall, "#wall, #board"), (desk, "#run, #screen, #tables")]
    # Each a second time, to be reloaded while the first one follows.
    watched = [(page, people.again(page), selector) for page, selector in watched]
    steps = 0
    while desk.locator("#run [data-forward], #run form[action$='/do/advance']").count():
        for page, again, selector in watched:
            expect(page.locator("#connection")).to_have_attribute("data-state", "connected")
            again.reload()
            again.wait_for_selector("#connection[data-state=connected]", state="attached")
            drawn, began = _seen(again, selector), time.monotonic()
            while (live := _seen(page, selector)) != drawn and time.monotonic() - began < 6:
                page.wait_for_timeout(20)
            assert live == drawn, f"step {steps}"
        version = desk.locator("#run input[name=version]").first.get_attribute("value")
        desk.locator("#run form[action$='/do/advance'] button").click()
        expect(desk.locator("#run input[name=version]").first).not_to_have_value(version)
        steps += 1
    assert steps > 30


def test_a_wall_whose_network_was_cut_shows_the_right_thing_when_it_is_back(people):
    desk = people.desk()
    wall = people.wall(desk)
    expect(wall.locator("#connection")).to_have_attribute("data-state", "connected")
    # The laptop keeps its network; the wall's own tab loses it, socket included.
    network = wall.context.new_cdp_session(wall)
    network.send("Network.enable")
    unlimited = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    network.send("Network.emulateNetworkConditions", {"offline": True, **unlimited})
    wall.evaluate("() => window.dispatchEvent(new Event('offline'))")
    expect(wall.locator("#connection")).to_have_attribute("data-state", "lost")

    _advance_to(desk, "Show tables")
    desk.get_by_role("button", name="Show tables").click()
    expect(desk.locator("#screen")).to_contain_text("tables")
    network.send("Network.emulateNetworkConditions", {"offline": False, **unlimited})
    wall.evaluate("() => window.dispatchEvent(new Event('online'))")

    expect(wall.locator("#wall")).to_contain_text("Find your table")


def test_a_server_that_restarts_in_a_discussion_changes_nothing(people, server):
    desk = people.desk()
    wall = people.wall(desk)
    phone = people.phone("Riverton")
    _advance_to(desk, "Show tables")
    desk.get_by_role("button", name="Show tables").click()
    desk.get_by_role("button", name="Start the discussion").click()
    expect(phone.locator("textarea")).to_be_visible()
    phone.locator("textarea").fill("Half a thought")
    ends = wall.locator(".clock").get_attribute("data-ends-at")

    server.stop()
    expect(phone.locator("#connection")).to_have_attribute("data-state", re.compile("lost|connecting"))
    phone.locator("textarea").press_sequentially(", now whole")
    server.start()

    for page in (desk, wall, phone):
        expect(page.locator("#connection")).to_have_attribute("data-state", "connected", timeout=10_000)
    assert wall.locator(".clock").get_attribute("data-ends-at") == ends
    expect(phone.locator("textarea")).to_have_value("Half a thought, now whole")
    phone.get_by_role("button", name="Add note").tap()
    expect(desk.locator("#notes")).to_contain_text("Half a thought, now whole")


def test_without_javascript_a_phone_joins_reads_and_posts(people):
    desk = people.desk()
    phone = people.profile(390, 844, java_script_enabled=False)
    phone.goto(f"/j/{people.code}")
    phone.locator("label.city-choice", has_text="Riverton").click()
    phone.locator("#enter").click()
    expect(phone.locator(".city-badge")).to_have_text("Riverton")
    _advance_to(desk, "Show tables")
    desk.get_by_role("button", name="Show tables").click()
    desk.get_by_role("button", name="Start the discussion").click()
    expect(desk.locator("#run")).to_contain_text("End the discussion")

    phone.reload()
    phone.locator("textarea").fill("Sent by a plain form")
    phone.get_by_role("button", name="Add note").click()

    expect(phone.locator("#our-notes")).to_contain_text("Sent by a plain form")
    expect(desk.locator("#notes")).to_contain_text("Sent by a plain form")
