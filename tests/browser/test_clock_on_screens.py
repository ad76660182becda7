"""What is left of a discussion, as screens show it: near the server's truth whatever phone and network do.

The truth is this process's: server, browser and test share one machine, whose clock nobody sets meanwhile.
"""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.proxy import Proxy
from tests.stories.room_client import until

SECURE = pytest.mark.parametrize("room", ["127.0.0.1"], indirect=True)

# A phone whose clock is wrong by so many milliseconds, and may be set. What counts time in the page counts on, unless
# the phone slept, when some stand still.
OWN_CLOCK = """(() => {
  const RealDate = Date, count = performance.now.bind(performance);
  let wrong = WRONG, stood = 0;
  window.setPhoneClock = (ms) => { wrong += ms; };
  window.standStill = (ms) => { stood += ms; };
  window.Date = class extends RealDate {
    constructor(...given) { given.length ? super(...given) : super(RealDate.now() + wrong); }
    static now() { return RealDate.now() + wrong; }
  };
  performance.now = () => count() - stood;
})()"""

# Every second a clock showed, in order.
SHOWN = """(() => {
  window.shown = [];
  setInterval(() => {
    const clock = document.querySelector(".clock[data-ends-at]");
    const text = clock ? clock.textContent.trim() : "";
    if (/^\\d+:\\d\\d$/.test(text) && text !== window.shown.at(-1)) window.shown.push(text);
  }, 50);
})()"""


class _Later:
    """A queue whose pieces are due later than they say."""

    def __init__(self, queue, proxy):
        self.queue, self.proxy = queue, proxy

    async def get(self):
        due, piece = await self.queue.get()
        return due + self.proxy.delay_back, piece


class UnevenProxy(Proxy):
    """A network whose way back takes so many seconds more than the way there."""

    delay_back = 0

    async def _send(self, queue, writer, connection):
        await super()._send(_Later(queue, self) if writer is connection else queue, writer, connection)


@pytest.fixture
def network(server):
    """The network of the room, between everybody in `room` and the server."""
    proxy = UnevenProxy(server.port)
    yield proxy
    proxy.close()


def truth():
    """Milliseconds since 1970."""
    return time.time() * 1000


def error(page):
    """By how many milliseconds what a page takes for the server's time is off; the quickest of a few askings."""
    found = []
    for _ in range(7):
        left = truth()
        said = page.evaluate("() => serverNow()")
        came = truth()
        found.append((came - left, said - (left + came) / 2))
    return min(found)[1]


def shows_what_is_left(page):
    """What a page shows agrees with the end it counts to, within the second it shows and a tick."""
    clock = page.locator(".clock").first
    minutes, seconds = clock.inner_text().split(":")
    left = (float(clock.get_attribute("data-ends-at")) - truth()) / 1000
    return abs(int(minutes) * 60 + int(seconds) - left) < 2.5


def never_rose(page):
    """The seconds a page has shown only ever went down."""
    shown = [int(m) * 60 + int(s) for m, s in (text.split(":") for text in page.evaluate("() => window.shown"))]
    return shown == sorted(shown, reverse=True)


def begin(room, wrong_by=0, **profile):
    """A desk and a phone whose own clock is wrong by so many milliseconds, in the first discussion."""
    desk = room.desk()
    phone = room.profile(390, 844, has_touch=True, is_mobile=True, **profile)
    phone.add_init_script(OWN_CLOCK.replace("WRONG", str(wrong_by)))
    phone.add_init_script(SHOWN)
    phone.goto(f"/j/{room.code}")
    phone.locator("label.city-choice", has_text="Riverton").tap()
    phone.get_by_role("button", name="We are Riverton").tap()
    phone.wait_for_selector("#now")
    button = desk.locator("#run [data-forward] button")
    while "End the discussion" not in desk.locator("#run").inner_text():
        before = desk.locator("#run input[name=version]").first.get_attribute("value")
        button.click()
        expect(desk.locator("#run input[name=version]").first).not_to_have_value(before)
    expect(phone.locator(".clock[data-ends-at]")).to_be_visible()
    return desk, phone


def within(page, most, seconds=8):
    """Wait until a page's time is right to so many milliseconds; returns how far it is off."""
    found = []

    def is_right():
        found.append(error(page))
        return abs(found[-1]) <= most

    until(is_right, lambda: f"off by {found[-1]:.0f} ms, not within {most}", seconds)
    return found[-1]


@SECURE
def test_a_slow_line_tells_the_time(room, network):
    """Also one that is slower one way than the other; and no more than the way there and back allows."""
    desk, phone = begin(room)
    within(desk, 250)

    for there, back, most in [(0.1, 0.1, 250), (0.02, 0.18, 250), (0.7, 2.3, 1000)]:
        network.delay, network.delay_back = there, back - there
        phone.reload(wait_until="commit")
        phone.wait_for_selector(".clock[data-ends-at]", timeout=30_000)
        phone.wait_for_timeout(3000 + 2000 * (there + back))
        off = error(phone)
        print(f"{there * 1000:.0f} ms there, {back * 1000:.0f} ms back: off by {off:.0f} ms")
        assert abs(off) <= most
        assert abs(off - error(desk)) <= most, "phone and desk agree"
        assert shows_what_is_left(phone)
        assert never_rose(phone)


@SECURE
def test_a_phone_whose_own_clock_is_two_hours_off_and_jumps_shows_the_servers(room, network):
    network.delay = 0.1
    desk, phone = begin(room, wrong_by=-7_200_000, timezone_id="Pacific/Apia")
    within(phone, 250)
    assert shows_what_is_left(phone)

    for jump in (600_000, -600_000, 4 * 3_600_000):
        phone.evaluate("(ms) => window.setPhoneClock(ms)", jump)
        phone.wait_for_timeout(300)
        assert abs(error(phone)) <= 250, "it is not even asked"
        phone.wait_for_timeout(2500)  # it was taken for sleep: the time was asked anew
        assert abs(error(phone)) <= 250
    assert shows_what_is_left(phone)
    assert never_rose(phone)


@SECURE
def test_a_page_that_was_hidden_while_its_phone_slept_is_right_again_at_once(room, network):
    """Nine minutes in a pocket: nothing runs in the page, and what counts its time has stood still."""
    network.delay = 0.1
    desk, phone = begin(room)
    within(phone, 250)

    session = phone.context.new_cdp_session(phone)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(4)
    session.send("Page.setWebLifecycleState", {"state": "active"})
    phone.evaluate("(ms) => window.standStill(ms)", 540_000)

    off = within(phone, 250, 5)
    print(f"after nine minutes: off by {off:.0f} ms")
    phone.wait_for_timeout(300)
    assert shows_what_is_left(phone)
    assert never_rose(phone)


@SECURE
def test_a_server_that_restarts_and_a_phone_that_misses_a_pause_and_a_minute_more_agree_in_the_end(
    room, network, server
):
    desk, phone = begin(room)
    ends = phone.locator(".clock").get_attribute("data-ends-at")
    server.kill()
    phone.wait_for_timeout(1500)
    assert abs(error(phone)) <= 250, "it counts on without a server"
    server.start()
    expect(desk.locator("#connection")).to_have_attribute("data-state", "connected", timeout=10_000)
    within(phone, 250)
    assert phone.locator(".clock").get_attribute("data-ends-at") == ends
    assert never_rose(phone)

    network.cut()
    expect(phone.locator("#connection")).not_to_have_text("Connected", timeout=15_000)
    desk.get_by_role("button", name="Pause").first.click()
    expect(desk.locator("#run .clock--paused")).to_be_visible()
    desk.get_by_role("button", name="1 more minute").first.click()
    expect(desk.locator("#run .clock")).to_have_text(re.compile(r"^10:[0-5]\d$"))
    paused = desk.locator("#run .clock").inner_text()
    network.mend()

    expect(phone.locator(".clock")).to_have_text(paused, timeout=15_000)
    assert phone.locator(".clock").get_attribute("data-ends-at") is None
    phone.evaluate("() => { window.shown = []; }")
    desk.get_by_role("button", name="Go on").first.click()
    expect(phone.locator(".clock[data-ends-at]")).to_be_visible(timeout=10_000)
    within(phone, 250)
    assert phone.locator(".clock").get_attribute("data-ends-at") == desk.locator("#run .clock").get_attribute(
        "data-ends-at"
    )
    assert never_rose(phone)
