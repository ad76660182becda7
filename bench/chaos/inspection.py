"""Looks at a quiet room: what is stored, what every screen shows, what the export holds, how long it all took."""

import asyncio
import json
import time
from collections import defaultdict

from bench.chaos import checker, staleness
from bench.chaos.checker import Violation
from bench.chaos.waiting import until
from sessions.rehearsal.browser import FAILURES

# Parts that say how long ago something was, or who was heard of: they age without anything happening.
AGING = {"desk": ("run", "tables", "roster")}
LONGEST_WAIT = 6.0
# So many screens are compared at the same moment.
AT_ONCE = 8


async def settle(room, within):
    """Wait until every outbox is empty and every screen is connected and shows what it was told of.

    Returns the seconds it took; after `within` seconds it goes on all the same.
    """
    began = time.monotonic()
    await until(lambda: _is_quiet(room), within, every=0.1)
    return time.monotonic() - began


def _is_quiet(room):
    if any(person.phone.waiting or person.is_loading for person in room.people):
        return False
    return not any(s.witness.lost_at is not None or s.drawing.is_behind for s in room.screens if not s.is_out)


async def inspect(room, *, patience=LONGEST_WAIT):
    """Return the Violations of a room that is quiet, and adds the waits of this discussion to `room.waits`."""
    room.gather()
    rows = await room.stand.database.rows(room.workshop)
    until = time.time()
    waits = waits_of(room, rows, await _tables(room), until)
    room.waits += waits
    found = checker.check_staleness(waits, LONGEST_WAIT)
    found += checker.check_stored(room.ledger, rows)
    found += await _check_screens(room, rows, patience)
    found += checker.check_export(json.loads(await room.office.export(room.slug)), rows)
    found += checker.check_acks(room.ledger)
    for person in room.people:
        found += checker.check_answers(person.witness.name, person.commands)
    for screen in room.screens:
        witness = screen.witness
        found += [Violation(checker.CANARY, f"{witness.name}: {text}") for text in sorted(witness.foreign_text)]
        for heard in witness.sockets:
            found += checker.check_numbers(witness.name, heard)
    return found


# Screens.


async def _check_screens(room, rows, patience):
    due = await _Due.of(room, rows)
    gate = asyncio.Semaphore(AT_ONCE)

    async def check(screen):
        async with gate:
            return await _check_screen(screen, due.on(screen), patience)

    return [each for found in await asyncio.gather(*map(check, room.screens)) for each in found]


async def _check_screen(screen, due, patience):
    """Compare a screen with a fresh drawing and with the database; it may take as long as anything may be stale."""
    name = screen.witness.name
    deadline = time.monotonic() + patience
    while True:
        found = await _compare(screen, name, due)
        if not found or time.monotonic() > deadline:
            return found
        await asyncio.sleep(0.5)


async def _compare(screen, name, due):
    if screen.is_out:
        return [Violation(checker.VIEW, f"{name}: it was sent away")]
    try:
        fresh = await screen.fresh_view()
    except FAILURES as problem:
        return [Violation(checker.VIEW, f"{name}: no fresh view, {problem!r}")]
    live = {part: html for part, html in screen.drawing.view().items() if part not in AGING.get(name, ())}
    return [
        *checker.check_view(name, live, fresh),
        *checker.check_projection(name, live, due),
        *checker.check_projection(f"a fresh page of {name}", fresh, due),
    ]


class _Due:
    """Which texts belong on which screen, by the rows alone."""

    def __init__(self, room, rows, teams, tables):
        self.room, self.teams, self.tables = room, teams, tables
        self.there = [row for row in rows if not row.deleted]
        self.now = [row for row in self.there if row.breakout == room.breakout]

    @classmethod
    async def of(cls, room, rows):
        """Read where every phone belongs now."""
        devices = await room.stand.database.ask(
            "SELECT personal_code, team_id FROM workshops_device WHERE workshop_id = %s", room.workshop
        )
        return cls(room, rows, dict(devices), await _tables(room))

    def on(self, screen):
        """Return {part: texts} due on a screen."""
        room = self.room
        if screen is room.desk:
            return {"notes": [row.text for row in self.now[-room.most_at_the_desk :]]}
        if screen is room.board:
            return {"board": [row.text for row in self.now if not row.hidden]}
        if screen is room.wall:
            return {}
        team = self.teams[screen.personal_code]
        table = self.tables.get(team)
        others = [row for row in self.there if row.table == table and row.team != team and not row.hidden]
        return {
            "our-notes": [row.text for row in self.there if row.team == team],
            "table-notes": [row.text for row in others] if table else [],
        }


async def _tables(room):
    """Return {team: table} of the discussion that is on."""
    return dict(
        await room.stand.database.ask(
            "SELECT team_id, table_id FROM workshops_seat WHERE breakout_id = %s", room.breakout
        )
    )


# Staleness.


def waits_of(room, rows, tables, until):
    """Return (seconds, marker, screen name) for every note of this discussion and every screen that has to show it."""
    rows = [row for row in rows if row.breakout == room.breakout and not row.deleted]
    at_table = defaultdict(list)
    for row in rows:
        at_table[row.table].append(row)
    found = []
    for screen in (room.desk, room.wall, room.board):
        seen = screen.witness.seen
        seen = staleness.by_the_newest(rows, seen) if screen is not room.board else seen
        found += _named(screen, staleness.waits(rows, seen, screen.witness.depends_on, room.stand.outages, until))
    for person in room.people:
        team = int(person.phone.drawing.body.get("data-team") or 0)
        if person in room.moved or person.came_at > room.began[room.breakout] or team not in tables:
            continue
        mine = [row for row in at_table[tables[team]] if row.team != team]
        found += _named(
            person.phone,
            staleness.waits(mine, person.witness.seen, person.witness.depends_on, room.stand.outages, until),
        )
    return found


def _named(screen, waits):
    return [(seconds, name, screen.witness.name) for seconds, name in waits]
