"""Behind the proxy that ends TLS: everything is https, and nobody can pretend that it is."""

import re

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.scaled.site import SITE, Process, free_port, image
from tests.stories import people
from tests.stories.room_client import Browser


@pytest.fixture(scope="module")
def room(site):
    """One room for all tests that only look at it."""
    inside = people.Room(site)
    yield inside
    inside.close()


@pytest.fixture
def phone(room):
    return room.phones["Riverton"]


def test_whoever_types_http_is_led_to_https(site):
    answer = httpx.get(f"http://{SITE}:{site.http}/j/ABC123")

    assert answer.status_code in (301, 308)
    assert answer.headers["location"] == f"https://{SITE}/j/ABC123"


def test_pages_are_https_and_say_so(site):
    with httpx.Client(base_url=site.base, verify=site.trust) as browser:
        door = browser.get("/")

    assert door.status_code == 200
    assert "strict-transport-security" in door.headers


def test_every_cookie_belongs_to_this_very_host(room, phone):
    desk, phone = room.desk.browser.http.cookies.jar, phone.browser.http.cookies.jar

    assert {c.name for c in desk} == {"__Host-desk", "__Host-csrf"}
    assert {c.name.rpartition("-")[0] for c in phone} == {"__Host-phone", "__Host"}
    for cookie in [*desk, *phone]:
        assert cookie.secure
        assert cookie.path == "/"
        assert not cookie.domain_specified


def post_note(phone, origin):
    box = dict(phone.box().fields)
    headers = {"Accept": "text/plain", "X-CSRFToken": phone.token, "Origin": origin}
    data = {"text": "Whoever may write", "uuid": "0b8ff3d7-0000-4000-8000-0123456789ab", "breakout": box["breakout"]}
    return phone.browser.http.post(f"{phone.path}notes", data=data, headers=headers).status_code


def test_a_form_of_this_site_is_taken_and_that_of_another_is_not(site, phone):
    plain = site.base.replace("https:", "http:")

    for origin in ("https://evil.example.org", plain, f"https://{SITE}:{site.https + 1}", "null"):
        assert post_note(phone, origin) == 403
    assert post_note(phone, site.base) == 204


def test_a_socket_from_this_site_is_let_in_and_one_from_another_is_not(site, phone):
    assert phone.browser.base.startswith("https:")
    with phone.browser.open_socket(phone.live) as page:
        assert "seqs" in page.recv(timeout=10)
    for origin in ("https://evil.example.org", "null", None):
        with pytest.raises(InvalidStatus, match="403"):
            connect(site.base.replace("https", "wss") + phone.live, origin=origin, ssl=site.trust)


def test_the_wall_and_the_code_for_phones_lead_to_https(site, room):
    room.desk.page_of("settings")
    addresses = set(re.findall(rf"\w+://{SITE}[\w.:/-]*", room.desk.browser.text + room.wall.page))

    assert addresses
    assert all(address.startswith("https://") for address in addresses)


def test_a_forged_header_changes_nothing_behind_the_proxy(site):
    forged = {"X-Forwarded-Proto": "http", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example.org"}
    with httpx.Client(base_url=site.base, verify=site.trust, headers=forged) as browser:
        door = browser.get("/")

    assert door.status_code == 200
    assert "evil.example.org" not in door.text
    assert all("; Secure" in cookie for cookie in door.headers.get_list("set-cookie"))


def test_a_process_that_is_reached_past_the_proxy_leads_to_https(site):
    answer = httpx.get(f"{site.apps[0].url}/", headers={"Host": SITE})

    assert answer.status_code in (301, 308)
    assert answer.headers["location"].startswith(f"https://{SITE}")


def test_without_behind_tls_a_forged_scheme_changes_nothing(site, tmp_path):
    app = site.apps[0]
    port = free_port()
    command = [word.replace("8000", str(port)) for word in image()[0]]
    settings = {**app.environment, "BEHIND_TLS": "off", "ALLOWED_HOSTS": "127.0.0.1", "ACADEMY_DATA": str(tmp_path)}
    alone = Process(command, settings, port, tmp_path / "log")
    alone.start()
    try:
        browser = Browser(alone.url)
        browser.http.headers.update({"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"})
        browser.get("/desk/")
        cookies = browser.at.headers.get_list("set-cookie")
        assert cookies
        assert not any("; Secure" in cookie or "__Host-" in cookie for cookie in cookies)
        # The page is http, whatever it says: a form "from https" is a stranger's.
        form = dict(browser.form(button="Sign in").fields)
        stranger = {"Origin": alone.url.replace("http:", "https:")}
        assert browser.http.post("/sign-in", data=form, headers=stranger).status_code == 403
    finally:
        alone.stop()


def test_what_is_too_large_for_a_frame_or_a_body_is_refused_behind_the_proxy_too(site, phone):
    body = httpx.post(site.base, content=b"x" * 70_000, verify=site.trust, headers={"Accept": "text/plain"})
    assert body.status_code == 413
    with phone.browser.open_socket(phone.live) as page:
        assert "Sec-WebSocket-Extensions" not in page.response.headers
        page.recv(timeout=10)
        with pytest.raises(ConnectionClosed):
            say_too_much(page)


def say_too_much(page):
    page.send("x" * 70_000)
    while True:
        page.recv(timeout=10)
