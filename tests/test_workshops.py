"""The life of a session: started from a plan, opened, closed, who may run it, its settings, its end."""

import datetime

import pytest
from django.contrib.auth.models import Group

from sessions.actions import samples
from sessions.models import (
    Breakout,
    CityTeam,
    Command,
    Device,
    Mark,
    Module,
    Note,
    Plan,
    Seat,
    Segment,
    Stream,
    Table,
    Workshop,
)
from tests.rooms import Desk, Phone, Room, account, pass_time, words


@pytest.fixture
def organizer():
    """An account in the organizers' group."""
    user = account("organizer")
    user.groups.add(Group.objects.get_or_create(name="Organizers")[0])
    return user


def new_session(desk, **changes):
    template = Plan.objects.get(code="leading-collaboration", is_template=True)
    data = {"plan": template.pk, "title": "A morning in May", "date": "2026-05-04", "time_zone": "Europe/Berlin"}
    return desk.client.post("/desk/new", data | changes)


def settings(**changes):
    data = {"title": "A morning in May", "date": "2026-05-04", "place": "", "time_zone": "UTC", "address": ""}
    return data | changes


def test_a_session_is_started_from_a_plan(content):
    desk = Desk(None, account())

    response = new_session(desk, place="Town hall")

    workshop = Workshop.objects.get()
    assert response.status_code == 303
    assert response.url == f"/desk/{workshop.slug}/roster"
    assert (workshop.title, workshop.place, workshop.time_zone) == ("A morning in May", "Town hall", "Europe/Berlin")
    assert workshop.date == datetime.date(2026, 5, 4)
    assert workshop.owner == desk.user
    assert not workshop.is_open


def test_a_session_has_a_discussion_for_each_that_is_planned(content):
    new_session(Desk(None, account()))

    breakouts = Workshop.objects.get().breakouts.all()

    assert [(b.order, b.question, b.minutes, b.board_setting) for b in breakouts] == [
        (1, "What barriers is your collaboration facing?", 10, "numbers"),
        (2, "How is your collaboration dealing with setbacks?", 10, "numbers"),
        (3, "What might be a meaningful entry point for you?", 10, "numbers"),
    ]


def test_the_new_session_form_offers_the_shipped_plan_by_its_title(content):
    page = words(Desk(None, account()).client.get("/desk/new"))

    assert "Leading Collaboration in Cities" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"time_zone": "Berlin"}, "“Berlin” is not a time zone. Write it like Europe/Berlin."),
        ({"title": " "}, "This field is required."),
        ({"title": "x" * 161}, "there is room for 160"),
        ({"date": "4th of May"}, "Enter a valid date."),
        ({"plan": "0"}, "Select a valid choice."),
    ],
)
def test_a_session_that_cannot_be_started_says_why_and_keeps_what_was_typed(content, changes, sentence):
    response = new_session(Desk(None, account()), **({"place": "Town hall"} | changes))

    assert response.status_code == 422
    assert sentence in words(response)
    assert "Town hall" in response.content.decode()
    assert not Workshop.objects.exists()


def test_changing_the_plan_later_never_changes_a_session(room):
    template = Plan.objects.get(code="leading-collaboration", is_template=True)
    Segment.objects.filter(module__plan=template).update(title="Something else", minutes=77)
    Module.objects.filter(plan=template).update(title="Another module")
    template.title = "Another plan"
    template.save()

    page = room.desk.words()

    assert "The Hartford Case" in page
    assert "90 minutes planned" in page
    assert "Something else" not in page
    assert "Another module" not in page


def test_changing_a_session_never_changes_the_plan(room):
    template = Plan.objects.get(code="leading-collaboration", is_template=True)
    before = list(template.segments().values_list("title", "minutes"))

    room.desk.press("edit-segment", segment=room.segment("case").pk, title="Our own case", minutes=3)

    assert list(template.segments().values_list("title", "minutes")) == before


def test_two_sessions_of_one_plan_do_not_share_a_segment(content):
    one, two = Room.open(["Riverton"]), Room.open(["Lakeview"])

    one.desk.press("skip", segment=one.segment("case").pk)

    assert not two.segment("case").skipped
    assert one.workshop.code != two.workshop.code


def test_the_list_names_ones_own_sessions_and_those_one_helps_with(room):
    other = Room.open(["Eastmoor"], owner="somebody-else")
    Workshop.objects.filter(pk=other.workshop.pk).update(title="Somebody else's session")
    helped = Room.open(["Oldtown"], owner="a-colleague")
    Workshop.objects.filter(pk=helped.workshop.pk).update(title="A colleague's session")
    helped.desk.press("add-facilitator", username="facilitator")

    page = words(room.desk.client.get("/desk/"))

    assert "Leading Collaboration in Cities" in page
    assert "A colleague's session" in page
    assert "Somebody else's session" not in page


def test_a_closed_session_lets_nobody_in_and_keeps_everything(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    riverton.post_note("Nobody owns the budget")

    room.desk.press("close")

    assert Phone(room.workshop, room.team("Lakeview")).joined.status_code == 404
    assert "Nobody owns the budget" in riverton.words("yours")
    assert room.desk.get("exports").status_code == 200


def test_a_closed_session_can_be_opened_again_as_it_was(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    riverton.post_note("Nobody owns the budget")
    room.desk.press("close")

    room.desk.press("open")

    assert room.phone("Lakeview").joined.status_code == 303
    assert "Nobody owns the budget" in riverton.words()
    assert room.breakout().order == 1


def test_closing_stops_the_clock_and_opening_again_gives_back_what_was_left(room):
    room.here()
    room.discuss("talk")
    pass_time(minutes=4)
    room.desk.press("close")
    pass_time(minutes=30)

    room.desk.press("open")
    room.desk.press("reopen-discussion")

    assert room.breakout().seconds_left == pytest.approx(360, abs=3)


def test_opening_an_open_session_and_closing_a_closed_one_is_refused(room):
    assert "already open" in room.desk.refused("open")
    room.desk.press("close")
    assert "not open" in room.desk.refused("close")


def test_a_session_that_is_not_open_cannot_be_run(content):
    room = Room.open(["Riverton"], is_open=False)

    assert "not open yet" in room.desk.refused("advance")


def test_a_closed_session_cannot_be_run(room):
    room.desk.press("close")

    for command in ("advance", "back", "pause", "resume", "end-discussion", "reopen-discussion"):
        assert "closed" in room.desk.refused(command)


def test_a_new_code_is_a_door_and_the_old_one_is_dead(room):
    riverton = room.phone("Riverton")
    old = room.workshop.code

    room.desk.press("rotate-code")

    room.workshop.refresh_from_db()
    assert room.workshop.code != old
    assert riverton.get().status_code == 200, "who is in stays in"
    assert riverton.client.get(f"/j/{old}").status_code == 404
    assert Phone(room.workshop, room.team("Lakeview")).joined.status_code == 303
    assert old not in room.wall_words()
    assert room.workshop.code in room.wall_words()


def test_the_settings_change_title_date_place_zone_and_address(room):
    new = settings(
        title="Another title", place="Town hall", time_zone="Asia/Tokyo", address="http://192.168.1.20:8000/"
    )

    response = room.desk.client.post(f"/desk/{room.workshop.slug}/settings", new)

    assert response.status_code == 303
    room.workshop.refresh_from_db()
    assert (room.workshop.title, room.workshop.place) == ("Another title", "Town hall")
    assert room.workshop.time_zone == "Asia/Tokyo"
    wall = room.wall_words()
    assert "Another title" in wall
    assert "192.168.1.20:8000" in wall.replace("\u200b", "")


@pytest.mark.parametrize(
    "address", ["192.168.1.20:8000", "ftp://192.168.1.20", "http://a b", "http://x/y", "http://", "javascript:alert(1)"]
)
def test_an_address_phones_could_not_open_is_refused(room, address):
    response = room.desk.client.post(f"/desk/{room.workshop.slug}/settings", settings(address=address))

    assert response.status_code == 422
    assert "Write the address like http://192.168.1.20:8000" in words(response)


def test_the_address_and_the_qr_are_changed_by_one_tap(room):
    before = room.wall()

    room.desk.press("set-address", address="http://10.0.0.7:8000")

    wall = room.wall_words()
    assert "10.0.0.7:8000" in wall
    assert room.wall().partition("qr__image")[2] != before.partition("qr__image")[2]
    assert "10.0.0.7:8000" in room.desk.words()


def test_an_address_the_qr_cannot_carry_is_refused(room):
    assert room.desk.do("set-address", address="javascript:alert(1)").status_code == 422
    assert "javascript" not in room.wall()


# Who may do what.


def test_a_second_facilitator_runs_the_session_but_does_not_delete_it(room):
    second = Desk(room.workshop, account("second"))
    assert second.get().status_code == 404
    room.desk.press("add-facilitator", username="second")

    second.press("advance")

    assert second.get().status_code == 200
    assert "Delete the session" not in second.words("settings")
    assert second.do("add-facilitator", username="facilitator").status_code == 404
    assert second.do("remove-facilitator", user=second.user.pk).status_code == 404
    gone = second.client.post(f"/desk/{room.workshop.slug}/delete", {"title": room.workshop.title})
    assert gone.status_code == 404
    assert Workshop.objects.exists()


def test_a_second_facilitator_can_be_taken_off_again(room):
    second = Desk(room.workshop, account("second"))
    room.desk.press("add-facilitator", username="second")

    room.desk.press("remove-facilitator", user=second.user.pk)

    assert second.get().status_code == 404
    assert second.do("advance").status_code == 404
    assert "second" not in room.desk.words("settings").replace("second facilitator", "")


def test_adding_a_facilitator_nobody_knows_or_oneself_is_refused_in_words(room):
    assert "There is no account “nobody”" in room.desk.refused("add-facilitator", username="nobody")
    assert "already theirs" in room.desk.refused("add-facilitator", username="facilitator")


def test_an_organizer_sees_and_exports_all_sessions_but_does_not_run_them(room, organizer):
    room.here()
    desk = Desk(room.workshop, organizer)

    assert "Leading Collaboration in Cities" in words(desk.client.get("/desk/"))
    assert desk.get().status_code == 200
    assert desk.get("notes").status_code == 200
    assert desk.client.post(f"/desk/{room.workshop.slug}/export/csv").status_code == 200
    assert desk.do("advance").status_code == 404
    assert desk.get("notes/new").status_code == 404
    assert desk.client.post(f"/desk/{room.workshop.slug}/roster", {"names": "Eastmoor"}).status_code == 404
    assert desk.client.post(f"/desk/{room.workshop.slug}/delete", {"title": room.workshop.title}).status_code == 404


def test_an_organizer_can_have_sessions_of_their_own(content, organizer):
    new_session(Desk(None, organizer))

    Desk(Workshop.objects.get(), organizer).press("open")

    assert Workshop.objects.get().is_open


# The end.


def test_deleting_needs_the_title_typed(room):
    response = room.desk.client.post(f"/desk/{room.workshop.slug}/delete", {"title": "Something"})

    assert response.status_code == 409
    assert "nothing was deleted" in response.content.decode()
    assert Workshop.objects.exists()


def test_deleting_removes_everything_of_the_session_and_nothing_else(room):
    other = Room.open(["Eastmoor", "Oldtown", "Fairwater"])
    _eastmoor, *_rest = other.here()
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    riverton.post_note("Nobody owns the budget", terms=["teaming-trust"])
    riverton.client.get("/wall/")
    room.desk.client.post(f"/desk/{room.workshop.slug}/export/csv")
    room.desk.press("marking", on="on")
    plan = room.workshop.plan_id

    response = room.desk.client.post(f"/desk/{room.workshop.slug}/delete", {"title": f" {room.workshop.title} "})

    assert response.status_code == 303
    assert response.url == "/desk/"
    assert [w.pk for w in Workshop.objects.all()] == [other.workshop.pk]
    assert not Plan.objects.filter(pk=plan).exists()
    assert not Segment.objects.filter(module__plan=plan).exists()
    for model in (Note, Mark, Command):
        assert not model.objects.exists(), model
    for model in (Breakout, Device, CityTeam, Stream):
        assert set(model.objects.values_list("workshop", flat=True)) == {other.workshop.pk}, model
    assert set(Table.objects.values_list("breakout__workshop", flat=True)) == {other.workshop.pk}
    assert set(Seat.objects.values_list("breakout__workshop", flat=True)) == {other.workshop.pk}
    assert riverton.get().status_code == 404
    assert Plan.objects.filter(is_template=True).exists()


# The sample.


def test_the_sample_session_is_open_and_has_thirteen_invented_cities_with_tables(content):
    workshop = samples.make(owner=account(), address="http://192.168.1.20:8000")
    room = Room(workshop, account())

    assert workshop.is_open
    assert workshop.is_sample
    assert workshop.teams.count() == 13
    assert sorted(len(cities) for cities in room.tables().values()) == [3, 3, 3, 4]
    assert "Nobody meets the same city twice." in room.desk.words("tables")
    assert "O'Fallon – São João" in room.wall_words()
