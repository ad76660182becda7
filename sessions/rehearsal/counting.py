"""When the wall showed that a note had come."""

from sessions.rehearsal.page import Page
from sessions.rehearsal.wall import counts_of


class Counting:
    """What the wall counted while they talked: for each table the moment (wall clock, seconds) of each number."""

    def __init__(self):
        self._when = {}
        self.total = 0

    def look(self, discussion, moment, html):
        """Read a frame of the wall that came at this moment of the discussion that is on (1, 2 …)."""
        if "wall__table-count" not in html:
            return
        counts = counts_of(Page(html))
        self.total = sum(counts.values())
        for table, count in counts.items():
            seen = self._when.setdefault((discussion, table), [])
            seen.extend([moment] * (count - len(seen)))

    def when(self, discussion, table, nth):
        """Return the moment at which a table of a discussion had so many notes on the wall, or None."""
        seen = self._when.get((discussion, table), [])
        return seen[nth - 1] if nth <= len(seen) else None
