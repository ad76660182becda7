"""Phones come, change, move and go."""

import pytest
from django.core.cache import cache
from django.test import Client

from sessions.models import CityTeam, Device
from tests.rooms import Phone, Room, pass_time, words


@pytest.fixture(autouse=True)
def _nobody_waits():
    cache.clear()


def enter(code):
    return Client().post("/", {"code": code})


# The door.


def test_a_code_leads_to_the_list_of_city_teams(room):
    response = Client().post("/", {"code": room.workshop.code}, follow=True)

    page = words(response)
    assert "Which city team are you with?" in page
    for name in ("Riverton", "Lakeview", "Stonebridge", "O'Fallon – São João"):
        assert name in page


def test_a_code_is_forgiven_its_case_its_spaces_its_hyphens_and_letters_that_look_like_digits(room):
    from sessions.models import Workshop

    Workshop.objects.update(code="A01B1Z")

    for typed in ("a01b1z", " A0 1B 1Z ", "A01-B1Z", "AO1B1Z", "aoibiz", "AolBlz", "a0ib1Z", "A01–B1Z"):
        response = enter(typed)
        assert (response.status_code, response.url) == (302, "/j/A01B1Z"), typed


def test_a_code_has_six_characters_none_of_which_is_mistaken_for_another(room):
    assert len(room.workshop.code) == 6
    assert not set(room.workshop.code) & set("OILU")


def test_a_wrong_an_old_a_closed_and_a_drafts_code_are_answered_alike(room):
    old = room.workshop.code
    room.desk.press("rotate-code")
    closed = Room.open(["Eastmoor"])
    closed.desk.press("close")
    draft = Room.open(["Eastmoor"], is_open=False)

    answers = set()
    for code in ("ZZZZZZ", old, closed.workshop.code, draft.workshop.code):
        for response in (enter(code), Client().get(f"/j/{code}"), Client().post(f"/j/{code}", {"guest": "on"})):
            answers.add((response.status_code, words(response).replace(code, "")))

    assert len(answers) == 1
    status, text = answers.pop()
    assert status == 404
    assert "This code opens no session." in text


def test_two_taps_lead_from_the_code_to_ones_city_team(room):
    phone = room.phone("Riverton")

    assert (phone.joined.status_code, phone.joined.url) == (303, phone.path)
    assert "Riverton" in phone.words()
    assert Device.objects.get().team.name == "Riverton"


def test_the_list_says_who_is_already_here(room):
    room.here("Riverton", "Riverton", "Lakeview")

    page = words(Client().get(f"/j/{room.workshop.code}"))

    assert "Riverton already here: 2 phones" in page
    assert "Lakeview already here: 1 phone " in page
    assert "Stonebridge already" not in page


def test_a_phone_may_say_a_first_name_or_role(room):
    Phone(room.workshop, room.team("Riverton"), first_name="Ann <b>, school lead")

    assert "Ann <b>, school lead" in room.desk.words("roster")


def test_who_chooses_nothing_is_asked_again(room):
    response = Phone(room.workshop).joined

    assert response.status_code == 422
    assert "Choose your city team, or write its name." in words(response)
    assert not Device.objects.exists()


def test_a_phone_keeps_its_place_when_the_browser_comes_back_by_the_code(room):
    phone = room.phone("Riverton")

    response = phone.client.get(f"/j/{room.workshop.code}")

    assert (response.status_code, response.url) == (302, phone.path)
    assert Device.objects.count() == 1


def test_a_phone_keeps_its_place_for_days(room):
    phone = room.phone("Riverton")
    cookie = next(iter(phone.client.cookies.values()))

    assert cookie["max-age"] == 30 * 24 * 3600
    assert cookie["httponly"]
    assert Device.objects.get().token_hash != cookie.value, "only the hash of the token is stored"


def test_one_browser_can_be_in_two_sessions(room):
    other = Room.open(["Eastmoor"])
    phone = room.phone("Riverton")
    phone.client.post(f"/j/{other.workshop.code}", {"team": other.team("Eastmoor").pk})

    assert "Not Riverton? Change" in phone.words()
    assert "Not Eastmoor? Change" in words(phone.client.get(f"/p/{other.workshop.slug}/"))


def test_several_phones_of_one_city_team_see_the_same_notes(room):
    one, two, _lakeview, _stonebridge = room.here("Riverton", "Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")

    one.post_note("Nobody owns the budget")

    assert "Nobody owns the budget" in two.words()


def test_a_city_team_of_another_session_cannot_be_joined(room):
    other = Room.open(["Eastmoor"])

    assert Phone(room.workshop, other.team("Eastmoor")).joined.status_code == 409
    assert not Device.objects.exists()


# Not on the list.


def test_a_city_team_that_is_not_on_the_list_asks_in_and_follows_along(room):
    phone = Phone(room.workshop, name="  Eastmoor ")
    room.desk.press("jump", segment=room.segment("case").pk)

    assert "Eastmoor has asked to come in." in phone.words()
    assert "The Hartford Case" in phone.words()
    assert phone.get("board").status_code == 200
    assert "1 city team asks to come in" in room.desk.words()
    assert "Eastmoor asks to come in" in room.desk.words()


def test_a_city_team_that_waits_does_not_write_has_no_table_and_is_nowhere_else_named(room):
    phone = Phone(room.workshop, name="Eastmoor")
    lakeview, *_others = room.here("Lakeview", "Riverton", "Stonebridge")
    room.discuss("talk")

    assert phone.post_note("Let me in").status_code == 404
    assert "Eastmoor" not in str(room.tables())
    assert "Eastmoor" not in room.wall_words()
    assert "Eastmoor" not in words(Client().get(f"/j/{room.workshop.code}"))
    assert "Add note" not in phone.words()


def test_a_city_team_that_is_admitted_writes_and_sits_down(room):
    phone = Phone(room.workshop, name="Eastmoor")
    room.here("Lakeview", "Riverton")

    room.desk.press("admit-team", team=room.team("Eastmoor").pk)
    room.discuss("talk")

    assert room.tables() == {1: {"Eastmoor", "Lakeview", "Riverton"}}
    assert "Go to table 1" in phone.words()
    assert phone.post_note("Here now").status_code == 204


def test_the_phones_of_a_city_team_that_is_admitted_hear_of_it(room):
    phone = Phone(room.workshop, name="Eastmoor")
    team = room.team("Eastmoor")
    have = room.workshop.streams.get(name=team.stream).seq
    waiting = f'data-page="{team.pk} asks Eastmoor"'
    assert waiting in phone.page()

    room.desk.press("admit-team", team=team.pk)

    frames = phone.catch_up(f"{team.stream}:{have}")
    assert any(f'data-page="{team.pk} in Eastmoor"' in f["html"] for f in frames), "its page knows it is another now"


def test_a_city_team_that_asked_by_mistake_is_turned_away(room):
    phone = Phone(room.workshop, name="Eastmoor")

    room.desk.press("remove-team", team=room.team("Eastmoor").pk)

    assert phone.get().status_code == 404
    assert not CityTeam.objects.filter(key="eastmoor").exists()


def test_with_free_entry_nobody_waits(room):
    room.desk.press("change-settings", free_entry="on", tables_see_notes="on")

    phone = Phone(room.workshop, name="Eastmoor")

    assert "has asked to come in" not in phone.words()
    assert room.team("Eastmoor").is_here
    assert "Eastmoor" in room.tables()[1] | room.tables().get(2, set())


def test_those_who_wait_come_in_when_entry_becomes_free(room):
    Phone(room.workshop, name="Eastmoor")

    room.desk.press("change-settings", free_entry="on", tables_see_notes="on")

    assert room.team("Eastmoor").is_here


def test_who_writes_a_name_that_is_on_the_list_is_that_city_team(room):
    Phone(room.workshop, name="RIVERTON ")

    assert Device.objects.get().team == room.team("Riverton")
    assert room.workshop.teams.count() == 4


def test_two_phones_that_ask_in_with_one_name_are_one_city_team(room):
    Phone(room.workshop, name="Eastmoor")
    Phone(room.workshop, name="eastmoor")

    assert room.team("Eastmoor").devices.count() == 2


def test_a_name_longer_than_a_citys_is_refused_in_words(room):
    response = Phone(room.workshop, name="x" * 81).joined

    assert response.status_code == 422
    assert "there is room for 80" in words(response)


def test_a_city_with_apostrophe_dash_and_accents_joins_like_any_other(room):
    phone = room.phone("O'Fallon – São João")

    assert "Not O'Fallon – São João? Change" in phone.words()


# Guests.


def test_a_guest_follows_stage_and_board_and_does_not_write(room):
    guest = Phone(room.workshop, guest="on")
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    breakout = room.discuss("talk")
    riverton.post_note("Nobody owns the budget")

    assert breakout.question in guest.words()
    assert "Nobody owns the budget" not in guest.words()
    assert guest.post_note("I would add").status_code == 404
    assert guest.get("yours").status_code == 404
    assert "Add note" not in guest.words()
    room.desk.press("advance", early="on")
    room.desk.press("advance")
    assert "Nobody owns the budget" in guest.words()


def test_being_a_guest_is_one_choice_among_the_cities_also_without_javascript(room):
    page = Client().get(f"/j/{room.workshop.code}").content.decode()
    guest = Client()

    guest.post(f"/j/{room.workshop.code}", {"team": "guest", "name": "", "first_name": "Interpreter"})

    assert page.count('type="radio" name="team"') == 5, "four cities and the guest"
    assert "Guest" in words(guest.get(f"/p/{room.workshop.slug}/"))
    assert Device.objects.get().team is None
    assert Device.objects.get().first_name == "Interpreter"


def test_a_guest_is_no_city_team(room):
    Phone(room.workshop, guest="on")

    assert room.workshop.teams.count() == 4
    assert "0 cities here" in room.desk.words()
    assert "1 guest follows along" in room.desk.words()


def test_a_guest_who_is_with_a_city_team_after_all_changes_over(room):
    guest = Phone(room.workshop, guest="on")

    assert guest.client.post(f"{guest.path}change", {"team": room.team("Riverton").pk}).status_code == 303

    assert "Not Riverton? Change" in guest.words()


# Changing.


def test_a_phone_that_is_with_another_city_team_changes_over_and_keeps_its_place_in_the_session(room):
    phone = room.phone("Riverton")
    assert "Not Riverton? Change" in phone.words()

    response = phone.client.post(f"{phone.path}change", {"team": room.team("Lakeview").pk})

    assert response.status_code == 303
    assert "Not Lakeview? Change" in phone.words()
    assert Device.objects.count() == 1
    assert room.team("Lakeview").state == "here"


def test_a_mistap_is_as_if_it_had_not_been(room):
    phone = room.phone("Riverton")

    phone.client.post(f"{phone.path}change", {"team": room.team("Lakeview").pk})

    assert room.team("Riverton").state == "expected"


def test_a_name_written_by_mistake_goes_when_its_only_phone_changes_over(room):
    phone = Phone(room.workshop, name="Rivertown")

    phone.client.post(f"{phone.path}change", {"team": room.team("Riverton").pk})

    assert not CityTeam.objects.filter(key="rivertown").exists()


def test_a_city_team_stays_here_when_one_of_its_phones_changes_over(room):
    phone, _second = room.here("Riverton", "Riverton")

    phone.client.post(f"{phone.path}change", {"team": room.team("Lakeview").pk})

    assert room.team("Riverton").state == "here"


def test_what_a_phone_wrote_stays_with_the_city_team_it_was_written_for(room):
    phone, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    phone.post_note("Nobody owns the budget")
    before = room.team("Riverton")

    phone.client.post(f"{phone.path}change", {"team": room.team("Lakeview").pk})

    assert before.notes.get().text == "Nobody owns the budget"
    assert room.team("Riverton").state == "here", "a city team that has written was here"


def test_a_phone_in_a_closed_session_reads_its_notes_and_changes_nothing(room):
    riverton, lakeview, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    riverton.post_note("Nobody owns the budget")
    room.desk.press("close")

    assert "Thank you" in riverton.words()
    assert "Nobody owns the budget" in riverton.words("yours")
    response = lakeview.client.post(f"{lakeview.path}change", {"team": room.team("Riverton").pk})
    assert response.status_code == 409
    assert "not open" in words(response)
    assert "Nobody owns the budget" not in lakeview.words("yours")


# Moving, releasing, leaving.


def test_a_released_phone_is_out_and_its_words_stay(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    riverton.post_note("Nobody owns the budget")
    device = Device.objects.first()

    room.desk.press("release-device", device=device.pk)

    assert riverton.get().status_code == 404
    assert riverton.post_note("Still here").status_code == 404
    assert "Nobody owns the budget" in room.desk.words("notes")
    assert "no longer in the session" in room.desk.refused("release-device", device=device.pk)


def test_a_released_phone_can_come_in_again_by_the_code(room):
    riverton = room.phone("Riverton")
    room.desk.press("release-device", device=Device.objects.get().pk)

    again = riverton.client.post(f"/j/{room.workshop.code}", {"team": room.team("Riverton").pk})

    assert again.status_code == 303
    assert riverton.get().status_code == 200


def test_the_desk_moves_a_phone_to_another_city_team(room):
    phone = room.phone("Riverton")

    room.desk.press("move-device", device=Device.objects.get().pk, team=room.team("Stonebridge").pk)

    assert "Not Stonebridge? Change" in phone.words()


def test_a_phone_of_another_session_is_neither_moved_nor_released(room):
    other = Room.open(["Eastmoor"])
    other.phone("Eastmoor")
    device = Device.objects.get().pk

    assert "no longer" in room.desk.refused("release-device", device=device)
    assert "no longer" in room.desk.refused("move-device", device=device, team=room.team("Riverton").pk)


def test_a_phone_leaves_by_itself(room):
    phone = room.phone("Riverton")

    response = phone.client.post(f"{phone.path}leave")

    assert (response.status_code, response.url) == (303, "/")
    assert phone.get().status_code == 404


# Another phone, same place.


def personal_code(phone):
    import re

    page = phone.page()
    return re.search(r"Personal code.*?([0-9A-HJKMNP-Z]{6})", page, re.S).group(1)


def go_on(room, personal, code=None):
    client = Client()
    response = client.post("/continue", {"code": code or room.workshop.code, "personal_code": personal})
    return client, response


def test_a_phone_continues_on_another_and_the_first_is_out(room):
    first, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    first.post_note("Nobody owns the budget")
    personal = personal_code(first)

    client, response = go_on(room, f" {personal[:3].lower()}-{personal[3:]} ")

    assert (response.status_code, response.url) == (303, first.path)
    assert "Nobody owns the budget" in words(client.get(first.path))
    assert first.get().status_code == 404
    assert first.post_note("Still here").status_code == 404
    assert "3 phones" in room.desk.words()
    assert "already here: 1 phone" in words(client.get(f"{first.path}change"))


def test_a_personal_code_works_once(room):
    personal = personal_code(room.phone("Riverton"))
    second, _response = go_on(room, personal)

    _client, response = go_on(room, personal)

    assert response.status_code == 422
    assert "No phone of this session has this personal code." in words(response)
    assert second.get(f"/p/{room.workshop.slug}/").status_code == 200


@pytest.mark.parametrize(("personal", "code"), [("ABC", None), ("", None), ("ZZZZZZ", "ZZZZZZ")])
def test_a_code_that_is_not_right_is_refused_in_words(room, personal, code):
    _client, response = go_on(room, personal, code)

    assert response.status_code == 422
    assert "The session's code or the personal code is not right." in words(response)


def test_a_personal_code_of_another_session_opens_nothing(room):
    other = Room.open(["Eastmoor"])
    personal = personal_code(other.phone("Eastmoor"))

    assert go_on(room, personal)[1].status_code == 422


def test_presence_is_a_lease(room):
    room.phone("Riverton")
    assert "1 of 1 phone" in room.desk.words()

    pass_time(minutes=5)

    page = room.desk.words()
    assert "0 of 1 phone" in page
    assert "1 city here" in page, "a city team does not leave because a phone sleeps"


def test_a_phone_that_comes_back_by_the_code_after_the_close_finds_its_notes(room):
    riverton = room.phone("Riverton")
    stranger = Client()
    room.desk.press("close")

    typed = riverton.client.post("/", {"code": room.workshop.code})
    scanned = riverton.client.get(f"/j/{room.workshop.code}")

    assert [typed.url, scanned.url] == [f"/p/{room.workshop.slug}/"] * 2
    assert stranger.post("/", {"code": room.workshop.code}).status_code == 404
    assert stranger.get(f"/j/{room.workshop.code}").status_code == 404
