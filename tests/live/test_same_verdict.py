"""One verdict on every text whatever the database: `script/test` runs this on SQLite and on PostgreSQL."""

from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from academy.text import clean_text
from sessions.forms import WriteForm
from sessions.models import CityTeam, Note, Workshop
from tests.corpus import ITEMS, sendable
from tests.rooms import pass_time


@pytest.fixture
def phone(room):
    """A phone in the first discussion with one note, on a server that answers 500 rather than raising."""
    phone, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.desk.go_to("talk")
    assert phone.post_note("A first note").status_code == 204
    phone.client.raise_request_exception = False
    return phone


def expected(text):
    """What must be stored of a text; None: it is refused. Computed without any database."""
    try:
        return clean_text(text, limit=1000) or None
    except ValidationError:
        return None


def as_sent(text):
    """What a form can carry: half characters have no UTF-8."""
    return text if sendable(text) else text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def test_every_text_that_passes_the_form_is_held_by_the_database_byte_by_byte(phone):
    note = Note.objects.get()
    taken = 0
    for text in ITEMS:
        sent = QueryDict(mutable=True)
        sent["text"] = text
        form = WriteForm(sent)
        assert form.is_valid() == (expected(text) is not None), text[:40]
        if form.is_valid():
            Note.objects.filter(pk=note.pk).update(text=form.cleaned_data["text"])
            note.refresh_from_db()
            assert note.text == expected(text), text[:40]
            taken += 1

    assert taken > 500


def test_a_phone_gets_the_verdict_that_was_computed(phone):
    note = Note.objects.get()
    for text in ITEMS[::7]:
        pass_time(seconds=1)  # a phone changes its notes at its own pace
        sent = {"text": as_sent(text)}
        answer = phone.client.post(f"{phone.path}notes/{note.uuid}", sent, headers={"accept": "text/plain"})
        wanted = expected(sent["text"])
        assert answer.status_code == (422 if wanted is None else 204), text[:40]
        if wanted is not None:
            assert Note.objects.get().text == wanted, text[:40]


def test_names_and_titles_hold_what_their_forms_let_through(phone):
    """A column may be shorter than what a form lets through on one database and not on the other."""
    team, workshop = CityTeam.objects.filter(workshop=phone.workshop).first(), phone.workshop
    for text in ["😀" * 80, "ﷺ" * 80, "ß" * 80, "\u0390" * 80, "x" * 80]:
        team.name = clean_text(text, limit=80, lines=False)
        team.save()
        assert CityTeam.objects.get(pk=team.pk).name == team.name
        Workshop.objects.filter(pk=workshop.pk).update(title=clean_text(text * 2, limit=160), place=text * 2)


def test_a_nul_is_refused_at_every_door_before_it_reaches_a_database(room, phone):
    """PostgreSQL cannot hold it and fails; SQLite stores it: only what never gets there is the same on both."""
    slug, note = room.workshop.slug, Note.objects.get()
    desk = room.desk.client
    desk.raise_request_exception = False
    script = {"accept": "text/plain"}
    answers = [
        phone.client.post(
            f"{phone.path}notes/{note.uuid}", {"text": "x", "terms": ["a\0b", "shared-purpose"]}, headers=script
        ),
        phone.client.post(f"{phone.path}notes/{note.uuid}", {"text": "a\0b"}, headers=script),
        phone.client.post(f"{phone.path}change", {"name": "a\0b"}, headers=script),
        phone.client.post(f"{phone.path}mark", {"item": "1\0", "value": "\0"}, headers=script),
        phone.client.get(f"/catch-up/phone/{slug}?have=%00:1"),
        phone.client.get("/j/%00%00"),
        Client(raise_request_exception=False).post("/", {"code": "\0\0\0\0\0\0"}),
        Client(raise_request_exception=False).post(
            "/continue", {"code": room.workshop.code, "personal_code": "\0" * 6}
        ),
        Client(raise_request_exception=False).post("/sign-in?next=%00", {"username": "a\0", "password": "\0"}),
        Client(raise_request_exception=False).post("/sign-in", {"username": "a", "password": "\0", "next": "\0"}),
        Client(raise_request_exception=False).get("/desk/", HTTP_COOKIE='desk="' + r"\000" * 32 + '"'),
        Client(raise_request_exception=False).get(f"/p/{slug}/", HTTP_COOKIE=f'phone-{slug}="\\000"; wall="\\000"'),
        Client(raise_request_exception=False).get(f"/wall/{slug}/", HTTP_COOKIE='wall="\\000"'),
        desk.get(f"/desk/{slug}/notes?words=%00&city=%00"),
        desk.post(f"/desk/{slug}/roster", {"names": "a\0b"}),
        desk.post(f"/desk/{slug}/do/turn-board", {"breakout": 1, "column": "\0"}, headers=script),
        desk.post(f"/desk/{slug}/do/add-facilitator", {"username": "a\0b"}, headers=script),
        desk.post(f"/desk/{slug}/do/connect-wall", {"code": "a\0b"}, headers=script),
        desk.post("/desk/new", {"plan": "\0", "title": "a\0b", "time_zone": "\0"}),
    ]

    assert {answer.status_code for answer in answers} <= {200, 204, 302, 400, 404, 422}


def test_a_number_that_no_column_can_hold_is_refused_and_not_sent_to_the_database(room, phone):
    slug = room.workshop.slug
    desk = room.desk.client
    desk.raise_request_exception = False
    for number in ("2147483648", "9223372036854775808", "9" * 4000):
        for answer in (
            desk.get(f"/desk/{slug}/tables/{number}"),
            desk.get(f"/desk/{slug}/segments/{number}"),
            desk.get(f"/desk/{slug}/notes?city={number}&table={number}&discussion={number}"),
            desk.post(f"/desk/{slug}/do/hide", {"note": number}),
            phone.client.post(f"{phone.path}notes", {"breakout": number, "text": "x"}),
            phone.client.post(f"{phone.path}mark", {"item": number}),
            phone.client.get(f"/catch-up/phone/{slug}?have=stage:{number}"),
        ):
            assert answer.status_code in (200, 404, 422), number[:20]


def test_a_nul_in_a_sockets_cookie_opens_nothing(room, server, caplog):
    nul = r"\000" * 32
    for kind in ("desk", "wall", "phone"):
        cookies = f'desk="{nul}"; wall="{nul}"; phone-{room.workshop.slug}="{nul}"'
        address = f"{server.replace('http', 'ws', 1)}/live/{kind}/{room.workshop.slug}"
        with connect(address, origin=server, additional_headers={"Cookie": cookies}) as socket:
            with suppress(ConnectionClosed):
                socket.recv(timeout=10)
            assert socket.close_code == 4403, kind

    assert not [record for record in caplog.records if record.levelname == "ERROR"]
