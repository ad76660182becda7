"""Draws for the rooms of one session in one process: the most urgent first, several changes in one frame."""

import asyncio
import contextlib
import logging

from academy import database, outage
from sessions.live import render, streams
from sessions.live.rooms import Room

log = logging.getLogger(__name__)

# Drawings of one go: they share one reading of the run, and the stage never waits for more than these.
AT_ONCE = 12
# What ages at the desk when somebody is heard of no more, or again.
OF_PRESENCE = ("run", "roster", "tables", "held")
# Nobody waits for the desk's long lists to be drawn: they have a lane of their own.
LANES = (False, True)


class Drawer:
    """The rooms of one session, {(stream, audience, language): Room}, and what draws for them."""

    def __init__(self, pk):
        self.pk = pk
        self.rooms = {}
        self._lanes = {}
        self._news = {lane: asyncio.Event() for lane in LANES}
        self._present = None

    def enter(self, subscription):
        """Put a socket into its rooms; returns them."""
        listener = subscription.listener
        keys = [(stream, listener.audience, listener.language) for stream in listener.streams]
        rooms = [self.rooms.setdefault(key, Room(*key)) for key in keys]
        for room in rooms:
            room.sockets.add(subscription)
        if listener.audience == streams.DESK:
            self._present = None  # its page may have been drawn before somebody faded
        return rooms

    def leave(self, subscription):
        """Take a socket out of its rooms, and the rooms nobody is in."""
        for room in self.rooms.values():
            room.sockets.discard(subscription)
        self.rooms = {key: room for key, room in self.rooms.items() if room.sockets}

    def hear(self, changes):
        """Note what changed: {stream: (seq, panel ids)}."""
        for room in self.rooms.values():
            if room.stream in changes:
                room.hear(*changes[room.stream])
        self.draw_soon()

    def heal(self, seqs):
        """Note the numbers the database has, {(session id, stream): seq}; what nobody told of is drawn soon."""
        for room in self.rooms.values():
            room.named = seqs.get((self.pk, room.stream), 0)
        self.draw_soon()

    def stop(self):
        """Draw no more."""
        for task in self._lanes.values():
            task.cancel()

    def draw_soon(self):
        """Draw what is behind, in its lane; a lane that waits for something less urgent looks again."""
        for lane in LANES:
            if self._behind(lane):
                self._news[lane].set()
                if lane not in self._lanes:
                    self._lanes[lane] = asyncio.ensure_future(self._draw(lane))

    def _behind(self, lane):
        return [room for room in self.rooms.values() if room.is_behind and (room.kind == streams.DESK) == lane]

    async def _draw(self, lane):
        loop = asyncio.get_running_loop()
        try:
            while waiting := self._behind(lane):
                self._news[lane].clear()
                due = [(room, drawing) for room in waiting if (drawing := room.next(loop.time())) is not None]
                if due:
                    first = min(room.urgency for room, _drawing in due)
                    await self._draw_these([each for each in due if each[0].urgency == first][:AT_ONCE])
                else:
                    await self._rest(lane, min(room.ready_at for room in waiting) - loop.time())
        finally:
            del self._lanes[lane]

    async def _rest(self, lane, seconds):
        """Wait until the next room is ready, or there is news, which may be more urgent."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news[lane].wait(), timeout=max(0.001, seconds))

    async def _draw_these(self, due):
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            is_long = any(room.kind == streams.DESK for room, _drawing in due)
            read = database.read_long if is_long else database.read
            texts = await read(render.draw, self.pk, [drawing for _room, drawing in due])
        except Exception as problem:
            # The database is away, or a picture cannot be drawn: pages pull, and it is tried again.
            if not outage.noticed(problem):
                log.warning("drawing %s: %s", ", ".join(room.stream for room, _d in due), problem.__class__.__name__)
            for room, _drawing in due:
                room.ready_at = loop.time() + 1
            return
        now = loop.time()
        for (room, drawing), text in zip(due, texts, strict=True):
            room.drawn(drawing, text, now, now - began)

    # Who is present ages without a change.

    def desks(self):
        """The rooms of desks, which show who is present."""
        return [room for room in self.rooms.values() if room.kind == streams.DESK and room.seq is not None]

    async def draw_presence(self, present):
        """Draw for the desk that a phone in a pocket has faded, or is back. present: a value that differs then."""
        before, self._present = self._present, present
        if before != present and self.desks():
            await self._draw_these([(room, room.anew(OF_PRESENCE)) for room in self.desks()])
