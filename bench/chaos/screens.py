"""The people of a run, by way of the simulated browsers, with what they saw and when."""

import re
import time

from bench.chaos.ledger import marker, said
from sessions.rehearsal.desk import Desk
from sessions.rehearsal.phone import Phone
from sessions.rehearsal.screen import Screen
from sessions.rehearsal.wall import Wall


class Witness:
    """What one screen saw, over all the pages it ever was.

    seen: {marker: when it showed it first}. gaps: [(its socket was lost, it had everything again)]. sockets: for
    each socket it had, [(stream, since, seq)] of its frames. depends_on: what has to be there for it to know.
    errors: [(time, status, path)] of server errors it got.
    """

    def __init__(self, name, depends_on, foreign=""):
        self.name, self.depends_on = name, depends_on
        self.foreign = re.compile(foreign) if foreign else None
        self.seen, self.gaps, self.errors, self.sockets = {}, [], [], []
        self.foreign_text = set()
        self.lost_at = time.time()

    def read(self, html):
        """Note what is in a text that reached the screen."""
        now = time.time()
        for found in said(html):
            self.seen.setdefault(marker(found), now)
        if self.foreign and (other := self.foreign.search(html)):
            self.foreign_text.add(other.group())


class Watched(Screen):
    """A screen with a witness.

    trusts_its_socket: for a control, a page that asks for nothing it missed, at no time.
    """

    witness = None
    trusts_its_socket = False

    async def load(self):
        """Open the page and see what is on it."""
        await super().load()
        self.drawing.frames = []  # the witness keeps what is needed of them
        if self.witness is not None:
            self.watch(self.witness)
            self.witness.read(self.drawing.body.html)

    def watch(self, witness):
        """From now on tell this witness."""
        self.witness = witness
        self.on_frame = lambda heard, html: witness.read(html)

    async def pull(self):
        """Ask for what is missing."""
        if not self.trusts_its_socket:
            await super().pull()

    async def poll(self):
        """Ask for what is missing while sockets are refused."""
        if not self.trusts_its_socket:
            await super().poll()

    async def send(self, path, fields):
        """Send a command; a server error is noted."""
        answer = await super().send(path, fields)
        self._note_error(answer, path)
        return answer

    def _take_all(self, answer):
        self._note_error(answer, "catch-up")
        super()._take_all(answer)
        self._note_whole()

    def _note_error(self, answer, path):
        if answer.status >= 500 and self.witness is not None:
            self.witness.errors.append((time.time(), answer.status, path))

    def _take(self, frame, how):
        super()._take(frame, how)
        if how == "socket" and self.witness is not None:
            self.witness.sockets[-1].append((frame["stream"], frame.get("since", frame["seq"] - 1), frame["seq"]))

    async def _hear_all(self, socket):
        if self.witness is not None:
            self.witness.sockets.append([])
        try:
            await super()._hear_all(socket)
        finally:
            if self.witness is not None and self.witness.lost_at is None:
                self.witness.lost_at = time.time()

    def _hear(self, text):
        super()._hear(text)
        self._note_whole()

    def _note_whole(self):
        witness = self.witness
        if witness is not None and witness.lost_at is not None and self.is_connected and not self.drawing.is_behind:
            witness.gaps.append((witness.lost_at, time.time()))
            witness.lost_at = None


class WatchedPhone(Watched, Phone):
    """A city team's phone; a guest's shows the session board."""

    @property
    def personal_code(self):
        """The code by which it could go on elsewhere, and by which its row is found."""
        return self.page.root.all("b", css="code")[-1].text


class WatchedDesk(Watched, Desk):
    """The facilitator's desk."""


class WatchedWall(Watched, Wall):
    """The projector."""
