"""PostgreSQL is restarted, and dies: people are told in a sentence, and everything they wrote is stored once."""

import time
from contextlib import suppress

import httpx
import pytest

from tests.stories.people import COME_AGAIN
from tests.stories.room_client import Browser, until

SENTENCE = "Nothing can be stored or read just now."


def well(site):
    """Whether every process says it is well."""
    return all(app.health()[0] == 200 for app in site.apps)


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_it_is_away_for_some_seconds_while_everybody_writes(site, room, how):
    signing_in = Browser(site.base, site.trust)
    signing_in.get("/sign-in")
    with site.listening() as said:
        room.begin_to_write()
        until(lambda: all(writer.acknowledged for writer in room.writers), "everybody has written", 20)
        getattr(site.database, how)()
        try:
            until(lambda: all(app.health()[0] == 503 for app in site.apps), "each process says so", 20)
            for app in site.apps:
                assert app.health()[1]["database"] == "down"
            until(lambda: all(w.answers[-1] == (503, SENTENCE) for w in room.writers), "they are told", 20)
            everybody_is_told(site, room, signing_in)
        finally:
            site.database.start()
        until(lambda: well(site), "it heals", 20)
        writers = room.everything_is_stored()
        room.all_is_as_fresh()

    assert {status for writer in writers for status, _text in writer.refusals} <= COME_AGAIN
    for log in said:
        assert len(log.splitlines()) == 2, log
        away, works = log.splitlines()
        assert "the database is away" in away
        assert "the database works again" in works


def everybody_is_told(site, room, signing_in):
    """Pages, forms, the desk, the library, signing in and catching up answer 503 with a sentence, at once."""
    desk, phone = room.desk.browser.http, room.phones["Riverton"].browser.http
    slug = room.desk.slug
    asked = {
        f"/desk/{slug}/": desk,
        "/library/": desk,
        f"/p/{slug}/": phone,
        f"/p/{slug}/board": phone,
        f"/catch-up/phone/{slug}?have=stage:0": phone,
        f"/j/{room.code}": signing_in.http,
    }
    for path, browser in asked.items():
        began = time.monotonic()
        answer = browser.get(path)
        assert answer.status_code == 503, path
        assert SENTENCE in answer.text
        assert "What you typed is still on your page" in answer.text
        assert int(answer.headers["retry-after"]) <= 5
        assert "Traceback" not in answer.text
        assert time.monotonic() - began < 5, path
    form = signing_in.form(button="Sign in")
    signing_in.submit(form, username="facilitator", password=site.password, status=503)
    assert SENTENCE in signing_in.text


def writes(room, text):
    """Whether a phone could store this, at the first try or at a later one."""
    with suppress(AssertionError):
        room.phones["Riverton"].write(text)
        return True


def test_after_a_restart_between_two_requests_everything_is_stored(site, room):
    for how in (site.database.stop, site.database.kill):
        how()
        site.database.start()
        until(lambda: httpx.get(f"{site.apps[0].url}/healthz", timeout=30).status_code == 200, "it heals", 20)
        until(lambda: well(site), "it heals", 20)
        until(lambda how=how: writes(room, f"Written after {how.__name__}"), "it is stored", 20)
    room.desk.sees("Written after stop", "Written after kill")
    room.all_is_as_fresh()
