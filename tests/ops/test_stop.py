"""Stopping: who writes is answered, every page is told to come back, and it takes five seconds at most."""

import signal
import socket
from contextlib import ExitStack, suppress

import pytest
from websockets.exceptions import ConnectionClosed

from tests.stories.room_client import Browser

PAGES = 300


def code_in(server):
    return server.greeting.split("Join code  ")[1][:6]


def joined(server, city="Riverton"):
    """A browser that came in."""
    browser = Browser(server.url)
    browser.get(f"/j/{code_in(server)}")
    label = next(part for part in browser.at.text.split("<label") if city in part)
    browser.submit(browser.form(), team=label.split('name="team" value="')[1].split('"')[0])
    return browser


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_three_hundred_pages_are_told_to_come_back_though_one_of_them_never_answers(place, how):
    with place.serving() as server, ExitStack() as open_pages:
        phone = joined(server)
        path = phone.at.text.split('data-live="')[1].split('"')[0]
        deaf = open_pages.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        deaf.sendall(upgrade(phone, path))
        assert deaf.recv(12) == b"HTTP/1.1 101"
        pages = [open_pages.enter_context(phone.open_socket(path)) for _page in range(PAGES)]

        seconds = server.stop(how)

        for page in pages:
            until_closed(page)
        assert {page.close_code for page in pages} == {1012}
    assert seconds <= 5
    assert server.process.returncode == 0
    assert "Traceback" not in server.printed
    assert server.printed.endswith("Stopped. Everything is kept.\n")


def until_closed(page):
    with suppress(ConnectionClosed):
        while True:
            page.recv(timeout=5)


def upgrade(phone, path):
    """The request that opens a socket, as bytes."""
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in phone.http.cookies.jar)
    return "\r\n".join(
        [
            f"GET {path} HTTP/1.1",
            f"Host: {phone.base.removeprefix('http://')}",
            f"Origin: {phone.base}",
            f"Cookie: {cookies}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "\r\n",
        ]
    ).encode()
