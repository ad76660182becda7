"""The organizer's laptop before a session: signs in, makes sessions and their rosters."""

import asyncio
import re
import time
from datetime import date

from bench.chaos.stand import ACCOUNT
from sessions.rehearsal.browser import FAILURES, Browser, NotTaken
from sessions.rehearsal.page import Page

# Seconds until a server that was killed has to answer again.
PATIENCE = 10
PLAN = "leading-collaboration"


class Office:
    """A signed-in browser."""

    def __init__(self, base, database):
        self.browser, self.database = Browser(base), database

    async def sign_in(self, password):
        """Sign in with the account the first start made."""
        fields = {"username": ACCOUNT, "password": password, "next": "/desk/", "csrfmiddlewaretoken": ""}
        await self._submit("/sign-in", "/sign-in", fields, 302)

    async def new_session(self, title, cities):
        """Make a session on the shipped plan with these city teams on its roster; returns (id, slug)."""
        plan = await self.database.one("SELECT id FROM workshops_plan WHERE code = %s AND is_template", PLAN)
        fields = {"plan": plan[0], "title": title, "date": date(2026, 11, 24).isoformat(), "time_zone": "UTC"}
        answer = await self._submit("/desk/new", "/desk/new", fields, 303)
        slug = re.search(r"/desk/(\w+)/", answer.headers["Location"]).group(1)
        roster = f"/desk/{slug}/roster"
        await self._submit(roster, roster, {"names": "\n".join(cities)}, 303)
        workshop = await self.database.one("SELECT id FROM workshops_workshop WHERE slug = %s", slug)
        return workshop[0], slug

    async def export(self, slug):
        """Return the JSON export of a session's notes, hidden ones included, as text; asked again while nobody answers.

        A process that was killed a moment ago is not back at once. Raises one of FAILURES after PATIENCE.
        """
        until = time.monotonic() + PATIENCE
        while True:
            try:
                page, path = f"/desk/{slug}/exports", f"/desk/{slug}/export/json"
                return (await self._submit(page, path, {"with_hidden": "on"}, 200)).text
            except FAILURES:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(0.2)

    async def _submit(self, page, path, fields, status):
        opened = Page((await self.browser.get(page)).text)
        token = opened.root.all("input", name="csrfmiddlewaretoken")[0].get("value")
        fields = {**{name: str(value) for name, value in fields.items()}, "csrfmiddlewaretoken": token}
        answer = await self.browser.post(path, fields)
        if answer.status != status:
            raise NotTaken(f"{path}: {answer.status} {Page(answer.text).body.text[:300]}")
        return answer

    async def close(self):
        """Close it."""
        await self.browser.close()
