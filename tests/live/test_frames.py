"""Frames: what arrives, in which order, and how often it was drawn."""

import uuid
from collections import Counter

import pytest
from django.test.signals import template_rendered

from tests.stories.room_client import until


def test_every_frame_goes_on_where_the_one_before_ended(live):
    live.talk()
    desk, wall, phone = live.desk(), live.wall(), live.phone("Riverton")

    for number in range(5):
        phone.write(f"Thought {number}")
    live.do("pause")
    live.do("resume")
    live.do("cover-wall", covered="on")
    for screen in (desk, wall, phone):
        screen.is_as_fresh()

    for screen in (desk, wall, phone):
        for stream in {name for name, *_numbers in screen.heard}:
            frames = [(since, seq) for name, since, seq in screen.heard if name == stream]
            assert [since for since, _seq in frames[1:]] == [seq for _since, seq in frames[:-1]], stream
            assert all(since <= seq for since, seq in frames), stream
    assert {name for name, *_numbers in wall.heard} == {"stage", "board"}
    assert {name for name, *_numbers in desk.heard} == {"desk"}


def test_a_screen_that_hears_everything_never_has_to_ask(live):
    live.talk()
    phone = live.phone("Riverton")
    asked = phone.pulls

    for on in ("on", "", "on", ""):
        live.do("cover-wall", covered=on)
    live.do("message", message="Five more minutes of coffee")
    phone.sees("Five more minutes of coffee")

    until(lambda: phone.beats >= 3, "heartbeats")
    assert phone.pulls == asked


def test_a_command_sent_twice_is_told_once(live):
    live.talk()
    wall, desk = live.wall(), live.desk()
    same = uuid.uuid4()

    live.do("cover-wall", covered="on", uuid=same)
    live.do("cover-wall", covered="on", uuid=same)
    live.do("message", message="The end of it")

    desk.sees("The end of it")
    wall.is_as_fresh()
    assert [name for name, *_numbers in wall.heard].count("board") == 1
    assert sum(seq - since for _name, since, seq in desk.heard) == 2


def test_a_note_sent_twice_is_there_once(live):
    live.talk()
    phone, wall = live.phone("Riverton"), live.wall()
    form = phone.box()
    same = uuid.uuid4()

    for _try in range(2):
        phone.browser.submit(form, script=True, token=phone.token, text="Only once", uuid=same)

    phone.sees("Only once", "Our notes 1")
    wall.is_as_fresh()


@pytest.mark.parametrize("phones", [1, 8])
def test_the_stage_is_drawn_once_however_many_phones_listen(live, phones):
    live.talk()
    listening = [live.phone("Riverton") for _phone in range(phones)]
    drawn = Counter()

    def count(sender, **_kwargs):
        drawn[sender.name] += 1

    template_rendered.connect(count)
    try:
        live.do("message", message="Look up, please")
        for phone in listening:
            phone.sees("Look up, please")
    finally:
        template_rendered.disconnect(count)

    assert drawn["sessions/_message.html"] == 1
    assert drawn["sessions/_now.html"] == 0, "only what has changed"
    assert {phone.received[-1] for phone in listening if "Look up" in phone.received[-1]} <= set(
        listening[0].received
    ), "the same bytes for all"


def test_a_note_is_drawn_once_for_its_table_and_once_for_each_audience(live):
    live.talk()
    riverton = [live.phone("Riverton") for _phone in range(3)]
    guests = [live.guest() for _guest in range(2)]
    walls = [live.wall() for _wall in range(2)]
    drawn = Counter()

    def count(sender, **_kwargs):
        drawn[sender.name] += 1

    form = riverton[0].box()
    template_rendered.connect(count)
    try:
        riverton[0].browser.submit(form, script=True, token=riverton[0].token, text="Drawn once", uuid=uuid.uuid4())
        for phone in riverton:
            phone.sees("Drawn once")
        for screen in (*guests, *walls):
            until(lambda screen=screen: "board" in {name for name, *_numbers in screen.heard}, "the board's news")
    finally:
        template_rendered.disconnect(count)

    assert drawn["sessions/_our_note.html"] == 1
    assert drawn["sessions/_phone_board.html"] == drawn["sessions/_wall_board.html"] == 1
    assert drawn["sessions/_now.html"] == 0


def test_everybody_counts_down_to_the_same_moment(live):
    live.talk()
    screens = [live.desk(), live.wall(), live.guest(), *(live.phone(city) for city in ("Riverton", "Lakeview"))]

    def moments():
        return {screen.ends_at() for screen in screens}

    assert len(moments()) == 1
    before = moments().pop()
    live.do("change-minutes", minutes=2)
    until(lambda: moments() == {before + 120_000}, lambda: f"two minutes more on every screen: {moments()}")
    live.do("pause")
    until(lambda: moments() == {None}, lambda: f"no screen counts while it is paused: {moments()}")
    live.do("resume")
    until(lambda: len(moments()) == 1 and None not in moments(), lambda: f"all count again: {moments()}")


def test_the_note_box_says_who_reads_it_and_what_was_asked_as_soon_as_that_changes(live):
    breakout = live.talk()
    phone = live.phone("Riverton")
    phone.sees("Your table, the session board and the organizers' export will have what you write.")
    box = phone.box()

    live.do("change-settings", tables_see_notes="")
    phone.sees("The session board and the organizers' export will have what you write.")
    phone.sees_no("Your table, the session board")
    live.do("edit-segment", segment=breakout.segment_id, title="Talk", minutes=10, question="What stops you?")

    until(
        lambda: "What stops you?" in phone.panel(f"composer-{breakout.pk}").text,
        lambda: phone.panel(f"composer-{breakout.pk}").text,
    )
    phone.is_as_fresh()
    assert phone.box().fields == box.fields, "it is the same box: what is typed in it stays"


def test_the_desks_column_buttons_count_what_comes_while_the_board_is_shown(live):
    live.prepared.discuss("board")
    phone, desk = live.phone("Riverton"), live.desk()

    phone.write("Nobody owns the budget", ["teaming-trust"])

    desk.sees("Nobody owns the budget")
    desk.is_as_fresh()
