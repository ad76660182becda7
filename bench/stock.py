"""Channels as its documentation uses it: a consumer and a group member per socket, the in-memory layer, uvicorn."""

import sys

import django
import uvicorn
from django.conf import settings

settings.configure(CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}})
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402 - it reads the settings


class Everybody(AsyncWebsocketConsumer):
    """Repeats what the publisher at /say says to all who listen."""

    async def connect(self):
        """Join the group, unless this is the publisher."""
        self.listens = self.scope["path"] != "/say"
        if self.listens:
            await self.channel_layer.group_add("all", self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        """Leave it."""
        if self.listens:
            await self.channel_layer.group_discard("all", self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        """Tell the group."""
        await self.channel_layer.group_send("all", {"type": "told", "text": text_data})

    async def told(self, event):
        """Tell the page."""
        await self.send(text_data=event["text"])


application = Everybody.as_asgi()


async def sockets_only(scope, receive, send):
    """Refuse everything that is no socket."""
    if scope["type"] == "websocket":
        await application(scope, receive, send)


if __name__ == "__main__":
    uvicorn.run(
        sockets_only,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        lifespan="off",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        log_level="warning",
    )
