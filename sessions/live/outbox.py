"""One socket as the hub sees it: what it listens to, and a bounded outbox for when it does not read."""

import asyncio
import functools
import types
from collections import deque

from academy.ready_frames import framed

OUTBOX = 64
COME_BACK, TOO_SLOW, OUT = 1012, 1013, 4403


@types.coroutine
def _resume(coroutine, waiting_for):
    """Go on with a coroutine that was stepped by hand up to its first wait."""
    while True:
        try:
            value = yield waiting_for
        except BaseException as problem:  # a cancellation belongs to the coroutine
            step, argument = coroutine.throw, problem
        else:
            step, argument = coroutine.send, value
        try:
            waiting_for = step(argument)
        except StopIteration as end:
            return end.value


class Message:
    """A text for any number of sockets: as an ASGI event, and as the bytes on the wire, made once."""

    def __init__(self, text):
        self.event = {"type": "websocket.send", "text": text}

    @functools.cached_property
    def frame(self):
        """The bytes of its frame."""
        return framed(self.event["text"])


class Subscription:
    """One socket: what it listens to, in which language, and its bounded outbox."""

    def __init__(self, listener, send, door, write=None):
        """listener: access.Listener. send: an ASGI send for a socket that was accepted. door: see Hub.subscribe.

        write: where the server offers it, writes the bytes of a frame at once, or returns False.
        """
        self.listener = listener
        self.door = door
        self.identities = set(listener.identities)
        self._send = send
        self._write = write
        self._outbox = deque()
        self._busy = None
        self._closed = False

    @property
    def is_open(self):
        return not self._closed

    @property
    def takes_what_is_sent(self):
        """Whether its page is heard of: a phone whose battery died stops taking before its socket is lost."""
        return not self._closed and self._busy is None

    def put(self, message):
        """Send a Message now, or after what waits; a socket that does not read is closed, never waited for."""
        if self._closed:
            return
        if self._busy is None:
            if self._write is None or not self._write(message.frame):
                self._step(message.event)
        elif len(self._outbox) < OUTBOX:
            self._outbox.append(message.event)
        else:
            self._outbox.clear()
            self.close(TOO_SLOW)

    def close(self, code, reason=""):
        """Close the socket with a code; what waits is sent first. Closing twice is closing once."""
        if self._closed:
            return
        event = {"type": "websocket.close", "code": code, "reason": reason}
        if self._busy is None:
            self._step(event)
        else:
            self._outbox.append(event)
        self._closed = True

    def _step(self, event):
        sending = self._send(event)
        try:
            waiting_for = sending.send(None)
        except StopIteration:
            return
        except Exception:
            self._closed = True
            return
        self._busy = asyncio.ensure_future(self._drain(sending, waiting_for))

    async def _drain(self, sending, waiting_for):
        try:
            await _resume(sending, waiting_for)
            while self._outbox:
                await self._send(self._outbox.popleft())
        except Exception:
            self._closed = True
        finally:
            self._busy = None
