"""Starts what is measured, each in a process of its own on 127.0.0.1, and ends it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_WITHIN = 60


def free_port():
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Place:
    """A folder for everything a run of the bench leaves behind, and the environment its servers live in."""

    def __init__(self, folder, **urls):
        self.folder = Path(folder)
        clean = {"DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "TRUSTED_ORIGINS", "BEHIND_TLS", "DEBUG", "LOG_LEVEL"}
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in clean},
            "SECRET_KEY": "for-measuring-only-0123456789-abcdefghijklmnopqrstuvwxyz",
            "STATIC_ROOT": str(self.folder / "static"),
            "ACADEMY_DATA": str(self.folder / "data"),
            **urls,
        }
        self.urls = urls

    def python(self, *arguments):
        """Run a module of ours and return what it prints."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        if done.returncode:
            sys.exit(f"{' '.join(arguments)} did not work:\n{done.stderr[-3000:]}")
        return done.stdout

    def collect(self):
        """Collect the static files, once."""
        self.python("manage.py", "collectstatic", "--no-input", "--verbosity", "0")

    def room(self, **options):
        """Prepare sessions in a database: a fresh one on SQLite. Returns what bench/room.py prints."""
        data = self.folder / "data"
        if not self.urls:
            base = self.folder / "base"
            if not base.exists():
                data.mkdir()
                self.python("-m", "bench.room", "--sessions", "0")
                shutil.move(data, base)
            shutil.rmtree(data, ignore_errors=True)
            shutil.copytree(base, data)
        given = [text for name, value in options.items() for text in (f"--{name}", str(value))]
        return json.loads(self.python("-m", "bench.room", *given))

    @contextmanager
    def app(self, port=None):
        """Run the app until the block ends; yields (process, port) when it answers."""
        port = port or free_port()
        process = self.start_app(port)
        try:
            yield process, port
        finally:
            stop(process)

    def start_app(self, port):
        """Start the app on this port and return its process as soon as it answers."""
        with open(self.folder / "server.log", "ab") as log:
            command = [sys.executable, "-m", "bench.served", str(port)]
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        self._wait(process, lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close())
        return process

    @contextmanager
    def baseline(self, name):
        """Run bench/raw.py or bench/stock.py until the block ends; yields (process, port)."""
        port = free_port()
        with open(self.folder / f"{name}.log", "ab") as log:
            command = [sys.executable, "-m", f"bench.{name}", str(port)]
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        try:
            self._wait(process, lambda: socket.create_connection(("127.0.0.1", port), timeout=1).close())
            yield process, port
        finally:
            stop(process)

    def _wait(self, process, look):
        deadline = time.monotonic() + START_WITHIN
        while True:
            try:
                look()
                return
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    stop(process)
                    logs = sorted(self.folder.glob("*.log"), key=lambda path: path.stat().st_mtime)
                    sys.exit(f"A server did not start:\n{logs[-1].read_text()[-3000:]}")
            time.sleep(0.02)


def stop(process):
    """End a process as a service manager does: asked first, killed after 15 seconds."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def place(**urls):
    """A Place in a temporary folder, static files collected."""
    with tempfile.TemporaryDirectory(prefix="academy-bench-", ignore_cleanup_errors=True) as folder:
        made = Place(folder, **urls)
        made.collect()
        yield made
