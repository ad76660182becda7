"""Where a run takes place: the processes of a setting, the networks before them, and who brings up what died."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.chaos.database import Database
from bench.chaos.outages import PROCESSES, Outages
from bench.chaos.processes import ROOT, App, StartFailed
from bench.chaos.proxy import Proxy
from bench.chaos.services import PostgreSQL, Redis

ACCOUNT = "facilitator"
# Its indented lines, and what it ended in.
_TRACEBACK = re.compile(r"^Traceback \(most recent call last\):\n(?:[ \t].*\n)+([\w.]+)", re.MULTILINE)


@dataclass
class Death:
    """An app process that ended: when, whether by kill -9, and when it answered again (seconds, wall clock)."""

    app: App
    at: float
    was_killed: bool
    back: float | None = None


class Stand:
    """The processes of one run. `folder` is thrown away with it."""

    def __init__(self, folder, static):
        self.folder, self.static = Path(folder), Path(static)
        self.outages = Outages()
        self.apps, self.proxies, self.deaths = [], [], []
        self.redis = self.postgresql = self.database = None
        self.password = ""
        self._keepers, self._up = [], set()

    # Start and stop.

    async def start(self, setting, variant=""):
        """Start everything: "embedded" is one process on SQLite, "scaled" two on PostgreSQL and Redis."""
        urls = {}
        if setting == "scaled":
            self.redis, self.postgresql = Redis(self._place("redis")), PostgreSQL(self._place("postgresql"))
            await self.postgresql.make()
            await self.postgresql.start()
            await self.redis.start()
            urls = {"DATABASE_URL": self.postgresql.url, "REDIS_URL": self.redis.url}
        for number in range(2 if urls else 1):
            app = App(self._place(f"app-{number}"), self.static, urls, variant)
            self.apps.append(app)
            await app.start()
            self._up.add(app)
        self.password = re.search(r"^Password +(\S+)", self.apps[0].log, re.MULTILINE)[1]
        sqlite = f"sqlite:///{self.apps[0].folder / 'data' / 'academy.sqlite3'}"
        self.database = Database(urls.get("DATABASE_URL", sqlite))
        self._keepers = [asyncio.ensure_future(self._keep_alive(app)) for app in self.apps]

    def _place(self, name):
        place = self.folder / name
        place.mkdir(mode=0o755)
        return place

    async def stop(self):
        """End everything; the order is that of a machine that is shut down."""
        for keeper in self._keepers:
            keeper.cancel()
        for proxy in self.proxies:
            await proxy.stop()
        if self.database is not None:
            self.database.close()
        for process in self._processes:
            if process.process is not None:
                await process.stop(within=8)

    @property
    def _processes(self):
        return [process for process in (*self.apps, self.redis, self.postgresql) if process is not None]

    def keep_logs(self, folder):
        """Copy what the processes logged to a folder."""
        Path(folder).mkdir(parents=True, exist_ok=True)
        for process in self._processes:
            (Path(folder) / f"{process.folder.name}.log").write_text(process.log)

    # The network.

    async def proxy(self, prefers=0):
        """Open a network of its own for a group of screens, to this app first and to the other when it is gone."""
        apps = [*self.apps[prefers:], *self.apps[:prefers]]
        proxy = Proxy([app.port for app in apps], f"network {len(self.proxies)}")
        await proxy.start()
        self.proxies.append(proxy)
        return proxy

    # Who died.

    async def _keep_alive(self, app):
        """Start an app again as soon as it has ended, as a service manager does."""
        while True:
            await asyncio.sleep(0.02)
            if app.is_running:
                continue
            death = Death(app, time.time(), app.process.returncode == -signal.SIGKILL)
            self.deaths.append(death)
            self._up.discard(app)
            if self._up:
                self.outages.blink(PROCESSES)
                await app.start_again()
            else:
                with self.outages.during(PROCESSES):
                    await app.start_again()
            self._up.add(app)
            death.back = time.time()

    async def all_up(self, within=60):
        """Wait until every app answers. Raises StartFailed with the last words of one that does not."""
        deadline = time.monotonic() + within
        while missing := [app for app in self.apps if app not in self._up or not app.is_running]:
            if time.monotonic() > deadline:
                raise StartFailed(f"An app did not come back within {within} seconds:\n{missing[0].log[-2000:]}")
            await asyncio.sleep(0.05)

    @property
    def tracebacks(self):
        """{exception: how many tracebacks ended in it} of all the apps have logged."""
        return Counter(name for app in self.apps for name in _TRACEBACK.findall(app.log))


@asynccontextmanager
async def stand(setting, static, variant=""):
    """A Stand that runs until the block ends."""
    with tempfile.TemporaryDirectory(prefix="academy-chaos-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)  # PostgreSQL may belong to another user
        made = Stand(folder, static)
        try:
            await made.start(setting, variant)
            yield made
        finally:
            await made.stop()


def collect_static(folder):
    """Collect the static files once for all servers of a run."""
    app = App(folder, folder)
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=app.environment, check=True)
