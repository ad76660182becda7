"""Sessions whose phones come and go for a long time: python -m bench.soak --minutes 20 [--setting scaled] [--json FILE]

Nothing may grow that does not shrink again. Each minute: memory, open files, tasks, what the channel layer and the hub
hold, connections to PostgreSQL, how long answers took, what was logged. At the end everybody leaves, and what is
still held then is a leak. On loopback only; it stops by itself.
"""

import argparse
import asyncio
import json
import random
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack, suppress
from pathlib import Path

from bench.servers import ROOT, free_port, place, stop
from sessions.rehearsal.browser import FAILURES, NotTaken
from sessions.rehearsal.phone import Phone
from tests import services

# Seconds. How long a phone stays, and between two of its notes; a tenth of all phones drop their socket each minute.
STAYS, WRITES, DROPS_PER_MINUTE = (40, 200), (8, 20), 0.1
# Seconds after the last phone has left until all of it is let go: leases, sockets, the last heartbeat.
LET_GO = 20
MOST_PHONES = 1000


def options():
    """Return what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--setting", choices=["embedded", "scaled"], default="embedded")
    parser.add_argument("--sessions", type=int, default=6)
    parser.add_argument("--phones", type=int, default=20, help="in each session, at a time")
    parser.add_argument("--every", type=float, default=60, help="seconds between two looks")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    if given.sessions * given.phones > MOST_PHONES:
        parser.error(f"at most {MOST_PHONES} phones at a time")
    return given


class Servers:
    """The processes under test, their log, and their database if it is PostgreSQL."""

    def __init__(self, where, count):
        self.log = where.folder / "server.log"
        self.database = where.urls.get("DATABASE_URL")
        self.ports = [free_port() for _ in range(count)]
        self._read = 0
        with open(self.log, "ab") as log:
            self.processes = [
                subprocess.Popen(
                    [sys.executable, "-m", "bench.watched", str(port)],
                    cwd=ROOT,
                    env=where.environment,
                    stdout=log,
                    stderr=log,
                )
                for port in self.ports
            ]

    def wait(self):
        """Wait until all of them answer."""
        deadline = time.monotonic() + 60
        for port in self.ports:
            while True:
                with suppress(OSError):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
                    break
                if time.monotonic() > deadline:
                    sys.exit(self.log.read_text()[-3000:])
                time.sleep(0.1)

    def look(self):
        """Return what they hold, added up."""
        found = {"rss_mb": 0, "files": 0, "tasks": 0, "channels": 0, "groups": 0, "sockets": 0, "rooms": 0}
        for process, port in zip(self.processes, self.ports, strict=True):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/inside", timeout=10) as answer:
                inside = json.load(answer)
            own = Path(f"/proc/{process.pid}")
            rss = next(line for line in (own / "status").read_text().splitlines() if line.startswith("VmRSS"))
            inside |= {"rss_mb": round(int(rss.split()[1]) / 1024, 1), "files": len(list((own / "fd").iterdir()))}
            found = {name: found[name] + inside[name] for name in found}
        return found | {"connections": self._connections()} | self._logged()

    def _connections(self):
        if self.database is None:
            return None
        import psycopg

        with psycopg.connect(self.database) as connection:
            return connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE client_port IS NOT NULL AND pid != pg_backend_pid()"
            ).fetchone()[0]

    def _logged(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            log.seek(self._read)
            lines = log.readlines()
            self._read = log.tell()
        bad = [line.strip() for line in lines if any(f" {level} " in line for level in ("WARNING", "ERROR"))]
        tracebacks = sum("Traceback" in line for line in lines)
        return {"logged": len(bad), "tracebacks": tracebacks, "last_logged": bad[-1][:160] if bad else ""}

    def stop(self):
        """End them."""
        for process in self.processes:
            stop(process)


class Crowd:
    """The phones of all sessions: each place in a session is taken by one after another until it is over."""

    def __init__(self, servers, sessions, given):
        self.random = random.Random(given.seed)
        self.ports = servers.ports
        self.until = time.monotonic() + given.minutes * 60
        self.took, self.refused, self.joined, self.drops, self.not_let_in = [], [], 0, 0, 0
        self.places = [(session["code"], n) for session in sessions for n in range(given.phones)]

    async def all_of_them(self):
        """Until the time is over and everybody has left."""
        await asyncio.gather(*(self._place(code, n) for code, n in self.places))

    async def _place(self, code, number):
        await asyncio.sleep(self.random.uniform(0, 10))
        while time.monotonic() < self.until:
            base = f"http://127.0.0.1:{self.random.choice(self.ports)}"
            try:
                phone = await Phone.join(base, code, f"City {number % 12 + 1:02d}")
            except (NotTaken, *FAILURES):
                self.not_let_in += 1
                await asyncio.sleep(2)
                continue
            self.joined += 1
            phone.outbox.on_settled = self._settled
            try:
                await self._stay(phone)
                if self.random.random() < 0.5:
                    with suppress(*FAILURES):
                        await phone.leave()
            finally:
                await phone.close()

    def _settled(self, command):
        self.took.append(command.settled - command.sent)
        if not command.is_stored:
            self.refused.append(command.sentence)

    async def _stay(self, phone):
        """Write now and then; drop the socket as often as is said; then send what still waits."""
        goes = min(self.until, time.monotonic() + self.random.uniform(*STAYS))
        while time.monotonic() < goes and not phone.is_out:
            pause = self.random.uniform(*WRITES)
            await asyncio.sleep(min(pause, max(0.1, goes - time.monotonic())))
            with suppress(NotTaken):
                phone.write(f"Nobody owns the budget ({self.random.randrange(10**6)})")
            if self.random.random() < DROPS_PER_MINUTE * pause / 60:
                self.drops += 1
                await phone.sleep()
                await asyncio.sleep(self.random.uniform(1, 8))
                await phone.wake()
        for _ in range(100):
            if not phone.waiting:
                return
            await asyncio.sleep(0.1)

    def p95_ms(self):
        """How long answers took since it was asked last (95 of 100, milliseconds), and how many there were."""
        took, self.took = sorted(self.took), []
        return (round(took[int(len(took) * 0.95)] * 1000) if took else None), len(took)


async def watched(crowd, servers, every, looks):
    """Let the crowd come and go; look now and then."""
    began = time.monotonic()
    crowding = asyncio.ensure_future(crowd.all_of_them())
    while not crowding.done():
        await asyncio.wait({crowding}, timeout=every)
        p95, acked = crowd.p95_ms()
        look = await asyncio.to_thread(servers.look)
        looks.append({"minute": round((time.monotonic() - began) / 60, 2), **look, "ack_p95_ms": p95, "acked": acked})
        print(json.dumps(looks[-1]), flush=True)
    crowding.result()
    await asyncio.sleep(LET_GO)


def slope(looks, name):
    """Return by how much a figure grows an hour, by least squares over the looks after the first quarter."""
    rest = looks[len(looks) // 4 :]
    if len(rest) < 3:
        return None
    xs, ys = [look["minute"] / 60 for look in rest], [look[name] for look in rest]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((each - x) ** 2 for each in xs)
    return round(sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / spread, 2) if spread else None


def summary(given, crowd, before, looks, after):
    """Return what came of it."""
    warm = looks[len(looks) // 4] if looks else before
    by_hour = {f"{name}_per_hour": slope(looks[:-1], name) for name in ("rss_mb", "files", "tasks", "groups")}
    held = {name: after[name] for name in ("channels", "groups", "sockets", "rooms", "tasks", "files")}
    return {
        "setting": given.setting,
        "minutes": given.minutes,
        "sessions": given.sessions,
        "phones": given.sessions * given.phones,
        "seed": given.seed,
        **by_hour,
        "joined": crowd.joined,
        "drops": crowd.drops,
        "acked": sum(look["acked"] for look in looks),
        "refused": crowd.refused[:5],
        "not_let_in": crowd.not_let_in,
        "tracebacks": sum(look["tracebacks"] for look in [*looks, after]),
        "rss_before_mb": before["rss_mb"],
        "rss_warm_mb": warm["rss_mb"],
        "rss_after_mb": after["rss_mb"],
        "most_connections": max((look["connections"] or 0 for look in looks), default=0),
        "held_before": {name: before[name] for name in held},
        "held_after": held,
        "ack_p95_ms_first_half": _p95(looks[: len(looks) // 2]),
        "ack_p95_ms_second_half": _p95(looks[len(looks) // 2 :]),
        "let_go_of_all": not any(after[name] for name in ("groups", "sockets", "rooms")),
    }


def _p95(looks):
    found = [look["ack_p95_ms"] for look in looks if look["ack_p95_ms"] is not None]
    return max(found, default=None)


def main():
    """Run it; exits with 1 when something was still held, or a traceback was logged."""
    given = options()
    with ExitStack() as stack:
        urls = {}
        if given.setting == "scaled":
            urls = {
                "DATABASE_URL": stack.enter_context(services.postgresql()),
                "REDIS_URL": stack.enter_context(services.redis()),
            }
        where = stack.enter_context(place(**urls))
        sessions = where.room(sessions=given.sessions, cities=12)["sessions"]
        servers = Servers(where, 2 if urls else 1)
        stack.callback(servers.stop)
        servers.wait()
        before, looks = servers.look(), []
        crowd = Crowd(servers, sessions, given)
        asyncio.run(watched(crowd, servers, given.every, looks))
        after = servers.look()
    result = summary(given, crowd, before, looks, after)
    print(json.dumps(result, indent=2))
    if given.json:
        given.json.write_text(json.dumps({**result, "looks": looks}, indent=2) + "\n")
    sys.exit(0 if result["let_go_of_all"] and not result["tracebacks"] else 1)


if __name__ == "__main__":
    main()
