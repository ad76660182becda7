"""A whole rehearsal against a real server: what it finds, what it leaves, what it refuses."""

import io
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.core.management import call_command

from sessions.models import Note, Rehearsal
from tests.access.world import Snapshot
from tests.rehearsal.conftest import copy_of, meanwhile, refused, rehearse

pytestmark = pytest.mark.django_db(transaction=True)


def test_simulated_cities_go_through_a_copy_and_nothing_is_lost_and_nothing_is_left(prepared):
    prepared.shorten(discussions=2, minutes=2)
    before = Snapshot()

    report, code = rehearse(prepared, phones=2, seed=3)

    assert code == 0
    assert (report["teams"], report["phones"]) == (4, 8)
    assert (report["lost"], report["doubled"]) == (0, 0)
    assert report["acked"] == report["typed"] == Note.objects.filter(workshop=copy_of(prepared)).count() > 4
    assert report["ack_ms"]["n"] > 0
    assert report["wall_ms"]["n"] > 0
    assert [segment["planned_s"] for segment in report["segments"]] == [60, 240, 240]
    assert report["refused"] == report["not_come"] == []
    assert all(note.text.startswith("Sample ") for note in Note.objects.all())
    copy = copy_of(prepared)
    assert copy.is_closed
    assert copy.code != prepared.workshop.code
    assert {team.name for team in copy.teams.all()} == {team.name for team in prepared.workshop.teams.all()}
    assert Rehearsal.objects.get().state == "done"

    call_command("rehearse", purge=prepared.workshop.code, stdout=io.StringIO())

    assert Snapshot().changed_since(before) == []


def test_a_note_that_vanishes_and_one_that_nobody_wrote_are_found(prepared):
    prepared.shorten(discussions=1, minutes=2)

    def spoil():
        notes = Note.objects.filter(workshop=copy_of(prepared)).order_by("pk") if copy_of(prepared) else []
        if len(notes) < 2:
            return False
        notes[0].delete()
        twin = notes[0]
        twin.pk, twin.uuid = None, uuid.uuid4()
        twin.save()
        return True

    spoiler = meanwhile(spoil)
    report, code = rehearse(prepared, seed=5)
    spoiler.join()

    assert code == 1
    assert report["lost"] >= 1
    assert report["doubled"] >= 1
    assert any("not in the database" in line for line in report["missing"])
    assert any("written by nobody" in line for line in report["twice"])


@pytest.mark.parametrize("url", ["http://192.0.2.7:8000", "https://academy.example.org"])
def test_load_goes_to_a_server_of_ones_own_only(room, url):
    assert "is not this machine" in refused(url=url, code=room.workshop.code)
    assert not Rehearsal.objects.exists()


def test_what_cannot_be_rehearsed_is_refused_in_words(room):
    code = room.workshop.code
    assert "--code" in refused()
    assert "no session" in refused(code="ZZZZZZ")
    assert "--url" in refused(url="ftp://127.0.0.1", code=code)
    assert "--teams" in refused(code=code, teams=85)
    assert "--phones" in refused(code=code, phones=0)
    assert "--speed" in refused(code=code, speed=61.0)
    assert "at most 500" in refused(code=code, teams=84, phones=10)
    room.desk.press("advance")
    assert "has begun" in refused(code=code)
    assert not Rehearsal.objects.exists()


def test_a_server_that_does_not_answer_or_has_another_database_is_named_and_nothing_is_left(room):
    before = Snapshot()
    assert "does not answer" in refused(url="http://127.0.0.1:9", code=room.workshop.code)

    class Other(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_error(404)

        def log_message(self, *_arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Other) as other:
        Thread(target=other.serve_forever).start()
        said = refused(url=f"http://127.0.0.1:{other.server_port}", code=room.workshop.code)
        other.shutdown()

    assert "another database" in said
    assert Snapshot().changed_since(before) == []
