"""How long each note took from the database to each screen that has to show it."""

import math

from bench.chaos.ledger import marker


def waits(rows, seen, depends_on, outages, until):
    """Return [(seconds, marker)], one for each note a screen has to show.

    rows: the notes due on it, as stored now. seen: {marker: when it showed it first}. depends_on: what has to be
    there for it to know. A screen owes a note from when it was stored, or from when all of that was back; the time in
    which the harness itself did not run is none. One that never showed it has waited until now; a note that was hidden
    meanwhile may never have been shown.
    """
    found = []
    for row in rows:
        name = marker(row.text)
        at = seen.get(name, until)
        if name in seen or not row.hidden:
            back = outages.back(depends_on, row.created_at, at)
            if back <= at:
                found.append((max(0.0, at - back - outages.stalled(back, at)), name))
    return found


def by_the_newest(rows, seen):
    """Return `seen` for a screen that shows the newest notes only: who shows one knows all that were stored before."""
    known, earliest = {}, math.inf
    for row in reversed(rows):
        name = marker(row.text)
        earliest = min(earliest, seen.get(name, math.inf))
        if earliest < math.inf:
            known[name] = earliest
    return known
