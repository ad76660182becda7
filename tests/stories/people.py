"""A room on a server in a process of its own: a desk, a wall, and phones that write and send again until it is stored.

Nothing here touches the database, so that it may be taken away.
"""

import csv
import io
import random
import re
import threading
import time
import uuid

import httpx

from tests.stories.room_client import Browser, DeskClient, PhoneClient, WallClient

CITIES = ["Riverton", "Lakeview", "Stonebridge", "Cedar Point", "Eastmoor", "Oldtown"]
# What a phone is answered while something is away; it keeps the note and sends it again.
COME_AGAIN = {429, 502, 503, 504}


class Room:
    """Six city teams with a phone each at their tables, talking; a wall and a desk."""

    def __init__(self, site):
        """site: has `base` (its address), `trust` (see Browser), and `password` (the facilitator's)."""
        self.site = site
        self.screens, self.writers = [], []
        browser = Browser(site.base, site.trust).sign_in("facilitator", site.password)
        browser.get("/desk/new")
        started = browser.form(button="Start from this plan")
        browser.submit(started, title="Leading Collaboration", date="2026-11-23", time_zone="UTC")
        browser.submit(browser.form(button="Add to the list"), names="\n".join(CITIES))
        slug = re.search(r"/desk/(\w+)/", str(browser.at.url)).group(1)
        self.desk = self._opened(DeskClient(browser, f"/desk/{slug}/"))
        self.code = re.search(r"Code ([0-9A-Z]{6})", self.desk.text).group(1)
        self.desk.do("open", "Open the session")
        self.phones = {city: self.join(city) for city in CITIES}
        self.wall = self._opened(WallClient.of_the_desk(self.desk.browser))
        while "Start the discussion" not in self.desk.press():
            pass
        for phone in self.phones.values():
            phone.sees("Your note", within=10)

    def _opened(self, screen):
        self.screens.append(screen)
        return screen

    def join(self, city, **how):
        """A phone comes in."""
        return self._opened(PhoneClient.join(self.site.base, self.code, city, trust=self.site.trust, **how))

    def begin_to_write(self):
        """Every phone writes a note a second until `everything_is_stored`."""
        self.writers = [Writer(city, phone) for city, phone in self.phones.items()]
        for writer in self.writers:
            writer.start()

    def everything_is_stored(self):
        """Let the writers finish; every note they wrote is stored once, and nothing else is. Returns the writers."""
        for writer in self.writers:
            writer.stop.set()
        for writer in self.writers:
            writer.join(60)
            assert not writer.is_alive(), f"{writer.city} still waits: {writer.answers[-3:]}"
        stored = sorted(row["text"] for row in self.exported() if row["text"].startswith("Said "))
        assert stored == sorted(text for writer in self.writers for text in writer.acknowledged)
        return self.writers

    def exported(self):
        """The notes as the desk exports them."""
        page = self.desk.page_of("exports")
        content = page.submit(page.form("/export/csv"), status=200).content
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))

    def all_is_as_fresh(self):
        """What everybody has is what a page drawn now shows."""
        for screen in self.screens:
            screen.is_as_fresh()

    def close(self):
        """Close every page."""
        for writer in self.writers:
            writer.stop.set()
            writer.give_up.set()
        for screen in self.screens:
            screen.close()
            screen.browser.close()


class Writer(threading.Thread):
    """Writes notes on a phone as its page does: one after the other, each until it is stored, with the same id."""

    def __init__(self, city, phone):
        super().__init__(daemon=True)
        self.city = city
        self.token, self.path = phone.token, f"{phone.path}notes"
        self.breakout = dict(phone.box().fields)["breakout"]
        # A phone may have several connections; its page's sockets and this do not share one.
        self.http = httpx.Client(
            base_url=phone.browser.base,
            verify=phone.browser.trust or True,
            cookies=phone.browser.http.cookies,
            headers={"Accept": "text/plain", "X-CSRFToken": phone.token, "Origin": phone.browser.base},
            timeout=15,
        )
        self.stop, self.give_up = threading.Event(), threading.Event()
        self.acknowledged, self.answers, self.waits = [], [], []

    def run(self):
        """Write a note a second."""
        number = 0
        while not self.stop.is_set():
            number += 1
            self._send_until_stored(f"Said {number} by {self.city}")
            self.stop.wait(0.8 + random.random() * 0.4)
        self.http.close()

    def _send_until_stored(self, text):
        note = {"text": text, "uuid": str(uuid.uuid4()), "breakout": self.breakout}
        began = time.monotonic()
        while not self.give_up.is_set():
            answer = self._send(note)
            self.answers.append(answer)
            if answer[0] == 204:
                self.acknowledged.append(text)
                self.waits.append(time.monotonic() - began)
                return
            time.sleep(0.2 + random.random() * 0.4)

    def _send(self, note):
        try:
            answer = self.http.post(self.path, data=note)
        except httpx.TransportError as problem:
            return 0, problem.__class__.__name__
        return answer.status_code, answer.text

    @property
    def refusals(self):
        """What it was answered beside "stored"."""
        return [answer for answer in self.answers if answer[0] != 204]
