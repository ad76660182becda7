"""Joining: many phones of one address come in through the pages, each with an empty cache, as when the QR is shown.

GET /j/CODE and its files, POST the city, the phone's page and its files, the socket and its first word.
"""

import asyncio
import re
import time

from bench import audience, client, machine, sockets
from bench.figures import ms, percentile

AT_ONCE = 50
_FILES = re.compile(r'(?:href|src)="(/static/[^"]+)"')


class Refused(Exception):
    """A phone that did not get in."""


async def measure(ports, pids, room, *, phones):
    """Let so many phones in, 50 at a time, while the wall and the desk look on; returns a row."""
    here = await audience.gather(ports, room)
    session = here[0].session
    gate, requests, took, refused, ears = asyncio.Semaphore(AT_ONCE), [], [], [], []

    async def come_in(number):
        async with gate:
            browser = client.Browser(ports[number % len(ports)])
            begun = time.monotonic_ns()
            try:
                asked, ear = await _join(browser, session, number)
            except (Refused, OSError, TimeoutError) as problem:
                refused.append(repr(problem))
            else:
                took.append(time.monotonic_ns() - begun)
                requests.append(asked)
                ears.append(ear)
            browser.close()

    before, begun = machine.cpu(pids), time.monotonic()
    await asyncio.gather(*(come_in(number) for number in range(phones)))
    seconds, used = time.monotonic() - begun, machine.cpu(pids) - before
    sockets.close_all([*ears, *audience.everybody(here)])
    return {
        "phones": phones,
        "seconds": round(seconds, 2),
        "refused": len(refused),
        "first_refusal": refused[0] if refused else "",
        "p50_ms": ms(percentile(took, 50)),
        "p99_ms": ms(percentile(took, 99)),
        "cpu_ms_per_phone": round(used * 1000 / phones, 2),
        "requests_per_phone": round(sum(requests) / max(1, len(requests)), 1),
    }


async def _join(browser, session, number):
    """Do what a phone does; returns (requests made, its open Ear)."""
    cache = set()
    door = f"/j/{session['code']}"
    page = await _page(browser, door, cache)
    teams = re.findall(r'name="team" value="(\d+)"', page)
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
    form = {"csrfmiddlewaretoken": token, "team": teams[number % len(teams)], "name": "", "first_name": ""}
    entered = await browser.ask("POST", door, form)
    if entered.status != 303:
        raise Refused(f"POST {door}: {entered.status}")
    page = await _page(browser, entered.headers["location"], cache)
    live = re.search(r'data-live="([^"]+)"', page).group(1)
    ear = await sockets.listen(browser.port, live.replace("&amp;", "&"), browser.cookies)
    await asyncio.wait_for(ear.first, 30)
    return len(cache) + 3, ear


async def _page(browser, path, cache):
    """Open a page and get the files it names that are not there yet."""
    answer = await browser.ask("GET", path, Accept="text/html", Accept_Encoding="identity")
    if answer.status != 200:
        raise Refused(f"GET {path}: {answer.status}")
    for name in dict.fromkeys(_FILES.findall(answer.text)):
        if name not in cache:
            cache.add(name)
            got = await browser.ask("GET", name)
            if got.status != 200:
                raise Refused(f"GET {name}: {got.status}")
    return answer.text
