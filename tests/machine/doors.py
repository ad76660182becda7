"""The doors of a server that runs in this process, on a loop of its own: requests, sockets, pages; and its crash.

Quicker than a server on a port, and everything the server knows beside its database is in reach: a crash forgets it.
"""

import asyncio
import re
from types import SimpleNamespace
from urllib.parse import parse_qs, urlencode, urlsplit

from channels.layers import channel_layers
from django.test import AsyncClient

from academy import database, recent
from academy.asgi import application
from sessions import throttle
from sessions.live import hub
from sessions.live.outbox import COME_BACK, OUT, TOO_SLOW
from tests.stories import html as pages
from tests.stories.room_client import Screen, as_drawn, difference

# Commands carry the newest version, which stands in an element of its own; the one in their forms may be older.
_VERSION = re.compile(r'<input type="hidden" name="version" value="\d+">')
# What a page says beside a clock is said by the page itself, as the time comes.
_CUE = re.compile(r"(<[^>]*\bdata-cue\b[^>]*>)[^<]*")


class Server:
    """The whole application, in this process. What it keeps in memory goes with a crash."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()

    def run(self, coroutine):
        """Let the server run until this is done; returns what it returns."""
        return self.loop.run_until_complete(coroutine)

    def run_until(self, condition, seconds=5):
        """Let the server run until a condition holds; returns whether it does."""

        async def wait():
            for _ in range(int(seconds / 0.005)):
                if condition():
                    return True
                await asyncio.sleep(0.005)
            return condition()

        return self.run(wait())

    def crash(self):
        """End it without a goodbye, and start it again: nothing it knew is left but the database."""
        self._end()
        self.loop = asyncio.new_event_loop()

    def close(self):
        """End it for good."""
        self._end()

    def _end(self):
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        if tasks:
            self.run(asyncio.wait(tasks))
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        hub._hubs.pop(self.loop, None)
        self.loop.close()
        database.close_threads()
        channel_layers.backends.clear()
        recent.forget()
        for name in ("notes", "changes"):
            bucket = getattr(throttle, name, None)
            if bucket is not None:
                bucket._left.clear()
        throttle.codes = throttle.Guesses()


class Browser:
    """A browser with its cookies."""

    base = "http://testserver"

    def __init__(self, server, cookies=()):
        self.server = server
        self.client = AsyncClient()
        for name, value in dict(cookies).items():
            self.client.cookies[name] = value
        self.http = self

    @property
    def cookies(self):
        """What it would send, {name: value}."""
        return {name: morsel.value for name, morsel in self.client.cookies.items() if morsel.value}

    def get(self, path, params=None):
        """GET a page or an answer; returns it with .status_code, .text, .url, .json()."""
        address = f"{path}?{urlencode(params)}" if params else path
        response = self.server.run(self.client.get(address))
        return SimpleNamespace(
            status_code=response.status_code,
            text=response.content.decode(),
            url=self.base + path,
            json=getattr(response, "json", None),
        )

    def post(self, path, **data):
        """POST as the page's script does; returns Django's response."""
        data = {name: value for name, value in data.items() if value is not None}
        return self.server.run(self.client.post(path, data, headers={"accept": "text/plain"}))


class Socket:
    """An open socket: what it was sent, and the code it was closed with."""

    def __init__(self, server, address, cookies):
        parts = urlsplit(address)
        self.texts, self.code = [], None
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        headers = [(b"host", b"localhost"), (b"origin", b"http://localhost"), (b"cookie", cookie.encode())]
        scope = {
            "type": "websocket",
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "headers": headers,
            "subprotocols": [],
            "client": ("127.0.0.1", 1),
        }
        assert parse_qs(parts.query), address
        self._coming = asyncio.Queue()
        self._coming.put_nowait({"type": "websocket.connect"})
        self._server = server
        self._task = server.loop.create_task(application(scope, self._coming.get, self._take))

    async def _take(self, event):
        if event["type"] == "websocket.send":
            self.texts.append(event["text"])
        elif event["type"] == "websocket.close":
            self.code = event.get("code", 1000)
            self._coming.put_nowait({"type": "websocket.disconnect", "code": self.code})

    @property
    def is_open(self):
        return self.code is None and not self._task.done()

    def hang_up(self):
        """Close it from the page's side."""
        self._coming.put_nowait({"type": "websocket.disconnect", "code": 1001})
        if not self._server.loop.is_closed():
            self._server.run(asyncio.wait([self._task], timeout=5))


class Page(Screen):
    """An open page, as room_client's Screen, in this process: it hears what its socket got when it is asked to."""

    def __init__(self, browser, path, kind):
        self.kind, self.socket, self.wants_pull = kind, None, False
        self.has_aged = False
        super().__init__(browser, path, listen=False)

    def connect(self):
        """Open the socket."""
        self.socket = Socket(self.browser.server, self.live, self.browser.cookies)

    def disconnect(self):
        """Lose the network."""
        socket, self.socket = self.socket, None
        if socket is not None:
            socket.hang_up()

    def hear(self):
        """Apply what has come by the socket; a code that says "out" is believed."""
        if self.socket is None:
            return
        texts, self.socket.texts = self.socket.texts, []
        for text in texts:
            self._hear(text)
        if self.socket.code is not None:
            assert self.socket.code in (COME_BACK, TOO_SLOW, OUT), f"{self.path} was closed with {self.socket.code}"
            self.is_out = self.is_out or self.socket.code == OUT
            self.socket = None

    def _pull_soon(self):
        self.wants_pull = True

    def reload(self):
        """Load the page afresh; somebody who is out finds no page."""
        if self.browser.get(self.path).status_code == 404:
            self.is_out = True
            return self
        self.has_aged = False
        return super().reload()

    def pull_as_pages_do(self):
        """Hear, pull, put in place, and pull once more where the page had to be loaded anew."""
        self.hear()
        self.wants_pull = False
        self.pull()
        self.panel("now")

    def behind(self):
        """Return {panel: the lines} in which this page differs from a fresh drawing; {} when it is right."""
        found = {}
        recent.forget()
        for frame in self.fetch():
            for element in pages.outermost(frame["html"]):
                mine = self.panel(element.id)
                if mine is None or (self.has_aged and element.id in ("run", "tables", "roster")):
                    continue
                one, other = (_VERSION.sub("", _CUE.sub(r"\1", as_drawn(html))) for html in (mine.html, element.html))
                if one != other:
                    found[element.id] = difference(one, other)
        return found
