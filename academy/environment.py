"""Reads the environment with django-environ and refuses what it cannot use, in words."""

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def boolean(name, default):
    """Return a setting that is on or off; raises ImproperlyConfigured for any other word.

    django-environ takes every unknown word for False: `DEBUG=ture` would silently mean off.
    """
    value = env.str(name, default="").strip().lower()
    if not value:
        return default
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name} is '{value}': use 'on' or 'off'.")


def database(url):
    """Return Django's DATABASES entry for a URL; raises ImproperlyConfigured for an unknown kind.

    SQLite: WAL and `synchronous=FULL`, so that an acknowledged note survives a power cut, and
    IMMEDIATE transactions, because a deferred one fails with "database is locked" at once when
    it turns from reading to writing. PostgreSQL: a pool, because a room is hundreds of requests;
    commits that wait for the disk, whatever the server's own setting; short waits, because pages
    send again what was not stored. What the URL asks for (`?sslmode=require`) stays.
    """
    scheme = url.split(":", 1)[0]
    if scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url.removeprefix("sqlite:///"),
            "ATOMIC_REQUESTS": False,
            "CONN_MAX_AGE": 0,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                # Seconds. One thread writes, so only another program can hold the file for long; pages send again.
                "timeout": 8,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    if scheme in ("postgres", "postgresql"):
        asked = env.db_url_config(url)
        options = asked.get("OPTIONS", {})
        return {
            **asked,
            "ENGINE": "django.db.backends.postgresql",
            "ATOMIC_REQUESTS": False,
            "CONN_MAX_AGE": 0,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                "connect_timeout": 3,
                **options,
                "options": f"{options.get('options', '')} -c synchronous_commit=on".strip(),
                # Seconds. After an outage the pool would else wait as long again before it tries once more.
                "pool": {"min_size": 2, "max_size": 12, "timeout": 5, "reconnect_timeout": 3},
            },
        }
    raise ImproperlyConfigured(
        f"DATABASE_URL starts with '{scheme}': use sqlite:///academy.sqlite3 or postgresql://user:password@host/name."
    )


def channel_layer(url):
    """Return Channels' CHANNEL_LAYERS entry: in memory when the URL is empty, else Redis pub/sub."""
    if not url:
        return {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured(
            "REDIS_URL must start with redis:// (for example redis://127.0.0.1:6379/0), "
            "or be empty for one process on its own."
        )
    return {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [url]},
    }
