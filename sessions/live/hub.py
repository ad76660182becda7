"""One hub per process: joins a stream's group once, and hands the same text to its own sockets of that stream.

A group member per socket, Channels' usual way, costs many times the CPU and loses messages silently
(docs/decisions.md). Nothing here is trusted to arrive: the heartbeat names every stream's number, and a page
that is behind pulls; it also asks again at every door, so that a lost "out" is made good.
"""

import asyncio
import logging
import weakref

from channels.layers import get_channel_layer
from django.conf import settings

from academy import clock, database
from sessions.live import looking, render, streams
from sessions.live.outbox import COME_BACK, OUT, Subscription

log = logging.getLogger(__name__)

# Seconds. How long a stored change waits for the channel layer before it is acknowledged all the same.
PATIENCE = 1
_hubs = weakref.WeakKeyDictionary()


def current():
    """Return the hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


class Hub:
    """The sockets of this process, by stream."""

    def __init__(self):
        self.rooms = {}
        self.subscriptions = set()
        self._channel = None
        self._opening = asyncio.Lock()
        self._tasks = []
        self._layer_fails = False

    async def subscribe(self, listener, send, door):
        """Let a socket listen; returns its Subscription. The group is joined before the caller reads any rows.

        door: a callable that raises NotLetIn once this socket would no longer be let in; asked at every heartbeat.
        """
        subscription = Subscription(listener, send, door)
        self.subscriptions.add(subscription)
        for name in subscription.streams:
            self.rooms.setdefault(name, set()).add(subscription)
        self._start()
        # Also the groups this process is in already: joining them twice is joining once, and it waits for a join that
        # another socket has only begun.
        try:
            await self._join(subscription.streams)
        except asyncio.CancelledError:
            await self.unsubscribe(subscription)
            raise
        return subscription

    async def unsubscribe(self, subscription):
        """Forget a socket; leave the groups nobody here listens to any more."""
        self.subscriptions.discard(subscription)
        for name in subscription.streams:
            self.rooms.get(name, set()).discard(subscription)
        empty = [name for name in subscription.streams if not self.rooms.get(name, True)]
        for name in empty:
            del self.rooms[name]
        await self._leave(empty)

    async def stop(self):
        """Close all sockets with "come back" and stop listening."""
        for subscription in list(self.subscriptions):
            subscription.close(COME_BACK)
        for task in self._tasks:
            task.cancel()
        self._tasks = []

    async def publish(self, messages):
        """Send rendered messages, one per stream, to every process. A lost one is healed by the heartbeat."""
        layer = get_channel_layer()
        if messages:
            await self._quietly(asyncio.gather(*(layer.group_send(_group(m["stream"]), m) for m in messages)))

    # The channel layer.

    def _start(self):
        if not self._tasks:
            self._tasks = [asyncio.ensure_future(self._listen()), asyncio.ensure_future(self._beat())]

    async def _own_channel(self):
        async with self._opening:
            if self._channel is None:
                self._channel = await get_channel_layer().new_channel()
            return self._channel

    async def _join(self, names):
        """Be in the groups of these streams. What fails now is tried again with the next heartbeat."""

        async def join():
            channel = await self._own_channel()
            for name in names:
                await get_channel_layer().group_add(_group(name), channel)

        await self._quietly(join())

    async def _leave(self, names):
        async def leave():
            channel = await self._own_channel()
            for name in names:
                if name not in self.rooms:  # nobody came in the meantime
                    await get_channel_layer().group_discard(_group(name), channel)

        if names:
            await self._quietly(leave())

    async def _quietly(self, sending):
        """Wait a second at most, for all of it; a failing layer never turns a stored change into an error."""
        try:
            await asyncio.wait_for(sending, timeout=PATIENCE)
        except Exception as problem:
            if not self._layer_fails:
                log.warning("channel layer: %s; screens follow by their heartbeat", problem.__class__.__name__)
            self._layer_fails = True
        else:
            if self._layer_fails:
                log.warning("channel layer: works again")
            self._layer_fails = False

    async def _listen(self):
        while True:
            try:
                self._deliver(await get_channel_layer().receive(await self._own_channel()))
            except asyncio.CancelledError:
                raise
            except Exception as problem:
                log.warning("channel layer: %s while listening", problem.__class__.__name__)
                await asyncio.sleep(1)

    def _deliver(self, message):
        events = {key: {"type": "websocket.send", "text": text} for key, text in message["texts"].items()}
        for subscription in list(self.rooms.get(message["stream"], ())):
            event = events.get(subscription.key)
            if event is not None:
                subscription.put(event)
        workshop = int(message["stream"].partition(".")[0])
        for identity, come_back in message["shut"]:
            self._shut(workshop, identity, come_back)

    def _shut(self, workshop, identity, come_back):
        """Close whoever is this in one session: a facilitator who leaves one may have another one open beside it."""
        for subscription in list(self.subscriptions):
            if identity in subscription.identities and subscription.listener.workshop.pk == workshop:
                _turn_away(subscription, come_back)

    # The heartbeat.

    async def _beat(self):
        """Every few seconds: name each stream's number to its sockets, ask again at the doors, note who is here."""
        while True:
            await asyncio.sleep(settings.HEARTBEAT)
            try:
                await self._one_beat()
            except asyncio.CancelledError:
                raise
            except Exception as problem:
                log.warning("heartbeat: %s", problem.__class__.__name__)

    async def _one_beat(self):
        there = [subscription for subscription in self.subscriptions if subscription.is_open]
        if not there:
            return
        seqs, verdicts = await database.read(looking.look, there)
        for subscription, come_back in verdicts:
            _turn_away(subscription, come_back)
        self._say(there, seqs)
        here = {s.listener.device.pk for s in there if s.listener.device is not None and s.takes_what_is_sent}
        if here:
            await database.write(looking.saw, here)
        await self._join(list(self.rooms))

    def _say(self, subscriptions, seqs):
        now = clock.milliseconds()
        texts = {}
        for subscription in subscriptions:
            key = tuple(subscription.streams)
            if key not in texts:
                have = {name.partition(".")[2]: seqs.get(name, 0) for name in key}
                texts[key] = {"type": "websocket.send", "text": render.heartbeat(have, now)}
            subscription.put(texts[key])


def _turn_away(subscription, come_back):
    subscription.close(COME_BACK if come_back else OUT, "" if come_back else "released")


def _group(name):
    return f"academy.{name}"


def catch_up(listener, have):
    """Return the frames (dicts) a page lacks, each the whole of a stream's panels, numbers read before rows.

    have: {stream: seq} the page has. A page that is up to date gets an empty list.
    """
    seqs = streams.numbers(listener.workshop, listener.streams)
    return [
        render.frame(listener.workshop, name, seq, listener.audience, listener.language)
        for name, seq in seqs.items()
        if have.get(name, -1) < seq
    ]
