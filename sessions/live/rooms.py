"""A room: the sockets of this process that get the same bytes, and what it has heard of and not yet drawn."""

import json
from dataclasses import dataclass

from sessions.live.outbox import Message

# Seconds. Publishing may overtake: how long a hole in the numbers is waited for before everything is drawn anew.
OVERTAKING = 0.2
# Seconds a room rests after a drawing, at least and at most, and how many times as long as the drawing took. What
# comes after a quiet time is drawn at once. The stage never rests: it is small, and everybody waits for it.
RESTS = {"stage": (0, 0, 0), "team": (0.05, 2, 0.2), "board": (0.05, 2, 0.1), "desk": (0.4, 8, 0.8)}


@dataclass(frozen=True)
class Drawing:
    """What is to be drawn for a room: what changed after `since` up to `seq`. only: panel ids, empty for all."""

    stream: str
    audience: str
    language: str
    since: int
    seq: int
    only: frozenset = frozenset()

    def text(self, now, html):
        """The frame as it is sent; now in milliseconds, UTC."""
        return json.dumps({"stream": self.stream, "since": self.since, "seq": self.seq, "now": now, "html": html})


class Room:
    """One stream of one session, drawn for one audience in one language."""

    def __init__(self, stream, audience, language):
        self.stream, self.audience, self.language = stream, audience, language
        self.kind = stream.partition("-")[0]
        self.sockets = set()
        # The number up to which everybody here was sent everything; None until it has been read.
        self.seq = None
        # {number: panel ids} heard of; the highest number the database was seen to have.
        self.told = {}
        self.named = 0
        self.ready_at = 0
        self._hole_since = None

    @property
    def urgency(self):
        """The smaller, the sooner: what everybody looks at first, what only lists comes last."""
        order = [("stage", "phone"), ("stage", "wall"), ("board", "wall"), ("team", "phone"), ("board", "phone")]
        place = (self.kind, self.audience)
        return order.index(place) if place in order else len(order)

    @property
    def is_behind(self):
        """Whether there is something to draw, now or soon."""
        return self.seq is not None and (bool(self.told) or self.named > self.seq)

    def hear(self, seq, only):
        """Note a change. only: ids of the panels it changed, empty for all."""
        if self.seq is None or seq > self.seq:
            self.told[seq] = frozenset(only)

    def starts_at(self, seq):
        """Say where the stream stood after this process had begun to listen; a room that knows keeps its number."""
        if self.seq is None:
            self.seq = seq
        self._forget()

    def next(self, now):
        """Return the Drawing that is due at this time of the loop (seconds), or None.

        A number nobody told of, in between or at the end, is waited for a moment; then everything is drawn anew.
        """
        if not self.is_behind or now < self.ready_at:
            return None
        run = self._without_a_hole()
        if run:
            everything = any(not self.told[seq] for seq in run)
            only = frozenset() if everything else frozenset().union(*(self.told[seq] for seq in run))
            return self._drawing(run[-1], only)
        if self._hole_since is None:
            self._hole_since = now
        self.ready_at = self._hole_since + OVERTAKING
        return None if now < self.ready_at else self._drawing(max(self.named, *self.told, 0), frozenset())

    def anew(self, only):
        """Return a Drawing of what ages by itself, at the number everybody has."""
        return self._drawing(self.seq, frozenset(only))

    def _drawing(self, seq, only):
        return Drawing(self.stream, self.audience, self.language, self.seq, seq, only)

    def _without_a_hole(self):
        run = []
        for seq in sorted(self.told):
            if seq != self.seq + len(run) + 1:
                break
            run.append(seq)
        return run

    def drawn(self, drawing, text, now, took):
        """Hand the text (None: there is nothing to show any more) to all sockets, then rest."""
        self.seq = max(self.seq, drawing.seq)
        self._hole_since = None
        self._forget()
        least, times, most = RESTS[self.kind]
        self.ready_at = now + min(most, max(least, times * took))
        if text is not None:
            message = Message(text)
            for subscription in list(self.sockets):
                subscription.put(message)

    def _forget(self):
        self.told = {seq: only for seq, only in self.told.items() if seq > self.seq}
