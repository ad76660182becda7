"""The server as it is run for real: what phones get from it, and what it does not take."""

import http.client
import json
from contextlib import suppress

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from academy import addresses


def test_it_says_that_it_is_well(served):
    answer = served.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"process": "ok", "database": "ok", "channel_layer": "ok"}


def test_it_says_when_its_database_is_gone(place):
    with place.serving("--no-demo") as server:
        (place.data / "academy.sqlite3").rename(place.data / "elsewhere")
        answer = server.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["database"] == "down"


def test_the_printed_password_opens_the_desk_and_the_library(served):
    browser = served.sign_in()

    assert browser.get("/desk/").url.path == "/desk/"
    assert browser.get("/library/").url.path == "/library/"


def test_every_static_file_may_be_kept_for_ever(served, served_place):
    manifest = json.loads((served_place.data.parent / "static/staticfiles.json").read_text())["paths"]

    with httpx.Client(base_url=served.url) as browser:
        answers = {name: browser.get(f"/static/{name}") for name in manifest.values()}

    assert len(answers) > 100
    assert {answer.status_code for answer in answers.values()} == {200}
    named = [a for n, a in answers.items() if not n.startswith("admin/img/LICENSE")]
    assert {a.headers["cache-control"] for a in named} == {"max-age=315360000, public, immutable"}
    text = [a for n, a in answers.items() if n.endswith((".css", ".js")) and len(a.content) > 1000]
    assert {a.headers.get("content-encoding") for a in text} <= {"br", "gzip"}


@pytest.mark.parametrize("host", [*addresses.networks(), *addresses.names(), "localhost"])
def test_phones_reach_it_by_every_address_of_this_machine(served, host):
    assert served.get("/", headers={"Host": f"{host}:{served.port}"}).status_code == 200


def test_a_forged_address_is_refused(served):
    assert served.get("/", headers={"Host": "evil.example.org"}).status_code == 400


def test_behind_a_proxy_that_ends_tls_everything_is_https(place):
    place.settings |= {"BEHIND_TLS": "on", "ALLOWED_HOSTS": "academy.example.org"}
    forwarded = {"Host": "academy.example.org", "X-Forwarded-Proto": "https"}

    with place.serving("--no-demo") as server:
        assert "https://academy.example.org/desk/" in server.greeting
        assert server.get("/healthz").status_code == 200
        assert server.get("/", headers={"Host": "academy.example.org"}).headers["location"].startswith("https:")
        door = server.get("/", headers=forwarded)

    assert door.status_code == 200
    assert "strict-transport-security" in door.headers
    assert all("; Secure" in cookie for cookie in door.headers.get_list("set-cookie"))


def test_a_body_that_is_too_large_is_refused_in_words(served):
    answer = httpx.post(served.url, content=b"x" * 70_000, headers={"Accept": "text/plain"})

    assert answer.status_code == 413
    assert answer.text.strip() == "This is too large: at most 64 KB can be sent at once."


def test_a_large_body_that_hides_its_length_is_refused(served):
    answer = httpx.post(served.url, content=(b"x" * 1000 for _ in range(70)), headers={"Accept": "text/plain"})

    assert answer.status_code == 413


def test_a_body_of_gigabytes_is_not_read_to_its_end(served):
    phone = http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)
    phone.putrequest("POST", "/")
    phone.putheader("Content-Length", str(5 * 1024**3))
    phone.endheaders(b"x" * 2_000_000)

    assert phone.getresponse().status == 413


def test_a_frame_that_is_too_large_closes_the_socket(served):
    with served.open_desk() as screen:
        screen.recv(timeout=5)
        screen.send("x" * 70_000)
        with suppress(ConnectionClosed):
            screen.recv(timeout=5)

    assert screen.close_code == 1009


def test_frames_are_not_compressed(served):
    with connect(f"ws://127.0.0.1:{served.port}/live/desk/nothing", origin=served.url) as screen:
        assert "Sec-WebSocket-Extensions" not in screen.response.headers


def test_a_socket_from_another_site_is_refused(served):
    with pytest.raises(Exception, match="403"):
        connect(f"ws://127.0.0.1:{served.port}/live/desk/nothing", origin="http://evil.example.org")


def test_the_log_does_not_tell_who_looked_at_what(served):
    served.get("/?code=NOBODY")

    assert "NOBODY" not in served.printed
    assert "127.0.0.1" not in served.printed
