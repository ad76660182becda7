"""A city team's phone."""

import asyncio
import time

from sessions.rehearsal.browser import FAILURES, Browser, NotTaken, pause
from sessions.rehearsal.command import Command
from sessions.rehearsal.outbox import Outbox
from sessions.rehearsal.page import Page
from sessions.rehearsal.screen import Screen


class Phone(Screen):
    """A phone that joined: it listens like any screen, and sends what is written on it until that is acknowledged."""

    def __init__(self, browser, path, city=""):
        super().__init__(browser, path)
        self.city = city
        self.outbox = Outbox(self.send, self._ask)

    @classmethod
    async def join(cls, base, code, city="", *, name="", first_name="", guest=False, patience=30, behind_tls=False):
        """Come in by a code: choose a city team of the list (or write its name, or be a guest); returns a Phone.

        The page is open and listens. Raises NotTaken with what the page says, or one of FAILURES, after so many
        seconds of trying.
        """
        browser = Browser(base, behind_tls=behind_tls)
        deadline, tries = time.monotonic() + patience, 0
        try:
            while True:
                try:
                    path = await _enter(browser, code, city, name, first_name, guest)
                    phone = cls(browser, path, city or name)
                    await phone.load()
                    break
                except FAILURES:
                    tries += 1
                    if time.monotonic() > deadline:
                        raise
                    await asyncio.sleep(pause(tries))
        except BaseException:
            await browser.close()
            raise
        await phone.listen()
        return phone

    async def _ask(self):
        await self.pull()
        return self.is_out

    @property
    def slug(self):
        """What the addresses of this session carry."""
        return self.path.split("/")[2]

    @property
    def waiting(self):
        """How many commands wait on this phone."""
        return len(self.outbox.waiting)

    @property
    def commands(self):
        """Everything that was ever written on it, as Commands."""
        return self.outbox.commands

    async def listen(self):
        """Listen, and send what waits."""
        await super().listen()
        self._start(self.outbox.keep_sending())

    # What a person sees and does.

    @property
    def discussion(self):
        """The id of the discussion a note would go to now (a text), or "" when there is none."""
        now = self.page.get("now")
        return now.get("data-breakout") if now is not None and self._box() is not None else ""

    @property
    def step(self):
        """What the page shows: "welcome", a kind of segment, "find", "talk", "board", "closed"."""
        now = self.page.get("now")
        return now.get("data-step") if now is not None else ""

    @property
    def table(self):
        """The number of the table it is sent to, 0 for none."""
        team = self.page.get("team")
        signs = team.all(css="table-sign__number") if team is not None else []
        return int(signs[0].text) if signs else 0

    def terms(self):
        """Return the codes of the terms the note box offers now."""
        box = self._box()
        return [each.get("value") for each in box.all("input", name="terms")] if box is not None else []

    def _box(self):
        now = self.page.get("now")
        return self.page.get(f"composer-{now.get('data-breakout')}") if now is not None else None

    def items(self):
        """Return the ids of the checklist's items it may mark now."""
        marks = self.page.get("marks")
        return [each.get("value") for each in marks.all("input", name="item")] if marks is not None else []

    def write(self, text, terms=(), breakout=""):
        """Write a note for the discussion that is on (or another one, by its id); returns its Command.

        Raises NotTaken when there is no box to write in: nothing was typed then.
        """
        breakout = breakout or self.discussion
        if not breakout:
            raise NotTaken("there is no box to write in")
        command = Command(
            "note", f"/p/{self.slug}/notes", [("breakout", breakout), ("text", text), *(("terms", t) for t in terms)]
        )
        command.note, command.text = command.uuid, text
        return self.outbox.put(command)

    def edit(self, note, text, terms=()):
        """Change one of its notes (its uuid); returns the Command."""
        fields = [("text", text), *(("terms", term) for term in terms)]
        return self.outbox.put(Command("edit", f"/p/{self.slug}/notes/{note}", fields, note=note, text=text))

    def delete(self, note):
        """Take one of its notes (its uuid) back; returns the Command."""
        return self.outbox.put(Command("delete", f"/p/{self.slug}/notes/{note}/delete", [], note=note))

    def mark(self, item, value):
        """Mark an item of the checklist: "not-yet", "partly", "in-place" or ""; returns the Command."""
        fields = [("item", item), ("value", value)]
        return self.outbox.put(Command("mark", f"/p/{self.slug}/mark", fields, note=str(item), text=value))

    async def hand_in(self, command):
        """Offer a note this phone could not send any more to the facilitator; returns the Answer. Raises FAILURES."""
        fields = [("uuid", command.uuid), *command.fields]
        return await self.send(f"/p/{self.slug}/hand-in", fields)

    async def leave(self):
        """Leave the session on this phone; what it wrote stays with its city. Raises FAILURES."""
        form = [("csrfmiddlewaretoken", self.token)]
        answer = await self.browser.post(f"/p/{self.slug}/leave", form)
        self.is_out = answer.status == 303
        await self.sleep()

    # What survives a closed tab.

    def snapshot(self):
        """Return what the phone itself keeps when its page dies: cookies, outbox, address; plain values."""
        return {
            "base": self.browser.base,
            "behind_tls": self.browser.behind_tls,
            "path": self.path,
            "city": self.city,
            "cookies": self.browser.cookies(),
            "outbox": self.outbox.snapshot(),
        }

    @classmethod
    async def restore(cls, kept, base=""):
        """Open the page again from what `snapshot` gave, at the same or another base. Raises NotTaken, FAILURES."""
        browser = Browser(base or kept["base"], kept["cookies"], kept["behind_tls"])
        phone = cls(browser, kept["path"], kept["city"])
        phone.outbox.restore(kept["outbox"])
        try:
            await phone.load()
        except BaseException:
            await phone.browser.close()
            raise
        await phone.listen()
        return phone


async def _enter(browser, code, city, name, first_name, guest):
    """Go through the door; returns the address of the phone's page."""
    answer = await browser.get(f"/j/{code}")
    page = Page(answer.text)
    if answer.status != 200:
        raise _failed(answer, page)
    team = "guest" if guest else _choice(page, city) if city else ""
    token = next(iter(page.root.all("input", name="csrfmiddlewaretoken")), None)
    fields = {"csrfmiddlewaretoken": token.get("value") if token else "", "name": name, "first_name": first_name}
    answer = await browser.post(answer.path, fields | ({"team": team} if team else {}))
    if answer.status != 303:
        raise _failed(answer, Page(answer.text))
    return answer.headers["Location"]


def _choice(page, city):
    for label in page.root.all("label", css="city-choice"):
        if any(name.text == city for name in label.all("span", css="city-choice__name")):
            return label.all("input")[0].get("value")
    raise NotTaken(f"{city} is not on the list")


def _failed(answer, page):
    """Return the exception for an answer that did not let in: worth trying again, or not."""
    if answer.status == 429 or answer.status >= 500:
        return OSError(f"{answer.status} at the door")
    return NotTaken(page.body.text[:300])
