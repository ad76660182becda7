"""PostgreSQL: a rush of requests never takes more connections than the pool has, and an answer waits for the commit."""

import asyncio

import httpx
import pytest
from django.conf import settings
from django.db import connection

from academy import database
from tests.live.rooms import LiveRoom, process
from tests.ops.conftest import free_port

RUSH = 500


@pytest.fixture(autouse=True)
def _postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no pool")


def connections_to_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone()[0]


async def rush(base, path):
    """Ask for a page so many times at once; returns the answers' status codes and the most connections seen."""
    most = 0
    limits = httpx.Limits(max_connections=RUSH)
    async with httpx.AsyncClient(base_url=base, timeout=60, limits=limits) as http:
        asking = [asyncio.ensure_future(http.get(path)) for _ in range(RUSH)]
        while not all(each.done() for each in asking):
            most = max(most, await database.read(connections_to_the_database))
            await asyncio.sleep(0.05)
        return {each.result().status_code for each in asking}, most


def test_five_hundred_requests_at_once_take_no_more_connections_than_the_pool(content, tmp_path):
    pool = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]
    with process(tmp_path, free_port()) as (_server, base):
        live = LiveRoom(base)
        live.talk()
        # This process has a pool of its own, which is as full as it will be.
        ours = asyncio.run(_fill(pool))

        answers, most = asyncio.run(rush(base, f"/j/{live.workshop.code}"))

        assert answers == {200}
        assert most - ours <= pool
        live.close()


async def _fill(pool):
    await asyncio.gather(*(database.read(connections_to_the_database) for _ in range(2 * pool)))
    return await database.read(connections_to_the_database)


def test_an_answer_waits_for_the_commit_on_the_disk(db):
    def ask():
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            return cursor.fetchone()[0]

    async def both():
        return {await database.write(ask), await database.read(ask)}

    assert asyncio.run(both()) == {"on"}
    database.close_threads()
