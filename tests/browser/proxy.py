"""A network of a room, between the browsers and the server: it can be cut, go silent, be slow, or refuse sockets."""

import asyncio
import contextlib
import threading

PIECE = 4096
SWITCHING = b"upgrade: websocket"


class Proxy:
    """Forwards TCP from a port of its own on 127.0.0.1, as well as its network is just now.

    cut: nobody gets through, and who was through is cut off. silent: half-open, bytes vanish and nothing is closed.
    delay: seconds each way. bandwidth: bytes a second each way, for each connection, or 0. refuses_sockets: an upgrade
    to a socket is answered 403, as by a proxy that does not know of them. keeps_pages: what is not to be stored may be,
    so that Chromium does as Safari does without being asked: it puts a page aside whole while another one is looked at.
    """

    def __init__(self, port):
        self.target = port
        self.is_silent = self.refuses_sockets = self.keeps_pages = self._is_cut = False
        self.delay = self.bandwidth = 0
        self.sockets = 0
        self._writers, self._dead = set(), set()
        self._ended = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]

    def _do(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    def cut(self):
        """Cut everybody off."""
        self._do(self._cut())

    def mend(self):
        """Let everybody through again; who was held by silence stays dead."""
        self._is_cut = self.is_silent = False

    def silence(self):
        """Swallow everything from now on; nobody is told."""
        self.is_silent = True
        self._dead |= self._writers

    def close(self):
        """Stop for good."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _end(self):
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _cut(self):
        self._is_cut = True
        self._ended.set()
        self._ended = asyncio.Event()
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, reader, writer):
        if self._is_cut:
            writer.transport.abort()
            return
        self._writers.add(writer)
        if self.is_silent:
            self._dead.add(writer)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await self._join(reader, writer)
        self._writers.discard(writer)
        writer.transport.abort()

    async def _join(self, reader, writer):
        first = await reader.read(PIECE)
        if SWITCHING in first.lower():
            if self.refuses_sockets:
                writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                await writer.drain()
                return
            self.sockets += 1
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.target)
        try:
            there = asyncio.ensure_future(self._pump(reader, up_writer, writer, first))
            back = asyncio.ensure_future(self._pump(up_reader, writer, writer))
            await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
            # A half-open connection is told of nothing.
            if writer in self._dead:
                await self._ended.wait()
            there.cancel()
            back.cancel()
        finally:
            up_writer.transport.abort()

    async def _pump(self, reader, writer, connection, piece=b""):
        """Forward one way, in order: each piece leaves as late as the delay says, at the pace the bandwidth allows."""
        queue = asyncio.Queue()
        sending = asyncio.ensure_future(self._send(queue, writer, connection))
        try:
            while piece or (piece := await reader.read(PIECE)):
                queue.put_nowait((self._loop.time() + self.delay, piece))
                piece = b""
            queue.put_nowait((self._loop.time() + self.delay, b""))
            await sending
        finally:
            sending.cancel()

    async def _send(self, queue, writer, connection):
        while True:
            due, piece = await queue.get()
            await asyncio.sleep(max(0, due - self._loop.time()))
            if not piece:
                return
            if self.bandwidth:
                await asyncio.sleep(len(piece) / self.bandwidth)
            if self.keeps_pages:
                piece = piece.replace(b"no-store", b"no-cache")
            if connection not in self._dead:
                writer.write(piece)
                await writer.drain()
