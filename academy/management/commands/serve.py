"""manage.py serve: what `script/serve` becomes once everything is installed."""

import asyncio
import io
import os
import secrets
import signal
import sys
from contextlib import contextmanager, suppress

import segno
import uvicorn
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.urls import reverse

from academy import addresses, doctor, first_run, lifespan
from academy.ready_frames import ReadyFrames
from sessions.actions import samples
from sessions.models import Workshop

ACCOUNT = "facilitator"


class Command(BaseCommand):
    """Bring database, content, account and sample session up to date, then serve until Ctrl-C or SIGTERM."""

    help = "Serves Academy on all networks of this machine."
    requires_system_checks = []

    def add_arguments(self, parser):
        """Add what script/serve passes on, and --collected for an image that has the static files in it."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-demo", action="store_true", help="make no sample session")
        parser.add_argument("--new-password", action="store_true", help="give the facilitator a new password")
        parser.add_argument("--collected", action="store_true", help="the static files are collected already")

    def handle(self, *args, port, no_demo, new_password, collected, **options):
        """Refuse in a sentence with exit code 1, or serve; Ctrl-C and SIGTERM are the ordinary end."""
        # uvicorn stops in order and then raises the signal once more for whoever called it.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        # What the room said is in the data folder: what is made there is for the owner's eyes only.
        os.umask(0o077)
        if found := doctor.before_serving():
            sys.exit("\n".join(found))
        try:
            _ask_for_the_folder()
            listener = first_run.take(port)
        except (RuntimeError, first_run.Refusal) as refusal:
            sys.exit(str(refusal))
        if not collected:
            call_command("collectstatic", interactive=False, verbosity=0)
        with _one_at_a_time():
            call_command("migrate", interactive=False, verbosity=0)
            # What it did is for whoever calls it by hand.
            call_command("load_content", stdout=io.StringIO())
            password = _account(new_password)
            if not no_demo:
                _sample(_for_phones(port)[0])
        greeting = _greeting(port, password, coloured=self.stdout.isatty())
        connection.close()
        with suppress(KeyboardInterrupt):
            _Server(port, lambda: print(greeting, file=self.stdout, flush=True)).run(sockets=[listener])
        self.stdout.write("Stopped. Everything is kept.")
        self.stdout.flush()
        # Python would wait for threads that wait for a database that is away; what they do was not acknowledged.
        os._exit(0)


def _ask_for_the_folder():
    """Raise RuntimeError if another process serves it, before anything is changed; the server takes and keeps it."""
    handle = lifespan.take_data_folder()
    if handle is not None:
        os.close(handle)


@contextmanager
def _one_at_a_time():
    """Hold a lock of PostgreSQL: processes may start together, migrations bear only one of them."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('academy serve'))")
        yield
        cursor.execute("SELECT pg_advisory_unlock(hashtext('academy serve'))")


def _account(renew):
    """Make the facilitator's account if there is none at all, or renew its password; returns it to be printed."""
    users = get_user_model().objects
    if users.exists() and not renew:
        return None
    # Nothing that is taken for something else when it is read aloud or copied by hand; 79 bits.
    password = "-".join("".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(4)) for _ in range(4))
    user, _is_new = users.get_or_create(username=ACCOUNT)
    user.is_active = user.is_staff = user.is_superuser = True
    user.set_password(password)
    user.save()
    return password


def _sample(address):
    owner = get_user_model().objects.filter(is_active=True, is_superuser=True).order_by("pk").first()
    if owner and not Workshop.objects.exists():
        samples.make(owner=owner, address=address)


def _named_by_operator():
    return "ALLOWED_HOSTS" in os.environ


def _for_phones(port):
    """The base URLs people may use, the likeliest first."""
    if not _named_by_operator():
        return addresses.for_phones(port)
    return [f"https://{host}" if settings.BEHIND_TLS else f"http://{host}:{port}" for host in settings.ALLOWED_HOSTS]


def _greeting(port, password, coloured):
    bases = _for_phones(port)
    desk = bases[0] if _named_by_operator() else f"http://localhost:{port}"
    lines = [
        "Academy is served. Leave this window open; Ctrl-C stops it.",
        "",
        f"Desk       {desk}{reverse('desk')}",
        f"Account    {ACCOUNT}" + ("" if password else " (password forgotten? script/serve --new-password)"),
        *([f"Password   {password} (write it down: it is shown only now)"] if password else []),
        *(f"{'           ' if i else 'Phones     '}{base}" for i, base in enumerate(bases)),
    ]
    if workshop := Workshop.objects.filter(state=Workshop.State.OPEN, rehearsal_of=None).order_by("pk").last():
        lines += [f"Join code  {workshop.code} for “{workshop}”", ""]
        lines += [_qr(bases[0] + reverse("join-session", args=[workshop.code]), coloured)]
    return "\n".join(lines)


def _qr(url, coloured):
    drawn = io.StringIO()
    segno.make(url, error="l").terminal(drawn, compact=True, border=2)
    if not coloured:
        return drawn.getvalue()
    # White on black whatever the terminal's own colours are: not every phone reads it the other way round.
    return "\n".join(f"\033[97;40m{row}\033[0m" for row in drawn.getvalue().splitlines())


class _Server(uvicorn.Server):
    """One process on a port that is already ours; greets when people can come in, not before."""

    def __init__(self, port, greet):
        super().__init__(
            uvicorn.Config(
                "academy.asgi:application",
                port=port,
                lifespan="on",
                ws=ReadyFrames if settings.READY_FRAMES else "websockets-sansio",
                ws_max_size=64 * 1024,
                ws_ping_interval=20,
                ws_ping_timeout=30,
                # Compressing each frame for each phone again would cost a quarter of the time.
                ws_per_message_deflate=False,
                # Seconds for requests under way and for screens that do not read; all in all it ends within five.
                timeout_graceful_shutdown=3,
                proxy_headers=settings.BEHIND_TLS,
                server_header=False,
                # Django's own logging, and no line per request: addresses of people are nobody's business.
                log_config=None,
                log_level="warning",
                access_log=False,
            )
        )
        self.greet = greet

    async def startup(self, sockets=None):
        """Start, greet, and keep up with the networks this machine is in."""
        await super().startup(sockets)
        self.greet()
        self.hosts = asyncio.create_task(_allow_own_hosts())


async def _allow_own_hosts():
    """Answer to this machine's own addresses, new ones too: a laptop may join the room's network after the start.

    Where the operator named the hosts, only this machine may ask by another one, for its health checks.
    """
    while True:
        own = ["127.0.0.1", "localhost"] if _named_by_operator() else addresses.hosts()
        settings.ALLOWED_HOSTS.extend(set(own) - set(settings.ALLOWED_HOSTS))
        await asyncio.sleep(10)
