"""Sockets: a pipe with a door. No commands, no queries per delivery, no channel of their own."""

from functools import partial
from urllib.parse import parse_qs

from channels.consumer import AsyncConsumer, get_handler_name
from channels.exceptions import StopConsumer
from django.db import Error

from academy import clock, database, outage
from academy.ready_frames import EXTENSION
from sessions import access
from sessions.errors import NotLetIn
from sessions.live import hub, render
from sessions.live.outbox import COME_BACK, Message

NOT_LET_IN = 4403
NOT_HERE = 4404
TOO_MUCH = 1008


class Screen(AsyncConsumer):
    """An open page. It is let in by the same door as its view, then only listens."""

    # A name no layer has: the hub listens for all sockets of the process (docs/decisions.md).
    channel_layer_alias = "none"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.subscription = None

    async def __call__(self, scope, receive, send):
        """Listen until the page goes; however this ends, the hub forgets it."""
        try:
            await super().__call__(scope, receive, send)
        except Error as problem:
            if not outage.noticed(problem):
                raise
            await send({"type": "websocket.close", "code": COME_BACK, "reason": "come back in a moment"})
        finally:
            if self.subscription is not None:
                await hub.current().unsubscribe(self.subscription)

    async def dispatch(self, message):
        """Call the handler, without the thread hop per message that Channels makes to close connections."""
        await getattr(self, get_handler_name(message))(message)

    async def websocket_connect(self, message):
        """Accept, ask at the door, subscribe, and say where the streams stand, so that the page can catch up."""
        await self.base_send({"type": "websocket.accept"})
        route = self.scope["url_route"]["kwargs"]
        language = parse_qs(self.scope["query_string"].decode("latin-1")).get("language", [""])[0]
        door = partial(access.socket_listener, self.scope, route["kind"], route["slug"], language)
        try:
            listener = await database.read(door)
        except NotLetIn as refusal:
            # A refused handshake would be retried for ever; a close code is not.
            await self.base_send({"type": "websocket.close", "code": NOT_LET_IN, "reason": refusal.short})
            return
        write = self.scope.get("extensions", {}).get(EXTENSION)
        self.subscription, have = await hub.current().subscribe(listener, self.base_send, door, write)
        self.subscription.put(Message(render.heartbeat(have, clock.milliseconds())))

    async def websocket_receive(self, message):
        """Nobody has anything to say on this socket: commands are POSTs."""
        if self.subscription is not None:
            self.subscription.close(TOO_MUCH, "this socket only listens")

    async def websocket_disconnect(self, message):
        """The page has gone."""
        raise StopConsumer


class Nowhere(AsyncConsumer):
    """A socket to an address that does not exist: accepted, told, closed."""

    channel_layer_alias = "none"

    async def websocket_connect(self, message):
        """Accept and close."""
        await self.base_send({"type": "websocket.accept"})
        await self.base_send({"type": "websocket.close", "code": NOT_HERE, "reason": "nothing here"})

    async def websocket_receive(self, message):
        """Whatever it says before it has read the answer."""

    async def websocket_disconnect(self, message):
        """Done."""
        raise StopConsumer
