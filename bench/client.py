"""A lean HTTP client, so that what is measured is the server: one connection, one request at a time."""

import asyncio
import re
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httptools


@dataclass
class Answer:
    """A response: status, headers (lower case; several of one name: the last), cookies, body as it came."""

    status: int = 0
    headers: dict = field(default_factory=dict)
    cookies: dict = field(default_factory=dict)
    body: bytes = b""

    @property
    def text(self):
        return self.body.decode()

    @property
    def committed(self):
        """The moment its last commit was done, by time.monotonic_ns(), as bench/served.py says it; or None."""
        stamp = self.headers.get("x-committed")
        return int(stamp) if stamp else None


class Connection(asyncio.Protocol):
    """One keep-alive connection."""

    def __init__(self):
        self.transport = None
        self._waiting = None
        self._begin()

    def _begin(self):
        self._parser = httptools.HttpResponseParser(self)
        self._answer = Answer()

    async def ask(self, data):
        """Send the bytes of a request; returns its Answer, or raises ConnectionError when the server hangs up."""
        self._waiting = asyncio.get_running_loop().create_future()
        self.transport.write(data)
        try:
            return await self._waiting
        except asyncio.CancelledError:
            # Whatever comes now would be taken for the answer to the next request.
            self.transport.abort()
            raise

    # asyncio.Protocol

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self._parser.feed_data(data)

    def connection_lost(self, problem):
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(ConnectionError("the server hung up"))

    @property
    def is_lost(self):
        return self.transport.is_closing()

    # httptools

    def on_header(self, name, value):
        name, value = name.decode().lower(), value.decode("latin-1")
        if name == "set-cookie":
            key, _is, rest = value.partition("=")
            self._answer.cookies[key] = rest.partition(";")[0]
        self._answer.headers[name] = value

    def on_body(self, body):
        self._answer.body += body

    def on_message_complete(self):
        self._answer.status = self._parser.get_status_code()
        answer, waiting = self._answer, self._waiting
        self._begin()
        if not waiting.done():
            waiting.set_result(answer)


async def connect(port):
    """Return a new Connection to this machine's port."""
    _transport, connection = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return connection


class Browser:
    """Cookies, and a connection that is opened anew when the server has closed it."""

    def __init__(self, port, cookies=None):
        self.port = port
        self.cookies = dict(cookies or {})
        self.connection = None
        self.token = ""

    async def ask(self, method, path, form=None, **headers):
        """Ask as a browser does; returns the Answer. form: what is posted."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept-Encoding: gzip, deflate, br"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        body = b""
        if form is not None:
            body = urlencode(form, doseq=True).encode()
            lines += [f"Origin: {self.origin}", "Content-Type: application/x-www-form-urlencoded"]
            lines += [f"X-CSRFToken: {self.token}", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if self.connection is None or self.connection.is_lost:
            self.connection = await connect(self.port)
        answer = await self.connection.ask("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        self.cookies |= answer.cookies
        return answer

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.port}"

    async def page(self, path):
        """Open a page that has to be there; its forms' token is kept for what is posted from it."""
        answer = await self.ask("GET", path, Accept="text/html", Accept_Encoding="identity")
        assert answer.status == 200, f"{path}: {answer.status}"
        found = re.search(r'(?:csrfmiddlewaretoken" value|data-csrf)="([^"]+)"', answer.text)
        self.token = found.group(1) if found else self.token
        return answer.text

    async def command(self, path, **form):
        """Post a command as a page's script does; returns (Answer, click, answered) in time.monotonic_ns()."""
        form.setdefault("uuid", uuid.uuid4())
        click = time.monotonic_ns()
        answer = await self.ask("POST", path, form, Accept="text/plain")
        return answer, click, time.monotonic_ns()

    def close(self):
        """Close the connection."""
        if self.connection is not None:
            self.connection.transport.close()


async def desk_of(port, room):
    """Return a Browser that signed in as the facilitator, through the page."""
    desk = Browser(port)
    await desk.page("/sign-in")
    form = {"username": room["account"], "password": room["password"]}
    answer = await desk.ask("POST", "/sign-in", form | {"csrfmiddlewaretoken": desk.token})
    assert answer.status == 302, f"sign-in: {answer.status} {answer.text[:200]}"
    return desk
