"""Notes: what city teams write."""

import re
import uuid

import pytest
from django.test import Client

from sessions.models import Note
from tests.rooms import Phone, Room, pass_time, words


@pytest.fixture
def table(room):
    """Phones of Riverton, Lakeview and Stonebridge, who talk at table 1."""
    phones = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("talk")
    return phones


def post(phone, note, action="", **data):
    """POST to one note as the page's script does; action: "" to edit, "/delete"."""
    return phone.client.post(f"{phone.path}notes/{note.uuid}{action}", data, headers={"accept": "text/plain"})


def desk_note(room, team, text, **more):
    breakout = more.pop("breakout", None) or room.breakout()
    data = {"team": team.pk, "breakout": breakout.pk, "text": text, **more}
    return room.desk.client.post(f"/desk/{room.workshop.slug}/notes/new", data)


# Writing.


def test_a_note_lands_at_the_table(room, table):
    riverton, *_others = table

    response = riverton.post_note("Nobody owns the budget", terms=["teaming-trust"])

    assert response.status_code == 204
    note = Note.objects.get()
    assert (note.team.name, note.text, note.table.number) == ("Riverton", "Nobody owns the budget", 1)
    assert note.question == "What barriers is your collaboration facing?"
    assert [term.code for term in note.terms.all()] == ["teaming-trust"]


def test_a_note_that_is_sent_twice_is_stored_once(room, table):
    riverton, *_others = table
    same = uuid.uuid4()

    answers = [riverton.post_note("Once", note_uuid=same).status_code for _try in range(2)]

    assert answers == [204, 204]
    assert Note.objects.count() == 1


def test_the_same_id_with_other_words_is_refused_in_words(room, table):
    riverton, *_others = table
    same = uuid.uuid4()
    riverton.post_note("One thing", note_uuid=same)

    answer = riverton.post_note("Another thing", note_uuid=same)

    assert answer.status_code == 409
    assert "other words" in answer.content.decode()
    assert Note.objects.get().text == "One thing"


def test_the_same_id_with_other_terms_or_from_another_city_is_refused(room, table):
    riverton, lakeview, _stonebridge = table
    same = uuid.uuid4()
    riverton.post_note("One thing", terms=["teaming-trust"], note_uuid=same)

    assert riverton.post_note("One thing", note_uuid=same).status_code == 409
    assert lakeview.post_note("One thing", terms=["teaming-trust"], note_uuid=same).status_code == 409
    assert Note.objects.count() == 1


def test_a_note_after_the_end_is_kept_and_marked_late(room, table):
    riverton, *_others = table
    pass_time(minutes=11)

    assert riverton.post_note("Too late, still true").status_code == 204

    assert Note.objects.get().late
    assert "late" in riverton.words().partition("Too late, still true")[2]


def test_a_note_in_time_or_during_a_pause_is_not_late(room, table):
    riverton, *_others = table
    pass_time(minutes=9)
    riverton.post_note("In time")
    room.desk.press("pause")
    pass_time(minutes=9)
    riverton.post_note("While paused")

    assert not Note.objects.filter(late=True).exists()


def test_a_note_for_a_discussion_that_is_long_over_still_arrives(room, table):
    riverton, *_others = table
    first = room.breakout()
    room.discuss("talk", 2)

    assert riverton.post_note("From a phone that slept", breakout=first).status_code == 204

    note = Note.objects.get()
    assert (note.breakout.order, note.table.number, note.late) == (1, 1, True)


def test_a_note_that_arrives_after_closing_is_kept_and_late(room, table):
    riverton, *_others = table
    breakout = room.breakout()
    room.desk.press("close")

    assert riverton.post_note("From a phone that slept", breakout=breakout).status_code == 204
    assert Note.objects.get().late


def test_a_note_has_room_for_1000_characters(room, table):
    riverton, *_others = table

    assert riverton.post_note("x" * 1000).status_code == 204
    too_long = riverton.post_note("x" * 1001)

    assert too_long.status_code == 422
    assert "This is 1001 characters long; there is room for 1000." in too_long.content.decode()
    assert Note.objects.count() == 1


def test_the_note_box_says_its_limit_and_hints_after_200(room, table):
    box = re.search(r"<textarea[^>]*>", table[0].page()).group()

    assert 'maxlength="1000"' in box
    assert 'data-hint="200"' in box


@pytest.mark.parametrize("text", ["", "   \n ", "\u200b\u200d"])
def test_a_note_with_nothing_in_it_is_refused_in_words(room, table, text):
    answer = table[0].post_note(text)

    assert answer.status_code == 422
    assert "There is nothing in it yet. Write a few words first." in answer.content.decode()


def test_a_note_keeps_its_lines_its_language_and_its_signs(room, table):
    riverton, lakeview, _stonebridge = table
    text = "First line\nzweite Zeile\n\nمرحبا <b>&amp;</b> 👩‍👩‍👧 =1+1"

    riverton.post_note(text.replace("\n", "\r\n"))

    assert Note.objects.get().text == text
    assert "<b>&amp;</b>" in lakeview.words()
    assert "<b>&amp;" not in lakeview.page()


def test_terms_are_several_or_none_and_unknown_ones_do_not_count(room, table):
    riverton, *_others = table
    same = uuid.uuid4()
    riverton.post_note("None")
    for _try in range(2):
        answer = riverton.post_note(
            "Several", terms=["teaming-trust", "substance-action-plan", "no-such-term", "meaningful"], note_uuid=same
        )
        assert answer.status_code == 204, "sent twice, unknown terms and all"

    terms = {note.text: [term.code for term in note.terms.all()] for note in Note.objects.all()}
    assert terms["None"] == []
    assert sorted(terms["Several"]) == ["substance-action-plan", "teaming-trust"], "the others are of no question here"


def test_each_question_offers_its_own_terms(room, table):
    riverton, *_others = table
    assert "Trusting and understanding each other" in riverton.words()

    room.discuss("talk", 2)
    second = riverton.words()
    room.discuss("talk", 3)

    assert "Leverage a trusted individual/group as navigator" in second
    assert "Trusting and understanding each other" not in second
    assert "eaningful" in riverton.words()


def test_a_note_for_a_discussion_of_another_session_is_refused(room, table):
    other = Room.open(["Eastmoor"])
    foreign = other.workshop.breakouts.get(order=1)

    assert table[0].post_note("x", breakout=foreign).status_code == 409
    assert not Note.objects.exists()


def test_a_city_without_a_table_writes_all_the_same(room, table):
    late = room.phone("O'Fallon – São João")

    assert late.post_note("Just arrived").status_code == 204

    assert Note.objects.get().table is None
    assert "Just arrived" in room.desk.words()


def test_before_the_discussion_starts_there_is_no_note_box(room):
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.discuss("find")
    assert "Add note" not in riverton.words()

    room.desk.press("advance")

    page = riverton.words()
    assert "Talk first. One of you writes." in page
    assert "Add note" in page
    assert room.breakout().question in page


def test_before_the_first_note_the_phone_says_who_will_have_it(room, table):
    assert "Your table, the session board and the organizers' export will have what you write." in table[0].words()


def test_who_will_have_it_follows_the_setting(room, table):
    room.desk.press("change-settings")

    assert "The session board and the organizers' export will have what you write." in table[0].words()


def test_a_phone_that_never_stops_writing_is_stopped_in_words(room, table):
    riverton, lakeview, _stonebridge = table
    breakout = room.breakout()
    device = riverton.client and room.team("Riverton").devices.get()
    rows = (
        Note(workshop=room.workshop, breakout=breakout, team=device.team, device=device, uuid=uuid.uuid4(), text="x")
        for _n in range(200)
    )
    Note.objects.bulk_create(rows)

    answer = riverton.post_note("One more")

    assert answer.status_code == 409
    assert "has written 200 notes" in answer.content.decode()
    assert lakeview.post_note("Mine").status_code == 204


# Without JavaScript.


def test_without_javascript_a_note_is_posted_by_a_plain_form(room, table):
    riverton, *_others = table

    response = riverton.client.post(
        f"{riverton.path}notes", {"breakout": room.breakout().pk, "text": "By a plain form", "uuid": ""}
    )

    assert (response.status_code, response.url) == (303, f"{riverton.path}#our-notes")
    assert "By a plain form" in riverton.words()


def test_without_javascript_a_refused_note_is_there_to_send_again(room, table):
    riverton, *_others = table
    long = "x" * 1001

    response = riverton.client.post(
        f"{riverton.path}notes", {"breakout": room.breakout().pk, "text": long, "terms": ["teaming-trust"]}
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "there is room for 1000" in page
    assert long in page
    assert re.search(r'value="teaming-trust"\s+checked', page)


def test_without_javascript_a_note_whose_id_is_taken_is_shown_again_to_send_as_new(room, table):
    riverton, *_others = table
    same = uuid.uuid4()
    riverton.post_note("One thing", note_uuid=same)

    response = riverton.client.post(
        f"{riverton.path}notes", {"breakout": room.breakout().pk, "text": "Another thing", "uuid": same}
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "Another thing" in page
    assert str(same) not in page


# Ours: changing and taking back.


def test_a_city_team_changes_its_own_note_from_any_of_its_phones(room, table):
    riverton, *_others = table
    second = room.phone("Riverton")
    riverton.post_note("Nobody owns the budjet", terms=["teaming-trust"])

    assert post(second, Note.objects.get(), text="Nobody owns the budget", terms=[]).status_code == 204

    assert "Nobody owns the budget" in riverton.words()
    assert "edited" in riverton.words()
    assert not Note.objects.get().terms.exists()


def test_the_page_to_change_a_note_shows_it_as_it_is(room, table):
    riverton, *_others = table
    riverton.post_note("Nobody owns the budget", terms=["teaming-trust"])

    page = riverton.get(f"notes/{Note.objects.get().uuid}").content.decode()

    assert "Nobody owns the budget" in page
    assert re.search(r'value="teaming-trust"\s+checked', page)
    assert "Delete this note" in page


def test_a_note_is_not_changed_into_nothing(room, table):
    riverton, *_others = table
    riverton.post_note("Nobody owns the budget")

    assert post(riverton, Note.objects.get(), text=" ").status_code == 422
    assert Note.objects.get().text == "Nobody owns the budget"


def test_a_city_team_takes_its_own_note_back(room, table):
    riverton, lakeview, _stonebridge = table
    riverton.post_note("Said too quickly", terms=["teaming-trust"])

    assert post(riverton, Note.objects.get(), "/delete").status_code == 204

    for page in (riverton.words(), lakeview.words(), room.desk.words("notes"), room.desk.words()):
        assert "Said too quickly" not in page
    assert Note.objects.get().text == ""
    assert not Note.objects.get().terms.exists()


def test_a_note_that_was_taken_back_does_not_come_back_when_it_is_sent_again(room, table):
    riverton, *_others = table
    same = uuid.uuid4()
    riverton.post_note("Said too quickly", note_uuid=same)
    post(riverton, Note.objects.get(), "/delete")

    assert riverton.post_note("Said too quickly", note_uuid=same).status_code == 204

    assert "Said too quickly" not in riverton.words()
    assert Note.objects.get().deleted_at is not None


def test_a_note_that_was_changed_stays_changed_when_its_first_words_are_sent_again(room, table):
    riverton, *_others = table
    same = uuid.uuid4()
    riverton.post_note("First words", note_uuid=same)
    post(riverton, Note.objects.get(), text="Second words")

    assert riverton.post_note("First words", note_uuid=same).status_code == 204
    assert Note.objects.get().text == "Second words"


def test_nobody_changes_or_takes_back_another_citys_note(room, table):
    riverton, lakeview, _stonebridge = table
    riverton.post_note("Nobody owns the budget")
    note = Note.objects.get()

    assert post(lakeview, note, text="Everybody does").status_code == 409
    assert lakeview.get(f"notes/{note.uuid}").status_code == 404
    assert post(lakeview, note, "/delete").status_code == 409
    assert Note.objects.get().text == "Nobody owns the budget"


def test_after_the_close_no_change_is_offered_and_what_a_phone_still_held_is_taken(room, table):
    riverton, *_others = table
    for text in ("Nobody owns the budjet", "Said too quickly"):
        riverton.post_note(text)
    first, second = Note.objects.all()
    room.discuss("talk", 2)
    assert post(riverton, first, text="Nobody owns a budget").status_code == 204
    assert not Note.objects.get(pk=first.pk).late, "in a later discussion it is only a change"

    room.desk.press("close")

    assert f"notes/{first.uuid}" not in riverton.page(), "no way to edit is offered"
    assert post(riverton, first, text="Nobody owns the budget").status_code == 204
    assert post(riverton, second, "/delete").status_code == 204
    assert [(n.text, n.late) for n in Note.objects.filter(deleted_at=None)] == [("Nobody owns the budget", True)]


def test_changing_a_note_that_is_gone_is_refused_in_words(room, table):
    riverton, *_others = table
    riverton.post_note("Said too quickly")
    note = Note.objects.get()
    post(riverton, note, "/delete")

    for answer in (post(riverton, note, text="Again"), post(riverton, note, "/delete")):
        assert answer.status_code == 409
        assert "somebody of your city team may have deleted it" in answer.content.decode()
    assert riverton.client.post(f"{riverton.path}notes/{note.uuid}", {"text": "By a form"}).status_code == 404


# The same command twice: an answer that got lost on its way is asked for again.


def test_a_change_that_is_sent_twice_is_made_once(room, table):
    riverton, *_others = table
    riverton.post_note("Nobody owns the budjet")
    note, command = Note.objects.get(), uuid.uuid4()
    post(riverton, note, text="Nobody owns the budget", uuid=command)
    post(riverton, note, text="Somebody owns the budget", uuid=uuid.uuid4())

    assert post(riverton, note, text="Nobody owns the budget", uuid=command).status_code == 204

    assert Note.objects.get().text == "Somebody owns the budget", "the later change stands"


def test_the_same_commands_id_with_other_words_is_refused_in_words(room, table):
    riverton, *_others = table
    riverton.post_note("Nobody owns the budjet")
    note, command = Note.objects.get(), uuid.uuid4()
    post(riverton, note, text="Nobody owns the budget", uuid=command)

    for answer in (post(riverton, note, text="Else", uuid=command), post(riverton, note, "/delete", uuid=command)):
        assert answer.status_code == 409
        assert "other words" in answer.content.decode()
    assert Note.objects.get().text == "Nobody owns the budget"


def test_a_note_that_is_taken_back_twice_by_one_command_is_gone_both_times(room, table):
    riverton, *_others = table
    riverton.post_note("Said too quickly")
    note, change, command = Note.objects.get(), uuid.uuid4(), uuid.uuid4()
    post(riverton, note, text="Still too quickly", uuid=change)

    answers = [post(riverton, note, "/delete", uuid=command).status_code for _try in range(2)]

    assert answers == [204, 204]
    assert post(riverton, note, text="Still too quickly", uuid=change).status_code == 204, "done before it was gone"
    assert Note.objects.get().text == ""


def test_a_commands_id_that_is_none_is_refused_in_words(room, table):
    riverton, *_others = table
    riverton.post_note("Nobody owns the budget")
    note = Note.objects.get()

    for answer in (post(riverton, note, text="Else", uuid="x"), post(riverton, note, "/delete", uuid="x")):
        assert answer.status_code == 422
    assert Note.objects.get().text == "Nobody owns the budget"


def test_a_phone_that_changed_over_repeats_its_note_and_it_is_the_same_note(room, table):
    riverton, *_others = table
    same = uuid.uuid4()
    riverton.post_note("Nobody owns the budget", note_uuid=same)
    riverton.client.post(f"{riverton.path}change", {"team": room.team("Lakeview").pk})

    assert riverton.post_note("Nobody owns the budget", note_uuid=same).status_code == 204

    assert Note.objects.get().team.name == "Riverton"


# Who sees what.


def test_the_table_sees_its_tables_notes_and_nobody_elses(content):
    room = Room.open([f"City {n}" for n in range(6)])
    phones = {phone.team: phone for phone in map(_named(room), [f"City {n}" for n in range(6)])}
    room.discuss("talk")
    first, second = (sorted(cities) for cities in room.tables().values())

    phones[first[0]].post_note("Said at table 1")

    assert all("Said at table 1" in phones[city].words() for city in first)
    assert all("Said at table 1" not in phones[city].words() for city in second)


def _named(room):
    def join(name):
        phone = room.phone(name)
        phone.team = name
        return phone

    return join


def test_the_table_sees_its_notes_only_if_the_session_lets_it(room, table):
    riverton, lakeview, _stonebridge = table
    riverton.post_note("Between us")
    assert "Between us" in lakeview.words()

    room.desk.press("change-settings")

    assert "Between us" not in lakeview.words()
    assert "Between us" in riverton.words()


def test_the_phones_at_the_table_hear_of_a_note_and_others_do_not(room, table):
    riverton, lakeview, _stonebridge = table
    stranger = room.phone("O'Fallon – São João")
    before = dict(room.workshop.streams.values_list("name", "seq"))

    riverton.post_note("Nobody owns the budget")

    after = dict(room.workshop.streams.values_list("name", "seq"))
    heard = {name for name in after if after[name] != before.get(name)}
    own, mates = room.team("Riverton"), [room.team("Lakeview"), room.team("Stonebridge")]
    assert heard == {own.stream, *(team.stream for team in mates), "board", "desk"}
    frames = stranger.catch_up("") + stranger.catch_up("", kind="board")
    assert not any("Nobody owns the budget" in frame["html"] for frame in frames)


def test_every_note_reaches_the_desk_at_once(room, table):
    table[0].post_note("Nobody owns the budget")

    assert "Nobody owns the budget" in room.desk.words()
    assert "Nobody owns the budget" in room.desk.words("notes")


# From the desk.


def test_the_desk_writes_a_note_for_a_mayor_without_a_phone(room, table):
    room.desk.press("team-state", team=room.team("O'Fallon – São João").pk, state="without-phone")
    room.desk.press("seat", team=room.team("O'Fallon – São João").pk)

    response = desk_note(room, room.team("O'Fallon – São João"), "Said aloud", terms=["teaming-trust"])

    assert response.status_code == 303
    note = Note.objects.get()
    assert (note.team.name, note.table.number, note.from_desk) == ("O'Fallon – São João", 1, True)
    assert [term.code for term in note.terms.all()] == ["teaming-trust"]
    assert "Said aloud" in table[0].words(), "its table sees it like any other"
    assert "from the desk" in room.desk.words()


def test_the_desk_writes_a_note_for_an_earlier_discussion(room, table):
    first = room.breakout()
    room.discuss("talk", 2)

    desk_note(room, room.team("Riverton"), "Remembered later", breakout=first)

    assert Note.objects.get().breakout == first


@pytest.mark.parametrize(("text", "sentence"), [(" ", "There is nothing in it yet"), ("x" * 1001, "room for 1000")])
def test_a_note_of_the_desk_that_cannot_be_stored_is_not_lost(room, table, text, sentence):
    response = desk_note(room, room.team("Riverton"), text)

    assert response.status_code == 422
    assert sentence in words(response)
    assert text in response.content.decode()


def test_the_desk_does_not_write_for_a_city_of_another_session(room, table):
    other = Room.open(["Eastmoor"])

    assert desk_note(room, other.team("Eastmoor"), "x").status_code == 422
    assert not Note.objects.exists()


# Stars, hiding, deleting for good.


def test_a_star_is_seen_by_the_desk_alone(room, table):
    riverton, *_others = table
    riverton.post_note("Nobody owns the budget")
    before = riverton.words()

    room.desk.press("star", note=Note.objects.get().pk, on="on")
    assert "★ Starred" in room.desk.words()
    assert riverton.words() == before

    room.desk.press("star", note=Note.objects.get().pk)
    assert "★ Starred" not in room.desk.words()


def test_a_hidden_note_leaves_wall_and_other_phones_and_its_author_is_not_told(room, table):
    riverton, lakeview, _stonebridge = table
    room.desk.press("set-board", breakout=room.breakout().pk, setting="at-once")
    riverton.post_note("Not for everybody")
    before = riverton.words()

    room.desk.press("hide", note=Note.objects.get().pk, on="on")

    for page in (lakeview.words(), lakeview.words("board"), riverton.words("board"), room.wall_words()):
        assert "Not for everybody" not in page
    assert "0 notes" in room.wall_words()
    assert riverton.words() == before
    assert "Not for everybody" in riverton.words()
    assert "hidden" in room.desk.words()


def test_a_hidden_note_comes_back_when_it_is_restored(room, table):
    riverton, lakeview, _stonebridge = table
    riverton.post_note("For everybody after all")
    note = Note.objects.get().pk
    room.desk.press("hide", note=note, on="on")

    room.desk.press("hide", note=note)

    assert "For everybody after all" in lakeview.words()


def test_the_desk_deletes_a_note_for_good_also_a_week_later(room, table):
    riverton, *_others = table
    riverton.post_note("A name that should not be here", terms=["teaming-trust"])
    room.desk.press("close")
    pass_time(days=7)

    room.desk.press("purge-note", note=Note.objects.get().pk)

    assert Note.objects.get().text == ""
    for page in (room.desk.words("notes"), riverton.words(), riverton.words("yours")):
        assert "A name that should not be here" not in page
    assert "has been deleted" in room.desk.refused("purge-note", note=Note.objects.get().pk)
    assert "has been deleted" in room.desk.refused("star", note=Note.objects.get().pk, on="on")


def test_the_desk_deletes_all_of_one_citys_words_for_good_also_a_week_later(room, table):
    riverton, lakeview, _stonebridge = table
    riverton.post_note("One"), riverton.post_note("Two"), lakeview.post_note("Three")
    room.desk.press("close")
    pass_time(days=7)

    room.desk.press("purge-team", team=room.team("Riverton").pk)

    assert sorted(Note.objects.values_list("text", flat=True)) == ["", "", "Three"]
    assert "Your city team has not written any notes yet." in riverton.words("yours")
    assert "Three" in lakeview.words("yours")


def test_a_note_of_another_session_is_neither_starred_nor_hidden_nor_deleted(room, table):
    table[0].post_note("Nobody owns the budget")
    other = Room.open(["Eastmoor"])
    note = Note.objects.get().pk

    for command in ("star", "hide", "purge-note"):
        assert "has been deleted" in other.desk.refused(command, note=note, on="on")
    other.desk.press("purge-team", team=room.team("Riverton").pk)
    assert Note.objects.get().text == "Nobody owns the budget"


def test_a_stranger_writes_nothing(room, table):
    path = f"/p/{room.workshop.slug}/notes"

    assert Client().post(path, {"breakout": room.breakout().pk, "text": "x"}).status_code == 404
    elsewhere = Phone(Room.open(["Eastmoor"]).workshop, guest="on")
    assert elsewhere.client.post(path, {"breakout": room.breakout().pk, "text": "x"}).status_code == 404
