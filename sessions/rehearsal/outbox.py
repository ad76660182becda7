"""What a phone has written and the server has not yet acknowledged."""

import asyncio
import time
from contextlib import suppress

from sessions.rehearsal.browser import FAILURES, pause
from sessions.rehearsal.command import Command

SETTLED = {409: "refused", 422: "invalid"}


class Outbox:
    """Sends commands one after another, each under its own id until it is answered; nothing leaves it otherwise.

    send: sends a form, (path, fields) → Answer. ask: asks whether this phone is out, for good. commands: all that were
    ever put, in order. on_settled: called with each once it is answered, if set.
    """

    def __init__(self, send, ask):
        self._send_form, self._ask = send, ask
        self.commands = []
        self.is_out = False
        self.on_settled = None
        self._more, self._nothing = asyncio.Event(), asyncio.Event()

    @property
    def waiting(self):
        """The commands that wait, in their order."""
        return [command for command in self.commands if command.is_waiting]

    def put(self, command):
        """Keep a command and send it as soon as it is its turn; returns it."""
        command.made = command.made or time.time()
        self.commands.append(command)
        self._more.set()
        return command

    def snapshot(self):
        """Return all of it as plain values: what a phone's storage would hold."""
        return [command.as_dict() for command in self.commands]

    def restore(self, kept):
        """Take back what `snapshot` gave."""
        self.commands = [Command.from_dict(each) for each in kept]
        self._more.set()

    async def keep_sending(self):
        """Send what waits, and what will come, until cancelled or out."""
        tries = 0
        while not self.is_out:
            command = next((each for each in self.commands if each.is_waiting), None)
            if command is None:
                self._more.clear()
                self._nothing.set()
                await self._more.wait()
                continue
            wait = await self._send(command)
            tries = tries + 1 if wait is not None else 0
            if wait is not None:
                await asyncio.sleep(max(wait, pause(tries)))

    async def emptied(self):
        """Wait until nothing waits, or nothing can be sent any more."""
        while self.waiting and not self.is_out:
            self._nothing.clear()
            await self._nothing.wait()

    async def _send(self, command):
        """Send a command once; returns the seconds to wait before it is tried again, or None when it is answered."""
        try:
            answer = await self._post(command)
        except FAILURES:
            return 0
        command.answer = answer.status
        if answer.status in (200, 204):
            self._settle(command, "stored")
        elif answer.status in SETTLED:
            self._settle(command, SETTLED[answer.status], answer.text)
        elif answer.status == 404:
            return await self._mind_being_out(command, answer)
        else:
            return _seconds(answer.headers.get("Retry-After"))
        return None

    async def _mind_being_out(self, command, answer):
        """A phone that is out keeps what waits, to be handed in; a phone that is not wanted what is no longer there."""
        try:
            self.is_out = await self._ask()
        except FAILURES:
            return 0
        if self.is_out:
            self._nothing.set()
        else:
            self._settle(command, SETTLED[409], answer.text)
        return None

    async def _post(self, command):
        command.tries += 1
        command.sent = command.sent or time.time()
        return await self._send_form(command.path, [("uuid", command.uuid), *command.fields])

    def _settle(self, command, status, sentence=""):
        command.status, command.sentence, command.settled = status, sentence, time.time()
        if self.on_settled is not None:
            self.on_settled(command)


def _seconds(text):
    with suppress(TypeError, ValueError):
        return min(60.0, float(text))
    return 0
