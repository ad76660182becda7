"""Ready frames: a text for many sockets is framed once, and the same bytes are written to each.

uvicorn frames each text for each socket anew, an eighth of what a delivery costs (docs/decisions.md). This leans on
uvicorn's insides: it is behind a setting (READY_FRAMES), and what it is not sure of goes the usual way.
"""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode

# The name in an ASGI scope's extensions.
EXTENSION = "academy.ready-frame"


def framed(text):
    """Return the bytes of a text frame as every socket of a server without compression gets them."""
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


class ReadyFrames(WebSocketsSansIOProtocol):
    """uvicorn's socket, which offers to write whole frames in the scope it gives to the application."""

    def handle_connect(self, event):
        """Begin as uvicorn does; the application has not run yet when the extension is added."""
        super().handle_connect(event)
        if hasattr(self, "scope"):
            self.scope["extensions"][EXTENSION] = self.write_frame

    def write_frame(self, frame):
        """Write the bytes of a frame now and return True; False where it has to be sent by ASGI, which may wait."""
        if not self.handshake_complete or self.close_sent or self.disconnected or not self.writable.is_set():
            return False
        self.transport.write(frame)
        return True
