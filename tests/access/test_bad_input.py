"""Bad input through every door: refused in words, or stored and shown as it was typed; never an error of ours."""

import os
import socket
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

import httpx
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape, strip_tags
from websockets.exceptions import ConnectionClosed

from academy.text import clean_text
from sessions.models import CityTeam, Device, HandedIn, Note, Segment
from tests.access.test_sockets import opened
from tests.access.world import FORMS
from tests.corpus import ITEMS, sendable
from tests.rooms import Phone, forget_counts

# Every fifteenth text for each field, other ones for the next; CORPUS_EVERY=1 sends all to all (a quarter of an hour).
EVERY = int(os.environ.get("CORPUS_EVERY", "15"))
DONE = (200, 202, 204, 302, 303)


@pytest.fixture
def talk(room):
    """Two phones of two cities in the first discussion, each with a note; nobody else is there."""
    for name in ("Stonebridge", "O'Fallon – São João"):
        room.desk.do("remove-team", team=room.team(name).pk)
    room.phones = room.here("Riverton", "Lakeview")
    room.desk.go_to("talk")
    for phone in room.phones:
        assert phone.post_note("A first note").status_code == 204
        phone.client.raise_request_exception = False
    room.desk.client.raise_request_exception = False
    return room


@pytest.fixture(autouse=True)
def _no_error_in_the_log(caplog):
    """Whatever came: no line of ERROR, no traceback but that of a refusal."""
    yield
    errors = [r for r in caplog.get_records("call") if r.levelname in ("ERROR", "CRITICAL")]
    assert not [r.getMessage() for r in errors if not r.name.startswith("django.security")]


@dataclass
class Field:
    """One text field. send: sends a text; limit: what it may hold; stored: reads it back; page: where it is read."""

    name: str
    send: Callable
    limit: int | None = None
    stored: Callable | None = None
    page: Callable | None = None
    lines: bool = False
    may_be_empty: bool = False
    take_back: Callable | None = None


def fields(room):
    """Every field a person or a program can write text into."""
    desk, phone, slug = room.desk, room.phones[0], room.workshop.slug
    guest = Phone(room.workshop, guest="on").client
    gone = room.phone("Riverton")
    room.desk.press("release-device", device=Device.objects.latest("pk").pk)
    breakout, team = room.breakout(), room.team("Riverton")
    mine = Note.objects.get(team=team)
    talk = Segment.objects.get(pk=breakout.segment_id)
    device = Device.objects.filter(team=team).first()
    script = {"accept": "text/plain"}
    all_teams = list(room.workshop.teams.values_list("pk", flat=True))
    filters = ("words", "city", "table", "only", "column", "discussion")

    def settings(**data):
        typed = {"title": "T", "date": "", "place": "", "time_zone": "UTC", "address": ""} | data
        return desk.client.post(f"/desk/{slug}/settings", typed, headers=script)

    def edit(**data):
        return desk.do("edit-segment", segment=talk.pk, **{"title": "T", "minutes": 5, "question": "Q"} | data)

    def write(text, **more):
        return phone.client.post(f"{phone.path}notes/{mine.uuid}", {"text": text, **more}, headers=script)

    def post(text):
        sent = {"breakout": breakout.pk, "text": text, "uuid": uuid.uuid4()}
        return phone.client.post(phone.path + "notes", sent)

    def from_desk(text):
        sent = {"breakout": breakout.pk, "team": team.pk, "text": text, "uuid": uuid.uuid4()}
        return desk.client.post(f"/desk/{slug}/notes/new", sent)

    def change(client, **data):
        return client.post(f"/p/{slug}/change", data)

    def of(row, name):
        return lambda: str(getattr(type(row).objects.get(pk=row.pk), name))

    def forget_notes():
        Note.objects.exclude(pk=mine.pk).delete()

    def forget_handed_in():
        room.workshop.handed_in.all().delete()

    def forget_teams():
        CityTeam.objects.exclude(pk__in=all_teams).delete()

    def roster():
        return desk.get("roster")

    def settings_page():
        return desk.get("settings")

    return [
        Field("a note", write, 1000, of(mine, "text"), phone.get, lines=True),
        Field("a new note, without a script", post, 1000, lines=True, take_back=forget_notes),
        Field("a note from the desk", from_desk, 1000, lines=True, take_back=forget_notes),
        Field("a term", lambda t: write("x", terms=[t, "shared-purpose"])),
        Field(
            "a city's new name", lambda t: desk.do("rename-team", team=team.pk, name=t), 80, of(team, "name"), roster
        ),
        Field("one more city", lambda t: desk.do("add-team", name=t), 80, take_back=forget_teams),
        Field(
            "a list of cities", lambda t: desk.client.post(f"/desk/{slug}/roster", {"names": t}), take_back=forget_teams
        ),
        Field("a city that asks", lambda t: change(guest, name=t), 80),
        Field(
            "a first name",
            lambda t: change(phone.client, team=team.pk, first_name=t),
            60,
            of(device, "first_name"),
            roster,
            may_be_empty=True,
        ),
        Field(
            "a message",
            lambda t: desk.do("message", message=t),
            200,
            of(room.workshop, "message"),
            phone.get,
            may_be_empty=True,
        ),
        Field("a segment's title", lambda t: edit(title=t), 200, of(talk, "title"), phone.get),
        Field("a question", lambda t: edit(question=t), 200, of(breakout, "question"), phone.get, may_be_empty=True),
        Field("the session's title", lambda t: settings(title=t), 160, of(room.workshop, "title"), settings_page),
        Field(
            "the place", lambda t: settings(place=t), 160, of(room.workshop, "place"), settings_page, may_be_empty=True
        ),
        Field("the time zone", lambda t: settings(time_zone=t)),
        Field("the address", lambda t: settings(address=t)),
        Field("the date", lambda t: settings(date=t)),
        Field("a plan", lambda t: desk.client.post("/desk/new", {"plan": t, "title": "T", "time_zone": "UTC"})),
        Field("a wall's code", lambda t: desk.do("connect-wall", code=t)),
        Field("a facilitator", lambda t: desk.do("add-facilitator", username=t)),
        Field("the title to delete", lambda t: desk.client.post(f"/desk/{slug}/delete", {"title": "not " + t})),
        Field("a column of the board", lambda t: desk.do("turn-board", breakout=breakout.pk, column=t)),
        Field("a filter of the notes", lambda t: desk.get("notes", **dict.fromkeys(filters, t))),
        Field("a note's beginning at the desk", lambda t: desk.get("notes/new", text=t, team=t)),
        Field("a join code", lambda t: Client().post("/", {"code": t})),
        Field("a join code in an address", lambda t: Client().get("/", {"code": t})),
        Field(
            "a personal code", lambda t: Client().post("/continue", {"code": room.workshop.code, "personal_code": t})
        ),
        Field(
            "an account",
            lambda t: Client().post("/sign-in?" + urlencode({"next": t}), {"username": t, "password": "x"}),
        ),
        Field("a password", lambda t: Client().post("/sign-in", {"username": str(uuid.uuid4()), "password": t})),
        Field("where to go next", lambda t: desk.client.post(f"/desk/{slug}/do/cover-wall", {"next": t})),
        Field("what a page has", lambda t: phone.client.get(f"/catch-up/phone/{slug}", {"have": t})),
        Field("what a page has, by POST", lambda t: phone.report(have=t)),
        Field("how many notes a phone holds", lambda t: phone.report(waiting=t)),
        Field("a command's id", lambda t: write("x", uuid=t)),
        Field(
            "a note handed in",
            lambda t: gone.hand_in(t),
            1000,
            lambda: HandedIn.objects.get().text,
            lambda: desk.get("handed-in"),
            lines=True,
            take_back=forget_handed_in,
        ),
    ]


def test_every_field_takes_every_text_or_says_why_not(talk):
    wrong, checked, done = [], 0, 0
    for number, field in enumerate(fields(talk)):
        for item in ITEMS[number % EVERY :: EVERY]:
            forget_counts()
            text = as_sent(item)
            answer = field.send(text)
            checked += 1
            wrong += [f"{field.name}: {text[:40]!r}: {problem}" for problem in verdict(field, text, answer)]
            if answer.status_code in DONE:
                done += 1
                wrong += [f"{field.name}: {text[:40]!r}: {problem}" for problem in shown(field)]
                if field.take_back:
                    field.take_back()

    print(f"{checked} texts sent, {done} taken")
    assert not wrong, "\n".join(wrong)


def shown(field):
    """What is stored stands on its page as it is, with its signs escaped."""
    if field.page and escape(field.stored()) not in field.page().content.decode():
        yield "is not on its page"


def as_sent(text):
    """What a form can carry: half characters have no UTF-8."""
    return text if sendable(text) else text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def verdict(field, text, answer):
    """What is wrong with the answer to a text."""
    if answer.status_code not in (*DONE, 400, 404, 409, 422, 429):
        yield f"answered {answer.status_code}"
    if answer.status_code >= 400 and len(strip_tags(answer.content.decode()).strip()) < 12:
        yield f"answered {answer.status_code} without a sentence"
    if field.limit is None:
        return
    try:
        expected = clean_text(text, limit=field.limit, lines=field.lines)
    except ValidationError:
        expected = None
    is_taken = expected is not None and bool(expected or field.may_be_empty)
    if is_taken != (answer.status_code in DONE) and answer.status_code != 409:
        yield f"answered {answer.status_code} where {'it fits' if is_taken else 'it must be refused'}"
    if is_taken and field.stored and answer.status_code in DONE and expected and field.stored() != expected:
        yield f"stored as {field.stored()[:40]!r}"


# Numbers and ids.

NO_NUMBERS = [
    *[
        "abc",
        "",
        " ",
        "-1",
        "0",
        "1.5",
        "1e3",
        "1e999",
        "NaN",
        "Infinity",
        "0x1",
        "\x00",
        "\ufffd",
        "[1]",
        "2147483648",
    ],
    *["4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "9" * 4400, "2147483647"],
]
# What a page may leave out, and what an id that nobody has leads to: nothing is taken away, or an empty board.
MAY_BE_EMPTY = {"uuid", "version", "page", "team", "table", "note"}
NOTHING_TO_DO = {"do-remove-facilitator", "do-purge-team", "do-turn-board"}


def test_a_number_that_is_none_and_an_id_that_nobody_has_are_refused_in_words(world):
    wrong, checked = [], 0
    world.bring("running")
    for route, field in numbers(world):
        for value in NO_NUMBERS:
            sent = world.form(route) | {field: value}
            client = world.client({"mark": "ours", "post-note": "ours", "hand-in": "released"}.get(route, "owner"))
            answer = client.post(world.path(route), sent, headers={"accept": "text/plain"})
            checked += 1
            where = f"{route} with {field}={value[:30]!r}: answered {answer.status_code}"
            if answer.status_code in DONE:
                world.put_back()
                if not may_be_done(route, field, value):
                    wrong.append(where)
            elif answer.status_code not in (404, 409, 422) or len(answer.content) < 12:
                wrong.append(where)

    print("numbers sent:", checked)
    assert not wrong, "\n".join(wrong)


def numbers(world):
    """The number fields of every form: (route, field)."""
    for route, form in FORMS.items():
        if route not in ("join-session", "change-city") and ":" not in route:
            yield from ((route, field) for field, value in form(world).items() if isinstance(value, int))
            if route in ("do-advance", "do-hide", "do-add-team"):
                yield from ((route, "version"), (route, "uuid"))


def may_be_done(route, field, value):
    """Whether a command may work with this value all the same."""
    if not value.strip():
        return field in MAY_BE_EMPTY
    return (route == "do-change-minutes" and value in ("-1", "0")) or (route in NOTHING_TO_DO and value == "2147483647")


# Bodies and addresses that no browser sends.

FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
ONE_PART = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n%s\r\n--x--\r\n'
BODIES = [
    (FORM, b"\xff\xfe=\x80&text=\xc3\x28&code=\xed\xa0\x80"),
    (FORM, b"%&%zz=%&text=%ED%A0%80&code=%u0041&names=%00"),
    (FORM, b"text=a&text=b&breakout=1&breakout=2&uuid=&uuid=x&team=1&team=x&terms=a&terms=%00"),
    (FORM, b"a&" * 1500),
    (FORM, b"&" * 60_000),
    (FORM, b"="),
    (FORM, b"text=" + b"x" * 70_000),
    (FORM + "; charset=utf-7", b"text=%2B2AA-&name=%2B2AA-"),
    (FORM + "; charset=utf-16", b"text=x"),
    (FORM + "; charset=nonsense", b"text=x&name=x"),
    ("multipart/form-data", b"--x--"),
    ("multipart/form-data; boundary=", b"--x--"),
    ("multipart/form-data; boundary=" + "x" * 300, b"--x--"),
    (PARTS, b""),
    (PARTS, b"--x\r\nContent-Disposition: form-data; name=text\r\n\r\nno end"),
    (PARTS, b"--x\r\n\r\n\r\n--x--\r\n"),
    (PARTS, b"--x\r\nContent-Disposition: form-data; name*=utf-8''%FF%00\r\n\r\nx\r\n--x--\r\n"),
    (PARTS, b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../etc/x\x00"\r\n\r\nx\r\n--x--\r\n'),
    (
        PARTS,
        b"--x\r\nContent-Disposition: form-data; name=text\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--x--\r\n",
    ),
    (PARTS, ONE_PART % b"\xff\xfe\x00\xed\xa0\x80"),
    (PARTS, ONE_PART % (b"a" + "\u0315\u0300".encode() * 200_000)),
    (PARTS, ONE_PART % (b"x" * 1_200_000)),
    (PARTS, ONE_PART[:-6] % b"x" * 1500 + b"--x--\r\n"),
    (PARTS + "; charset=utf-7", ONE_PART % b"+2AA-"),
    (PARTS + "; charset=unicode_escape", ONE_PART % rb"\ud800"),
    (PARTS + "; charset=hex", ONE_PART % b"zz"),
    (PARTS + "; charset=rot13", ONE_PART % b"zz"),
    (PARTS + "; charset=idna", ONE_PART % b"\xff"),
    ("application/json", b'{"text": "\\ud800"'),
    ("text/plain", b"text=x"),
    ("", b"text=x"),
    ('a/b/c;;;="', b"\x00\xff"),
]


def test_a_body_nobody_can_read_is_refused_in_words(talk):
    slug, code, phone = talk.workshop.slug, talk.workshop.code, talk.phones[0].client
    note = Note.objects.get(team=talk.team("Riverton"))
    doors = [
        *[(Client(), path) for path in ("/", f"/j/{code}", "/continue", "/sign-in", "/library/login/")],
        *[(phone, f"/p/{slug}/{path}") for path in ("notes", f"notes/{note.uuid}", "mark", "change")],
        *[(talk.desk.client, f"/desk/{slug}/{path}") for path in ("roster", "notes/new", "settings", "export/csv")],
        *[
            (talk.desk.client, f"/desk/{slug}/do/{name}")
            for name in ("message", "advance", "rename-team", "connect-wall")
        ],
        (talk.desk.client, "/desk/new"),
    ]
    wrong = []
    for client, path in doors:
        client.raise_request_exception = False
        for kind, body in BODIES:
            began = time.perf_counter()
            answer = client.generic("POST", path, body, kind)
            is_large = len(body) > (1024 if kind.startswith("multipart") else 64) * 1024
            expected = (413,) if is_large else (*DONE, 400, 404, 409, 422, 429)
            if answer.status_code not in expected or (answer.status_code >= 400 and len(answer.content) < 12):
                wrong.append(f"{path}: {kind[:60]} {body[:40]!r}: answered {answer.status_code}")
            if time.perf_counter() - began > 2:
                wrong.append(f"{path}: {kind[:60]} {body[:40]!r}: took {time.perf_counter() - began:.1f} s")

    assert not wrong, "\n".join(wrong)


ADDRESSES = [
    *["/%00", "/j/%00", "/j/%FF%FE", "/j/" + "x" * 5000, "/p/%00/", "/p/x%0A/", "/p/" + "x" * 3000 + "/", "/?code=%00"],
    *[
        "/wall/%2e%2e/",
        "/desk/..%2f..%2fetc/",
        "/%E2%80%AE",
        "//evil.example/",
        "/\\evil.example",
        "/static/%00",
        "/static/../x",
    ],
    *[
        "/static/%2e%2e/%2e%2e/academy/settings.py",
        "/static/",
        "/catch-up/phone/x?have=%00",
        "/catch-up/%00/x",
        "/sign-in?next=%00",
    ],
    *[
        "/sign-in?next=//evil.example",
        "/sign-in?next=" + "x" * 3000,
        "/healthz?%ff=%ff",
        "/library/%00/",
        "/library/%FF/",
    ],
    *["/desk/x/tables/" + "9" * 5000, "/desk/x/tables/9223372036854775808", "/p/x/notes/" + "0" * 8, "/" + "a/" * 2000],
]


def test_an_address_nobody_has_is_answered_in_words(talk):
    slug = talk.workshop.slug
    own = [f"/desk/{slug}/tables/{n}" for n in ("0", "99999", "9223372036854775808", "9" * 4000)]
    own += [f"/desk/{slug}/segments/{n}" for n in ("0", "9223372036854775808", "9" * 5000)]
    own += [f"/p/{slug}/notes/{uuid.UUID(int=0)}", f"/catch-up/phone/{slug}?have=stage:{'9' * 30},board:-1,x:y,%00:1"]
    for client in (talk.desk.client, talk.phones[0].client, Client(raise_request_exception=False)):
        for address in [*ADDRESSES, *own]:
            answer = client.get(address)
            assert answer.status_code in (200, 301, 302, 400, 404, 429), (address[:60], answer.status_code)
            assert "evil.example" not in answer.headers.get("Location", "")


def test_cookies_nobody_was_given_open_nothing_and_break_nothing(talk):
    name = f"phone-{talk.workshop.slug}"
    for cookie in (
        'desk="\\000\\000\\000\\000\\000\\000\\000\\000\\000"',
        f'{name}="\\000"; wall="\\000"',
        f"{name}=; wall=; desk=; csrf=",
        f"{name}={'x' * 4000}; desk={'x' * 4000}; csrf={'x' * 4000}",
        f"{name}=\xff\xfe; desk=\xed\xa0\x80; wall=\xe2\x82\xac",
        f'{name}="unclosed; desk="; =; ;;;',
    ):
        for path in (
            f"/p/{talk.workshop.slug}/",
            f"/wall/{talk.workshop.slug}/",
            f"/desk/{talk.workshop.slug}/",
            "/desk/",
            "/",
        ):
            answer = Client(raise_request_exception=False).get(path, HTTP_COOKIE=cookie)
            allowed = (200, 400) if path == "/" else (302, 400, 404)
            assert answer.status_code in allowed, (cookie[:40], path, answer.status_code)


def test_a_text_in_another_encoding_is_not_read(server):
    for charset in ("utf-7", "unicode_escape", "hex", "utf-16", "idna", "nonsense"):
        headers = {"Content-Type": f"{FORM}; charset={charset}"}
        assert httpx.get(f"{server}/?code=%2B2AA-%ff", headers=headers).status_code == 400, charset
        assert httpx.post(f"{server}/?code=%ff", content=b"code=%ff", headers=headers).status_code == 400, charset


# Lists of cities.


NO_LISTS = [
    (b"\x00\x01\x02binary", "not a text file"),
    (b"\xff\xfea", "not in UTF-8"),
    (b"\xff\xfe\x00\xd8", "not in UTF-8"),
    (b"Caf\xe9", "not in UTF-8"),
    (b"PK\x03\x04" + b"\x00" * 100, "not a text file"),
    (b"\n".join(b"City %d" % n for n in range(501)), "at most 500 fit"),
    (b"x" * 200_000, "could not be read as a list"),
    (b'"' + b"x\n" * 70_000, "could not be read as a list"),
    (b";" * 600_000, "The list is empty"),
    (b"\n" * 400, "The list is empty"),
    ("\ufffe".encode(), "Line 1: The text contains a character"),
    (b"Riverside\nRIVERSIDE\nriverside ", "is there twice"),
    (b"x" * 1_200_000, "at most 1024 KB"),
]


def test_a_file_that_is_no_list_of_cities_is_refused_in_words(room):
    before = room.workshop.teams.count()

    for saved, sentence in NO_LISTS:
        file = SimpleUploadedFile("cities.csv", saved)
        answer = room.desk.client.post(f"/desk/{room.workshop.slug}/roster", {"file": file})
        assert answer.status_code == (413 if len(saved) > 2**20 else 422), saved[:20]
        assert sentence in unescape(answer.content.decode()), saved[:20]

    assert room.workshop.teams.count() == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_list_of_cities_is_read_as_spreadsheets_save_it(room, encoding):
    text = 'City;Country\r\nŁódź;PL\r\n"=Sum; City";XX\r\n\u202eturned;\r\n;\r\n'
    file = SimpleUploadedFile("../../cities.csv", text.encode(encoding))

    answer = room.desk.client.post(f"/desk/{room.workshop.slug}/roster", {"file": file})

    assert answer.status_code == 303, strip_tags(answer.content.decode())
    assert {"Łódź", "=Sum; City", "turned"} < {team.name for team in room.workshop.teams.all()}


# Sockets, and bytes that are no HTTP.


def test_a_socket_that_talks_is_closed_and_the_server_goes_on(room, server):
    path = f"/live/desk/{room.workshop.slug}"
    for sent, code in [
        ("hello", 1008),
        ('{"action": "advance"}', 1008),
        ("", 1008),
        ("\ufffe\x00", 1008),
        (b"\x00\xff", 1008),
        ([b"a", b"b"], 1008),
        ("x" * 70_000, 1009),
        (b"x" * 70_000, 1009),
        (["x" * 40_000, "x" * 40_000], 1009),
    ]:
        with opened(room.desk.client, server, path) as screen:
            screen.recv(timeout=10)
            with suppress(ConnectionClosed):
                screen.send(sent)
                while True:
                    screen.recv(timeout=10)
            assert screen.close_code == code, (sent[:20], screen.close_code)
    for query in ("?language=%00", "?language=%FF", "?language=../../x", "?" + "a=1&" * 500, "?language[]=en", "?%"):
        with opened(room.desk.client, server, path + query) as screen:
            assert "seqs" in screen.recv(timeout=10), query


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /%s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % (b"a" * 100_000),
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /static/%00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /static/../../x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /p/\xff\xfe/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: desk="\\000\\000\\000\\000\\000\\000\\000\\000"\r\n\r\n',
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: \xff\xfe, xx;q=nan, en;q=1e999\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999999999999\r\n\r\nx",
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"FFFF\r\n%s\r\n" % (b"x" * 65535) * 40
        + b"0\r\n\r\n",
        b"TRACE / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"NONSENSE\r\n\r\n",
    ],
    ids=lambda sent: repr(sent[:40]),
)
def test_bytes_that_are_no_request_of_a_browser_do_no_harm(server, sent):
    host, port = server.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=3) as line, suppress(OSError):
        line.sendall(sent)
        answer = line.recv(200)
        assert not answer.startswith(b"HTTP/1.1 5"), answer

    assert httpx.get(f"{server}/healthz").status_code == 200
