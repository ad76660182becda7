"""The whole opening session as a room lives it: pages and sockets, real cookies, from the door to the export.

Thirteen city teams and twenty-six phones: one team without a phone, two latecomers, a no-show, a skipped segment,
a discussion cut to six minutes.
"""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from itertools import combinations

import openpyxl
import pytest

from tests.rooms import PASSWORD, account, pass_time
from tests.stories import html as pages
from tests.stories.room_client import Browser, DeskClient, PhoneClient, Screen, WallClient, until

TITLE = "Leading Collaboration in Cities"
FIRST = "What barriers is your collaboration facing?"
SECOND = "How is your collaboration dealing with setbacks?"
THIRD = "What might be a meaningful entry point for you?"
EPILOGUE = ("New Executive Director: Marland Cole", "New Name: Evolve502")

WITH_PHONES = [
    "Riverton",
    "Lakeview",
    "Maple Harbor",
    "Northfield Springs",
    "Cedar Point",
    "O'Fallon – São João",
    "Stonebridge",
    "Eastmoor",
    "Willow Bend",
    "Granite Bay Falls",
]
WITHOUT_PHONE = "Oldtown"
LATE = "Sunhaven"
NO_SHOW = "Fairwater"
UNLISTED = "Harborough"
ROSTER = [*WITH_PHONES, WITHOUT_PHONE, LATE, NO_SHOW]


class Room:
    """Everybody's open pages, and what they have written and seen so far."""

    def __init__(self, base, for_phones=""):
        """base: where desk and walls are served, for_phones: where phones are, if that is another process."""
        self.base, self.for_phones = base, for_phones or base
        self.phones = {}
        self.notes = {}  # text → city
        self.columns = {}  # text → how many columns of the board it stands in
        self.rounds = []  # {table number: set of cities}
        self.screens = []

    def opened(self, screen):
        """Remember an open page."""
        self.screens.append(screen)
        return screen

    def join(self, city, **how):
        """A phone of a city team comes in."""
        phone = self.opened(PhoneClient.join(self.for_phones, self.code, city, **how))
        self.phones.setdefault(city, []).append(phone)
        return phone

    def phone(self, city):
        """The first phone of a city team."""
        return self.phones[city][0]

    def all_phones(self):
        """Every phone of a city team."""
        return [phone for phones in self.phones.values() for phone in phones]

    def everybody_sees(self, *texts):
        """Every phone shows these texts."""
        for phone in self.all_phones():
            phone.sees(*texts)

    def on_the_walls(self, *texts, gone=()):
        """Both walls show these texts, and not those that are gone."""
        for wall in (self.wall, self.venue):
            wall.sees(*texts)
            wall.sees_no(*gone)

    def write(self, city, text, terms=(), phone=0):
        """A phone of a city team adds a note, and sees it."""
        phone = self.phones[city][phone]
        phone.write(text, terms)
        self.written(city, text, terms)
        phone.sees(text)

    def written(self, city, text, terms=()):
        """Remember a note, and how many columns of the board it stands in: barriers are sorted by category."""
        barriers = {"substance", "accountability", "teaming"}
        self.notes[text] = city
        self.columns[text] = len({t.split("-")[0] if t.split("-")[0] in barriers else t for t in terms}) or 1

    def seated(self, without=()):
        """Every phone knows its table and who else is there; remembers the round's tables."""
        tables = {}
        for city, phones in self.phones.items():
            if city in without:
                continue
            for phone in phones:
                phone.sees("Go to table")
            seats = {phone.table() for phone in phones}
            assert len(seats) == 1, f"the phones of {city} disagree: {seats}"
            number, others = seats.pop()
            tables.setdefault(number, others | {city})
            assert tables[number] == others | {city}, f"table {number}: {tables[number]} and {others | {city}}"
        self.desk.sees(*(name for cities in tables.values() for name in cities))
        return tables

    def one_clock(self):
        """Desk, walls and phones count down to the same moment; returns it (milliseconds)."""
        screens = [self.desk, self.wall, self.venue, *self.all_phones()]
        return until(
            lambda: len(ends := {screen.ends_at() for screen in screens}) == 1 and ends.pop(),
            lambda: f"clocks differ: {[screen.ends_at() for screen in screens]}",
        )

    def all_is_as_fresh(self):
        """What everybody has by frames is what a page drawn now shows."""
        for screen in self.screens:
            screen.is_as_fresh()


@pytest.mark.story
def test_the_opening_session(server, caplog):
    tell(Room(server))
    bad = [f"{r.name}: {r.getMessage()}" for r in caplog.records if r.levelname in ("ERROR", "CRITICAL") or r.exc_info]
    assert bad == []


def tell(room):
    """The session from the first page to the last export."""
    account("facilitator")
    try:
        prepare(room)
        come_in(room)
        teach_the_first_case(room)
        first_discussion(room)
        first_board(room)
        second_module(room)
        second_discussion(room)
        third_discussion(room)
        mark_the_triangle(room)
        close(room)
        take_it_home(room)
    finally:
        for screen in room.screens:
            screen.close()


def prepare(room):
    """The facilitator starts a session from the shipped plan and puts thirteen city teams on its roster."""
    browser = Browser(room.base).sign_in("facilitator", PASSWORD)
    browser.get("/desk/new")
    browser.submit(browser.form(button="Start from this plan"), title=TITLE, date="2026-11-23", time_zone="UTC")
    listed = browser.form(button="Add to the list")
    browser.submit(listed, names="\n".join([*ROSTER, "riverton"]), status=422)
    assert "Line 14: “riverton” is there twice." in browser.text
    browser.submit(browser.form(button="Add to the list"), names="\n".join(ROSTER))
    slug = re.search(r"/desk/(\w+)/", str(browser.at.url)).group(1)
    room.desk = room.opened(DeskClient(browser, f"/desk/{slug}/"))
    room.code = re.search(r"Code ([0-9A-Z]{6})", room.desk.text).group(1)

    room.desk.page_of("tables")
    assert "Nobody meets the same city twice." in browser.text, "thirteen cities, three discussions, no repeats"

    # Before it is open, its code is as good as any other.
    Browser(room.for_phones).get(f"/j/{room.code}", status=404)
    room.desk.do("open", "Open the session")
    room.desk.sees("13 expected", "90 minutes planned")


def come_in(room):
    """Two walls, twenty-two phones of ten cities, one city without a phone, and an observer."""
    room.wall = room.opened(WallClient.of_the_desk(room.desk.browser))
    room.venue = room.opened(connect_the_venue(room))
    for city in WITH_PHONES:
        room.join(city, first_name="Mayor")
        room.join(city)
    room.join("Riverton")
    room.join("Lakeview")
    room.desk.do("team-state", team=room.desk.team(WITHOUT_PHONE), values={"state": "without-phone"})
    room.guest = room.opened(PhoneClient.join(room.for_phones, room.code, guest=True))

    room.desk.sees("11 cities here", "2 expected", "23 phones", "1 guest follows along", "Here without a phone")
    room.on_the_walls(TITLE, room.code, *ROSTER)
    room.everybody_sees(TITLE, "Welcome")
    chooser = Browser(room.for_phones)
    chooser.get(f"/j/{room.code.lower()}")
    assert "Riverton already here: 3 phones" in chooser.text
    assert chooser.http.cookies.get("csrf")

    # A phone that was closed and opened again is who it was.
    phone = room.phone("Cedar Point")
    phone.close()
    phone.reload()
    phone.listen()
    phone.browser.get(f"/j/{room.code}")
    assert "Cedar Point" in phone.browser.text
    room.all_is_as_fresh()


def connect_the_venue(room):
    """The venue's computer shows a code; typed at the desk, it becomes a wall."""
    venue = Browser(room.base)
    venue.get("/wall/")
    shown = re.search(r"[0-9A-Z]{6}", venue.text.split("code:")[1]).group()
    settings = room.desk.page_of("settings")
    settings.submit(settings.form("/do/connect-wall"), code=shown.lower())
    screen = WallClient(venue, "/wall/")
    assert screen.path == f"/wall/{room.desk.slug}/", "its secret is in no address"
    return screen


def teach_the_first_case(room):
    """Opening frames, and the Hartford case fact by fact: wall and phones follow the one button."""
    desk = room.desk
    desk.press("Next: Session plan")
    room.on_the_walls("What to Expect?", "How to Make Progress?", "Where to Begin?")
    desk.press("Next: Management and leadership")
    room.on_the_walls("Management", "Leadership")
    while "Hartford" not in desk.says_next():
        desk.press("Next")
    desk.press("Next: The Hartford Case")
    room.on_the_walls("The Hartford Case", gone=["Secured a $27m DOL grant for youth"])
    desk.press("Fact 1 of 6")
    room.on_the_walls("Secured a $27m DOL grant for youth", gone=["Fought over the governance structure"])
    room.everybody_sees("Secured a $27m DOL grant for youth")
    desk.press("Fact 2 of 6")
    room.on_the_walls("Fought over the governance structure")
    desk.do("back")
    room.on_the_walls(gone=["Fought over the governance structure"])
    desk.press("Fact 2 of 6")
    while "Top 3" not in desk.says_next():
        desk.press("Next")
    room.on_the_walls("How could this happen?", "Nobody willing to be Executive Director")
    desk.press("Next: Top 3 Challenges")
    room.on_the_walls("Substance", "Accountability", "Teaming", "Loyalty to own department")
    room.guest.sees("Loyalty to own department")
    desk.sees("Ends")


def first_discussion(room):
    """Find the table, talk; a latecomer; pause, one minute more, ended by mistake and reopened."""
    desk = room.desk
    desk.press("Show tables")
    room.on_the_walls("Find your table", "Riverton", WITHOUT_PHONE, gone=[LATE, NO_SHOW])
    room.everybody_sees("Find your table", "Go to table")
    tables = room.seated()
    assert sorted(len(cities) for cities in tables.values()) == [3, 4, 4]
    assert set().union(*tables.values()) == {*WITH_PHONES, WITHOUT_PHONE}
    assert not any("composer-" in name for phone in room.all_phones() for name in phone.panels)

    desk.press("Start the discussion")
    room.everybody_sees(FIRST, "Talk first. One of you writes.", "Which of these is hard for you right now?")
    room.on_the_walls(FIRST, "Talk to the other cities at your table for 10 minutes")
    ends = room.one_clock()

    # Notes: the table sees its own, the desk sees all, everybody else sees numbers.
    room.write("Riverton", "Nobody owns the budget", ["substance-action-plan", "teaming-trust"])
    room.write("Riverton", "Two departments, two maps", ["accountability-own-department"], phone=1)
    room.phones["Riverton"][2].sees("Nobody owns the budget", "Agreeing on problem and solutions")
    for city in WITH_PHONES[1:]:
        room.write(city, f"What {city.split()[0].replace(chr(39), '')} wrote first", ["teaming-trust"])
    desk.sees(*room.notes)
    together = next(cities for cities in tables.values() if "Riverton" in cities)
    for city in WITH_PHONES[1:]:
        if city in together:
            room.phone(city).sees("Nobody owns the budget", "Other cities at our table")
        else:
            assert not room.phone(city).ever_had("Nobody owns the budget")
    add_at_the_desk(room, WITHOUT_PHONE, "The mayor dictates this to the desk", ["substance-problem-solutions"])
    desk.sees("The mayor dictates this to the desk", "from the desk")
    nobody_outside_read(room, "The mayor dictates this to the desk", tables)
    room.on_the_walls("Notes so far", "4 notes", gone=["Nobody owns the budget"])

    # A latecomer while they talk: proposed a table, seated by one tap.
    room.join(LATE)
    room.join(LATE)
    room.phone(LATE).sees("You will get a table in a moment")
    desk.sees(f"{LATE} has no table.")
    smallest = min(tables, key=lambda number: len(tables[number]))
    desk.do("seat", f"Seat at table {smallest}", team=desk.team(LATE))
    room.phone(LATE).sees(f"Go to table {smallest}", FIRST)
    for city in tables[smallest] - {WITHOUT_PHONE}:
        room.phone(city).sees(LATE)
    tables = room.seated()
    assert [len(cities) for cities in tables.values()] == [4, 4, 4]
    room.write(LATE, "We came late and still have the same trouble")

    # Own words are one's own: edit, delete.
    lakeview = room.phone("Lakeview")
    lakeview.edit("What Lakeview wrote first", "What Lakeview says on reflection", ["accountability-commitment"])
    del room.notes["What Lakeview wrote first"]
    room.written("Lakeview", "What Lakeview says on reflection", ["accountability-commitment"])
    room.phones["Lakeview"][1].sees("What Lakeview says on reflection", "edited", "Committing to the collaboration")
    desk.sees("What Lakeview says on reflection")
    room.phone("Eastmoor").delete("What Eastmoor wrote first")
    del room.notes["What Eastmoor wrote first"]
    desk.sees_no("What Eastmoor wrote first", "What Lakeview wrote first")
    room.phones["Eastmoor"][1].sees_no("What Eastmoor wrote first")

    # The clock.
    desk.do("pause")
    room.everybody_sees("Paused")
    assert room.phone("Stonebridge").ends_at() is None
    pass_time(minutes=4)
    desk.do("resume")
    room.phone("Stonebridge").sees_no("Paused")
    resumed = room.one_clock()
    assert 4 * 60_000 <= resumed - ends < 4 * 60_000 + 20_000
    desk.do("change-minutes", values={"minutes": 1})
    until(lambda: room.one_clock() == resumed + 60_000, "one minute more")
    pass_time(minutes=7)
    room.all_is_as_fresh()
    desk.do("advance", "End the discussion", early="on")
    room.everybody_sees("Time is up. You can still finish your note.")
    room.on_the_walls("Time is up")
    desk.do("reopen-discussion")
    room.phone("Stonebridge").sees_no("Time is up")
    # Three or four minutes were left of eleven; they are given back.
    assert 60_000 < room.one_clock() - (resumed + 60_000) + 120_000 < 180_000
    room.write("Stonebridge", "Good that it went on")

    # Time runs out by itself. Nothing closes; a late note is kept and marked.
    pass_time(minutes=5)
    room.write("Willow Bend", "Written after the bell")
    desk.sees("Written after the bell", "late")
    room.phone("Willow Bend").sees("late")
    room.rounds.append(tables)


def nobody_outside_read(room, text, tables):
    """No phone of another table, no wall and no observer ever had this text."""
    inside = next(cities for cities in tables.values() if room.notes[text] in cities)
    outside = [phone for city, phones in room.phones.items() if city not in inside for phone in phones]
    for screen in [*outside, room.wall, room.venue, room.guest]:
        assert not screen.ever_had(text)
        assert not any(text in frame["html"] for frame in screen.fetch())


def add_at_the_desk(room, city, text, terms):
    """The desk writes a note for a city team that has no phone."""
    team = room.desk.team(city)
    page = room.desk.page_of("notes/new")
    page.submit(page.form(button="Add note"), team=team, text=text, terms=terms)
    room.written(city, text, terms)


def first_board(room):
    """The notes on the projector: numbers, a column, one note whole; star, hide, restore, cover, own slides."""
    desk = room.desk
    desk.press("Show the board")
    room.on_the_walls("Substance", "Accountability", "Teaming", gone=["Nobody owns the budget"])
    desk.do("star", note=desk.note("Nobody owns the budget"))
    desk.sees("Starred")
    desk.do("turn-board", values={"column": "substance"})
    room.on_the_walls("Nobody owns the budget", "The mayor dictates this to the desk", "Riverton")
    room.guest.sees("Nobody owns the budget", "Written after the bell")
    board = room.opened(Screen(room.phone("Maple Harbor").browser, f"{room.phone('Maple Harbor').path}board"))
    board.sees("Nobody owns the budget", FIRST)

    desk.do("hide", note=desk.note("Nobody owns the budget"), on="on")
    room.on_the_walls(gone=["Nobody owns the budget"])
    board.sees_no("Nobody owns the budget")
    room.guest.sees_no("Nobody owns the budget")
    room.phone("Riverton").sees("Nobody owns the budget")
    assert "hidden" not in room.phone("Riverton").text.lower()
    desk.do("hide", note=desk.note("Nobody owns the budget"))
    room.on_the_walls("Nobody owns the budget")

    desk.do("turn-board", note=desk.note("What Lakeview says on reflection"))
    room.on_the_walls("What Lakeview says on reflection", "Lakeview")
    desk.do("cover-wall")
    room.on_the_walls(TITLE, room.code, gone=["Lakeview", FIRST])
    desk.do("cover-wall")
    room.on_the_walls("What Lakeview says on reflection")
    room.all_is_as_fresh()

    desk.do("pause-wall")
    room.on_the_walls(TITLE, gone=["Lakeview"])
    desk.press("Next: The Louisville Case")
    room.everybody_sees("The Louisville Case")
    room.on_the_walls(gone=["The Louisville Case"])
    desk.do("pause-wall")
    room.on_the_walls("The Louisville Case")


def second_module(room):
    """A message to all phones, a segment that is skipped, and an epilogue nobody sees before it is opened."""
    desk = room.desk
    message = desk.browser.form("/do/message", html=desk.page)
    desk.browser.submit(message, script=True, token=desk.token, message="Coffee is at the back of the room")
    room.everybody_sees("From the facilitator", "Coffee is at the back of the room")
    room.guest.sees("Coffee is at the back of the room")
    room.on_the_walls(gone=["Coffee"])
    desk.browser.submit(message, script=True, token=desk.token, message="")
    room.phone("Riverton").sees_no("Coffee")

    while "Learning Journey" not in desk.says_next():
        desk.press("Next")
    desk.press("Next: Learning Journey or Blame Game?")
    desk.do("skip", "Skip this segment")
    room.on_the_walls("Epilogue", "Louisville, Kentucky", gone=["Blame Game"])
    room.all_is_as_fresh()
    for screen in room.screens:
        for line in EPILOGUE:
            assert not screen.ever_had(line)
            assert not any(line in frame["html"] for frame in screen.fetch())
    desk.press("Open the epilogue")
    room.on_the_walls(*EPILOGUE)
    room.everybody_sees(*EPILOGUE)


def second_discussion(room):
    """Six minutes instead of ten; a no-show; a city off the roster asks in, twice, and is one; a new name."""
    desk = room.desk
    desk.do("team-state", team=desk.team(NO_SHOW), values={"state": "not-coming"})
    desk.sees("12 cities here", "Not coming")
    desk.press("Show tables")
    desk.do("set-minutes", values={"minutes": 6})
    room.on_the_walls("Find your table", LATE, gone=[NO_SHOW])
    tables = room.seated()
    assert [len(cities) for cities in tables.values()] == [3, 3, 3, 3]
    desk.press("Start the discussion")
    room.everybody_sees(SECOND, "Talk to the two other cities at your table for 6 minutes", "Met so far:")
    room.on_the_walls("Talk to the two other cities at your table for 6 minutes")
    assert 5.7 * 60_000 < room.one_clock() - server_time(room) <= 6 * 60_000

    harborough, twin = (
        room.opened(PhoneClient.join(room.for_phones, room.code, name=name)) for name in (UNLISTED, "Harborough City")
    )
    harborough.sees("Harborough has asked to come in", SECOND)
    desk.sees("2 city teams ask to come in")
    desk.do("admit-team", "Let in", team=desk.team(UNLISTED))
    roster = desk.page_of("roster")
    roster.submit(roster.form("/do/merge-teams"), team=desk.team("Harborough City"), into=desk.team(UNLISTED))
    desk.sees_no("Harborough City", "ask to come in", "asks to come in")
    desk.do("seat", team=desk.team(UNLISTED))
    for phone in (harborough, twin):
        phone.sees("Go to table", SECOND, "Your note")
        assert re.search(r'class="city-badge"[^>]*>([^<]*)<', phone.page).group(1) == UNLISTED
    room.phones[UNLISTED] = [harborough, twin]
    tables = room.seated()
    assert sorted(len(cities) for cities in tables.values()) == [3, 3, 3, 4]
    room.rounds.append(tables)

    roster = desk.page_of("roster")
    roster.submit(roster.form("/do/rename-team", team=desk.team("Eastmoor")), name="Eastmoor Bay")
    rename(room, "Eastmoor", "Eastmoor Bay")
    neighbours = next(cities for cities in room.rounds[1].values() if "Eastmoor Bay" in cities) - {"Eastmoor Bay"}
    for city in neighbours - {WITHOUT_PHONE}:
        room.phone(city).sees("Eastmoor Bay")

    for city, phones in room.phones.items():
        for number, _phone in enumerate(phones):
            room.write(city, f"Setback {number} of {city.split()[0].replace(chr(39), '')}", ["use-data"], number)
    desk.sees(*(text for text in room.notes if text.startswith("Setback")))
    pass_time(minutes=7)
    desk.press("Show the board")
    room.on_the_walls("Use data to focus, learn, and improve")
    room.all_is_as_fresh()


def rename(room, old, new):
    """A city team has another name from now on, also where it was written down before."""
    room.phones[new] = room.phones.pop(old)
    room.notes = {text: new if city == old else city for text, city in room.notes.items()}
    room.rounds = [
        {number: {new if city == old else city for city in cities} for number, cities in tables.items()}
        for tables in room.rounds
    ]


def server_time(room):
    """The server's time in milliseconds, as a page is told it."""
    response = room.desk.browser.http.get(room.desk.catch_up, params={"have": ""})
    return response.json()["now"]


def third_discussion(room):
    """Thirteen cities, and still nobody meets the same city twice."""
    desk = room.desk
    while "Show tables" not in desk.says_next():
        desk.press("Next")
        desk.sees("Ends")
    desk.press("Show tables")
    tables = room.seated()
    room.rounds.append(tables)
    assert sorted(len(cities) for cities in tables.values()) == [3, 3, 3, 4]
    desk.press("Start the discussion")
    room.everybody_sees(THIRD, "Met so far:")
    for city in room.phones:
        room.write(city, f"Entry point of {city.split()[0].replace(chr(39), '')}", ["actionable", "provisional"])
    add_at_the_desk(room, WITHOUT_PHONE, "Oldtown begins at the library", ["meaningful"])
    desk.sees(*(text for text in room.notes if text.startswith("Entry")))
    pass_time(minutes=11)
    desk.press("Show the board")
    desk.do("turn-board", values={"column": "actionable"})
    room.on_the_walls("Entry point of", "1 of 3")
    desk.do("turn-board", "Next page", column="actionable")
    room.on_the_walls("2 of 3")
    room.all_is_as_fresh()

    met = Counter(
        pair for tables in room.rounds for cities in tables.values() for pair in combinations(sorted(cities), 2)
    )
    assert max(met.values()) == 1, f"met again: {[pair for pair, times in met.items() if times > 1]}"
    assert all(len(cities) > 1 for tables in room.rounds for cities in tables.values())
    for city in room.phones:
        others = {other for pair in met if city in pair for other in pair} - {city}
        told = room.phone(city).panel("team").text.split("Met so far:")[1]
        assert others == {name for name in {*room.phones, WITHOUT_PHONE} if name in told}
    desk.page_of("tables")
    assert "Nobody meets the same city twice." in desk.browser.text


def mark_the_triangle(room):
    """The triangle grows by builds; cities mark it on their phones, and the wall counts without names."""
    desk = room.desk
    first = "Agree (enough) on what the problem is"
    desk.press("Next: Strategic Triangle")
    room.on_the_walls("Strategic Triangle", first)
    desk.do("marking")
    room.phone("Riverton").sees("Where do you stand?", first)
    room.phone("Riverton").mark(first, "Not yet")
    room.phones["Riverton"][1].mark(first, "In place")
    for city in ("Lakeview", "Stonebridge", UNLISTED):
        room.phone(city).mark(first, "Partly")
    pressed = r'value="in-place" aria-pressed="true"'
    for phone in room.phones["Riverton"]:
        until(lambda phone=phone: pressed in phone.panel("marks").html, "the last tap wins, on every phone of the city")
    room.on_the_walls("in place 1 · partly 3 · not yet 0")
    assert "Riverton" not in room.wall.text
    while "Resources" not in desk.says_next():
        desk.press("Next")
    desk.press("Next: Resources")
    room.all_is_as_fresh()


def close(room):
    """The code is dead; phones keep their notes; what was typed offline still arrives."""
    desk = room.desk
    desk.do("close", "Close the session")
    room.everybody_sees("Thank you", "Our notes")
    room.on_the_walls("Thank you")
    room.guest.sees("Thank you")
    desk.sees("Reopen the session")
    Browser(room.for_phones).get(f"/j/{room.code}", status=404)
    pass_time(hours=2)
    room.write("Granite Bay Falls", "Typed on the way home, sent in the hotel")
    desk.page_of("notes")
    assert "Typed on the way home, sent in the hotel" in desk.browser.text
    room.all_is_as_fresh()

    yours = room.phone("Riverton").browser
    yours.get(f"{room.phone('Riverton').path}yours")
    mine = [text for text, city in room.notes.items() if city == "Riverton"]
    assert all(text in yours.text for text in [*mine, FIRST, SECOND, THIRD])
    assert not any(text in yours.text for text, city in room.notes.items() if city != "Riverton")


def take_it_home(room):
    """Every format holds every note exactly once, and none that was taken back."""
    page = room.desk.page_of("exports")
    files = {}
    for code in ("csv", "json", "xlsx", "docx", "html"):
        form = page.form(f"/export/{code}")
        files[code] = room.desk.browser.submit(form, status=200).content
        page = room.desk.page_of("exports")
    texts = {
        "csv": [cell for row in csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"))) for cell in row],
        "json": list(strings(json.loads(files["json"]))),
        "xlsx": [
            str(cell)
            for sheet in openpyxl.load_workbook(io.BytesIO(files["xlsx"])).worksheets
            for row in sheet.iter_rows(values_only=True)
            for cell in row
        ],
        "docx": paragraphs(files["docx"]),
        "html": [pages.text_of(files["html"].decode())],
    }
    for code, found in texts.items():
        for text in room.notes:
            # A document is sorted like the board: there a note stands in each of its columns.
            expected = room.columns[text] if code in ("docx", "html") else 1
            assert sum(each.count(text) for each in found) == expected, f"“{text}” in {code}"
        assert not any("What Eastmoor wrote first" in each or "What Lakeview wrote first" in each for each in found)
    rows = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    assert len(rows) == len(room.notes) + 1
    assert all(code in room.desk.browser.text for code in files), "the exports taken are listed"


def strings(value):
    """Yield every string in a JSON document."""
    if isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)
    elif isinstance(value, str):
        yield value


def paragraphs(content):
    """Return the text of every paragraph of a Word document."""
    document = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    return [pages.text_of(paragraph) for paragraph in re.findall(r"<w:p[ >].*?</w:p>", document, re.DOTALL)]
