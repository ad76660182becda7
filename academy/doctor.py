"""Says in words what is dangerous or impossible in the settings of this place."""

import os

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from redis import Redis, RedisError

from academy import first_run, lifespan


def before_serving():
    """Return why nobody may be served with these settings, a sentence each; empty when all is well."""
    return [*_debug(), *_key(), *_hosts(), *_tls(), *_processes(), *_folder(), *_database()]


def refusals():
    """Return all that is wrong, a sentence each: also what `serve` puts right by itself when it starts."""
    found = before_serving()
    of_database = [] if list(_database()) else [*_durable(), *_migrations()]
    return [*found, *of_database, *_static(), *_redis()]


def _debug():
    if settings.DEBUG:
        yield "DEBUG is on: whoever makes a page fail reads code and settings. Set DEBUG=off."


def _key():
    key = settings.SECRET_KEY
    if len(key) < 50 or len(set(key)) < 5 or key.startswith("django-insecure-"):
        yield "SECRET_KEY can be guessed: set it to 50 or more random characters."


def _hosts():
    if "*" in settings.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS is '*', so a forged address would be believed: name the hosts, like academy.example.org."
    if not settings.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS is empty, so nobody could open a page: name the hosts, like academy.example.org."


def _tls():
    if not settings.BEHIND_TLS and any(origin.startswith("https:") for origin in settings.CSRF_TRUSTED_ORIGINS):
        yield (
            "TRUSTED_ORIGINS has an https address and BEHIND_TLS is off, so cookies would travel unprotected: "
            "set BEHIND_TLS=on when a proxy in front ends TLS."
        )


def _processes():
    wanted = os.environ.get("WEB_CONCURRENCY", "1")
    if wanted != "1" and lifespan.needs_to_be_alone():
        yield (
            f"WEB_CONCURRENCY is {wanted}, and with SQLite or without Redis only one process may serve: "
            "unset it, or set DATABASE_URL=postgresql://… and REDIS_URL=redis://…"
        )


def _folder():
    try:
        first_run.prepare(settings.DATA_DIR)
    except first_run.Refusal as refusal:
        yield str(refusal)


def _database():
    try:
        if connection.vendor == "postgresql":
            # Past the pool, which would try for 20 seconds and then hide the reason.
            connection.Database.connect(**connection.get_connection_params()).close()
        else:
            connection.ensure_connection()
    except Exception as problem:
        reason = str(problem).strip().partition("\n")[0]
        yield f"The database does not answer ({reason}): start it, or correct DATABASE_URL."


def _durable():
    """A note is acknowledged once it is committed: that must mean that it is on the disk."""
    if connection.vendor == "postgresql":
        durable = {"synchronous_commit": ("on", "remote_apply"), "fsync": ("on",), "full_page_writes": ("on",)}
        asked = "SHOW"
    else:
        durable = {"synchronous": (2, 3), "journal_mode": ("wal",)}
        asked = "PRAGMA"
    with connection.cursor() as cursor:
        for name, wanted in durable.items():
            cursor.execute(f"{asked} {name}")
            found = cursor.fetchone()[0]
            if found not in wanted:
                yield f"The database has {name} = {found}: a power cut could take stored notes. Set it to {wanted[0]}."


def _migrations():
    executor = MigrationExecutor(connection)
    if missing := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield f"The database lacks {len(missing)} migrations: start script/serve, or run manage.py migrate."


def _static():
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        yield "The static files are not collected: start script/serve, or run manage.py collectstatic."


def _redis():
    for url in settings.CHANNEL_LAYERS["default"].get("CONFIG", {}).get("hosts", []):
        try:
            Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3).ping()
        except (RedisError, ValueError):
            yield "Redis does not answer, so pages would be late by seconds: start it, or correct REDIS_URL."
