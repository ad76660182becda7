"""The parts of a run: each prepares its rooms, starts its servers, measures, and returns its share of the figures."""

from contextlib import ExitStack

import uvloop

from bench import baseline, catch_up, join, notes, page, servers, stage, writes
from tests import services

SESSIONS = (10, 50)


def run_page(place, _numbers, _quick):
    """What the phone's page weighs."""
    room = place.room(phones=12, cities=12)
    with place.app() as (_process, port):
        return {"page": uvloop.run(page.measure(port, room))}


def run_join(place, numbers, _quick):
    """How long a room takes to come in from one address."""
    phones = min(numbers[-1], 500)
    room = place.room(step="welcome")
    with place.app() as (process, port):
        return {"join": uvloop.run(join.measure([port], [process.pid], room, phones=phones))}


def run_stage(place, numbers, quick):
    """One change to all phones: by their number in one session, then by the number of sessions they are spread over."""
    rows = [_stage_beside_baselines(place, number, quick) for number in numbers]
    for sessions in () if quick else SESSIONS:
        number = min(numbers[-1], 1000)
        if number >= 2 * sessions:
            rows.append(_stage(place, number, sessions, quick)[0])
    return {"stage": rows}


def _stage(place, number, sessions, quick):
    room = place.room(phones=number, sessions=sessions, step="find")
    with place.app() as (process, port):
        row, frame = uvloop.run(
            stage.measure([port], [process.pid], room, seconds=4 if quick else 10, per_second=max(4, sessions // 2))
        )
    return row, frame


def _stage_beside_baselines(place, number, quick):
    row, frame = _stage(place, number, 1, quick)
    for name, rate in (("raw", 4), ("stock", baseline.stock_per_second(number))):
        with place.baseline(name) as (process, port):
            row |= uvloop.run(
                baseline.measure(name, port, [process.pid], number, frame, seconds=4 if quick else 10, per_second=rate)
            )
    return row


def run_notes(place, numbers, quick):
    """All tables write: one session, then the same phones three to a city in as many sessions as that makes."""
    rows = []
    for number, sessions in _notes_rooms(numbers, quick):
        room = place.room(phones=number, sessions=sessions, cities=min(84, max(3, number // 3)))
        with place.app() as (process, port):
            rows += uvloop.run(
                notes.measure([port], [process.pid], room, rates=(5, 20, 50), seconds=4 if quick else 10)
            )
    return {"notes": rows}


def _notes_rooms(numbers, quick):
    of_one = [(number, 1) for number in numbers if number <= 1000] or [(numbers[-1], 1)]
    return of_one if quick else [*of_one, (of_one[-1][0], -(-of_one[-1][0] // 252))]


def run_writes(place, _numbers, quick):
    """As fast as they are answered: on SQLite, and on PostgreSQL with Redis where they are installed."""
    rows = _writes(place, "sqlite", quick)
    with ExitStack() as stack:
        scaled = None if quick else _scaled_place(stack)
        rows += _writes(scaled, "postgresql", quick) if scaled else []
    return {"writes": rows}


def _writes(place, database, quick):
    rows = []
    for writers in (16, 500):
        room = place.room(phones=1000)
        with place.app() as (process, port):
            number = 300 if quick else 2000
            rows.append(
                uvloop.run(
                    writes.measure([port], [process.pid], room, writers=writers, notes=number, database=database)
                )
            )
    return rows


def run_catch_up(place, numbers, _quick):
    """The server is killed and started again under everybody."""
    number = min(numbers[-1], 1000)
    room = place.room(phones=number)
    port = servers.free_port()
    process = place.start_app(port)
    try:
        row, process = uvloop.run(catch_up.measure(place, process, port, room))
    finally:
        servers.stop(process)
    return {"catch_up": row}


def run_two_processes(_place, numbers, quick):
    """The stage on PostgreSQL and Redis: all phones on one process, then half of them on each of two."""
    number = min(numbers[-1], 1000)
    with ExitStack() as stack:
        place = _scaled_place(stack)
        if place is None:
            return {"two_processes": []}
        return {"two_processes": [_stage_on(place, number, processes, quick) for processes in (1, 2)]}


def _stage_on(place, number, processes, quick):
    room = place.room(phones=number, step="find")
    with ExitStack() as stack:
        running = [stack.enter_context(place.app()) for _ in range(processes)]
        pids, ports = [process.pid for process, _port in running], [port for _process, port in running]
        row, _frame = uvloop.run(stage.measure(ports, pids, room, seconds=4 if quick else 10, per_second=4))
    return {"processes": processes, "database": "postgresql", **row}


def _scaled_place(stack):
    """Return a Place with a PostgreSQL and a Redis of its own, or None where this machine lacks one of them."""
    # The proxy is not measured.
    if [lack for lack in services.missing() if not lack.startswith("Caddy")]:
        return None
    urls = {
        "DATABASE_URL": stack.enter_context(services.postgresql()),
        "REDIS_URL": stack.enter_context(services.redis()),
    }
    return stack.enter_context(servers.place(**urls))


PARTS = {
    "page": run_page,
    "join": run_join,
    "stage": run_stage,
    "notes": run_notes,
    "writes": run_writes,
    "catch-up": run_catch_up,
    "two-processes": run_two_processes,
}
