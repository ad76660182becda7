"""Channel layers that lose what is sent: the layer may do so at any time, so nothing may depend on it."""

from channels.layers import InMemoryChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer
from django.conf import settings


class _LosesEverything:
    async def group_send(self, group, message):
        """Take it, and lose it without a word."""


class DeafInMemory(_LosesEverything, InMemoryChannelLayer):
    """In one process."""


class DeafRedis(_LosesEverything, RedisPubSubChannelLayer):
    """Between processes."""


def deaf():
    """Return CHANNEL_LAYERS as they are set, with a layer that delivers nothing."""
    layer = settings.CHANNEL_LAYERS["default"]
    name = "DeafRedis" if "Redis" in layer["BACKEND"] else "DeafInMemory"
    return {"default": {**layer, "BACKEND": f"tests.live.layers.{name}"}}
