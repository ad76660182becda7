"""The app as `manage.py serve` runs it, on 127.0.0.1 only; each answer says when its commit was done.

Nothing else is changed: what is measured is what is shipped.
"""

import os
import socket
import sys
import time
from contextvars import ContextVar

os.environ["DJANGO_SETTINGS_MODULE"] = "academy.settings"

_commits = ContextVar("commits", default=None)


def stamping(application):
    """Let every answer carry the moment of its last commit (time.monotonic_ns()) in a header."""

    async def stamped(scope, receive, send):
        if scope["type"] != "http" or scope["method"] != "POST":
            await application(scope, receive, send)
            return
        commits = []
        _commits.set(commits)

        async def send_with_stamp(message):
            if message["type"] == "http.response.start" and commits:
                stamp = (b"x-committed", str(commits[-1]).encode())
                message = {**message, "headers": [*message["headers"], stamp]}
            await send(message)

        await application(scope, receive, send_with_stamp)

    return stamped


def _note_commits():
    """Note when each commit of a request is done: the threads that write run in the request's context."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    commit = BaseDatabaseWrapper._commit

    def _commit(self):
        commit(self)
        if (commits := _commits.get()) is not None:
            commits.append(time.monotonic_ns())

    BaseDatabaseWrapper._commit = _commit


def _on_loopback(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(2048)
    return listener


def main(port):
    """Serve on this port until told to stop."""
    import django
    from django.core.management import call_command

    django.setup()
    import academy.asgi
    from academy import first_run

    first_run.take = _on_loopback
    academy.asgi.application = stamping(academy.asgi.application)
    _note_commits()
    call_command("serve", port=port, no_demo=True, new_password=False, collected=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
