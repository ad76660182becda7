"""One hub per process: hears what changed, draws it once per audience, hands the same text to its own sockets.

A group member per socket, Channels' usual way, costs many times the CPU and loses messages silently
(docs/decisions.md). Nothing here is trusted to arrive: with every heartbeat the hub compares the database's numbers
with what it has handed out, draws what it was not told of, and asks again at every door, so that a lost "out" is made
good. The heartbeat names the numbers to the pages too: one that is behind pulls.
"""

import asyncio
import logging
import weakref

from channels.layers import get_channel_layer
from django.conf import settings

from academy import clock, database, outage
from sessions.live import looking, render, streams
from sessions.live.drawer import Drawer
from sessions.live.outbox import COME_BACK, OUT, Message, Subscription

log = logging.getLogger(__name__)

# Seconds the channel layer may take for what it is asked.
PATIENCE = 1
_hubs = weakref.WeakKeyDictionary()


def current():
    """Return the hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


class Hub:
    """The sockets of this process, and {session id: Drawer} of the sessions they listen to."""

    def __init__(self):
        self.drawers = {}
        self.subscriptions = set()
        self._channel = None
        self._opening = asyncio.Lock()
        self._tasks = []
        self._sending = set()
        self._layer_fails = False
        self._renewed = {}

    async def subscribe(self, listener, send, door, write=None):
        """Let a socket listen; returns (Subscription, {stream: seq} as it stands now).

        The session's group is joined before the numbers are read: what happens in between is heard.
        door: a callable that raises NotLetIn once this socket would no longer be let in; asked at every heartbeat.
        write: see Subscription.
        """
        subscription = Subscription(listener, send, door, write)
        self._start()
        self.subscriptions.add(subscription)
        try:
            drawer = self.drawers.setdefault(listener.workshop.pk, Drawer(listener.workshop.pk))
            rooms = drawer.enter(subscription)
            await self._join([listener.workshop.pk])
            seqs = await database.read(streams.numbers, listener.workshop, listener.streams)
        except BaseException:
            await self.unsubscribe(subscription)
            raise
        for room in rooms:
            room.starts_at(seqs[room.stream])
        drawer.draw_soon()
        return subscription, seqs

    async def unsubscribe(self, subscription):
        """Forget a socket; leave the group of a session nobody here listens to any more."""
        self.subscriptions.discard(subscription)
        pk = subscription.listener.workshop.pk
        drawer = self.drawers.get(pk)
        if drawer is not None:
            drawer.leave(subscription)
            if not drawer.rooms:
                del self.drawers[pk]
                await self._leave(pk)

    async def stop(self):
        """Close all sockets with "come back" and stop listening."""
        for subscription in list(self.subscriptions):
            subscription.close(COME_BACK)
        for drawer in self.drawers.values():
            drawer.stop()
        for task in [*self._tasks, *self._sending]:
            task.cancel()
        self._tasks = []

    def publish(self, news):
        """Tell every process what changed (news.Told.message), without waiting: the heartbeat heals a lost one."""
        if news is not None:
            sending = asyncio.ensure_future(
                self._quietly(get_channel_layer().group_send(_group(news["workshop"]), news))
            )
            self._sending.add(sending)
            sending.add_done_callback(self._sending.discard)

    # The channel layer.

    def _start(self):
        if not self._tasks:
            self._tasks = [asyncio.ensure_future(self._listen()), asyncio.ensure_future(self._beat())]

    async def _own_channel(self):
        async with self._opening:
            if self._channel is None:
                self._channel = await get_channel_layer().new_channel()
            return self._channel

    async def _join(self, sessions):
        """Be in the groups of these sessions: joining twice is joining once. What fails is tried with the next beat."""

        async def join():
            channel = await self._own_channel()
            for pk in sessions:
                await get_channel_layer().group_add(_group(pk), channel)
            await self._ask()

        await self._quietly(join())

    async def _leave(self, pk):
        async def leave():
            channel = await self._own_channel()
            if pk not in self.drawers:  # nobody came in the meantime
                await get_channel_layer().group_discard(_group(pk), channel)
            await self._ask()

        await self._quietly(leave())

    async def _ask(self):
        """Say something to a layer that failed: groups it remembers cost it no word, so joining them tells nothing."""
        if self._layer_fails:
            await get_channel_layer().group_send(_group("health"), {"type": "health"})

    async def _quietly(self, asking):
        """Wait a second at most; a failing layer never turns a stored change into an error."""
        try:
            await asyncio.wait_for(asking, timeout=PATIENCE)
        except Exception as problem:
            self._layer_failed(problem)
        else:
            if self._layer_fails:
                log.warning("channel layer: works again")
            self._layer_fails = False

    def _layer_failed(self, problem):
        if not self._layer_fails:
            log.warning("channel layer: %s; screens follow by their heartbeat", problem.__class__.__name__)
        self._layer_fails = True

    async def _listen(self):
        while True:
            try:
                self._hear(await get_channel_layer().receive(await self._own_channel()))
            except asyncio.CancelledError:
                raise
            except Exception as problem:
                self._layer_failed(problem)
                await asyncio.sleep(1)

    def _hear(self, news):
        """Note what changed in which rooms, and shut whom it says; the drawing is the drawer's."""
        pk = news["workshop"]
        if pk in self.drawers:
            self.drawers[pk].hear(news["changes"])
        for identity, come_back in news["shut"]:
            self._shut(pk, identity, come_back)

    def _shut(self, pk, identity, come_back):
        """Close whoever is this in one session: a facilitator who leaves one may have another one open beside it."""
        for subscription in list(self.subscriptions):
            if identity in subscription.identities and subscription.listener.workshop.pk == pk:
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
                if not outage.noticed(problem):
                    log.warning("heartbeat: %s", problem.__class__.__name__)

    async def _one_beat(self):
        there = [subscription for subscription in self.subscriptions if subscription.is_open]
        if not there:
            return
        await self._renew(there)
        seen = await database.read(looking.look, there, {pk for pk, drawer in self.drawers.items() if drawer.desks()})
        for subscription, come_back in seen.verdicts:
            _turn_away(subscription, come_back)
        for drawer in self.drawers.values():
            drawer.heal(seen.seqs)
        self._say(there, seen.seqs)
        await self._join(list(self.drawers))
        for pk, present in seen.present.items():
            if pk in self.drawers:
                await self.drawers[pk].draw_presence(present)

    async def _renew(self, there):
        """Renew the leases of phones that take what is sent; three times in a lease is often enough."""
        now = clock.milliseconds()
        here = {s.listener.device.pk for s in there if s.listener.device is not None and s.takes_what_is_sent}
        often = 1000 * (settings.PRESENCE_LEASE / 3 - settings.HEARTBEAT)
        fresh = {pk: moment for pk, moment in self._renewed.items() if pk in here and now - moment < often}
        if due := here - fresh.keys():
            await database.write(looking.saw, due)
        self._renewed = fresh | dict.fromkeys(due, now)

    def _say(self, subscriptions, seqs):
        now = clock.milliseconds()
        messages = {}
        for subscription in subscriptions:
            pk, names = subscription.listener.workshop.pk, subscription.listener.streams
            if (pk, names) not in messages:
                have = {name: seqs.get((pk, name), 0) for name in names}
                messages[pk, names] = Message(render.heartbeat(have, now))
            subscription.put(messages[pk, names])


def _turn_away(subscription, come_back):
    subscription.close(COME_BACK if come_back else OUT, "" if come_back else "released")


def _group(pk):
    return f"academy.{pk}"
