"""What every answer carries: headers, cookies, tokens; and what no page has in it."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

from django.test import Client

from tests.access.checking import filled, methods, routes
from tests.access.matrix import ROLES, RULES
from tests.access.world import Snapshot

ROOT = Path(__file__).resolve().parents[2]
POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'self'",
    "form-action": "'self'",
}


class Inline(HTMLParser):
    """Collects what the policy would not let run: scripts and styles in the page itself."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "style" or (tag == "script" and not attributes.get("src")):
            self.found.append(f"<{tag}>")
        for name, value in attributes.items():
            if name == "style" or name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"<{tag} {name}={value}>")
            if name in ("src", "action") and re.match(r"(https?:)?//", value or ""):
                self.found.append(f"<{tag} {name}={value}> leaves the site")


def problems(response):
    """What an answer lacks, or has too much of."""
    headers = response.headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers.get("Content-Security-Policy", "").split(";"))
    if policy != POLICY:
        yield f"policy {policy}"
    if "no-store" not in headers.get("Cache-Control", ""):
        yield f"Cache-Control {headers.get('Cache-Control')}"
    for name, value in [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("X-Frame-Options", "SAMEORIGIN"),
    ]:
        if headers.get(name) != value:
            yield f"{name} {headers.get(name)}"
    for cookie in response.cookies.values():
        is_gone = cookie.value == "" and cookie["max-age"] == 0
        if not is_gone and not (cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"):
            yield f"cookie {cookie.output()}"
    if headers.get("Content-Type", "").startswith("text/html") and "attachment" not in headers.get(
        "Content-Disposition", ""
    ):
        yield from Inline(response.content.decode()).found


def test_every_answer_has_the_headers_and_no_page_has_script_or_style_in_it(world):
    wrong, checked = [], 0

    def check(where, response):
        nonlocal checked
        checked += 1
        wrong.extend(f"{where} ({response.status_code}): {problem}" for problem in problems(response))

    world.bring("running")
    for rule in RULES:
        world.ready_for(rule.route)
        for role in sorted(rule.let_in, key=ROLES.index)[:3] + ["anonymous", "foreign-phone", "removed"]:
            check(f"{rule.method} {rule.route} by {role}", world.request(role, rule.method, rule.route))
            if rule.method == "POST":
                world.bring("running")
    for address in routes("admin:").values():
        check(f"/{address}", world.client("superuser").get(f"/{filled(address)}"))
    for where, response in _errors(world):
        check(where, response)

    print("answers checked:", checked)
    assert not wrong, "\n".join(wrong)


def _errors(world):
    """One page of each kind of refusal."""
    owner, ours, slug = world.client("owner"), world.client("ours"), world.slug
    yield "400 host", owner.get("/", headers={"host": "evil.example"})
    yield "400 multipart", ours.generic("POST", f"/p/{slug}/notes", b"x", "multipart/form-data")
    yield "403 token", Client(enforce_csrf_checks=True).post("/", {"code": "x"})
    yield "404", owner.get("/no/such/page")
    yield "405", owner.get(f"/desk/{slug}/do/advance")
    yield "409", owner.post(f"/desk/{slug}/do/open", {"version": 1})
    yield "413", ours.post(f"/p/{slug}/notes", "x" * 70_000, content_type="application/x-www-form-urlencoded")
    yield "422", owner.post(f"/desk/{slug}/do/jump", {"segment": "x"})
    yield "422 phone", ours.post(f"/p/{slug}/notes", {"text": ""})
    for _ in range(25):
        wrong = ours.get("/j/wrong")
    yield "429", wrong


def test_every_command_without_a_token_is_refused(world):
    world.bring("running")
    before = Snapshot()
    checked = 0
    for rule in RULES:
        if rule.method == "POST":
            name, _colon, kind = rule.route.partition(":")
            for role in sorted(rule.let_in, key=ROLES.index)[-1:] or ["owner"]:
                checked += 1
                assert _careful(world, role).post(world.path(name, kind), world.form(rule.route)).status_code == 403, (
                    rule
                )
    for name, address in routes("admin:").items():
        checked += 1
        answer = _careful(world, "superuser").post(f"/{filled(address)}", {"title_0": "x"})
        assert answer.status_code in (403, 404, 405), (name, answer.status_code)

    print("commands checked:", checked)
    assert Snapshot().changed_since(before) == []
    assert {rule.name for rule in RULES if rule.method == "POST"} == {
        name for name in {rule.name for rule in RULES} if "POST" in methods(world, name)
    }


def _careful(world, role):
    """A role's browser on a server that checks tokens, as a real one does."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = world.client(role).cookies
    return client


def test_a_token_of_the_page_is_taken(room):
    browser = Client(enforce_csrf_checks=True)
    page = browser.get("/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)

    answer = browser.post("/", {"code": room.workshop.code, "csrfmiddlewaretoken": token})

    assert answer.status_code == 302


def test_a_script_whose_token_is_refused_gets_a_fresh_one_and_sends_once_more(room):
    phone = room.phone("Riverton")
    breakout = room.discuss("talk")
    sent = {"breakout": breakout.pk, "text": "Nobody owns the budget"}
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = phone.client.cookies

    for lost in ("the cookie", "the token"):
        if lost == "the cookie":
            browser.cookies.pop("csrf", None)
        headers = {"accept": "text/plain", "x-csrftoken": "x" * 64}
        refused = browser.post(f"{phone.path}notes", sent, headers=headers)
        again = {"accept": "text/plain", "x-csrftoken": refused["X-CSRFToken"]}
        assert refused.status_code == 403, lost
        assert browser.post(f"{phone.path}notes", sent, headers=again).status_code == 204, lost
    by_hand = browser.post(f"{phone.path}notes", sent)
    assert by_hand.status_code == 403
    assert "X-CSRFToken" not in by_hand, "a person reloads the page"


def test_no_answer_may_be_read_by_another_site(room):
    headers = {"accept": "text/plain", "origin": "https://evil.example"}
    refused = Client(enforce_csrf_checks=True).post("/", {"code": "x"}, headers=headers)

    assert refused.status_code == 403
    assert not [name for name in refused.headers if name.lower().startswith("access-control-")]


def test_another_site_cannot_use_the_token(room):
    browser = Client(enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get("/").content.decode()).group(1)

    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        sent = {"code": room.workshop.code, "csrfmiddlewaretoken": token}
        assert browser.post("/", sent, headers={"origin": origin}).status_code == 403


def test_cookies_hold_a_token_whose_hash_alone_is_stored(room):
    phone = room.phone("Riverton")
    venue = Client()
    venue.get("/wall/")
    stored = {*room.workshop.devices.values_list("token_hash", flat=True)}

    for client, name in [(phone.client, f"phone-{room.workshop.slug}"), (venue, "wall")]:
        cookie = client.cookies[name]
        assert len(cookie.value) >= 43, "256 bits"
        assert cookie.value not in stored
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie.value not in client.get("/").content.decode()
    assert {*phone.client.cookies} == {f"phone-{room.workshop.slug}", "csrf"}


BEHIND_TLS = """
import json, django
django.setup()
from django.core.management import call_command
from django.contrib.auth import get_user_model
from django.test import Client
call_command("migrate", verbosity=0)
get_user_model().objects.create_user("facilitator", password="a-long-enough-password")
client = Client(headers={"host": "academy.example.org", "x-forwarded-proto": "https"})
plain = Client(headers={"host": "academy.example.org"})
client.get("/sign-in")
signed_in = client.post("/sign-in", {"username": "facilitator", "password": "a-long-enough-password"})
page = client.get("/wall/")
print(json.dumps({
    "cookies": {name: dict(morsel) for name, morsel in client.cookies.items()},
    "headers": dict(page.headers),
    "signed_in": signed_in.status_code,
    "plain": [plain.get("/").status_code, plain.get("/").get("Location"), plain.get("/healthz").status_code],
}))
"""


WITHOUT_A_DATABASE = """
import json, django
django.setup()
from django.test import Client
client = Client(raise_request_exception=False, headers={"host": "localhost"})
found = {path: client.get(path, HTTP_COOKIE="desk=" + "x" * 32) for path in PATHS}
print(json.dumps({path: [got.status_code, got.content.decode(), dict(got.headers)] for path, got in found.items()}))
"""


def run(program, folder, **environment):
    """Run a program with settings of its own; returns what it printed last, from JSON."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "academy.settings",
        "ACADEMY_DATA": str(folder),
        "STATIC_ROOT": str(folder / "static"),
        "REDIS_URL": "",
        **environment,
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"]
    subprocess.run(collect, env=environment, cwd=ROOT, check=True)
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return json.loads(ran.stdout.splitlines()[-1])


def test_without_its_database_the_site_still_says_a_sentence(tmp_path):
    paths = ["/j/ABC123", "/p/abc/", "/desk/", "/wall/", "/catch-up/phone/abc"]
    program = WITHOUT_A_DATABASE.replace("PATHS", repr([*paths, "/", "/healthz"]))

    found = run(program, tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/no/such/folder/db.sqlite3")

    for path in paths:
        status, page, headers = found[path]
        # A cookie nobody was given is asked for in the database; without one, nobody is anybody.
        assert status in (404, 503), path
        assert status == 404 or "Nothing can be stored or read just now." in page
        assert status == 404 or int(headers["Retry-After"]) <= 5
        assert "Traceback" not in page
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert found["/j/ABC123"][0] == 503
    assert found["/desk/"][0] == 503
    assert found["/"][0] == 200
    assert found["/healthz"][0] == 503


def test_behind_tls_cookies_are_bound_to_the_host_and_browsers_stay_with_https(tmp_path):
    found = run(
        BEHIND_TLS,
        tmp_path,
        DATABASE_URL=f"sqlite:///{tmp_path}/db.sqlite3",
        BEHIND_TLS="on",
        ALLOWED_HOSTS="academy.example.org",
    )

    assert found["signed_in"] == 302
    assert set(found["cookies"]) == {"__Host-desk", "__Host-csrf", "__Host-wall"}
    for cookie in found["cookies"].values():
        assert cookie["secure"]
        assert cookie["httponly"]
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert found["headers"]["Strict-Transport-Security"] == "max-age=31536000"
    assert found["headers"]["Cross-Origin-Opener-Policy"] == "same-origin"
    assert found["plain"] == [301, "https://academy.example.org/", 200]


def test_no_template_lets_text_through_as_it_is():
    """Rendered panels are put into pages as they are; a panel itself escapes all it is given."""
    unsafe = re.compile(r"\|\s*safe\b|autoescape\s+off|\|\s*safeseq|hx-on|hx-vals='js:|\son\w+=|\sstyle=")
    for template in (ROOT / "templates").rglob("*.html"):
        if template.parent.name != "exports":
            assert not unsafe.search(template.read_text()), template


def test_python_calls_nothing_safe_but_what_it_made_itself():
    known = {"sessions/live/shared.py": 1, "sessions/views/pages.py": 1, "sessions/templatetags/sessions_extras.py": 3}
    found = {}
    for package in ("academy", "sessions", "frameworks"):
        for source in (ROOT / package).rglob("*.py"):
            count = len(re.findall(r"\b(?:mark_safe|SafeString|format_html_join)\(", source.read_text()))
            if count:
                found[str(source.relative_to(ROOT))] = count
    assert found == known
