"""A phone that is out hands in what it still holds; the desk takes it in or declines it."""

import re
import uuid

import pytest
from django.test import Client

from sessions.models import Device, HandedIn, Note
from tests.rooms import Phone, Room, forget_counts, pass_time, words


@pytest.fixture
def gone(room):
    """Riverton's phone, released while its table talks and notes wait on it."""
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    riverton.device = Device.objects.get(team=room.team("Riverton"))
    room.desk.press("release-device", device=riverton.device.pk)
    return riverton


def press(room, command, note=None):
    """Press "Take in" or "Decline" (and "Yes"), as the page of notes handed in offers it."""
    room.desk.press(command, note=(note or HandedIn.objects.latest("pk")).pk)


def test_what_a_released_phone_holds_waits_for_the_desk_and_nobody_else_reads_it(room, gone):
    other = room.phone("Riverton")

    answer = gone.hand_in("Nobody owns the budget", terms=["teaming-trust"])

    assert answer.status_code == 202
    assert "handed in by phones that are out: Riverton 1" in room.desk.words()
    page = room.desk.words("handed-in")
    assert "Nobody owns the budget" in page
    assert "Riverton" in page
    assert not Note.objects.exists()
    for read in (other.words(), room.wall_words(), room.desk.words(), room.desk.words("notes")):
        assert "Nobody owns the budget" not in read


def test_what_is_taken_in_is_a_note_like_any_other(room, gone):
    gone.hand_in("Nobody owns the budget", terms=["teaming-trust"])

    press(room, "take-in")

    note = Note.objects.get()
    assert (note.team.name, note.text, note.table.number, note.late) == ("Riverton", "Nobody owns the budget", 1, False)
    assert [term.code for term in note.terms.all()] == ["teaming-trust"]
    assert "Nobody owns the budget" in room.desk.words("notes")
    assert "Nothing is waiting." in room.desk.words("handed-in")
    assert "phones that are out" not in room.desk.words()


def test_it_is_late_when_it_is_taken_in_after_the_end_also_after_the_close(room, gone):
    breakout = room.breakout()
    gone.hand_in("Nobody owns the budget")
    pass_time(minutes=11)
    press(room, "take-in")
    room.desk.press("close")

    assert gone.hand_in("Typed before the close", breakout=breakout).status_code == 202
    press(room, "take-in")

    assert [note.late for note in Note.objects.all()] == [True, True]


def test_what_is_declined_is_gone_for_good_and_does_not_come_back(room, gone):
    same = uuid.uuid4()
    gone.hand_in("Said too quickly", note_uuid=same)

    press(room, "decline")

    assert gone.hand_in("Said too quickly", note_uuid=same).status_code == 202, "its answer had been lost"
    assert "Nothing is waiting." in room.desk.words("handed-in")
    assert (HandedIn.objects.get().text, HandedIn.objects.get().terms) == ("", [])
    assert not Note.objects.exists()


def test_declining_is_asked_twice(room, gone):
    gone.hand_in("Said too quickly")

    page = room.desk.get("handed-in").content.decode()

    assert re.search(r"<details[^>]*><summary[^>]*>Decline</summary>.*?Yes, delete for good", page, re.S)


def test_what_was_decided_is_not_decided_again(room, gone):
    gone.hand_in("Nobody owns the budget")
    waits = HandedIn.objects.get()
    press(room, "take-in")

    assert "already" in room.desk.refused("take-in", note=waits.pk)
    assert "already" in room.desk.refused("decline", note=waits.pk)


def test_what_is_handed_in_twice_waits_once_and_other_words_are_refused(room, gone):
    same = uuid.uuid4()

    answers = [gone.hand_in("Once", note_uuid=same).status_code for _try in range(2)]
    other = gone.hand_in("Else", note_uuid=same)

    assert answers == [202, 202]
    assert other.status_code == 409
    assert "other words" in other.content.decode()
    assert HandedIn.objects.get().text == "Once"
    press(room, "take-in")
    assert gone.hand_in("Once", note_uuid=same).status_code == 202, "also when it has become a note"
    assert Note.objects.count() == 1


def test_a_note_that_had_arrived_before_the_release_is_no_second_one(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    same = uuid.uuid4()
    riverton.post_note("Nobody owns the budget", note_uuid=same)
    room.desk.press("release-device", device=Device.objects.get(team=room.team("Riverton")).pk)

    assert riverton.hand_in("Nobody owns the budget", note_uuid=same).status_code == 202
    assert riverton.hand_in("Somebody does", note_uuid=same).status_code == 409
    assert not HandedIn.objects.exists()


def test_a_phone_that_comes_in_again_sends_the_note_itself_and_taking_it_in_is_harmless(room, gone):
    same = uuid.uuid4()
    gone.hand_in("Nobody owns the budget", note_uuid=same)
    gone.client.post(f"/j/{room.workshop.code}", {"team": room.team("Lakeview").pk})
    assert gone.post_note("Nobody owns the budget", note_uuid=same).status_code == 204

    press(room, "take-in")

    assert [note.team.name for note in Note.objects.all()] == ["Lakeview"]
    assert not HandedIn.objects.exists()


def test_a_phone_whose_session_goes_on_elsewhere_hands_in_what_it_held(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    code = re.search(r"Personal code.*?([0-9A-HJKMNP-Z]{6})", riverton.page(), re.S).group(1)
    second = Client()
    second.post("/continue", {"code": room.workshop.code, "personal_code": code})

    assert riverton.hand_in("Still on the first phone").status_code == 202
    press(room, "take-in")

    assert "Still on the first phone" in words(second.get(riverton.path))


# What is refused.


def test_only_a_phone_that_was_taken_out_hands_in(room, gone):
    other = Room.open(["Eastmoor"])
    foreign = other.phone("Eastmoor")
    other.desk.press("release-device", device=Device.objects.latest("pk").pk)
    token = foreign.client.cookies[f"phone-{other.workshop.slug}"].value
    foreign.workshop = room.workshop
    foreign.client.cookies[f"phone-{room.workshop.slug}"] = token
    asking = Phone(room.workshop, name="Nowhere")
    room.desk.press("release-device", device=Device.objects.latest("pk").pk)
    guest = Phone(room.workshop, guest="on")
    room.desk.press("release-device", device=Device.objects.latest("pk").pk)
    inside = room.phone("Riverton")
    breakout = room.breakout()

    for phone in (foreign, asking, guest, inside):
        assert phone.hand_in("x", breakout=breakout).status_code == 404
    assert not HandedIn.objects.exists()


def test_what_no_note_can_be_is_refused_in_words(room, gone):
    other = Room.open(["Eastmoor"])

    assert gone.hand_in(" ").status_code == 422
    assert "there is room for 1000" in gone.hand_in("x" * 1001).content.decode()
    assert gone.hand_in("x", breakout=other.workshop.breakouts.get(order=1)).status_code == 409
    assert not HandedIn.objects.exists()


def test_fifty_notes_of_one_phone_fit(room, gone):
    breakout = room.breakout()
    for n in range(50):
        forget_counts()
        assert gone.hand_in(f"Note {n}").status_code == 202
    forget_counts()

    answer = gone.hand_in("One more", breakout=breakout)

    assert answer.status_code == 409
    assert "50 notes" in answer.content.decode()
    press(room, "take-in")
    assert gone.hand_in("One more", breakout=breakout).status_code == 202


# What becomes of it when things change at the desk.


def test_it_moves_with_its_city_and_goes_with_its_words(room, gone):
    gone.hand_in("Nobody owns the budget")
    room.desk.press("merge-teams", team=room.team("Riverton").pk, into=room.team("Lakeview").pk)
    assert HandedIn.objects.get().team.name == "Lakeview"

    room.desk.press("purge-team", team=room.team("Lakeview").pk)

    assert not HandedIn.objects.exists()


def test_it_goes_with_a_city_that_is_taken_off_the_list(room, gone):
    gone.hand_in("Nobody owns the budget")

    room.desk.press("remove-team", team=room.team("Riverton").pk)

    assert not HandedIn.objects.exists()


@pytest.mark.parametrize("form", ["csv", "json", "html"])
def test_no_export_has_what_was_not_taken_in(room, gone, form):
    gone.hand_in("Nobody owns the budget")
    assert b"Nobody owns" not in room.desk.export(form, with_hidden="on")

    press(room, "take-in")

    assert b"Nobody owns" in room.desk.export(form, with_hidden="on")
