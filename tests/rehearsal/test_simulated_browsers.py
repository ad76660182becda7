"""A simulated phone does what a phone does: joins, writes, sleeps, comes back; nothing it writes is lost."""

import asyncio
import time
import uuid

import pytest

from academy import database
from sessions.models import Note
from sessions.rehearsal.browser import NotTaken
from sessions.rehearsal.desk import Desk
from sessions.rehearsal.page import Page
from sessions.rehearsal.phone import Phone
from tests import rooms

pytestmark = pytest.mark.django_db(transaction=True)


async def until(condition, seconds=8):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        await asyncio.sleep(0.02)


@pytest.fixture
def room(server):
    """An open session with two cities on a real server."""
    room = rooms.Room.open(["Riverton", "Lakeview"])
    room.base = server
    return room


async def _talk(room):
    """Two phones and a desk in a discussion that has begun."""
    desk = await Desk.open(room.base, room.workshop.slug, username="facilitator", password=rooms.PASSWORD)
    phones = [await Phone.join(room.base, room.workshop.code, city) for city in ("Riverton", "Lakeview")]
    await until(lambda: all(screen.is_connected for screen in (desk, *phones)))
    while phones[0].step != "find":
        assert await desk.advance() == ""
        await until(lambda: not phones[0].drawing.is_behind)
        await phones[0].pull()
    assert await desk.advance() == ""
    await until(lambda: phones[0].step == "talk" and phones[1].step == "talk")
    return desk, *phones


async def _home(*screens):
    for screen in screens:
        await screen.close()


def test_a_note_goes_from_one_phone_to_the_table_and_the_desk(room):
    async def story():
        desk, riverton, lakeview = await _talk(room)
        wall = await desk.wall()
        command = riverton.write("Nobody owns the budget", riverton.terms()[:1])
        await until(lambda: command.is_stored)
        await until(lambda: "Nobody owns the budget" in lakeview.page.get("table-notes").text)
        await until(lambda: "Nobody owns the budget" in desk.page.get("notes").text)
        await until(lambda: wall.counts.get(riverton.table) == 1)
        riverton.edit(command.note, "Nobody owns the money")
        await until(lambda: "Nobody owns the money" in lakeview.page.get("table-notes").text)
        await until(lambda: "Nobody owns the money" in riverton.page.get("our-notes").text)
        for screen in (riverton, lakeview, wall):
            assert screen.drawing.view() == await screen.fresh_view()
        assert await desk.advance() != ""
        assert await desk.change_minutes(1) == ""
        assert await desk.end_discussion() == ""
        await _home(desk, wall, riverton, lakeview)

    asyncio.run(story())
    assert [note.text for note in Note.objects.all()] == ["Nobody owns the money"]


def test_what_is_written_without_network_is_sent_when_there_is_one(room):
    async def story():
        desk, riverton, lakeview = await _talk(room)
        await riverton.cut()
        command = riverton.write("Written in the cellar")
        await lakeview.sleep()
        await until(lambda: command.tries > 0)
        assert command.is_waiting
        riverton.mend()
        await until(lambda: command.is_stored)
        assert "Written in the cellar" not in lakeview.text
        await lakeview.wake()
        assert "Written in the cellar" in lakeview.text
        await _home(desk, riverton, lakeview)

    asyncio.run(story())
    assert Note.objects.count() == 1


def test_a_page_that_died_with_notes_in_its_outbox_sends_them_when_it_is_opened_again(room):
    async def story():
        desk, riverton, lakeview = await _talk(room)
        await riverton.sleep()
        riverton.write("The battery was at one per cent")
        kept = riverton.snapshot()
        await riverton.close()
        again = await Phone.restore(kept)
        await until(lambda: again.waiting == 0)
        assert again.commands[0].is_stored
        await _home(desk, lakeview, again)

    asyncio.run(story())
    assert Note.objects.get().text == "The battery was at one per cent"


def test_the_same_command_twice_is_one_note_and_another_text_is_refused(room):
    async def story():
        desk, riverton, lakeview = await _talk(room)
        first = riverton.write("Once")
        await until(lambda: first.is_stored)
        first.status = "waiting"
        second = riverton.write("Never")
        second.uuid = first.uuid
        await until(lambda: riverton.waiting == 0)
        assert first.is_stored
        assert second.status == "refused"
        assert second.sentence
        await _home(desk, riverton, lakeview)

    asyncio.run(story())
    assert [note.text for note in Note.objects.all()] == ["Once"]


def test_where_sockets_are_refused_a_phone_follows_all_the_same_and_says_what_it_holds(room):
    async def story():
        desk, riverton, lakeview = await _talk(room)
        riverton.browser.no_sockets = True
        await riverton.sleep()
        await riverton.listen()
        command = lakeview.write("By the other way")
        await until(lambda: command.is_stored)
        await until(lambda: "By the other way" in riverton.page.get("table-notes").text)
        assert not riverton.is_connected
        assert riverton.polls > 0
        assert riverton.drawing.view() == await riverton.fresh_view()
        await _home(desk, riverton, lakeview)

    asyncio.run(story())


def test_a_phone_that_was_taken_out_keeps_what_it_wrote_and_says_so(room):
    async def story():
        desk, riverton, lakeview = await _talk(room)
        device = await database.read(room.workshop.devices.get, team__name="Riverton")
        gone = lakeview.edit(str(uuid.uuid4()), "Of a note that is not there")
        await until(lambda: gone.status == "refused")
        assert not lakeview.is_out
        await riverton.cut()
        command = riverton.write("Too late")
        assert await desk.do("release-device", device=device.pk) == ""
        riverton.mend()
        await until(lambda: riverton.is_out and riverton.outbox.is_out)
        assert command.is_waiting
        await _home(desk, riverton, lakeview)

    asyncio.run(story())


def test_a_code_that_opens_nothing_and_a_city_that_is_not_listed_are_refused_in_words(room):
    with pytest.raises(NotTaken):
        asyncio.run(Phone.join(room.base, "234567", "Riverton"))
    with pytest.raises(NotTaken, match="Nowhere"):
        asyncio.run(Phone.join(room.base, room.workshop.code, "Nowhere"))


def test_a_page_puts_what_frames_bring_where_a_browser_puts_it():
    page = Page(
        '<body><ul id="list" data-most="2"><li id="b">B</li><li id="a">A</li><li>none</li></ul><p id="p">old</p>'
    )
    page.place('<li id="c" data-into="list">C</li><p id="p">new</p><p id="unknown">lost</p>')
    assert page.body.text == "CBnonenew"
    page.place('<li id="b" data-gone></li><li id="c" data-into="list" data-keep>no</li>')
    assert page.body.text == "Cnonenew"
    assert page.get("b") is None
