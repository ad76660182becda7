"""Notes: what city teams write."""

import uuid

from sessions.models import Note
from tests.rooms import pass_time


def test_a_note_lands_at_the_table(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.desk.go_to("talk")

    response = riverton.post_note("Nobody owns the budget", terms=["teaming-trust"])

    assert response.status_code == 204
    note = Note.objects.get()
    assert (note.team.name, note.text, note.table.number) == ("Riverton", "Nobody owns the budget", 1)
    assert note.question == "What barriers is your collaboration facing?"
    assert [term.code for term in note.terms.all()] == ["teaming-trust"]


def test_a_note_that_is_sent_twice_is_stored_once(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.desk.go_to("talk")
    same = uuid.uuid4()

    answers = [riverton.post_note("Once", note_uuid=same).status_code for _try in range(2)]

    assert answers == [204, 204]
    assert Note.objects.count() == 1


def test_the_same_id_with_other_words_is_refused_in_words(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.desk.go_to("talk")
    same = uuid.uuid4()
    riverton.post_note("One thing", note_uuid=same)

    answer = riverton.post_note("Another thing", note_uuid=same)

    assert answer.status_code == 409
    assert "other words" in answer.content.decode()
    assert Note.objects.get().text == "One thing"


def test_a_note_after_the_end_is_kept_and_marked_late(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.desk.go_to("talk")
    pass_time(minutes=11)

    assert riverton.post_note("Too late, still true").status_code == 204

    assert Note.objects.get().late
