"""A real server in a process of its own, and real Chromium. No database in this process: pages only."""

import html
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.browser.proxy import Proxy

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
PASSWORD = "a-long-enough-password"
# A name that is no secure context: 127.0.0.1 would hide what plain HTTP on a room's own network lacks.
ROOM_HOST = "academy.room"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {ROOM_HOST} 127.0.0.1",
]
MAKE_SAMPLE = (
    "from django.contrib.auth import get_user_model; from sessions.actions import samples;"
    f"u = get_user_model().objects.create_user('facilitator', password='{PASSWORD}', is_staff=True);"
    "samples.make(owner=u, address='ADDRESS')"
)


def pytest_collection_modifyitems(items):
    """Mark all of these; without Chromium they are skipped, and script/test says so (or fails where required)."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


def _manage(environment, *arguments):
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """A data folder with content and an account's sample session, made once and copied for each server."""
    folder = tmp_path_factory.mktemp("prepared")
    environment = {**os.environ, "ACADEMY_DATA": str(folder), "STATIC_ROOT": str(folder / "static")}
    environment.pop("DATABASE_URL", None)
    environment.pop("REDIS_URL", None)
    for arguments in (
        ("migrate", "-v0"),
        ("load_content",),
        ("collectstatic", "--no-input", "-v0"),
        ("shell", "-v0", "-c", MAKE_SAMPLE),
    ):
        _manage(environment, *arguments)
    return folder, environment


class Server:
    """One running server and its data."""

    def __init__(self, folder, environment):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {**environment, "ACADEMY_DATA": str(folder), "ALLOWED_HOSTS": f"127.0.0.1,{ROOM_HOST}"}
        self.log = folder / "server.log"
        self.process = None

    def start(self):
        """Start it, or start it again on the same data and port."""
        command = [sys.executable, "-m", "uvicorn", "academy.asgi:application", "--port", str(self.port)]
        command += [
            "--ws",
            "websockets-sansio",
            "--ws-per-message-deflate",
            "false",
            "--timeout-graceful-shutdown",
            "3",
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def kill(self):
        """End it as a power cut does: nothing is finished, nobody is told."""
        self.process.kill()
        self.process.wait(timeout=15)

    def stop(self):
        """Stop it as an operator does."""
        self.process.terminate()
        self.process.wait(timeout=15)


@pytest.fixture
def server(prepared, tmp_path):
    """A server with a fresh copy of the prepared data. At the end its log must hold no traceback."""
    folder, environment = prepared
    shutil.copytree(folder, tmp_path / "data", ignore=shutil.ignore_patterns("static"))
    server = Server(tmp_path / "data", environment)
    server.start()
    yield server
    server.stop()
    assert "Traceback" not in server.log.read_text()


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for all tests; each person in a test has a profile of their own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Playwright asks it not to put pages aside for the way back, as it does for people.
        asked = ["--disable-back-forward-cache"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, ignore_default_args=asked)
        yield browser
        browser.close()


class People:
    """The people of one session, each with a browser profile of their own."""

    def __init__(self, chromium, base):
        self.chromium, self.base, self.cable = chromium, base, base
        self.contexts, self.problems = [], []

    def profile(self, width, height, **options):
        """Return a fresh page; what its console complains about is kept."""
        options.setdefault("base_url", self.base)
        context = self.chromium.new_context(viewport={"width": width, "height": height}, **options)
        self.contexts.append(context)
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda line: self.problems.append(line.text) if "Content Security" in line.text else None)
        return page

    def desk(self):
        """Sign in and open the sample session."""
        page = self.profile(1440, 900, base_url=self.cable)
        page.goto("/sign-in")
        page.get_by_label("Account").fill("facilitator")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Leading Collaboration in Cities").click()
        page.wait_for_selector("#run")
        self.slug = re.search(r"/desk/(\w+)/", page.url).group(1)
        self.code = page.locator("#run .code").first.inner_text()
        return page

    def wall(self, desk):
        """Open the wall on the facilitator's own laptop, in a window of its own.

        In a tab of the same window one of both would be behind the other, and a browser lets that wait for seconds.
        """
        return self.again(desk, f"/wall/{self.slug}/", width=1920, height=1080)

    def again(self, page, path=None, **size):
        """Open the same page, or another one, in a second window of the same people."""
        window = self.profile(**{**page.viewport_size, **size}, base_url=page.url)
        window.context.add_cookies(page.context.cookies())
        window.goto(path or page.url)
        return window

    def phone(self, city):
        """Join as the QR code leads: choose the city, press the button."""
        page = self.profile(390, 844, has_touch=True, is_mobile=True)
        page.goto(f"/j/{self.code}")
        page.locator("label.city-choice", has_text=city).tap()
        page.get_by_role("button", name=f"We are {city}").tap()
        page.wait_for_selector("#now")
        return page

    def is_here(self, city):
        """A city team's phone comes in by the cable; nobody looks at its page."""
        context = self.chromium.new_context(base_url=self.cable.replace(ROOM_HOST, "127.0.0.1"))
        door = context.request.get(f"/j/{self.code}").text()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', door).group(1)
        name = re.escape(html.escape(city))
        choice = re.search(rf'name="team" value="(\d+)"[^>]*data-label="[^"]*{name}"', door).group(1)
        context.request.post(f"/j/{self.code}", form={"csrfmiddlewaretoken": token, "team": choice})
        context.close()

    def close(self):
        """Close all profiles."""
        for context in self.contexts:
            context.close()


@pytest.fixture
def network(server):
    """The network of the room, between everybody in `room` and the server."""
    proxy = Proxy(server.port)
    yield proxy
    proxy.close()


@pytest.fixture(params=["127.0.0.1", ROOM_HOST])
def room(request, network, server, chromium):
    """People on a network that can fail, on 127.0.0.1 and on a name that is no secure context.

    The desk has a cable of its own, so that it sees what has arrived whatever the network does.
    """
    people = People(chromium, f"http://{request.param}:{network.port}")
    people.cable = f"http://{request.param}:{server.port}"
    yield people
    people.close()
    assert people.problems == []


@pytest.fixture(params=["127.0.0.1", ROOM_HOST])
def people(request, server, chromium):
    """People on 127.0.0.1, and once more on a name that is no secure context."""
    people = People(chromium, f"http://{request.param}:{server.port}")
    yield people
    people.close()
    assert people.problems == []
