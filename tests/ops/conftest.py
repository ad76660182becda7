"""Places to start Academy at: real processes, with nothing of this shell's settings."""

import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

# A line per request would bury what a failed test says.
logging.getLogger("httpx").setLevel(logging.WARNING)

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running `manage.py serve`: where it answers, what it printed, and of that its greeting."""

    def __init__(self, process, port, log):
        self.process, self.port, self.log = process, port, log
        self.url, self.greeting = f"http://127.0.0.1:{port}", ""

    @property
    def printed(self):
        return self.log.read_text()

    def get(self, path, **how):
        return httpx.get(self.url + path, **how)

    def sign_in(self):
        """Return a browser that signed in as the facilitator, with the password that was printed."""
        browser = httpx.Client(base_url=self.url, follow_redirects=True)
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', browser.get("/desk/").text)[1]
        password = re.search(r"^Password +(\S+)", self.greeting, re.MULTILINE)[1]
        browser.post(
            "/sign-in",
            data={"username": "facilitator", "password": password, "csrfmiddlewaretoken": token, "next": "/desk/"},
        )
        return browser

    def open_desk(self):
        """Return the socket of the sample session's desk, open."""
        browser = self.sign_in()
        session = re.search(r"/desk/(\w{12})/", browser.get("/desk/").text)[1]
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        address = f"ws://127.0.0.1:{self.port}/live/desk/{session}"
        return connect(address, origin=self.url, additional_headers={"Cookie": cookies})

    def stop(self, how=signal.SIGINT):
        """Stop it and return how many seconds that took."""
        began = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(20)
        return time.monotonic() - began


class Place:
    """A machine as Academy sees it: a data folder and what its operator has set."""

    def __init__(self, folder):
        self.data = folder / "data"
        self.log = folder / "log"
        self.settings = {
            "PATH": os.environ["PATH"],
            "ACADEMY_DATA": str(self.data),
            "STATIC_ROOT": str(folder / "static"),
            "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMN",
        }

    def run(self, *command, **settings):
        """Run a command to its end; settings are added to the place's, "" takes one away."""
        how = {name: value for name, value in (self.settings | settings).items() if value}
        return subprocess.run(command, cwd=ROOT, env=how, capture_output=True, text=True, timeout=60)

    def manage(self, *words, **settings):
        return self.run(sys.executable, "manage.py", *words, **settings)

    @contextmanager
    def serving(self, *options, port=None):
        """Serve from here until the block ends."""
        port = port or free_port()
        command = [sys.executable, "manage.py", "serve", "--port", str(port), *options]
        with open(self.log, "w") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=self.settings, stdout=log, stderr=subprocess.STDOUT)
        server = Server(process, port, self.log)
        try:
            # Its port is taken from the first moment, so this waits until it can answer.
            for _ in range(100):
                try:
                    httpx.get(f"{server.url}/healthz", timeout=30)
                    break
                except httpx.TransportError:
                    assert process.poll() is None, server.printed
                    time.sleep(0.1)
            server.greeting = server.printed
            yield server
        finally:
            if process.poll() is None:
                server.stop()


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


@pytest.fixture(scope="package")
def served_place(tmp_path_factory):
    return Place(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="package")
def served(served_place):
    """One server for all tests that only look at it."""
    with served_place.serving() as server:
        yield server
