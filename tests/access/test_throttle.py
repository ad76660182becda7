"""Guessers are slowed down; a room behind one address never is."""

import random
import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client

from sessions import codes, throttle
from sessions.errors import TooFast
from sessions.models import Device, Note
from tests.rooms import PASSWORD, Phone, Room, account, pass_time

ROOM_ADDRESS = "203.0.113.7"


@pytest.fixture
def guesser():
    return Client(REMOTE_ADDR=ROOM_ADDRESS)


def test_300_wrong_codes_are_slowed_down_and_the_room_still_comes_in(room, guesser):
    chance = random.Random(2026)
    guesses = ["".join(chance.choices(codes.ALPHABET, k=6)) for _ in range(300)]
    assert room.workshop.code not in guesses

    answers = [guesser.post("/", {"code": guess}) for guess in guesses]

    assert [answer.status_code for answer in answers] == [404] * 20 + [429] * 280
    waits = [int(answer["Retry-After"]) for answer in answers[20:]]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (1, 30)
    assert not any(name.startswith("phone") for answer in answers for name in answer.cookies)

    phone = Client(REMOTE_ADDR=ROOM_ADDRESS)
    led_on = phone.post("/", {"code": room.workshop.code.lower()})
    assert led_on.status_code == 302
    assert phone.post(led_on.url, {"team": room.team("Riverton").pk}).status_code == 303
    assert phone.get(f"/p/{room.workshop.slug}/").status_code == 200


def test_every_way_to_guess_counts(room, guesser):
    for n in range(7):
        guesser.post("/", {"code": f"WRONG{n}"})
        guesser.get(f"/j/WRONG{n}")
        guesser.post("/continue", {"code": room.workshop.code, "personal_code": f"00000{n}"})

    assert guesser.get("/j/WRONG9").status_code == 429
    assert guesser.post("/", {"code": "WRONG9"}).status_code == 429
    assert guesser.post("/continue", {"code": "WRONG9", "personal_code": "000000"}).status_code == 429


def test_another_address_is_not_slowed_down(room, guesser):
    for n in range(30):
        guesser.get(f"/j/WRONG{n}")

    assert Client(REMOTE_ADDR="203.0.113.8").get("/j/WRONG1").status_code == 404


def test_a_guesser_does_not_get_a_new_address_by_saying_so(room, guesser):
    for n in range(30):
        answer = guesser.get(
            f"/j/WRONG{n}", headers={"x-forwarded-for": f"198.51.100.{n}", "forwarded": f"for=10.0.0.{n}"}
        )

    assert answer.status_code == 429


def test_wrong_personal_codes_take_over_nobody(room, guesser):
    phone = room.phone("Riverton")
    before = list(Device.objects.values_list("token_hash", "personal_code"))

    for n in range(100):
        sent = {"code": room.workshop.code, "personal_code": f"{n:06}"}
        assert guesser.post("/continue", sent).status_code in (422, 429)

    assert list(Device.objects.values_list("token_hash", "personal_code")) == before
    assert phone.get().status_code == 200


def test_a_code_that_opens_nothing_is_answered_the_same_whatever_the_reason(room):
    draft = Room.open(["Hillcrest"], is_open=False).workshop.code
    rotated = room.workshop.code
    room.desk.do("rotate-code")
    closed = Room.open(["Ironwood"])
    closed.desk.do("close")

    answers = set()
    for code in (draft, rotated, closed.workshop.code, "ZZZZZZ"):
        response = Client().post("/", {"code": code})
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
        answers.add((response.status_code, page.replace(code, "")))

    assert len(answers) == 1
    assert answers.pop()[0] == 404


def test_what_is_remembered_of_guessers_is_bounded(monkeypatch):
    monkeypatch.setattr(throttle, "REMEMBERED", 100)
    guesses = throttle.Guesses()
    for n in range(1000):
        for _ in range(3):
            guesses.wrong(f"address {n}")
    for _ in range(1000):
        guesses.wrong("one")

    assert len(guesses._wrong) == 100
    assert max(map(len, guesses._wrong.values())) <= 101


# What one phone may write.


def test_300_phones_behind_one_address_write_at_once_and_none_is_limited(room):
    phones = [Phone(room.workshop, room.team("Riverton"), address=ROOM_ADDRESS) for _n in range(300)]
    room.discuss("talk")

    answers = [phone.post_note(f"Note {n}").status_code for n, phone in enumerate(phones)]

    assert [phone.joined.status_code for phone in phones] == [303] * 300
    assert answers == [204] * 300


def test_a_phone_that_floods_is_slowed_down_and_nothing_over_the_limit_is_stored(room):
    room.here("Lakeview")
    phone = room.phone("Riverton")
    room.discuss("talk")

    answers = [phone.post_note(f"Note {n}") for n in range(100)]
    neighbour = room.phone("Riverton").post_note("Mine")

    slowed = [answer for answer in answers if answer.status_code == 429]
    assert [answer.status_code for answer in answers[:5]] == [204] * 5
    assert Note.objects.count() == 100 - len(slowed) + 1
    assert len(slowed) > 80
    assert {answer["Retry-After"] for answer in slowed} == {"1"}
    assert slowed[0].content.decode() == "You are quick. This waits on your phone and can be sent in 1 second."
    assert neighbour.status_code == 204, "the others of its city are not slowed"


def test_a_phone_that_was_offline_for_half_an_hour_sends_all_its_notes_only_slower(room):
    phone = room.phone("Riverton")
    room.discuss("talk")
    pass_time(minutes=30)
    waiting = [(f"Note {n}", uuid.uuid4()) for n in range(40)]
    seconds = 0

    while waiting:
        text, same = waiting[0]
        answer = phone.post_note(text, note_uuid=same)
        if answer.status_code == 429:
            pass_time(seconds=int(answer["Retry-After"]))
            seconds += int(answer["Retry-After"])
        else:
            assert answer.status_code == 204
            waiting.pop(0)

    assert Note.objects.count() == 40
    assert seconds <= 40


def test_changes_are_slowed_down_later_than_notes_and_a_page_without_javascript_keeps_its_words(room):
    phone = room.phone("Riverton")
    room.discuss("talk")
    phone.post_note("First words")
    note = f"{phone.path}notes/{Note.objects.get().uuid}"

    changes = [phone.client.post(note, {"text": f"Words {n}"}, headers={"accept": "text/plain"}) for n in range(40)]
    by_form = phone.client.post(note, {"text": "Typed by hand"})

    assert [answer.status_code for answer in changes[:20]] == [204] * 20
    assert changes[-1].status_code == 429
    assert by_form.status_code == 429
    assert by_form["Retry-After"] == "1"
    assert "Typed by hand" in by_form.content.decode()


def test_what_is_remembered_of_phones_is_bounded(monkeypatch):
    monkeypatch.setattr(throttle, "REMEMBERED", 100)
    buckets = throttle.Buckets(burst=5, per_second=1)
    for phone in range(1000):
        buckets.take(phone)

    assert len(buckets._left) == 100


def test_a_clock_that_jumps_back_stops_nobody_for_long():
    buckets = throttle.Buckets(burst=1, per_second=1)
    buckets.take(7)
    pass_time(hours=-3)
    with pytest.raises(TooFast) as slowed:
        buckets.take(7)

    pass_time(seconds=slowed.value.seconds)
    buckets.take(7)


# Signing in.


def sign_in(client, password, name="facilitator", path="/sign-in"):
    return client.post(path, {"username": name, "password": password})


@pytest.mark.parametrize("path", ["/sign-in", "/library/login/"])
def test_wrong_passwords_have_to_wait_and_the_right_one_works_again_after_a_minute(transactional_db, settings, path):
    settings.AXES_COOLOFF_TIME = timedelta(seconds=1.5)  # the minute, in a hurry
    account("facilitator", is_staff=True)
    browser, colleague = Client(REMOTE_ADDR=ROOM_ADDRESS), Client(REMOTE_ADDR="203.0.113.8")

    answers = [sign_in(browser, f"wrong-{n}", path=path) for n in range(8)]

    assert [answer.status_code for answer in answers[:4]] == [200] * 4
    assert [answer.status_code for answer in answers[5:]] == [429] * 3
    assert "Too many wrong passwords." in answers[-1].content.decode()
    assert answers[-1]["Retry-After"] == "60"
    assert sign_in(browser, PASSWORD, path=path).status_code == 429, "the right one has to wait as well"
    assert sign_in(colleague, PASSWORD, path=path).status_code == 302, "another address is not locked out"

    account("other-facilitator", is_staff=True)
    neighbour = Client(REMOTE_ADDR=ROOM_ADDRESS)
    assert sign_in(neighbour, PASSWORD, "other-facilitator", path).status_code == 302, "nor is another account"

    wait_for(lambda: sign_in(browser, PASSWORD, path=path).status_code == 302)


def wait_for(condition, seconds=6):
    """Try again until it is so."""
    import time

    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.3)


def test_a_name_nobody_has_is_answered_as_a_wrong_password_is(transactional_db):
    account("facilitator")
    pages = set()
    for name in ("facilitator", "nobody-of-this-name"):
        page = sign_in(Client(), "wrong", name).content.decode()
        pages.add(re.sub(r'value="[^"]*"', "", page))

    assert len(pages) == 1


def test_a_password_is_in_no_log(transactional_db, caplog):
    account("facilitator")
    caplog.set_level(0)
    sign_in(Client(), "wrong-but-telling")

    assert "wrong-but-telling" not in caplog.text
