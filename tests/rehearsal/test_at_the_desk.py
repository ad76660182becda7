"""A rehearsal as the desk sees it: one at a time, never stuck, marked everywhere, gone when it is to go."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from academy import clock
from sessions.actions import carry_out
from sessions.actions.rehearsing import begin
from sessions.errors import Refusal
from sessions.models import Note, Rehearsal, Workshop
from tests import rooms
from tests.rehearsal.conftest import copy_of, meanwhile, refused, rehearse

pytestmark = pytest.mark.django_db(transaction=True)


def begun(room):
    """Begin a rehearsal that nobody runs."""
    return carry_out(begin, room.workshop, by=room.desk.user, teams=3, phones=1, speed=60)[0]


def test_a_rehearsal_that_is_cancelled_at_the_desk_ends_in_order_with_a_report(prepared):
    prepared.shorten(discussions=1, minutes=15)

    def cancel():
        running = Note.objects.filter(workshop=copy_of(prepared)).exists()
        return running and prepared.desk.do("cancel-rehearsal").status_code == 204

    canceller = meanwhile(cancel)
    report, _code = rehearse(prepared)
    canceller.join()

    assert report["why"]
    assert (report["lost"], report["doubled"]) == (0, 0)
    assert report["typed"] > 0
    assert Rehearsal.objects.get().state == "cancelled"


def test_only_one_rehearsal_runs_at_a_time_and_one_that_died_does_not_stand_in_the_way(room):
    first = begun(room)
    assert "running already" in refused(code=room.workshop.code)
    assert "still running" in room.desk.refused("purge-rehearsal")
    with pytest.raises(Refusal, match="rehearsal itself"):
        begun(type("Copy", (), {"workshop": first.workshop, "desk": room.desk}))
    assert "is running" in room.desk.words("rehearse")

    Rehearsal.objects.update(heard_at=clock.now() - timedelta(seconds=30), progress=40)

    assert "was interrupted after 40 %" in room.desk.words("rehearse")
    second = begun(room)
    assert [rehearsal.pk for rehearsal in Rehearsal.objects.all()] == [second.pk]


def test_a_rehearsal_waits_for_people_who_are_in_another_session(room, content):
    other = rooms.Room.open(["Eastmoor", "Oldtown", "Sunhaven"], owner="somebody")
    other.here()
    other.desk.go_to("find")
    assert "people in it" in refused(code=room.workshop.code)


def test_it_says_that_it_is_a_rehearsal_wherever_one_looks(room):
    copy = begun(room).workshop
    copy.state = Workshop.State.OPEN
    copy.save()
    for page in ("/desk/", f"/desk/{copy.slug}/", f"/wall/{copy.slug}/"):
        assert "rehearsal-sign" in room.desk.client.get(page).content.decode()
    assert "rehearsal-sign" in rooms.Phone(copy, copy.teams.first()).page()


def test_organizers_do_not_see_others_rehearsals_in_their_list(room):
    copy = begun(room).workshop
    organizer = rooms.account("organizer")
    organizer.groups.add(Group.objects.get_or_create(name="Organizers")[0])
    client = Client()
    client.force_login(organizer, backend="django.contrib.auth.backends.ModelBackend")
    listed = client.get("/desk/").content.decode()
    assert room.workshop.slug in listed
    assert copy.slug not in listed


def test_deleting_a_session_deletes_its_rehearsals(room):
    begun(room)
    Rehearsal.objects.update(stored_state="done")
    title = room.workshop.title
    answer = room.desk.client.post(f"/desk/{room.workshop.slug}/delete", {"title": title})
    assert answer.status_code == 303
    assert not Workshop.objects.exists()
