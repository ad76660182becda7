"""/healthz: whether process, database and channel layer answer, as JSON."""

import asyncio
from pathlib import Path

from channels.layers import get_channel_layer
from django.db import connection
from django.http import JsonResponse
from django.views.decorators.http import require_safe

from academy import database


def _ask_database():
    """Read a row. An open SQLite connection does not notice that its file is gone, so that is asked too."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).is_file():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
        return cursor.fetchone() == (1,)


async def _ask_layer():
    # To a group nobody is in: a channel of its own would stay behind in Redis with every check.
    await get_channel_layer().group_send("academy.health", {"type": "health"})
    return True


async def _answers(question):
    """Whether the awaitable answers truthfully within two seconds. If not, the hub and academy.outage log it, once."""
    try:
        return bool(await asyncio.wait_for(question, timeout=2))
    except Exception:
        return False


@require_safe
async def healthz(request):
    """Answer 200 when all three work, 503 when the database does not; a lost layer alone is no reason to restart."""
    stored, layer = await asyncio.gather(_answers(database.read(_ask_database)), _answers(_ask_layer()))
    state = {"process": "ok", "database": "ok" if stored else "down", "channel_layer": "ok" if layer else "down"}
    return JsonResponse(state, status=200 if stored else 503)
