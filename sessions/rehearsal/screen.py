"""An open page that listens, as static/js/live.js does."""

import asyncio
import json
import random
from contextlib import suppress

import aiohttp

from sessions.rehearsal.browser import FAILURES, NotTaken, pause
from sessions.rehearsal.drawing import Drawing, view_of

# Seconds: a socket without a word for so long is half-open; the pause between two polls while sockets are refused.
SILENCE = 12
POLL = 3


class Screen:
    """A page of a browser. `listen` keeps it right until `sleep` or `close`; nothing here blocks.

    drawing: what it shows and which frames it heard. beats, pulls, polls, loads: how often. is_out: no longer let in,
    for good. close_codes: what its sockets were closed with. on_frame: called with (Heard, html) of each frame that
    was new, if set.
    """

    # How many commands wait here: a phone's outbox.
    waiting = 0

    def __init__(self, browser, path):
        self.browser, self.path = browser, path
        self.drawing = None
        self.token = ""
        self.close_codes = []
        self.beats = self.pulls = self.polls = self.loads = 0
        self.is_out = False
        self.on_frame = None
        self._socket = None
        self._tasks = []
        self._soon = None
        self._asking = asyncio.Lock()

    # The page.

    async def load(self):
        """Open the page, or open it afresh. Raises NotTaken for an answer that is no live page, or one of FAILURES."""
        answer = await self.browser.get(self.path)
        if answer.status == 429 or answer.status >= 500:
            raise OSError(f"{self.path}: {answer.status}")
        drawing = Drawing(answer.text)
        if answer.status != 200 or not drawing.body.get("data-live"):
            self.is_out = self.is_out or answer.status == 404
            raise NotTaken(f"{self.path}: {answer.status} {drawing.body.text[:200]}")
        if self.drawing is not None:
            drawing.frames = self.drawing.frames
        self.path, self.drawing = answer.path, drawing
        self.token = drawing.body.get("data-csrf")
        self.loads += 1

    @property
    def page(self):
        """The Page as it is now."""
        return self.drawing.page

    @property
    def text(self):
        """What a person reads on it."""
        return self.page.body.text

    @property
    def frames(self):
        """Every frame it heard, as Heard."""
        return self.drawing.frames

    async def fresh_view(self):
        """Return what `drawing.view()` would be on a page opened now, from one whole catch-up. Raises FAILURES."""
        answer = await self.browser.get(self._catch_up, have="")
        return view_of(json.loads(answer.text)["frames"])

    @property
    def _catch_up(self):
        return self.drawing.body.get("data-catch-up")

    # Frames.

    def _hear(self, text):
        message = json.loads(text)
        if "seqs" in message:
            self.beats += 1
            self.drawing.tell(message["seqs"])
        else:
            self._take(message, "socket")
        if self.drawing.is_behind:
            self._pull_soon()

    def _take(self, frame, how):
        is_another = self.drawing.is_of_another_page(frame["html"])
        heard, is_new = self.drawing.take(frame, how)
        if is_new and self.on_frame is not None:
            self.on_frame(heard, frame["html"])
        if is_new and is_another:
            self._start(self._load_again())

    async def _load_again(self):
        with suppress(NotTaken, *FAILURES):
            await self.load()

    # Catching up.

    async def pull(self):
        """Ask for what is missing. Raises one of FAILURES."""
        async with self._asking:
            self.pulls += 1
            self._take_all(await self.browser.get(self._catch_up, have=self.drawing.have_text))

    async def poll(self):
        """Ask for what is missing and say how much waits here, as a page does while sockets are refused."""
        async with self._asking:
            self.polls += 1
            fields = {"have": self.drawing.have_text, "waiting": str(self.waiting)}
            self._take_all(await self.send(self._catch_up, fields))

    async def send(self, path, fields):
        """Send a command's form with this page's token, with a fresh one if it is refused; returns the Answer."""
        answer = await self.browser.post(path, fields, token=self.token)
        if answer.status == 403 and answer.headers.get("X-CSRFToken"):
            self.token = answer.headers["X-CSRFToken"]
            answer = await self.browser.post(path, fields, token=self.token)
        return answer

    def _take_all(self, answer):
        if answer.status == 404:
            self.is_out = True
            return
        if answer.status != 200:
            raise OSError(f"{self._catch_up}: {answer.status}")
        for frame in json.loads(answer.text)["frames"]:
            self._take(frame, "pull")

    def _pull_soon(self):
        """Pull if it is still behind in a moment: what is missing may be on its way."""
        if self._soon is None or self._soon.done():
            self._soon = self._start(self._pull_in_a_moment())

    async def _pull_in_a_moment(self):
        await asyncio.sleep(random.uniform(0.2, 0.4))
        if self.drawing.is_behind:
            with suppress(*FAILURES):
                await self.pull()

    # The socket.

    def _start(self, work):
        self._tasks = [task for task in self._tasks if not task.done()]
        task = asyncio.ensure_future(work)
        self._tasks.append(task)
        return task

    async def listen(self):
        """Open the socket and keep it open; poll while that fails."""
        self._start(self._keep_listening())
        self._start(self._keep_polling())

    @property
    def is_listening(self):
        """Whether it is awake: it was told to listen, and not to sleep."""
        return any(not task.done() for task in self._tasks)

    @property
    def is_connected(self):
        """Whether its socket is open."""
        return self._socket is not None

    async def _keep_listening(self):
        tries = 0
        while not self.is_out:
            beats = self.beats
            with suppress(*FAILURES):
                await self._hear_all(await self.browser.open_socket(self.drawing.body.get("data-live")))
            if not self.is_out:
                tries = 0 if self.beats > beats else tries + 1
                await asyncio.sleep(0.1 + pause(tries))

    async def _hear_all(self, socket):
        """Hear what a socket says until it is closed, silent for too long, or the network is cut."""
        self._socket = socket
        try:
            while not self.browser.cut:
                message = await socket.receive(SILENCE)
                if message.type is not aiohttp.WSMsgType.TEXT:
                    break
                self._hear(message.data)
        finally:
            self._socket = None
            await socket.close()
            if socket.close_code is not None:
                self.close_codes.append(socket.close_code)
                self.is_out = self.is_out or 4400 <= socket.close_code < 4500

    async def _keep_polling(self):
        told = 0
        while not self.is_out:
            await asyncio.sleep(POLL * random.uniform(0.7, 1.3))
            if not self.is_connected or self.waiting != told:
                with suppress(*FAILURES):
                    told = self.waiting
                    await self.poll()

    async def sleep(self):
        """Go to sleep: the socket is gone, nothing is sent, asked or heard until `wake`."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def wake(self):
        """Wake: connect, and ask at once for what was missed."""
        await self.listen()
        with suppress(*FAILURES):
            await self.pull()

    async def cut(self):
        """Lose the network while the page stays awake: what it tries from now on fails."""
        self.browser.cut = True
        if self._socket is not None:
            await self._socket.close()

    def mend(self):
        """Have the network again; the page comes back by itself."""
        self.browser.cut = False

    async def close(self):
        """Close the page and its browser."""
        await self.sleep()
        await self.browser.close()
