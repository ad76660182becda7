"""A text for many sockets is framed once: the bytes are those that uvicorn's own library makes for each socket."""

import pytest
from websockets.protocol import State
from websockets.server import ServerProtocol

from academy.ready_frames import framed


@pytest.mark.parametrize("letters", [1, 125, 126, 127, 65_535, 65_536, 100_000])
@pytest.mark.parametrize("letter", ["a", "ã"])
def test_a_ready_frame_is_byte_for_byte_what_the_library_sends(letters, letter):
    server = ServerProtocol(state=State.OPEN)
    text = letter * letters

    server.send_text(text.encode())

    assert framed(text) == b"".join(server.data_to_send())
