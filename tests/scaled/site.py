"""The whole installation of compose.yaml, started by hand: its commands, its environment, in its order.

Where there is no container engine a local program stands for each image, an address of this machine for each name in
the network of the containers, and a free port for each of theirs. Everything else is what the files say.
"""

import json
import os
import re
import shlex
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import psycopg
from ruamel.yaml import YAML

from tests import services

ROOT = Path(__file__).resolve().parents[2]
SITE = "localhost"
ASKED = {
    "SITE": SITE,
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMN",
    "POSTGRES_PASSWORD": "not-asked-for-here",
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def compose():
    """Return compose.yaml as Docker Compose reads it: with what is asked for filled in."""

    def filled(value):
        if isinstance(value, dict):
            return {key: filled(each) for key, each in value.items()}
        if isinstance(value, list):
            return [filled(each) for each in value]
        if isinstance(value, str):
            return re.sub(r"\$\{(\w+):\?\}", lambda name: ASKED[name[1]], value)
        return value

    return filled(YAML(typ="safe").load(ROOT / "compose.yaml"))


def image():
    """Return the command and the environment of the image that the Dockerfile makes."""
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    command = next(json.loads(line.removeprefix("CMD ")) for line in lines if line.startswith("CMD "))
    said = next(line.removeprefix("ENV ") for line in lines if line.startswith("ENV "))
    return command, dict(word.split("=", 1) for word in said.split())


def in_order(parts):
    """Return the names of compose's services so that what one depends on comes before it."""
    done = []
    while len(done) < len(parts):
        done += [name for name in parts if name not in done and set(parts[name].get("depends_on", ())) <= set(done)]
    return done


class Process:
    """One process of Academy: where it answers, what it printed; it can be stopped, killed and started again."""

    def __init__(self, command, environment, port, log):
        self.command, self.environment, self.port, self.log = command, environment, port, log
        self.url = f"http://127.0.0.1:{port}"
        self.process = None

    @property
    def printed(self):
        return self.log.read_text()

    def start(self):
        """Start it; returns when it answers."""
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"{self.url}/healthz", timeout=30)
                return
            except httpx.TransportError:
                assert self.process.poll() is None, self.printed
                assert time.monotonic() < deadline, f"it did not start: {self.printed}"
                time.sleep(0.05)

    def stop(self, how=signal.SIGTERM):
        """Stop it; returns how many seconds that took."""
        began = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(20)
        return time.monotonic() - began

    def health(self):
        """Return (status, what /healthz says)."""
        answer = httpx.get(f"{self.url}/healthz", timeout=30)
        return answer.status_code, answer.json()


class Site:
    """The running installation: `base` is its address for people, `apps` are its processes."""

    def __init__(self, folder):
        self.folder = folder
        self.compose = compose()
        self.apps = []
        self.database = self.redis = None
        self.https, self.http = free_port(), free_port()
        self.base = f"https://{SITE}:{self.https}"
        self.trust = None

    @property
    def password(self):
        """The facilitator's password, as it was printed once by the process that started first."""
        return re.search(r"^Password +(\S+)", self.apps[0].printed, re.MULTILINE)[1]

    @contextmanager
    def listening(self):
        """Yield a list that has, once the block has ended, what every process has logged in it, a text each."""
        before, said = [len(app.printed) for app in self.apps], []
        yield said
        said += [app.printed[length:] for app, length in zip(self.apps, before, strict=True)]

    @contextmanager
    def running(self):
        """Start every part in compose's order, and stop them in the other one."""
        with ExitStack() as parts:
            for name in in_order(self.compose["services"]):
                getattr(self, f"_start_{name}")(self.compose["services"][name], parts)
            yield self

    def _start_database(self, part, parts):
        assert part["image"].startswith("postgres:")
        # What the stand-in is asked, too, before anything that depends on it starts.
        assert part["healthcheck"]["test"].startswith("pg_isready --host 127.0.0.1")
        self.database = parts.enter_context(services.postgresql_service())
        # The image makes a database of its user's name.
        user = part["environment"]["POSTGRES_USER"]
        with psycopg.connect(self.database.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{user}"')

    def _start_redis(self, part, parts):
        assert part["image"].startswith("redis:")
        self.redis = parts.enter_context(services.redis_service(shlex.split(part["command"])))

    def _start_app(self, part, parts):
        command, environment = image()
        assert part["build"] == "."
        environment = {"PATH": os.environ["PATH"], **environment, **part["environment"]}
        here = {"@database/": f"@127.0.0.1:{self.database.port}/", "//redis:6379": f"//127.0.0.1:{self.redis.port}"}
        for name, local in here.items():
            environment = {key: value.replace(name, local) for key, value in environment.items()}
        environment["STATIC_ROOT"] = str(self._collected())
        for number in range(part["deploy"]["replicas"]):
            port = free_port()
            words = [word.replace("8000", str(port)) for word in command]
            own = {**environment, "ACADEMY_DATA": str(self.folder / f"data-{number}")}
            app = Process(words, own, port, self.folder / f"app-{number}.log")
            self.apps.append(app)
            parts.callback(self._stop, app)
            app.start()

    def _collected(self):
        """Return the folder of the static files, which the image has in it."""
        place = Path(os.environ.get("STATIC_ROOT", self.folder / "static"))
        if not (place / "staticfiles.json").exists():
            settings = {**os.environ, "STATIC_ROOT": str(place)}
            command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
            subprocess.run(command, cwd=ROOT, env=settings, check=True)
        return place

    @staticmethod
    def _stop(app):
        if app.process is not None and app.process.poll() is None:
            app.stop()

    def _start_proxy(self, part, parts):
        assert part["image"].startswith("caddy:")
        place = self.folder / "Caddyfile"
        place.write_text(self.proxy_configuration(part))
        command = shlex.split(part["command"].replace(part["configs"][0]["target"], str(place)))
        settings = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        settings |= {"XDG_DATA_HOME": str(self.folder / "caddy"), "XDG_CONFIG_HOME": str(self.folder / "caddy")}
        with open(self.folder / "proxy.log", "w") as log:
            proxy = subprocess.Popen(command, env=settings, stdout=log, stderr=subprocess.STDOUT)
        parts.callback(proxy.wait, 20)
        parts.callback(proxy.terminate)
        authority = self.folder / "caddy/caddy/pki/authorities/local/root.crt"
        deadline = time.monotonic() + 30
        while True:
            assert proxy.poll() is None, (self.folder / "proxy.log").read_text()
            assert time.monotonic() < deadline, (self.folder / "proxy.log").read_text()
            with suppress(httpx.TransportError, FileNotFoundError):
                self.trust = ssl.create_default_context(cafile=authority)
                # A socket of these tests is read on one thread and written on another. With TLS 1.3 the server has
                # something to say after the handshake, and OpenSSL then loses what is written at that moment.
                self.trust.maximum_version = ssl.TLSVersion.TLSv1_2
                if httpx.get(f"{self.base}/healthz", verify=self.trust, timeout=10).status_code == 200:
                    return
            time.sleep(0.05)

    def proxy_configuration(self, part):
        """Return the proxy's configuration with this machine's addresses and ports for those of the containers."""
        content = self.compose["configs"][part["configs"][0]["source"]]["content"]
        to = "to " + " ".join(f"127.0.0.1:{app.port}" for app in self.apps)
        content, found = re.subn(r"dynamic a app 8000 \{.*?\}", to, content, flags=re.DOTALL)
        assert found == 1
        # The ports, and a certificate of its own that it asks nobody to trust but us.
        own = f"skip_install_trust\n  http_port {self.http}\n  https_port {self.https}\n  default_bind 127.0.0.1"
        return content.replace("admin off", f"admin off\n  {own}")


@contextmanager
def site():
    """Start the installation in a folder that is thrown away."""
    place = tempfile.TemporaryDirectory(prefix="academy-site-", ignore_cleanup_errors=True)
    with place as folder, Site(Path(folder)).running() as running:
        yield running
