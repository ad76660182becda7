"""The app as bench.served runs it, and a look inside for bench/soak.py: GET /inside, on 127.0.0.1 only."""

import asyncio
import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "academy.settings"


def looked_into(application):
    """Answer /inside with what this process holds just now; everything else is the app's."""

    async def watched(scope, receive, send):
        if scope["type"] != "http" or scope["path"] != "/inside":
            await application(scope, receive, send)
            return
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(_inside()).encode()})

    return watched


def _inside():
    from channels.layers import get_channel_layer

    from sessions.live import hub

    layer, ours = get_channel_layer(), hub.current()
    # In memory they are the layer's own; the one for Redis has them for each loop.
    layers = list(layer._layers.values()) if hasattr(layer, "_layers") else [layer]
    return {
        "tasks": len(asyncio.all_tasks()),
        "channels": sum(len(each.channels) for each in layers),
        "groups": sum(len(each.groups) for each in layers),
        "sockets": len(ours.subscriptions),
        "rooms": sum(len(drawer.rooms) for drawer in ours.drawers.values()),
    }


def main(port):
    """Serve on this port until told to stop."""
    import django
    from django.core.management import call_command

    django.setup()
    import academy.asgi
    from academy import first_run
    from bench.served import _on_loopback

    first_run.take = _on_loopback
    academy.asgi.application = looked_into(academy.asgi.application)
    call_command("serve", port=port, no_demo=True, new_password=False, collected=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
