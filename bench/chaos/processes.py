"""Starts and ends the processes of a run, each by its own id. All listen on 127.0.0.1 only."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from bench.chaos.failpoints import Failpoints

ROOT = Path(__file__).resolve().parents[2]
START_WITHIN = 60
_OF_OTHERS = {
    *("DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "TRUSTED_ORIGINS", "BEHIND_TLS", "DEBUG", "TIME_ZONE"),
    *("LOG_LEVEL", "WEB_CONCURRENCY", "DJANGO_SETTINGS_MODULE"),
}

# Processes are started by this thread. The harness lowers the priority of its own thread only, where a system keeps
# one for each thread (Linux), so that what it measures is not slowed down by what it does.
_starter = ThreadPoolExecutor(1, thread_name_prefix="starter")


def step_back():
    """Let the servers go first from now on."""
    _starter.submit(int).result()
    os.nice(5)


class StartFailed(Exception):
    """A process did not start; its text says why."""


class Process:
    """A process that is started, hurt and started again."""

    log_name = "log"

    def __init__(self, folder):
        self.folder = Path(folder)
        self.port = free_port()
        self.process = None

    @property
    def command(self):
        raise NotImplementedError

    @property
    def how(self):
        """What else subprocess is told."""
        return {}

    async def start(self):
        """Start it and wait until it answers."""
        loop = asyncio.get_running_loop()
        self.process = await loop.run_in_executor(_starter, self._start)
        deadline = loop.time() + START_WITHIN
        while not await asyncio.to_thread(self.answers):
            if self.process.poll() is not None or loop.time() > deadline:
                raise StartFailed(f"{self.command[0]} did not start:\n{self.log[-2000:]}")
            await asyncio.sleep(0.03)

    def _start(self):
        with open(self.folder / self.log_name, "ab") as log:
            return subprocess.Popen(self.command, stdout=log, stderr=log, **self.how)

    async def start_again(self, within=START_WITHIN):
        """Start it, and try again while it cannot: what it needs, or what is left of its last life, may be in the way.

        Raises StartFailed after so many seconds.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within
        while True:
            try:
                return await self.start()
            except StartFailed:
                if loop.time() > deadline:
                    raise
            await asyncio.sleep(0.3)

    def answers(self):
        """Whether it takes connections."""
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        return False

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    @property
    def log(self):
        path = self.folder / self.log_name
        return path.read_text(errors="replace") if path.exists() else ""

    def tell(self, number):
        """Send it a signal, if it still runs."""
        if self.is_running:
            self.process.send_signal(number)

    async def kill(self):
        """kill -9."""
        self.tell(signal.SIGKILL)
        await self.ended()

    async def stop(self, number=signal.SIGTERM, within=20):
        """Ask it to stop and wait; killed when it does not. Returns the seconds it took."""
        began = asyncio.get_running_loop().time()
        self.tell(signal.SIGCONT)
        self.tell(number)
        await self.ended(within)
        return asyncio.get_running_loop().time() - began

    async def ended(self, within=20):
        """Wait until it is gone."""
        try:
            await asyncio.to_thread(self.process.wait, within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            await asyncio.to_thread(self.process.wait)


class App(Process):
    """One process of Academy: `manage.py serve` by way of served.py."""

    def __init__(self, folder, static, urls=None, variant=""):
        """folder: its log and failpoints. static: where static files were collected. urls: of the services."""
        super().__init__(folder)
        self.failpoints = Failpoints(self.folder)
        self.variant = variant
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in _OF_OTHERS},
            "SECRET_KEY": "for-chaos-only-0123456789-abcdefghijklmnopqrstuvwxyz",
            "ACADEMY_DATA": str(self.folder / "data"),
            "STATIC_ROOT": str(static),
            **(urls or {}),
        }

    @property
    def command(self):
        arguments = [str(self.port), str(self.folder), *([self.variant] if self.variant else [])]
        return [sys.executable, "-m", "bench.chaos.served", *arguments]

    @property
    def how(self):
        return {"cwd": ROOT, "env": self.environment}

    @property
    def name(self):
        return self.folder.name

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}"

    def answers(self):
        """Whether it answers at all; a database that is down does not make it start anew."""
        try:
            urllib.request.urlopen(f"{self.base}/healthz", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True


def free_port():
    """Return a port of 127.0.0.1 nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
