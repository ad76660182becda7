"""Many sockets in one process: each notes when what came, and nothing else; reading it is for afterwards."""

import asyncio
import json
import re
import time
from bisect import bisect_left

from picows import WSListener, WSMsgType, ws_connect

# Enough of a frame to find its stream and its number; the rest is a copy nobody needs.
HEAD = 120
_STREAM, _SEQ = re.compile(rb'"stream": ?"([^"]+)"'), re.compile(rb'"seq": ?(\d+)')
AT_ONCE = 50


class Ear(WSListener):
    """One open socket. heard: [(time.monotonic_ns(), the beginning of the message)]. first: the first heartbeat."""

    def __init__(self, keeps=False):
        super().__init__()
        self.forget()
        self.keeps = keeps
        self.first = asyncio.get_running_loop().create_future()
        self.transport = None

    def on_ws_connected(self, transport):
        self.transport = transport

    def on_ws_frame(self, transport, frame):
        if frame.msg_type == WSMsgType.TEXT:
            payload = frame.get_payload_as_memoryview()
            self.heard.append((time.monotonic_ns(), bytes(payload if self.keeps else payload[:HEAD])))
            if not self.first.done() and bytes(payload[:7]) == b'{"seqs"':
                self.first.set_result(json.loads(frame.get_payload_as_bytes())["seqs"])

    def forget(self):
        """Begin a measurement: what came before does not count."""
        self.heard, self._frames, self._read = [], {}, 0

    def frames(self, stream):
        """Return ([numbers], [moments]) of the frames of a stream ("stage", "team-7"), in the order they came."""
        for moment, head in self.heard[self._read :]:
            found = _STREAM.search(head)
            if found:
                numbers, moments = self._frames.setdefault(found.group(1).decode(), ([], []))
                numbers.append(int(_SEQ.search(head).group(1)))
                moments.append(moment)
        self._read = len(self.heard)
        return self._frames.get(stream, ([], []))


def when(numbers, moments, seq):
    """Return the moment a screen had a change: the first frame of its number or a later one. None: never."""
    index = bisect_left(numbers, seq)
    return moments[index] if index < len(moments) else None


async def listen(port, path, cookies=None, keeps=False):
    """Open a socket as a page does; returns its Ear."""
    headers = {"Origin": f"http://127.0.0.1:{port}"}
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    url = f"ws://127.0.0.1:{port}{path}"
    _transport, ear = await ws_connect(
        lambda: Ear(keeps), url, extra_headers=headers, websocket_handshake_timeout=60, read_buffer_init_size=4096
    )
    return ear


async def open_all(opening):
    """Run these coroutines, so many at a time; returns what they return, in their order."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(coroutine):
        async with gate:
            return await coroutine

    return await asyncio.gather(*(one(coroutine) for coroutine in opening))


def close_all(ears):
    """Hang up."""
    for ear in ears:
        if ear.transport is not None:
            ear.transport.disconnect()
