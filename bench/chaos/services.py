"""PostgreSQL and Redis of our own, to be killed and started again."""

import asyncio
import glob
import os
import shutil
import signal
import subprocess
from contextlib import suppress

import psycopg

from bench.chaos.processes import Process, StartFailed

# Debian keeps the server programs out of the PATH, Homebrew some versions of them.
_POSTGRESQL = ["/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin"]


class Redis(Process):
    """A Redis that keeps nothing."""

    log_name = "redis.log"

    @property
    def command(self):
        return ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", self.folder]

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"


class PostgreSQL(Process):
    """A PostgreSQL in a folder of its own. It refuses to run as root, so root lends it to the user postgres."""

    log_name = "postgresql.log"

    def __init__(self, folder):
        super().__init__(folder)
        self.programs = postgresql_programs()

    @property
    def how(self):
        is_root = os.getuid() == 0
        lent = {"user": "postgres", "group": "postgres", "extra_groups": []} if is_root else {}
        return {"cwd": self.folder, **lent}

    @property
    def command(self):
        options = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder}
        return [
            f"{self.programs}/postgres",
            *("-D", f"{self.folder}/data"),
            *(f"--{name}={value}" for name, value in options.items()),
        ]

    async def make(self):
        """Make its data folder. Durability stays as it is shipped: fsync and synchronous_commit are on."""
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        programs = [f"{self.programs}/initdb", "-D", f"{self.folder}/data", "-U", "academy", "-A", "trust"]
        made = await asyncio.to_thread(
            subprocess.run, [*programs, "-E", "UTF8", "--no-locale"], capture_output=True, text=True, **self.how
        )
        if made.returncode:
            raise StartFailed(f"initdb: {made.stderr[-2000:]}")

    def answers(self):
        """Whether it takes queries: after a crash it first replays what it has committed."""
        with suppress(psycopg.Error):
            psycopg.connect(self.url, connect_timeout=2).close()
            return True
        return False

    async def restart(self):
        """pg_ctl restart -m fast: open connections are ended, then it starts."""
        await self.stop(signal.SIGINT)
        await self.start_again()

    @property
    def url(self):
        return f"postgresql://academy@127.0.0.1:{self.port}/postgres"


def postgresql_programs():
    """Return the folder of PostgreSQL's programs, newest version first, or None. Debian keeps it out of the PATH."""
    on_path = shutil.which("postgres")
    places = [os.path.dirname(on_path)] if on_path else []
    for pattern in _POSTGRESQL:
        places += sorted(glob.glob(pattern), reverse=True)
    return next((place for place in places if os.path.exists(f"{place}/initdb")), None)


def missing():
    """Return a sentence for each service that the setting "scaled" needs and this machine lacks."""
    lacks = []
    if postgresql_programs() is None:
        lacks.append("PostgreSQL is not installed: sudo apt-get install postgresql")
    if shutil.which("redis-server") is None:
        lacks.append("Redis is not installed: sudo apt-get install redis-server")
    return lacks
