"""A session on a real server, with the people in it: what tests of the live layer start from.

It is prepared through the pages before anybody listens; from then on everything goes over the network.
"""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
from django.conf import settings
from django.db import connection

from sessions.models import Device, Note, Workshop
from tests import rooms
from tests.stories.room_client import Browser, DeskClient, PhoneClient, Screen, WallClient

CITIES = ["Riverton", "Lakeview", "Stonebridge", "Cedar Point", "Eastmoor", "Oldtown"]
ROOT = Path(__file__).resolve().parents[2]


class LiveRoom:
    """Six cities in an open session, all of them here without a phone until one joins."""

    def __init__(self, base, owner="facilitator"):
        self.base, self.owner = base, owner
        self.prepared = rooms.Room.open(CITIES, owner=owner)
        self.workshop = self.prepared.workshop
        self.workshop.teams.update(state="without-phone")
        self.browsers, self.screens = [], []
        self._desk_browser = None

    def close(self):
        """Close every page and browser."""
        for screen in self.screens:
            screen.close()
        for browser in {*self.browsers, *(screen.browser for screen in self.screens)}:
            browser.close()

    # Who is there.

    def _opened(self, screen):
        self.screens.append(screen)
        return screen

    def signed_in(self, name=None):
        """A browser that signed in as an account; without a name, the facilitator's."""
        if name is None and self._desk_browser is not None:
            return self._desk_browser
        rooms.account(name or self.owner)
        browser = Browser(self.base).sign_in(name or self.owner, rooms.PASSWORD)
        self.browsers.append(browser)
        if name is None:
            self._desk_browser = browser
        return browser

    def desk(self, browser=None):
        """An open desk."""
        return self._opened(DeskClient(browser or self.signed_in(), f"/desk/{self.workshop.slug}/"))

    def page_of_desk(self, page):
        """Another page of the desk that listens."""
        return self._opened(DeskClient(self.signed_in(), f"/desk/{self.workshop.slug}/{page}"))

    def wall(self, browser=None):
        """A wall on the facilitator's laptop."""
        return self._opened(WallClient(browser or self.signed_in(), f"/wall/{self.workshop.slug}/"))

    def phone(self, city, **how):
        """A phone of a city team."""
        return self._opened(PhoneClient.join(self.base, self.workshop.code, city, **how))

    def guest(self):
        """An observer's phone."""
        return self._opened(PhoneClient.join(self.base, self.workshop.code, guest=True))

    def board_on(self, phone):
        """The session board, opened on a phone."""
        return self._opened(Screen(phone.browser, f"/p/{self.workshop.slug}/board"))

    # What is done.

    def do(self, command, browser=None, status=204, **data):
        """POST a command of the desk as its script does, from the state the run has now."""
        browser = browser or self.signed_in()
        if browser.at.url.path != "/desk/":
            browser.get("/desk/")
        token = dict(browser.form("/sign-out").fields)["csrfmiddlewaretoken"]
        version = Workshop.objects.get(pk=self.workshop.pk).version
        response = browser.http.post(
            f"/desk/{self.workshop.slug}/do/{command}",
            data={"version": version, **data},
            headers={"Accept": "text/plain", "X-CSRFToken": token, "Origin": self.base},
        )
        assert response.status_code == status, f"{command}: {response.status_code} {response.text[:300]}"
        return response

    def talk(self):
        """Begin the first discussion before anybody listens; returns it."""
        return self.prepared.discuss("talk")

    def breakout(self):
        """The discussion that is on."""
        return self.prepared.breakout()

    def device(self, phone):
        """The row of a phone."""
        code = phone.page.split('<b class="code">')[1][:6]
        return Device.objects.get(workshop=self.workshop, personal_code=code)

    def note(self, text):
        """The row of a note."""
        return Note.objects.get(workshop=self.workshop, text=text)

    def at_the_table_of(self, city):
        """The names of a city team and of those that sit with it."""
        return next(names for names in self.prepared.tables().values() if city in names)


def database_url():
    """The URL of the test database, for a server in a process of its own."""
    where = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{where['NAME']}"
    password = f":{where['PASSWORD']}" if where["PASSWORD"] else ""
    return f"postgresql://{where['USER']}{password}@{where['HOST']}:{where['PORT']}/{where['NAME']}"


@contextmanager
def process(folder, port, **environment):
    """A server in a process of its own on the test database; yields (process, its address).

    environment: settings beside its own, as its operator would set them.
    """
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.live.served",
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "ACADEMY_DATA": str(folder / "data"),
        "STATIC_ROOT": str(folder / "static"),
        **environment,
    }
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "uvicorn", "academy.asgi:application", "--port", str(port), "--lifespan", "on"]
    command += [
        "--ws",
        "academy.ready_frames:ReadyFrames",
        "--ws-per-message-deflate",
        "false",
        "--timeout-graceful-shutdown",
        "5",
    ]
    base = f"http://127.0.0.1:{port}"
    with open(folder / "server.log", "a") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                httpx.get(f"{base}/healthz", timeout=30)
                break
            except httpx.TransportError:
                assert server.poll() is None, (folder / "server.log").read_text()
                assert time.monotonic() < deadline, "the server did not start"
                time.sleep(0.05)
        yield server, base
    finally:
        if server.poll() is None:
            server.terminate()
            server.wait(20)
