"""The city teams of a session: the list, one by one or whole; who is here; who is one and the same."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sessions.models import CityTeam, Device, Mark, Note
from tests.rooms import Phone, Room, words


@pytest.fixture
def empty(content):
    """An open session with nobody on its list."""
    return Room.open()


def names(room):
    return [team.name for team in room.workshop.teams.all()]


def paste(room, text, **more):
    return room.desk.client.post(f"/desk/{room.workshop.slug}/roster", {"names": text, **more})


def upload(room, content, name="cities.csv"):
    return paste(room, "", file=SimpleUploadedFile(name, content, "text/csv"))


# The list.


def test_city_teams_are_added_one_by_one(empty):
    empty.desk.press("add-team", name="  Maple   Harbor ")

    assert names(empty) == ["Maple Harbor"]
    assert "Maple Harbor" in empty.desk.words("roster")


def test_a_city_team_is_on_the_list_once_however_its_name_is_spelled(empty):
    empty.desk.press("add-team", name="São João")

    assert "already on the list" in empty.desk.refused("add-team", name="SÃO  joão")
    assert "already on the list" in empty.desk.refused("add-team", name="Sa\u0303o Joa\u0303o")


def test_a_pasted_list_is_a_name_a_line(empty):
    response = paste(empty, "Riverton\r\n\r\n  Lakeview  \nSpringfield, Illinois\n")

    assert response.status_code == 303
    assert names(empty) == ["Lakeview", "Riverton", "Springfield, Illinois"]


def test_those_already_on_the_list_are_passed_over(room):
    assert paste(room, "riverton\nEastmoor").status_code == 303

    assert names(room) == ["Eastmoor", "Lakeview", "O'Fallon – São João", "Riverton", "Stonebridge"]


def test_each_bad_line_is_named_nothing_is_added_and_nothing_typed_is_lost(empty):
    response = paste(empty, "Riverton\n" + "x" * 81 + "\nLakeview\nRIVERTON\nbad\ufffename\nbad\0name")

    page = words(response)
    assert response.status_code == 422
    assert "Line 2: This is 81 characters long; there is room for 80." in page
    assert "Line 4: “RIVERTON” is there twice." in page
    assert "Line 5: The text contains a character that cannot be stored." in page
    assert "Line 6: The text contains a character that cannot be stored." in page
    assert "Lakeview" in response.content.decode()
    assert names(empty) == []


@pytest.mark.parametrize("text", ["", " \n \n", "\u200b\n"])
def test_an_empty_list_is_refused_in_words(empty, text):
    response = paste(empty, text)

    assert response.status_code == 422
    assert "The list is empty. Write one city team a line." in words(response)


def test_a_list_of_501_lines_is_refused_in_words(empty):
    response = paste(empty, "\n".join(f"City {n}" for n in range(501)))

    assert response.status_code == 422
    assert "The list has 501 lines; at most 500 fit." in words(response)


def test_84_city_teams_fit_and_one_more_is_refused_in_words(empty):
    assert paste(empty, "\n".join(f"City {n:02}" for n in range(85))).status_code == 422
    assert names(empty) == []
    response = paste(empty, "\n".join(f"City {n:02}" for n in range(84)))
    assert response.status_code == 303

    assert len(names(empty)) == 84
    assert "room for 84" in empty.desk.refused("add-team", name="One more")
    assert len(empty.tables()) == 28
    page = empty.desk.words("roster")
    assert "City 00" in page
    assert "City 83" in page


def test_the_list_takes_as_many_queries_with_three_cities_as_with_thirty(empty):
    def queries():
        with CaptureQueriesContext(connection) as made:
            empty.desk.get("roster")
        return len(made)

    paste(empty, "A\nB\nC")
    few = queries()
    paste(empty, "\n".join(f"City {n}" for n in range(30)))

    assert queries() == few


@pytest.mark.parametrize(
    "file",
    [
        b"Riverton\r\nLakeview\r\n",
        b"\xef\xbb\xbfRiverton\nLakeview\n",
        "Riverton\r\nLakeview\r\n".encode("utf-16"),
        b"City team;Country\r\nRiverton;US\r\nLakeview;US\r\n",
        b"name\tcountry\nRiverton\tUS\nLakeview\tUS\n",
        b'City,Mayor\n"Riverton","Ann ""Annie"" Ames"\n\nLakeview,\'Bob\'\n',
        b"TEAM\nRiverton\nLakeview",
    ],
    ids=["plain", "utf-8 with mark", "utf-16", "semicolons and header", "tabs", "quotes", "only a header"],
)
def test_a_list_is_uploaded_as_spreadsheets_save_it(empty, file):
    assert upload(empty, file).status_code == 303

    assert names(empty) == ["Lakeview", "Riverton"]


def test_an_uploaded_name_keeps_its_apostrophe_dash_accents_and_quoted_comma(empty):
    text = "City\nO'Fallon – São João\nCœur d'Alène\n'\u200bs-Hertogenbosch\n\"Springfield, Illinois\"\n"

    assert upload(empty, text.encode()).status_code == 303

    assert set(names(empty)) == {
        "O'Fallon – São João",
        "Cœur d'Alène",
        "'\u200bs-Hertogenbosch",
        "Springfield, Illinois",
    }


def test_bad_lines_of_an_upload_are_numbered_as_in_the_file(empty):
    response = upload(empty, b"City\nRiverton\nriverton\n")

    assert response.status_code == 422
    assert "Line 3: “riverton” is there twice." in words(response)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("Zürich\n".encode("latin-1"), "The file is not in UTF-8. Save it as “CSV UTF-8”, or paste the names."),
        ("Riverton\n".encode("utf-16-le"), "This is not a text file."),
        (b"PK\x03\x04\x00\x00", "This is not a text file."),
        (b'"' + b"x" * 140_000, "The file could not be read as a list."),
        (b"", "The list is empty."),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(empty, file, sentence):
    response = upload(empty, file)

    assert response.status_code == 422
    assert sentence in words(response)
    assert names(empty) == []


def test_a_list_that_is_sent_twice_is_added_once(empty):
    same = str(uuid.uuid4())

    assert [paste(empty, "Riverton", uuid=same).status_code for _try in range(2)] == [303, 303]
    assert names(empty) == ["Riverton"]


# Who is here.


@pytest.mark.parametrize("state", ["expected", "here", "without-phone", "not-coming", "left"])
def test_the_desk_sets_how_a_city_team_is_here_in_one_tap(room, state):
    room.desk.press("team-state", team=room.team("Riverton").pk, state=state)

    assert room.team("Riverton").state == state


def test_a_state_that_does_not_exist_is_refused(room):
    assert room.desk.do("team-state", team=room.team("Riverton").pk, state="asleep").status_code == 422


def test_counts_follow_the_states(room):
    assert "0 cities here · 4 expected" in room.desk.words()

    room.phone("Riverton")
    room.desk.press("team-state", team=room.team("Lakeview").pk, state="without-phone")
    room.desk.press("team-state", team=room.team("Stonebridge").pk, state="not-coming")

    assert "2 cities here · 1 expected · 1 phone" in room.desk.words()


def test_a_city_team_that_is_not_coming_has_no_place_at_the_coming_tables(room):
    room.desk.press("team-state", team=room.team("Stonebridge").pk, state="not-coming")

    for order in (1, 2, 3):
        assert room.tables(order) == {1: {"Riverton", "Lakeview", "O'Fallon – São João"}}
    assert "Stonebridge" not in room.wall_words()


def test_a_city_team_that_comes_after_all_has_its_place_again(room):
    team = room.team("Stonebridge").pk
    room.desk.press("team-state", team=team, state="not-coming")

    room.desk.press("team-state", team=team, state="without-phone")

    assert "Stonebridge" in room.tables()[1]


def test_a_city_team_that_left_keeps_its_running_table_and_loses_the_later_ones(room):
    room.here()
    room.discuss("talk")

    room.desk.press("team-state", team=room.team("Stonebridge").pk, state="left")

    assert "Stonebridge" in room.tables(1)[1]
    assert "Stonebridge" not in room.tables(2)[1]
    assert "Stonebridge" not in room.tables(3)[1]


def test_a_phone_makes_its_city_team_here_whatever_the_desk_thought(room):
    room.desk.press("team-state", team=room.team("Riverton").pk, state="not-coming")

    room.phone("Riverton")

    assert room.team("Riverton").state == "here"
    assert "Riverton" in room.tables()[1]


# Names.


def test_a_renamed_city_team_keeps_phones_notes_and_tables(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    riverton.post_note("Nobody owns the budget")

    room.desk.press("rename-team", team=room.team("Riverton").pk, name="O'Fallon & Søn <b>")

    assert "O'Fallon & Søn <b>" in riverton.words()
    assert Note.objects.get().team.name == "O'Fallon & Søn <b>"
    assert "O'Fallon & Søn <b>" in room.tables()[1]
    assert "O'Fallon & Søn <b>" in room.desk.words()


def test_the_phones_of_a_renamed_city_team_hear_of_it(room):
    riverton = room.phone("Riverton")
    have = room.workshop.streams.get(name=room.team("Riverton").stream).seq

    room.desk.press("rename-team", team=room.team("Riverton").pk, name="Riverton City")

    assert any("Riverton City" in f["html"] for f in riverton.catch_up(f"team-{room.team('Riverton City').pk}:{have}"))


def test_a_name_that_is_taken_is_refused_with_the_way_out(room):
    sentence = room.desk.refused("rename-team", team=room.team("Riverton").pk, name="LAKEVIEW")

    assert "There is already a city team “Lakeview”. If the two are one, merge them." in sentence


def test_a_city_team_may_be_renamed_to_its_own_name_in_other_letters(room):
    room.desk.press("rename-team", team=room.team("Riverton").pk, name="RIVERTON")

    assert room.team("Riverton").name == "RIVERTON"


# Taking off the list.


def test_a_city_team_without_notes_is_taken_off_the_list(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")

    room.desk.press("remove-team", team=room.team("Riverton").pk)

    assert "Riverton" not in names(room)
    assert riverton.get().status_code == 404
    assert "Riverton" not in room.tables()[1]


def test_a_city_team_with_notes_is_not_taken_off_the_list(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    riverton.post_note("Nobody owns the budget")

    assert "has written notes" in room.desk.refused("remove-team", team=room.team("Riverton").pk)
    assert "Riverton" in names(room)


def test_a_city_team_taken_off_while_it_sits_at_a_table_leaves_the_others_there(room):
    _riverton, lakeview, *_others = room.here("Riverton", "Lakeview", "Stonebridge", "O'Fallon – São João")
    room.discuss("talk")

    room.desk.press("remove-team", team=room.team("Riverton").pk)

    assert room.tables() == {1: {"Lakeview", "Stonebridge", "O'Fallon – São João"}}
    page = lakeview.words()
    assert "Riverton" not in page
    assert "Talk to two other cities for 10 minutes" in page


# Two that are one.


def test_merging_moves_phones_notes_and_marks(room):
    riverton, lakeview, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    riverton.post_note("Said by Riverton")
    lakeview.post_note("Said by Lakeview")
    riverton.post_note("Taken back")
    taken_back = Note.objects.get(text="Taken back")
    riverton.client.post(f"{riverton.path}notes/{taken_back.uuid}/delete")

    room.desk.press("merge-teams", team=room.team("Riverton").pk, into=room.team("Lakeview").pk)

    assert "Riverton" not in names(room)
    assert {note.team.name for note in Note.objects.all()} == {"Lakeview"}
    assert Device.objects.filter(team=room.team("Lakeview")).count() == 2
    for phone in (riverton, lakeview):
        page = phone.words()
        assert "Not Lakeview? Change" in page
        assert "Said by Riverton" in page
        assert "Said by Lakeview" in page
        assert "Taken back" not in page


def test_merging_two_at_the_same_table_leaves_one_place(room):
    room.here()
    room.discuss("talk")

    room.desk.press("merge-teams", team=room.team("Riverton").pk, into=room.team("Lakeview").pk)

    for order in (1, 2, 3):
        assert room.tables(order) == {1: {"Lakeview", "Stonebridge", "O'Fallon – São João"}}


def test_merging_two_at_different_tables_keeps_the_place_of_the_second_and_the_notes_where_they_were_written(content):
    room = Room.open([f"City {n}" for n in range(6)])
    room.here()
    room.discuss("talk")
    one, two = (sorted(cities)[0] for cities in room.tables().values())
    note = room.phone(one)
    note.post_note("Written at table 1")

    room.desk.press("merge-teams", team=room.team(one).pk, into=room.team(two).pk)

    assert two in room.tables()[2]
    assert [len(cities) for cities in room.tables().values()] == [2, 3]
    assert (Note.objects.get().team.name, Note.objects.get().table.number) == (two, 1)
    assert all(len(cities) == 5 for cities in room.tables(2).values()), "five cities are one table from now on"


def test_merging_gives_the_second_the_first_ones_place_when_it_has_none(room):
    room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    asking = Phone(room.workshop, name="Rivertown")
    room.desk.press("admit-team", team=room.team("Rivertown").pk)

    room.desk.press("merge-teams", team=room.team("Riverton").pk, into=room.team("Rivertown").pk)

    assert room.tables() == {1: {"Rivertown", "Lakeview", "Stonebridge"}}
    assert "Go to table 1" in asking.words()


def test_of_two_marks_on_one_item_the_last_tap_wins_when_teams_merge(room):
    riverton, lakeview, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.desk.press("marking", on="on")
    room.desk.press("jump", segment=room.segment("checklist").pk)
    items = [item for _place, item in item_ids(room)]

    def mark(phone, item, value):
        assert phone.client.post(f"{phone.path}mark", {"item": item, "value": value}).status_code == 303

    mark(riverton, items[0], "partly")
    mark(lakeview, items[0], "in-place")
    mark(lakeview, items[1], "not-yet")
    mark(riverton, items[1], "partly")
    mark(riverton, items[2], "in-place")

    room.desk.press("merge-teams", team=room.team("Riverton").pk, into=room.team("Lakeview").pk)

    marks = dict(Mark.objects.filter(team=room.team("Lakeview")).values_list("item", "value"))
    assert marks == {items[0]: "in-place", items[1]: "partly", items[2]: "in-place"}
    assert Mark.objects.count() == 3


def item_ids(room):
    from frameworks.models import Item

    return list(Item.objects.filter(checklist__code="strategic-triangle").values_list("place", "pk"))


def test_a_city_team_that_waits_is_in_when_it_is_merged_into_one_on_the_list(room):
    waiting = Phone(room.workshop, name="Riverton City")

    room.desk.press("merge-teams", team=room.team("Riverton City").pk, into=room.team("Riverton").pk)

    riverton = room.team("Riverton")
    assert (riverton.admitted, riverton.state) == (True, "here")
    assert "Not Riverton? Change" in waiting.words()
    assert not CityTeam.objects.filter(admitted=False).exists()


def test_merging_a_no_show_into_an_expected_city_team_leaves_it_expected(room):
    room.desk.press("team-state", team=room.team("Riverton").pk, state="not-coming")

    room.desk.press("merge-teams", team=room.team("Riverton").pk, into=room.team("Lakeview").pk)

    assert room.team("Lakeview").state == "expected"


def test_a_city_team_is_not_merged_with_itself_nor_with_one_of_another_session(room):
    elsewhere = Room.open(["Eastmoor"])
    riverton = room.team("Riverton").pk

    assert "already one" in room.desk.refused("merge-teams", team=riverton, into=riverton)
    eastmoor = elsewhere.team("Eastmoor").pk
    assert "not in the session" in room.desk.refused("merge-teams", team=riverton, into=eastmoor)
    assert "not in the session" in room.desk.refused("merge-teams", team=eastmoor, into=riverton)


def test_in_a_large_room_the_phones_of_one_city_team_are_shown_at_a_time(room):
    riverton, lakeview = room.team("Riverton"), room.team("Lakeview")
    rows = [(riverton, "r"), (lakeview, "l"), (None, "g")]
    Device.objects.bulk_create(
        Device(workshop=room.workshop, team=team, token_hash=f"{name}{n}", personal_code=f"{name}{n}", first_name=name)
        for team, name in rows
        for n in range(50)
    )

    page, opened = (room.desk.get("roster", **query).content.decode() for query in ({}, {"phones": riverton.pk}))
    guests = room.desk.get("roster", phones="guests").content.decode()

    assert [page.count("Release</button>"), opened.count("Release</button>")] == [0, 50]
    assert f'href="?phones={riverton.pk}#team-{riverton.pk}"' in page
    assert opened.count('<span dir="auto">r</span>') == guests.count('<span dir="auto">g</span>') == 50
    released = {
        "device": Device.objects.filter(team=riverton).first().pk,
        "next": re.search(r'value="(/desk/[^"]*phones=[^"]*)"', opened).group(1),
    }
    back = room.desk.client.post(f"/desk/{room.workshop.slug}/do/release-device", released)
    assert room.desk.client.get(back.url).content.decode().count("Release</button>") == 49
