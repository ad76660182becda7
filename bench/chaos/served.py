"""Academy as `manage.py serve` runs it, with failpoints, and in a control with one part broken on purpose.

python -m bench.chaos.served PORT FOLDER [VARIANT]: on 127.0.0.1 only; FOLDER holds the failpoints. The application
itself knows nothing of this: seams are wrapped from outside, before it starts.
"""

import asyncio
import functools
import os
import signal
import socket
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "academy.settings"

from bench.chaos import failpoints

SLOW_COMMIT_SECONDS = 0.8


def die():
    """As kill -9 ends a process: nothing is finished, nothing is closed."""
    os.kill(os.getpid(), signal.SIGKILL)


def fail_at_writing(points):
    """Die after a commit and before its news; wait between a stream's number and the commit."""
    from sessions import actions
    from sessions.live import streams

    carry_out, advance = actions.carry_out, streams.advance

    @functools.wraps(carry_out)
    def carried_out(*args, **kwargs):
        result = carry_out(*args, **kwargs)
        if points.take(failpoints.BEFORE_HINT):
            die()
        return result

    @functools.wraps(advance)
    def advanced(*args, **kwargs):
        seqs = advance(*args, **kwargs)
        if points.take(failpoints.SLOW_COMMIT):
            time.sleep(SLOW_COMMIT_SECONDS)
        return seqs

    actions.carry_out, streams.advance = carried_out, advanced


def fail_at_publishing(points):
    """Lose what is published, without a word; or let the channel layer raise, as one that has gone does."""
    from channels.layers import InMemoryChannelLayer, get_channel_layer
    from channels_redis.pubsub import RedisPubSubLoopLayer

    kind = InMemoryChannelLayer if isinstance(get_channel_layer(), InMemoryChannelLayer) else RedisPubSubLoopLayer
    group_send = kind.group_send

    async def sent(self, group, message):
        if points.is_on(failpoints.LAYER_FAILS):
            raise ConnectionError("the channel layer has gone")
        if not points.is_on(failpoints.HINTS_LOST):
            await group_send(self, group, message)

    kind.group_send = sent


def fail_at_answering(application, points):
    """Wrap the ASGI application: die before a stored note is acknowledged, or lose the acknowledgement."""

    async def failing(scope, receive, send):
        if scope["type"] != "http" or scope["method"] != "POST" or "/notes" not in scope["path"]:
            await application(scope, receive, send)
            return
        hang_up = getattr(getattr(send, "__self__", None), "transport", None)

        async def answer(message):
            if message["type"] == "http.response.start" and message["status"] == 204:
                if points.take(failpoints.BEFORE_ACK):
                    die()
                if points.take(failpoints.ACK_DROPPED):
                    hang_up.abort()
                    await asyncio.sleep(0)
            await send(message)

        await application(scope, receive, answer)

    return failing


def _on_loopback(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(2048)
    return listener


def main(port, folder, variant=""):
    """Serve on this port until told to stop, or until a failpoint is hit."""
    import django
    from django.core.management import call_command

    django.setup()
    import academy.asgi
    from academy import first_run
    from bench.chaos import variants

    points = failpoints.Failpoints(folder)
    fail_at_writing(points)
    fail_at_publishing(points)
    if variant:
        variants.SERVERS[variant]()
    academy.asgi.application = fail_at_answering(academy.asgi.application, points)
    first_run.take = _on_loopback
    call_command("serve", port=port, no_demo=True, new_password=False, collected=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
