"""The access matrix of sockets: who is let in, in which state, and what the frames say that arrive."""

import contextlib
import json
import time

import httpx
import pytest
from channels.routing import URLRouter
from django.conf import settings
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from sessions.models import Workshop
from sessions.routing import socket_routes, sockets
from tests import rooms
from tests.access.checking import MOMENTS, Checking
from tests.access.matrix import LET_IN, ROLES, SOCKET_SHOWS, SOCKETS, STATES


def opened(client, address, path, origin=None, **headers):
    """A socket with the cookies and the origin a browser's page would send."""
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    return connect(
        address.replace("http", "ws", 1) + path,
        origin=address if origin is None else origin or None,
        additional_headers={"Cookie": cookies, **headers},
        compression=None,
    )


def verdict(client, address, path):
    """The close code, or "in" when a first frame came."""
    with opened(client, address, path) as socket:
        try:
            return "in" if "seqs" in json.loads(socket.recv(timeout=10)) else "something else"
        except ConnectionClosed:
            return socket.close_code


def press(world, address, command, **data):
    """Press a button of our desk through the server, whose sockets then hear of it."""
    jar = {name: morsel.value for name, morsel in world.client("owner").cookies.items()}
    jar[settings.CSRF_COOKIE_NAME] = token = "c" * 32
    version = Workshop.objects.get(pk=world.ours.pk).version
    answer = httpx.post(
        f"{address}/desk/{world.slug}/do/{command}",
        data={"version": version, **data},
        headers={"Accept": "text/plain", "X-CSRFToken": token},
        cookies=jar,
    )
    assert answer.status_code == 204, answer.text


def heard(socket, seconds=0.02):
    """What has arrived by now, as text without JSON's escapes."""
    frames = []
    with contextlib.suppress(TimeoutError, ConnectionClosed):
        while True:
            frames.append(json.dumps(json.loads(socket.recv(timeout=seconds)), ensure_ascii=False))
    return "\n".join(frames)


def test_the_matrix_knows_every_socket_route():
    assert isinstance(sockets, URLRouter)
    assert [route.name for route in socket_routes] == ["socket", "nowhere"]


def test_every_kind_of_socket_lets_in_who_may_listen(world):
    cells, wrong = 0, []
    with rooms.serving() as address:
        for state in STATES:
            world.bring(state)
            for kind, group in SOCKETS.items():
                for role in ROLES:
                    may = state != "deleted" and role in LET_IN[group]
                    got = verdict(world.client(role), address, f"/live/{kind}/{world.slug}")
                    cells += 1
                    if got != ("in" if may else 4403):
                        wrong.append(f"{kind} socket by {role}, session {state}: {got}")

    print("socket cells checked:", cells)
    assert not wrong, "\n".join(wrong)
    assert cells == len(STATES) * len(SOCKETS) * len(ROLES)


def test_no_frame_tells_anybody_what_they_may_not_read(world):
    wrong, said = [], set()
    checking = Checking(world)
    with rooms.serving() as address:
        for moment, presses in MOMENTS.items():
            world.bring("running")
            for role, kind, text in listening(world, address, presses):
                shows = SOCKET_SHOWS[kind]
                wrong += checking.told(f"{kind} socket of {role}", f"socket:{kind}", shows, role, text, moment)
                said |= {(kind, what) for what, word in world.canaries.items() if word in text}

    assert not wrong, "\n".join(wrong)
    # What became readable was said: otherwise the silence about the rest would prove nothing.
    assert said >= {("wall", "our-note"), ("board", "our-note"), ("desk", "our-note"), ("phone", "epilogue")}
    assert said >= {("wall", "epilogue"), ("desk", "facilitator-notes"), ("desk", "our-hidden-note")}


def listening(world, address, presses):
    """Open every socket there is, press the desk's buttons; yield (role, kind, what it heard after the last press)."""
    with contextlib.ExitStack() as stack:
        sockets = {
            (role, kind): stack.enter_context(opened(world.client(role), address, f"/live/{kind}/{world.slug}"))
            for kind in SOCKET_SHOWS
            for role in LET_IN[SOCKETS[kind]]
        }
        for socket in sockets.values():
            socket.recv(timeout=10)
        for command, data in presses:
            for socket in sockets.values():
                heard(socket, 0)
            press(world, address, command, **data(world))
            time.sleep(0.1)
        for (role, kind), socket in sockets.items():
            yield role, kind, heard(socket)


def test_a_socket_from_another_site_or_from_no_page_is_refused(room, server):
    path = f"/live/desk/{room.workshop.slug}"

    for origin in ("https://evil.example", "null", "", "http://127.0.0.1.evil.example", "http://["):
        with pytest.raises(InvalidStatus) as refused:
            opened(room.desk.client, server, path, origin)
        assert refused.value.response.status_code == 403, origin
    assert verdict(room.desk.client, server, path) == "in"


def test_cookies_of_other_programs_on_the_same_host_do_not_hide_ours(room, server):
    """The page reads them as Django does; a socket that read them otherwise would send the page away for good."""
    ours = room.desk.client.cookies["desk"].value

    for other in ('prefs={"theme":"dark"}', "a[1]=b", "ÿ=þ", "=", ";;;", "x=\t"):
        headers = {"Cookie": f"{other}; desk={ours}"}
        with opened(room.desk.client, server, f"/live/desk/{room.workshop.slug}", **headers) as socket:
            assert "seqs" in socket.recv(timeout=10), other


def test_a_socket_to_nowhere_is_told_so(room, server, caplog):
    nowhere = ["/", "/live/", "/live/desk", "/live/desk/x/y", "/p/x/", "/%0A", "/%00", "/%FF%FE", "/%E2%98%83"]
    for path in nowhere:
        with opened(room.desk.client, server, path) as socket, contextlib.suppress(ConnectionClosed):
            socket.send("is anybody there?")
            socket.recv(timeout=10)
        assert socket.close_code == 4404, path

    assert not [record for record in caplog.records if record.levelname == "ERROR"]
