"""What a page has: its panels, and the number of each stream it listens to."""

import re
import time
from html import unescape
from typing import NamedTuple

from sessions.rehearsal.page import Page

# Frames are put into the page when somebody looks at it, or when so many have come.
_MOST_COMING = 50
# The parts of pages that change by themselves.
LIVE = (
    *("now", "team", "marks", "our-notes", "table-notes", "board"),
    *("wall", "run", "screen", "tables", "notes", "roster"),
)
# What a fresh drawing changes though nothing has: tokens, fresh ids, the clock's last shown second.
_CHANGING = re.compile(
    r'<input[^>]* name="csrfmiddlewaretoken"[^>]*>|(?<=<input name="uuid" type="hidden" value=")[^"]*'
    r'|(?<=<span class="clock)[^"]*|(?<=role="timer">)[^<]*'
)

# White space between tags: a list that grew by itself has less of it.
_BETWEEN = re.compile(r">\s+<")


class Heard(NamedTuple):
    """A frame that reached a screen: of which stream, which numbers, how ("socket", "pull"), when (monotonic, wall)."""

    stream: str
    since: int
    seq: int
    how: str
    at: float
    wall: float


class Drawing:
    """A page as it was loaded, and what frames made of it, by the rules of static/js/live.js.

    have: {stream: seq} it shows. told: the highest number it was ever told of. frames: every frame, as Heard.
    """

    def __init__(self, html):
        self._page = Page(html)
        self.body = self._page.body
        self.have = _numbers(self.body.get("data-have"))
        self.told, self.frames, self._coming = {}, [], []

    @property
    def page(self):
        """The Page as it is now."""
        coming, self._coming = self._coming, []
        for html in coming:
            self._page.place(html)
        return self._page

    @property
    def have_text(self):
        """What it has, as it is said to the server: "stage:12,board:3"."""
        return ",".join(f"{name}:{seq}" for name, seq in self.have.items())

    @property
    def is_behind(self):
        """Whether it was told of something it does not have."""
        return any(self.have.get(stream, -1) < seq for stream, seq in self.told.items())

    def tell(self, seqs):
        """Hear where streams stand, {stream: seq}."""
        for stream, seq in seqs.items():
            self.told[stream] = max(self.told.get(stream, -1), seq)

    def take(self, frame, how):
        """Take a frame if it fits; returns its Heard and whether it was new."""
        stream, since, seq = frame["stream"], frame["since"], frame["seq"]
        heard = Heard(stream, since, seq, how, time.monotonic(), time.time())
        self.frames.append(heard)
        self.tell({stream: seq})
        have = self.have.get(stream, -1)
        # Whole panels of the number the page has are the newer drawing of it.
        fits = since <= have < seq or (since < 0 and have <= seq)
        if fits:
            self.have[stream] = seq
            self._coming.append(frame["html"])
            if len(self._coming) > _MOST_COMING:
                _ = self.page
        return heard, fits

    def is_of_another_page(self, html):
        """Whether a frame is for a phone that was admitted, moved to another city team or renamed meanwhile."""
        mark = re.search(r'data-page="([^"]*)"', html)
        team = self._page.get("team")
        return mark is not None and (team is None or team.get("data-page") != unescape(mark.group(1)))

    def view(self):
        """Return {id: html} of the live parts, without what differs from one drawing to the next."""
        return _view(self.page)


def view_of(frames):
    """Return what `Drawing.view` is on a page that was opened now: frames is a whole catch-up."""
    return _view(Page("".join(frame["html"] for frame in frames)))


def _view(page):
    parts = ((name, page.get(name)) for name in LIVE)
    return {name: _as_drawn(part.html) for name, part in parts if part is not None}


def _as_drawn(html):
    return _BETWEEN.sub("><", " ".join(_CHANGING.sub("", html).split()))


def _numbers(text):
    return {name: int(seq) for name, _colon, seq in (part.rpartition(":") for part in text.split(",")) if name}
