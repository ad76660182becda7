"""One hub per process: joins a stream's group once, and hands the same text to its own sockets of that stream.

A group member per socket, Channels' usual way, costs twenty times the CPU and loses messages silently
(docs/decisions.md). Nothing here is trusted to arrive: the heartbeat names every stream's number, and a page
that is behind pulls.
"""

import asyncio
import logging
import types
import weakref
from collections import deque

from channels.layers import get_channel_layer
from django.conf import settings

from academy import clock, database
from sessions.live import render, streams
from sessions.models import Device, Stream

log = logging.getLogger(__name__)

OUTBOX = 64
COME_BACK, TOO_SLOW, OUT = 1012, 1013, 4403
_hubs = weakref.WeakKeyDictionary()


def current():
    """Return the hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


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


class Subscription:
    """One socket: what it listens to, in which language, and its bounded outbox."""

    def __init__(self, listener, send):
        """listener: access.Listener. send: an ASGI send for a socket that was accepted."""
        self.listener = listener
        self.key = f"{listener.audience}.{listener.language}"
        self.streams = [f"{listener.workshop.pk}.{name}" for name in listener.streams]
        self.identities = set(listener.identities)
        self._send = send
        self._outbox = deque()
        self._busy = None
        self._closed = False

    def put(self, event):
        """Send an ASGI event now, or after what waits; a socket that does not read is closed, never waited for."""
        if self._closed:
            return
        if self._busy is not None:
            if len(self._outbox) >= OUTBOX:
                self._outbox.clear()
                self.close(TOO_SLOW)
            else:
                self._outbox.append(event)
            return
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

    def close(self, code, reason=""):
        """Close the socket with a code; what waits is sent first."""
        event = {"type": "websocket.close", "code": code, "reason": reason}
        if self._busy is not None:
            self._outbox.append(event)
        else:
            self.put(event)
        self._closed = True


class Hub:
    """The sockets of this process, by stream."""

    def __init__(self):
        self.rooms = {}
        self.subscriptions = set()
        self._channel = None
        self._receiver = None
        self._heart = None

    async def subscribe(self, listener, send):
        """Let a socket listen; returns its Subscription. The group is joined before the caller reads any rows."""
        subscription = Subscription(listener, send)
        self.subscriptions.add(subscription)
        fresh = [name for name in subscription.streams if name not in self.rooms]
        for name in subscription.streams:
            self.rooms.setdefault(name, set()).add(subscription)
        await self._start()
        for name in fresh:
            await self._join(name)
        return subscription

    async def unsubscribe(self, subscription):
        """Forget a socket; leave the groups nobody here listens to any more."""
        self.subscriptions.discard(subscription)
        for name in subscription.streams:
            room = self.rooms.get(name)
            if room is None:
                continue
            room.discard(subscription)
            if not room:
                del self.rooms[name]
                await self._quietly(get_channel_layer().group_discard(_group(name), self._channel))

    async def stop(self):
        """Close all sockets with "come back" and stop listening."""
        for subscription in list(self.subscriptions):
            subscription.close(COME_BACK)
        for task in (self._receiver, self._heart):
            if task is not None:
                task.cancel()
        self._receiver = self._heart = None

    async def publish(self, messages):
        """Send rendered messages, one per stream, to every process. A lost one is healed by the heartbeat."""
        layer = get_channel_layer()
        for message in messages:
            await self._quietly(layer.group_send(_group(message["stream"]), message))

    async def _start(self):
        if self._receiver is None:
            self._channel = await get_channel_layer().new_channel()
            self._receiver = asyncio.ensure_future(self._listen())
            self._heart = asyncio.ensure_future(self._beat())

    async def _join(self, name):
        await self._quietly(get_channel_layer().group_add(_group(name), self._channel))

    async def _quietly(self, sending):
        """Wait a second at most; a failing layer never turns a stored change into an error."""
        try:
            await asyncio.wait_for(sending, timeout=1)
        except Exception as problem:
            log.warning("channel layer: %s; screens follow by their heartbeat", problem.__class__.__name__)

    async def _listen(self):
        while True:
            try:
                self._deliver(await get_channel_layer().receive(self._channel))
            except asyncio.CancelledError:
                raise
            except Exception as problem:
                log.warning("channel layer: %s while listening", problem.__class__.__name__)
                await asyncio.sleep(1)

    def _deliver(self, message):
        room = self.rooms.get(message["stream"], ())
        events = {key: {"type": "websocket.send", "text": text} for key, text in message["texts"].items()}
        for subscription in list(room):
            event = events.get(subscription.key)
            if event is not None:
                subscription.put(event)
        for identity, come_back in message["shut"]:
            self._shut(identity, come_back)

    def _shut(self, identity, come_back):
        for subscription in [s for s in self.subscriptions if identity in s.identities]:
            subscription.close(COME_BACK if come_back else OUT, "" if come_back else "released")

    async def _beat(self):
        """Every few seconds: name each stream's number to its sockets, note who is here, shut who was released."""
        while True:
            await asyncio.sleep(settings.HEARTBEAT)
            try:
                await self._one_beat()
            except asyncio.CancelledError:
                raise
            except Exception as problem:
                log.warning("heartbeat: %s", problem.__class__.__name__)

    async def _one_beat(self):
        names = list(self.rooms)
        devices = {s.listener.device.pk for s in self.subscriptions if s.listener.device is not None}
        if not names:
            return
        seqs, released = await database.read(_numbers, names, devices)
        await database.write(_saw, devices)
        now = clock.milliseconds()
        texts = {}
        for subscription in list(self.subscriptions):
            key = tuple(subscription.streams)
            if key not in texts:
                have = {name.partition(".")[2]: seqs.get(name, 0) for name in key}
                texts[key] = {"type": "websocket.send", "text": render.heartbeat(have, now)}
            subscription.put(texts[key])
        for pk in released:
            self._shut(f"device-{pk}", False)
        for name in names:
            await self._join(name)


def _group(name):
    return f"academy.{name}"


def _numbers(names, devices):
    """Return {"12.stage": seq} of all streams named, and the devices among these that were released: two queries."""
    workshops = {int(name.partition(".")[0]) for name in names}
    rows = Stream.objects.filter(workshop_id__in=workshops).values_list("workshop_id", "name", "seq")
    released = Device.objects.filter(pk__in=devices, released_at__isnull=False).values_list("pk", flat=True)
    return {f"{workshop}.{name}": seq for workshop, name, seq in rows}, list(released) if devices else []


def _saw(devices):
    """Renew the lease of every phone with a socket here: one query."""
    if devices:
        Device.objects.filter(pk__in=devices).update(last_seen=clock.now())


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
