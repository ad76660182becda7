"""What the facilitator's pages show: who is here, the exports taken, every page at every moment."""

from zoneinfo import ZoneInfo

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format

from tests.rooms import Desk, Room, account, pass_time, words

PAGES = ["", "roster", "tables", "tables/1", "notes", "notes/new", "settings", "exports"]


def every_page(room):
    for page in [*PAGES, f"segments/{room.segment('case').pk}", f"segments/{room.segment('discussion').pk}"]:
        yield page, room.desk.get(page)


def test_every_page_opens_in_every_state_of_a_session(content):
    room = Room.open(["Riverton", "Lakeview", "Stonebridge"], is_open=False)

    def check(moment):
        for page, response in every_page(room):
            assert response.status_code == 200, (moment, page)

    check("draft")
    room.desk.press("open")
    check("open")
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    riverton.post_note("Nobody owns the budget")
    check("talking")
    room.desk.press("advance", early="on"), room.desk.press("advance")
    check("board")
    room.desk.press("close")
    check("closed")


def test_the_run_opens_at_every_step_of_the_plan(room):
    for segment in room.workshop.plan.segments():
        room.desk.press("jump", segment=segment.pk)
        page = room.desk.words()
        assert str(segment.title) in page


def test_a_stranger_and_somebody_who_is_not_signed_in_see_no_desk(room):
    stranger = Desk(room.workshop, account("stranger"))
    for page in PAGES:
        assert stranger.get(page).status_code == 404, page
        assert Client().get(f"/desk/{room.workshop.slug}/{page}").status_code in (302, 404), page


def test_the_list_of_sessions_says_what_each_is(room):
    room.here("Riverton", "Lakeview", "Stonebridge")

    page = words(room.desk.client.get("/desk/"))

    assert "Leading Collaboration in Cities" in page
    assert "23 Nov 2026" in page
    assert "Open" in page
    assert "4 city teams" in page
    assert "0 notes" in page


def test_lists_take_as_many_queries_with_few_rows_as_with_many(room):
    def queries(get):
        get()
        with CaptureQueriesContext(connection) as made:
            get()
        return len(made)

    def all_lists():
        return [
            queries(get)
            for get in (
                lambda: room.desk.client.get("/desk/"),
                lambda: room.desk.get("roster"),
                lambda: room.desk.get("tables"),
                lambda: room.desk.get("tables/1"),
                lambda: room.desk.get("notes"),
                lambda: room.desk.get(),
                lambda: room.desk.get("exports"),
                riverton.get,
                lambda: riverton.get("yours"),
                lambda: riverton.get("board"),
                room.wall,
            )
        ]

    riverton, lakeview, _stonebridge = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    riverton.post_note("One", terms=["teaming-trust"]), lakeview.post_note("Another", terms=["teaming-trust"])
    room.desk.press("advance", early="on"), room.desk.press("advance")
    room.desk.client.post(f"/desk/{room.workshop.slug}/export/csv")
    few = all_lists()
    Room.open(["Eastmoor"])
    room.here("Riverton", "Lakeview", "Stonebridge")
    for n in range(3):
        riverton.post_note(f"One {n}", terms=["substance-action-plan"])
        lakeview.post_note(f"Another {n}", terms=["teaming-trust"])
        room.desk.client.post(f"/desk/{room.workshop.slug}/export/csv")

    assert all_lists() == few


def test_the_exports_taken_are_listed_with_who_when_and_what(room):
    assert "None yet." in room.desk.words("exports")

    room.desk.client.post(f"/desk/{room.workshop.slug}/export/csv")
    room.desk.client.post(f"/desk/{room.workshop.slug}/export/xlsx", {"without_city_names": "on", "with_hidden": "on"})

    page = room.desk.words("exports").partition("Exports taken")[2]
    assert "csv" in page
    assert "facilitator" in page
    assert "without-city-names with-hidden" in page or "Without city names" in page


def test_times_are_told_in_the_sessions_time_zone(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    riverton.post_note("Nobody owns the budget")
    room.desk.client.post(f"/desk/{room.workshop.slug}/export/csv")
    data = {"title": room.workshop.title, "time_zone": "Asia/Kolkata"}
    room.desk.client.post(f"/desk/{room.workshop.slug}/settings", data)

    written = room.workshop.notes.get().created_at.astimezone(ZoneInfo("Asia/Kolkata"))
    for page in ("", "notes"):
        assert f"{written:%H:%M}" in room.desk.words(page).partition("Nobody owns the budget")[2], page
    assert f"{written:%H:%M}" in riverton.words().partition("Nobody owns the budget")[2]
    taken = room.workshop.exports_taken.get().taken_at.astimezone(ZoneInfo("Asia/Kolkata"))
    assert date_format(taken, "H:i") in room.desk.words("exports") or date_format(taken, "P") in room.desk.words(
        "exports"
    )
    seen = room.team("Riverton").devices.get().last_seen.astimezone(ZoneInfo("Asia/Kolkata"))
    pass_time(minutes=5)
    assert f"last seen {seen:%H:%M}" in room.desk.words("roster")


def test_exports_are_taken_during_and_after_the_session(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    riverton.post_note("Nobody owns the budget")

    for state in ("open", "closed"):
        for form in ("csv", "json", "xlsx", "docx", "html"):
            response = room.desk.client.post(f"/desk/{room.workshop.slug}/export/{form}")
            assert response.status_code == 200, (state, form)
        if state == "open":
            room.desk.press("close")
    assert room.workshop.exports_taken.count() == 10


def test_a_hidden_note_is_in_the_export_only_when_it_is_ticked(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    riverton.post_note("Not for everybody")
    room.desk.press("hide", note=room.workshop.notes.get().pk, on="on")

    def exported(**options):
        return room.desk.export("csv", **options).decode()

    assert "Not for everybody" not in exported()
    assert "Not for everybody" in exported(with_hidden="on")


def test_a_note_deleted_for_good_is_in_no_later_export(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    riverton.post_note("A name that should not be here")
    room.desk.press("purge-team", team=room.team("Riverton").pk)

    for form in ("csv", "json", "html"):
        exported = room.desk.export(form, with_hidden="on")
        assert "A name that should not be here" not in exported.decode()


def test_facilitator_notes_of_a_case_are_on_the_desk_and_nowhere_else(room):
    room.desk.press("jump", segment=room.segment("case", 3).pk)
    notes = "public background, not confirmed as the case"

    assert notes in room.desk.words()
    assert notes not in room.wall()
    assert notes not in room.phone("Riverton").page()


def test_what_happened_next_is_on_no_page_of_the_desk_either_before_the_epilogue_is_opened(room):
    room.desk.press("jump", segment=room.segment("case", 2).pk)
    before = [room.desk.words()]
    room.desk.press("jump", segment=room.segment("epilogue").pk)
    before.append(room.desk.words())
    room.desk.press("advance")

    assert not [page for page in before if "Evolve502" in page or "Marland Cole" in page]
    assert "2018: Louisville Promise becomes Evolve502." in room.desk.words()


def test_the_desk_says_when_the_qr_leads_to_an_address_it_no_longer_has_and_offers_others(room):
    assert "The QR code leads to" not in room.desk.get().content.decode()
    room.desk.do("set-address", address="http://192.0.2.7:8000")

    page = room.desk.get().content.decode()
    answer = room.desk.do("set-address", address="http://testserver")

    assert "The QR code leads to http://192.0.2.7:8000" in page
    assert 'name="address" value="http://testserver"' in page
    assert answer.status_code == 204
    assert "The QR code leads to" not in room.desk.get().content.decode()


def test_an_address_that_is_none_is_refused_in_words(room):
    answer = room.desk.do("set-address", address="ftp://room")

    assert answer.status_code == 422
    assert "Write the address like http://192.168.1.20:8000" in answer.content.decode()
