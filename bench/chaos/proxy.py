"""A network that fails on command: a TCP proxy in front of the servers, one for each group of screens."""

import asyncio
from contextlib import suppress

CHUNK = 64 * 1024


class Proxy:
    """Listens on a free port of 127.0.0.1 and passes on what it hears, until it is told not to.

    upstreams: ports, the preferred one first; the next is taken when one refuses, as a proxy before several
    processes does.
    """

    def __init__(self, upstreams, name=""):
        self.upstreams, self.name = list(upstreams), name
        self.port = 0
        self.delay = 0  # seconds each piece waits, each way
        self.is_cut = False
        self.is_swallowing = False
        self._links = set()
        self._server = None

    async def start(self):
        """Begin to listen; `port` says where."""
        self._server = await asyncio.start_server(self._link, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self):
        """Stop listening and end everything that is open."""
        self._server.close()
        self._end_all()

    def cut(self):
        """Pull the plug: what is open is reset, what comes is refused."""
        self.is_cut = True
        self._end_all()

    def swallow(self):
        """Drop everything without a word. Connections that are open now stay so, and are dead for good.

        Who only listens on one never hears of it; who says something on it is reset once the network is mended.
        """
        self.is_swallowing = True
        for link in self._links:
            link.is_dead = True

    def mend(self):
        """Work again, for new connections."""
        self.is_cut = self.is_swallowing = False
        self.delay = 0
        for link in list(self._links):
            if link.is_dead and link.has_asked:
                link.end()

    def _end_all(self):
        for link in list(self._links):
            link.end()

    async def _link(self, reader, writer):
        if self.is_cut:
            writer.transport.abort()
            return
        link = _Link(self, reader, writer)
        link.is_dead = self.is_swallowing
        self._links.add(link)
        try:
            await link.run()
        finally:
            self._links.discard(link)
            link.end()


class _Link:
    """One connection through the proxy."""

    def __init__(self, proxy, reader, writer):
        self.proxy, self.reader, self.writer = proxy, reader, writer
        self.up_writer = None
        self.is_dead = self.has_asked = False

    async def run(self):
        if self.is_dead:
            await self._read_and_forget()
            return
        connected = await self._connect()
        if connected is None:
            return
        up_reader, self.up_writer = connected
        up = asyncio.ensure_future(self._pump(self.reader, self.up_writer))
        down = asyncio.ensure_future(self._pump(up_reader, self.writer))
        try:
            await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
            if self.is_dead:
                await up  # the screen is not told that the server has gone
        finally:
            up.cancel()
            down.cancel()

    async def _connect(self):
        for port in self.proxy.upstreams:
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        return None

    async def _read_and_forget(self):
        with suppress(OSError):
            while await self.reader.read(CHUNK):
                self._asked_in_vain()

    def _asked_in_vain(self):
        self.has_asked = True
        if not self.proxy.is_swallowing:
            self.end()

    async def _pump(self, reader, writer):
        with suppress(OSError):
            while piece := await reader.read(CHUNK):
                if self.proxy.delay:
                    await asyncio.sleep(self.proxy.delay)
                if not self.is_dead:
                    writer.write(piece)
                    await writer.drain()
                elif reader is self.reader:
                    self._asked_in_vain()

    def end(self):
        for writer in (self.writer, self.up_writer):
            if writer is not None:
                writer.transport.abort()
