"""One session with its people: phones behind their networks, the desk, the wall, a guest's board."""

import asyncio
import random
import time
from contextlib import suppress

from bench.chaos.database import ERRORS
from bench.chaos.ledger import STORED, Ledger, marker
from bench.chaos.outages import DATABASE, PROCESSES
from bench.chaos.people import Person
from bench.chaos.screens import WatchedDesk, WatchedPhone, WatchedWall, Witness
from sessions.rehearsal.browser import FAILURES, Browser
from sessions.rehearsal.command import Command

# So many phones come in at the same moment.
AT_THE_DOOR = 12


class Room:
    """An open session. `networks` has a Proxy for the desk, the wall, the board and each group of phones."""

    def __init__(self, stand, office, title, rng, *, networks, foreign=""):
        self.stand, self.office, self.title, self.rng = stand, office, title, rng
        self.networks, self.foreign = networks, foreign
        self.ledger, self.numbers = Ledger(), None
        self.people, self.moved = [], set()
        self.desk = self.wall = self.board = None
        self.workshop, self.slug, self.code, self.breakout = 0, "", "", 0
        self.began = {}  # {breakout: when it was started}
        self.looked_for = 0.2  # the share of notes that another connection looks for, as soon as they are acknowledged
        self.waits = []  # (seconds, marker, screen name): how long each note took to each screen
        self._cities, self._came, self._looks, self._by_the_desk = [], 0, set(), []

    # Before people come.

    async def open(self, cities):
        """Make the session, open its doors, let everybody read notes at once."""
        self._cities = [f"City {number:02d}" for number in range(1, cities + 1)]
        self.workshop, self.slug = await self.office.new_session(self.title, self._cities)
        cookies = self.office.browser.cookies()
        self.desk = await WatchedDesk.open(base(self.networks["desk"]), self.slug, cookies=cookies)
        self.desk.watch(self._witness("desk"))
        await self.desk.do("open")
        for (breakout,) in await self._ask("SELECT id FROM workshops_breakout WHERE workshop_id = %s"):
            await self.desk.do("set-board", breakout=breakout, setting="at-once")
        self.code = (await self._ask("SELECT code FROM workshops_workshop WHERE id = %s"))[0][0]
        self.wall = WatchedWall(Browser(base(self.networks["wall"]), cookies), f"/wall/{self.slug}/")
        await self.wall.load()
        self.wall.watch(self._witness("wall"))
        await self.wall.listen()
        self.board = await WatchedPhone.join(base(self.networks["board"]), self.code, guest=True)
        self.board.watch(self._witness("board"))

    async def _ask(self, sql):
        return await self.stand.database.ask(sql, self.workshop)

    def _witness(self, name, network=None):
        network = network or self.networks[name]
        return Witness(name, (network.name, PROCESSES, DATABASE), self.foreign)

    async def fill(self, phones):
        """Let so many phones come in, spread over the cities and the networks."""
        door = asyncio.Semaphore(AT_THE_DOOR)

        async def come():
            async with door:
                await self.let_in()

        await asyncio.gather(*(come() for _ in range(phones)))

    async def let_in(self):
        """Let one more phone in; returns its Person."""
        number = self._came
        self._came += 1
        city = self._cities[number % len(self._cities)]
        groups = self.networks["phones"]
        network = groups[number % len(groups)]
        phone = await WatchedPhone.join(base(network), self.code, city)
        person = Person(
            phone, network, self._witness(f"phone {number} of {city}", network), random.Random(self.rng.random())
        )
        person.settle_with(self._check_now_and_then)
        self.people.append(person)
        return person

    # While they talk.

    async def discuss(self, order):
        """Go to a discussion (1 to 3) and start its clock."""
        found = await self.stand.database.one(
            'SELECT id, segment_id FROM workshops_breakout WHERE workshop_id = %s AND "order" = %s',
            self.workshop,
            order,
        )
        if self.breakout:
            await self._press("end-discussion")
        await self._press("jump", segment=found[1])
        await self._press("set-minutes", minutes=60)
        self.began[found[0]] = time.time()
        if refusal := await self._press("advance"):
            raise RuntimeError(f"the discussion did not start: {refusal}")
        self.breakout = found[0]

    async def _press(self, command, **values):
        """Press a button of the desk with the state the run has now, whatever the page has heard of it."""
        version = await self.stand.database.version(self.workshop)
        return await self.desk.do(command, version=version, **values)

    def _check_now_and_then(self, command):
        """Look for some notes as soon as they are acknowledged, by another connection."""
        if command.kind == "note" and command.status == STORED and self.rng.random() < self.looked_for:
            self._looks.add(look := asyncio.ensure_future(self._look_for(command)))
            look.add_done_callback(self._looks.discard)

    async def _look_for(self, command):
        with suppress(*ERRORS):
            text = await self.stand.database.text_of(self.workshop, command.note)
            self.ledger.seen_after_ack.append((marker(command.text), text is not None))

    async def hide(self, note, on):
        """Hide a note (a Row) from everybody but the desk and its city, or bring it back."""
        before = self.ledger.hidden.pop(note.uuid, None)
        with suppress(*FAILURES):
            refusal = await self.desk.do("hide", note=note.pk, **({"on": "on"} if on else {}))
            if not refusal:
                self.ledger.hidden[note.uuid] = on
            elif before is not None:
                self.ledger.hidden[note.uuid] = before

    async def purge(self, note):
        """Delete a note (a Row) at the desk."""
        command = Command("delete", "", [], note=note.uuid, made=time.time(), sent=time.time(), tries=1)
        self._by_the_desk.append(command)
        with suppress(*FAILURES):
            refusal = await self.desk.do("purge-note", note=note.pk)
            command.settled, command.status = time.time(), "refused" if refusal else STORED

    async def move(self, person):
        """Put a phone with another city team: by the desk, or by its own hand."""
        teams = [team for (team,) in await self._ask("SELECT id FROM workshops_cityteam WHERE workshop_id = %s")]
        self.moved.add(person)
        team = self.rng.choice(teams)
        devices = await self._ask("SELECT personal_code, id FROM workshops_device WHERE workshop_id = %s")
        with suppress(*FAILURES):
            if self.rng.random() < 0.5:
                await self.desk.do("move-device", device=dict(devices)[person.phone.personal_code], team=team)
            else:
                await person.change_city(team)

    # The screens.

    @property
    def screens(self):
        """Every open page, with its witness."""
        return [self.desk, self.wall, self.board, *(person.phone for person in self.people)]

    @property
    def most_at_the_desk(self):
        """How many notes the desk's list holds."""
        return int(self.desk.page.get("desk-notes-list").get("data-most"))

    def gather(self):
        """Bring everybody's commands together in the ledger."""
        self.ledger.commands = [*self._by_the_desk, *(each for person in self.people for each in person.commands)]

    async def close(self):
        """Close every page."""
        await asyncio.gather(*(screen.close() for screen in self.screens), return_exceptions=True)


def base(network):
    """Return the address of a network's door."""
    return f"http://127.0.0.1:{network.port}"
