"""The network of the chaos run fails as networks do."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from bench.chaos.proxy import Proxy


@asynccontextmanager
async def echoing():
    """A server that says back what it hears; yields its port."""

    async def echo(reader, writer):
        while piece := await reader.read(1000):
            writer.write(piece)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@asynccontextmanager
async def network(*upstreams):
    """A proxy to an echo, or to these ports."""
    async with echoing() as port:
        proxy = Proxy([*upstreams, port])
        await proxy.start()
        try:
            yield proxy
        finally:
            await proxy.stop()


async def say(connection, text=b"hello", within=2):
    """Say something and return what comes back."""
    reader, writer = connection
    writer.write(text)
    return await asyncio.wait_for(reader.read(1000), within)


async def is_over(connection):
    """Whether a connection was ended by the other side."""
    try:
        return await asyncio.wait_for(connection[0].read(1000), 2) == b""
    except OSError:
        return True


def in_a_loop(test):
    """Run an async test to its end."""

    def run():
        asyncio.run(test())

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


@in_a_loop
async def test_it_passes_on_what_it_hears():
    async with network() as proxy:
        assert await say(await asyncio.open_connection("127.0.0.1", proxy.port)) == b"hello"


@in_a_loop
async def test_the_next_upstream_is_taken_when_one_refuses():
    async with network(1) as proxy:
        assert await say(await asyncio.open_connection("127.0.0.1", proxy.port)) == b"hello"


@in_a_loop
async def test_a_cut_resets_what_is_open_and_refuses_what_comes():
    async with network() as proxy:
        open_before = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await say(open_before) == b"hello"
        proxy.cut()
        assert await is_over(open_before)
        assert await is_over(await asyncio.open_connection("127.0.0.1", proxy.port))

        proxy.mend()
        assert await say(await asyncio.open_connection("127.0.0.1", proxy.port)) == b"hello"


@in_a_loop
async def test_half_open_says_nothing_and_who_only_listens_never_hears_of_it():
    async with network() as proxy:
        listening = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await say(listening) == b"hello"
        proxy.swallow()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(listening[0].read(1000), 0.2)

        proxy.mend()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(listening[0].read(1000), 0.2)
        assert await say(await asyncio.open_connection("127.0.0.1", proxy.port)) == b"hello"


@in_a_loop
async def test_what_was_asked_through_a_half_open_network_ends_when_it_is_mended():
    async with network() as proxy:
        asking = await asyncio.open_connection("127.0.0.1", proxy.port)
        proxy.swallow()
        with pytest.raises(TimeoutError):
            await say(asking, within=0.2)

        proxy.mend()
        assert await is_over(asking)


@in_a_loop
async def test_a_slow_network_takes_its_time_each_way():
    async with network() as proxy:
        connection = await asyncio.open_connection("127.0.0.1", proxy.port)
        proxy.delay = 0.15
        began = asyncio.get_running_loop().time()
        assert await say(connection) == b"hello"
        assert asyncio.get_running_loop().time() - began >= 0.3
