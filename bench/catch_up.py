"""Coming back: the server is killed and started again, and every phone returns by the rules of its page.

The rules are those of static/js/live.js: a socket that had brought something is opened again within two seconds, one
that brought nothing later, and meanwhile the page asks by HTTP. While nobody was connected the desk changed the stage:
a phone is back when its socket is open and it has that change.
"""

import asyncio
import contextlib
import json
import random
import time
from urllib.parse import quote

from bench import client, machine, sockets
from bench.figures import ms, percentile

PATIENCE = 60


class Page:
    """One phone's page."""

    def __init__(self, port, slug, cookies):
        self.port, self.slug, self.cookies = port, slug, cookies
        self.have, self.named, self.ear = {}, {}, None
        self.browser = client.Browser(port, cookies)
        self.pulls, self.problems = 0, 0

    async def connect(self):
        """Open the socket; returns the numbers it named first, or None when it brought nothing."""
        with contextlib.suppress(Exception):
            self.ear = await sockets.listen(self.port, f"/live/phone/{self.slug}?language=en", self.cookies, keeps=True)
            return await asyncio.wait_for(self.ear.first, 10)
        return None

    async def come_back(self, stream, target):
        """Return, by the page's rules, until this stream is at this number; returns the moment."""
        await asyncio.sleep(random.uniform(0, 2))
        fails = 0
        while await self.connect() is None:
            fails += 1
            if fails < 2:
                await asyncio.sleep(random.uniform(0.1, 2))
            elif not await self.pull():
                # Once that is answered the server is back: sockets may be, too.
                await asyncio.sleep(random.uniform(0.5, 5))
        await self._until(stream, target)
        return time.monotonic_ns()

    async def _until(self, stream, target):
        """Follow what the socket says; who is behind what a heartbeat names waits a little, looks again, and pulls."""
        while self.have.get(stream, -1) < target:
            self._hear_all()
            if self._is_behind():
                await asyncio.sleep(random.uniform(0.2, 0.4))
                self._hear_all()
                if self._is_behind():
                    await self.pull()
            await asyncio.sleep(0.02)

    def _is_behind(self):
        return any(self.have.get(name, -1) < seq for name, seq in self.named.items())

    def _hear_all(self):
        """Take in what the socket brought: frames that fit, and the numbers of the last heartbeat."""
        heard, self.ear.heard = self.ear.heard, []
        for _moment, text in heard:
            self._hear(json.loads(text))

    def _hear(self, message):
        if "seqs" in message:
            self.named = message["seqs"]
        elif message.get("since", message["seq"] - 1) <= self.have.get(message["stream"], -1) < message["seq"]:
            self.have[message["stream"]] = message["seq"]

    async def pull(self):
        """Ask what is missing; returns whether there was an answer."""
        have = ",".join(f"{name}:{seq}" for name, seq in self.have.items())
        try:
            async with asyncio.timeout(10):
                answer = await self.browser.ask("GET", f"/catch-up/phone/{self.slug}?have={quote(have)}")
        except (OSError, TimeoutError):
            return False
        self.pulls += 1
        if answer.status != 200:
            self.problems += 1
            return False
        for frame in json.loads(answer.body)["frames"]:
            self.have[frame["stream"]] = max(self.have.get(frame["stream"], -1), frame["seq"])
        return True


async def measure(place, process, port, room):
    """Kill the server, start it again, wait for everybody; returns (row, the new process)."""
    desk = await client.desk_of(port, room)
    session = room["sessions"][0]
    await desk.page(f"/desk/{session['slug']}/")
    name = f"phone-{session['slug']}"
    pages = [Page(port, session["slug"], {name: token}) for token, _team in session["phones"]]
    for page, first in zip(pages, await sockets.open_all(page.connect() for page in pages), strict=True):
        page.have = dict(first)
    await asyncio.sleep(2)
    target = max(page.have["stage"] for page in pages) + 1
    process.kill()
    killed = time.monotonic_ns()
    coming = [asyncio.ensure_future(page.come_back("stage", target)) for page in pages]
    process = await asyncio.to_thread(place.start_app, port)
    answers = time.monotonic_ns()
    before = machine.cpu([process.pid])
    desk.connection.transport.close()
    told, _click, _answered = await desk.command(f"/desk/{session['slug']}/do/message", message="We are back")
    assert told.status == 204, f"message after the restart: {told.status}"
    done, late = await asyncio.wait(coming, timeout=PATIENCE)
    for one in late:
        one.cancel()
    used = machine.cpu([process.pid]) - before
    back = [one.result() - killed for one in done]
    sockets.close_all(page.ear for page in pages if page.ear)
    row = {
        "sockets": len(pages),
        "server_answers_after_ms": ms(answers - killed),
        "p50_ms": ms(percentile(back, 50)),
        "p95_ms": ms(percentile(back, 95)),
        "last_ms": ms(max(back, default=None)),
        "not_back": len(late),
        "pulls": sum(page.pulls for page in pages),
        "errors": sum(page.problems for page in pages),
        "cpu_ms_per_phone": round(used * 1000 / len(pages), 2),
    }
    return row, process
