"""The limit: `websockets`' own broadcast() to every socket, nothing else. Whoever is at /say is heard by all others."""

import asyncio
import sys

import uvloop
from websockets.asyncio.server import broadcast, serve

ears = set()


async def connected(socket):
    """Repeat what the publisher says to all who listen."""
    if socket.request.path == "/say":
        async for text in socket:
            broadcast(ears, text)
        return
    ears.add(socket)
    try:
        await socket.wait_closed()
    finally:
        ears.discard(socket)


async def main(port):
    """Serve until the process ends."""
    async with serve(connected, "127.0.0.1", port, compression=None, backlog=2048):
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
