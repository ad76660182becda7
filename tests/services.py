"""A PostgreSQL and a Redis of our own, on free ports, with data that is thrown away.

`python tests/services.py COMMAND …` runs a command with DATABASE_URL and REDIS_URL set to them and answers
with its exit code; `--missing` says a line for each that this machine lacks.
"""

import glob
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress

import psycopg

# Debian keeps the server programs out of the PATH, Homebrew some versions of them.
_POSTGRESQL = ["/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin"]


def _postgresql():
    """The folder of PostgreSQL's programs, newest version first, or None."""
    on_path = shutil.which("postgres")
    # On the PATH there may be only links to some of them.
    places = [os.path.dirname(os.path.realpath(on_path))] if on_path else []
    for pattern in _POSTGRESQL:
        places += sorted(glob.glob(pattern), reverse=True)
    return next((place for place in places if os.path.exists(f"{place}/initdb")), None)


def missing():
    """Return a sentence for each service that cannot be started here."""
    lacks = []
    if _postgresql() is None:
        lacks.append("PostgreSQL is not installed: sudo apt-get install postgresql (brew install postgresql@17)")
    if shutil.which("redis-server") is None:
        lacks.append("Redis is not installed: sudo apt-get install redis-server (brew install redis)")
    if shutil.which("caddy") is None:
        lacks.append("Caddy is not installed: sudo apt-get install caddy (brew install caddy)")
    return lacks


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Service:
    """A server program on a port it keeps: it can be stopped, killed and started again."""

    def __init__(self, command, port, stop, url, **how):
        """stop: the signal that ends it in order. how: as for subprocess.Popen."""
        self.command, self.port, self._stop, self.url, self.how = command, port, stop, url, how
        self.process = None

    def start(self):
        """Start it; returns when it is ready. After a kill it may find remains of itself, so it may try twice."""
        deadline = time.monotonic() + 30
        while not self._is_ready():
            if self.process is None or self.process.poll() is not None:
                self.process = subprocess.Popen(
                    self.command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, **self.how
                )
            if time.monotonic() > deadline:
                sys.exit(f"{self.command[0]} did not answer within 30 seconds.")
            time.sleep(0.1)

    def _is_ready(self):
        if self.url.startswith("postgresql:"):
            # Its port is open before it takes anybody in.
            with suppress(psycopg.Error), psycopg.connect(self.url, connect_timeout=2):
                return True
            return False
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    def stop(self):
        """End it in order."""
        self._end(self._stop)

    def kill(self):
        """End it with kill -9."""
        self._end(signal.SIGKILL)

    def _end(self, how):
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def _running(service):
    service.start()
    try:
        yield service
    finally:
        service.stop()


@contextmanager
def postgresql_service():
    """Give a fresh PostgreSQL that runs. It refuses to run as root, so root lends it to the user postgres."""
    programs, port = _postgresql(), _free_port()
    # In /tmp, because the path of a Unix socket must be short and another user must get there.
    with tempfile.TemporaryDirectory(prefix="academy-pg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        how = {"cwd": folder}
        if os.getuid() == 0:
            how |= {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(folder, "postgres")
        subprocess.run(
            [f"{programs}/initdb", "-D", f"{folder}/data", "-U", "academy", "-A", "trust", "-E", "UTF8", "--no-locale"],
            check=True,
            stdout=subprocess.DEVNULL,
            **how,
        )
        # Nothing here must survive a power cut; whether an answer waits for the commit stays as it is in use.
        options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": folder, "fsync": "off"}
        command = [f"{programs}/postgres", "-D", f"{folder}/data", *(f"--{k}={v}" for k, v in options.items())]
        # SIGINT is PostgreSQL's fast stop: it ends open connections.
        url = f"postgresql://academy@127.0.0.1:{port}/postgres"
        with _running(Service(command, port, signal.SIGINT, url, **how)) as service:
            yield service


@contextmanager
def postgresql():
    """Give the URL of a fresh PostgreSQL."""
    with postgresql_service() as service:
        yield service.url


@contextmanager
def redis_service(program=("redis-server", "--save", "")):
    """Give a fresh Redis that runs and keeps nothing."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="academy-redis-") as folder:
        command = [*program, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
        with _running(Service(command, port, signal.SIGTERM, f"redis://127.0.0.1:{port}/0")) as service:
            yield service


@contextmanager
def redis():
    """Give the URL of a fresh Redis that keeps nothing."""
    with redis_service() as service:
        yield service.url


def _run(command):
    """Run the command beside both; a SIGTERM ends all of it in order."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ExitStack() as services:
        urls = {
            "DATABASE_URL": services.enter_context(postgresql()),
            "REDIS_URL": services.enter_context(redis()),
        }
        return subprocess.run(command, env=os.environ | urls, check=False).returncode


if __name__ == "__main__":
    if sys.argv[1:] == ["--missing"]:
        print("\n".join(missing()))
    else:
        sys.exit(_run(sys.argv[1:]))
