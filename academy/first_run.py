"""What a start needs before Django can be read: a data folder, a secret key in it, a free port.

It uses nothing but Python itself and runs before anything is installed, so that a start that cannot
succeed says so at once: `python -m academy.first_run [--port P]`, with the folder in ACADEMY_DATA.
"""

import argparse
import contextlib
import http.client
import json
import os
import re
import secrets
import socket
import sys
import tempfile
from pathlib import Path


class Refusal(Exception):
    """A sentence for the person who starts the server."""


def prepare(folder):
    """Make the data folder, for its owner's eyes only, and in its academy.env a secret key, once."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"Is there room?")
        _keep_secret_key(folder / "academy.env")
    except OSError as problem:
        raise Refusal(
            f"The data folder {folder} cannot be written ({problem.strerror}): "
            "choose another one with --data, or give yourself the right to write there."
        ) from problem


def _keep_secret_key(path):
    """Append a key unless the file, or whoever runs the server, has one: what is signed must stay readable."""
    if "SECRET_KEY" in os.environ:
        return
    with open(path, "a+", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.seek(0)
        if not re.search(r"^\s*(export\s+)?SECRET_KEY\s*=", file.read(), re.MULTILINE):
            file.write(f"SECRET_KEY={secrets.token_urlsafe(50)}\n")


def _who_has(port):
    """Say who holds the port: Academy itself, or somebody else."""
    with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        asked.request("GET", "/healthz")
        if "channel_layer" in json.load(asked.getresponse()):
            return f"Academy runs there already (http://localhost:{port}). Stop it"
    return "another program uses it. Stop that"


def take(port):
    """Return a socket that listens on this port on all networks; raises Refusal when it cannot be had."""
    if not 1 <= port <= 65535:
        raise Refusal(f"{port} is no port number: choose one from 1024 to 65535, for example --port 8000.")
    listener = socket.socket()
    # So that a restart need not wait for the connections of the run before to be forgotten.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
        listener.listen()
    except OSError as problem:
        listener.close()
        if isinstance(problem, PermissionError):
            refusal = f"Port {port} is for administrators: choose one from 1024 on, for example --port 8000."
        else:
            refusal = f"Port {port} is taken: {_who_has(port)}, or choose another port, like --port {port % 65535 + 1}."
        raise Refusal(refusal) from None
    return listener


def main():
    """Check port and folder; a refusal is one sentence and exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int)
    port = parser.parse_args().port
    try:
        if port is not None:
            take(port).close()
        prepare(Path(os.environ["ACADEMY_DATA"]).resolve())
    except Refusal as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
