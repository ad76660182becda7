"""The facilitator's laptop."""

import asyncio
import time
import uuid

from sessions.rehearsal.browser import FAILURES, Browser, NotTaken, pause
from sessions.rehearsal.page import Page
from sessions.rehearsal.screen import Screen
from sessions.rehearsal.wall import Wall


class Desk(Screen):
    """The desk of one session, with a facilitator at it."""

    @classmethod
    async def open(cls, base, slug, *, cookies=None, username="", password="", behind_tls=False):
        """Open a session's desk, signed in by cookies ({name: value}) or by an account; it listens.

        Raises NotTaken when this account has no such session, or one of FAILURES.
        """
        desk = cls(Browser(base, cookies, behind_tls), f"/desk/{slug}/")
        try:
            if username:
                await _sign_in(desk.browser, username, password)
            await desk.load()
        except BaseException:
            await desk.browser.close()
            raise
        await desk.listen()
        return desk

    async def wall(self):
        """Open the wall on the same laptop, in a browser of its own with the same cookies; it listens."""
        browser = Browser(self.browser.base, self.browser.cookies(), self.browser.behind_tls)
        wall = Wall(browser, f"/wall/{self.slug}/")
        try:
            await wall.load()
        except BaseException:
            await wall.browser.close()
            raise
        await wall.listen()
        return wall

    @property
    def slug(self):
        """What the addresses of this session carry."""
        return self.path.split("/")[2]

    # What a facilitator reads.

    @property
    def version(self):
        """The state of the run this page was drawn from, as its commands carry it."""
        return self.page.get("version").get("data-version")

    @property
    def next_label(self):
        """What the primary button says that goes on, or ""."""
        primary = self.page.get("run").all("div", css="run__primary")
        forms = [form for form in primary[0].all("form") if not form.all("input", name="early")] if primary else []
        return forms[-1].all("button")[0].text if forms else ""

    @property
    def standing(self):
        """The ids of the city teams that are here and have no table yet."""
        tables = self.page.get("tables")
        forms = tables.all("form", css="tables__standing") if tables is not None else []
        return [form.all("input", name="team")[0].get("value") for form in forms]

    @property
    def code(self):
        """The code people join by."""
        return self.page.get("run").all("b", css="code")[0].text

    # What a facilitator does.

    async def do(self, command, *, patience=60, **values):
        """Press a button: send a command with the run's version, under one id until it is answered.

        Returns "" when it was done, else the sentence of the refusal. Raises one of FAILURES after so many seconds.
        """
        fields = {"uuid": str(uuid.uuid4()), "version": self.version, **{k: str(v) for k, v in values.items()}}
        deadline, tries = time.monotonic() + patience, 0
        while True:
            try:
                return await self._send(f"/desk/{self.slug}/do/{command}", fields)
            except FAILURES:
                tries += 1
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(pause(tries))

    async def _send(self, path, fields):
        answer = await self.send(path, fields)
        if answer.status == 429 or answer.status >= 500:
            raise OSError(f"{path}: {answer.status}")
        await self.pull()
        return "" if answer.status == 204 else answer.text or str(answer.status)

    async def advance(self):
        """Press the primary button. While a clock runs this is refused, as on the page."""
        return await self.do("advance")

    async def end_discussion(self):
        """End the talk now."""
        return await self.do("end-discussion")

    async def set_minutes(self, minutes):
        """Before the start: talk for so many minutes."""
        return await self.do("set-minutes", minutes=minutes)

    async def change_minutes(self, minutes):
        """Give so many minutes more, or less."""
        return await self.do("change-minutes", minutes=minutes)

    async def seat(self, team):
        """Give a city team that came late (its id) a table."""
        return await self.do("seat", team=team)

    async def pause(self):
        """Stop the clock."""
        return await self.do("pause")

    async def resume(self):
        """Go on."""
        return await self.do("resume")

    async def open_doors(self):
        """Open the session."""
        return await self.do("open")

    async def close_doors(self):
        """Close the session."""
        return await self.do("close")


async def _sign_in(browser, username, password):
    answer = await browser.get("/sign-in")
    token = Page(answer.text).root.all("input", name="csrfmiddlewaretoken")[0].get("value")
    fields = {"csrfmiddlewaretoken": token, "username": username, "password": password, "next": "/desk/"}
    answer = await browser.post("/sign-in", fields)
    if answer.status != 302:
        raise NotTaken(Page(answer.text).body.text[:300])
