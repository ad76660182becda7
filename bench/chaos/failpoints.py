"""Failpoints are files: the harness makes one, the server that comes by takes it away and fails.

A file survives the process it kills, is taken by exactly one of two processes, and shows the harness by its
absence that it was hit.
"""

import time
from contextlib import suppress
from pathlib import Path

BEFORE_HINT = "crash-between-write-and-hint"
BEFORE_ACK = "crash-after-commit-before-ack"
ACK_DROPPED = "ack-dropped"
SLOW_COMMIT = "delay-between-seq-and-commit"
HINTS_LOST = "hints-lost"
LAYER_FAILS = "channel-layer-fails"


class Failpoints:
    """The failpoints of one server: a folder that both sides know."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def arm(self, name):
        """Let the next one that comes by fail, once."""
        (self.folder / name).touch()

    def arm_for(self, name, seconds):
        """Let everybody who comes by fail for so many seconds."""
        (self.folder / name).write_text(repr(time.time() + seconds))

    def disarm(self, name):
        """Return whether it was still waiting; it does so no longer."""
        return self.take(name)

    def is_armed(self, name):
        """Whether nobody has come by yet."""
        return (self.folder / name).exists()

    def take(self, name):
        """Return True for exactly one caller of those that come by an armed failpoint."""
        try:
            (self.folder / name).unlink()
        except FileNotFoundError:
            return False
        return True

    def is_on(self, name):
        """Whether a failpoint that lasts is on now."""
        with suppress(FileNotFoundError, ValueError):
            return time.time() < float((self.folder / name).read_text())
        return False
