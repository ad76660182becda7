"""Who is here: a lease, renewed as long as a phone listens, that runs out by itself."""

from sessions.models import Device
from tests.rooms import pass_time
from tests.stories import html as pages
from tests.stories.room_client import until


def present(live, phone):
    return Device.objects.select_related("workshop").get(pk=live.device(phone).pk).is_present


def test_a_phone_that_listens_stays_present(live):
    phone = live.phone("Riverton")

    for _minute in range(2):
        pass_time(minutes=1)
        until(lambda: present(live, phone), "its lease is renewed by its socket", 4)


def test_a_phone_that_went_away_fades_after_its_lease(live):
    phone, other = live.phone("Riverton"), live.phone("Lakeview")
    phone.lose_network()
    assert present(live, phone), "not at once: phones sleep for a moment and come back"

    pass_time(seconds=16)

    until(lambda: present(live, other), "the one that listens is present", 4)
    assert not present(live, phone)
    desk = live.desk()
    assert "1 phone" in pages.text_of(desk.panel("run").html)

    phone.regain_network()
    until(lambda: present(live, phone), "it is back", 4)


def test_two_pages_of_one_phone_are_one_phone(live):
    phone = live.phone("Riverton")
    live.board_on(phone)
    desk = live.desk()

    desk.sees("1 phone")


def test_the_desk_sees_a_phone_fade_after_its_lease_and_come_back_though_nothing_else_happens(live):
    phone = live.phone("Riverton")
    desk = live.desk()
    desk.sees("1 phone", "1 of 1 phone")
    phone.lose_network()

    pass_time(seconds=16)
    desk.sees("0 phones", "0 of 1 phone", within=6)

    phone.regain_network()
    desk.sees("1 phone", "1 of 1 phone", within=6)


def test_the_list_of_who_holds_notes_follows_at_the_desk_and_on_its_settings_page(live):
    phone, other = live.phone("Riverton"), live.phone("Lakeview")
    settings = live.page_of_desk("settings")
    report = {"waiting": 3, "have": ""}
    headers = {"Accept": "text/plain", "X-CSRFToken": phone.token, "Origin": live.base}
    settings.sees("No phone holds unsent notes.")

    phone.browser.http.post(f"/catch-up/phone/{live.workshop.slug}", data=report, headers=headers)
    settings.sees("Riverton", "3 notes, last heard of", within=2)

    live.talk()
    other.lose_network()
    pass_time(seconds=17)
    settings.sees("1 phone went silent and may still hold notes", "Lakeview", within=6)

    other.regain_network()
    settings.sees_no("went silent", within=6)
