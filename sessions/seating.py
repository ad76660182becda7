"""Who sits with whom: tables for the coming discussions, at which cities keep meeting new ones.

Pure: no database, no clock, no input or output, and the same seed always gives the same tables.
What is promised, and where the figures come from: docs/seating.md.
"""

from collections import Counter
from itertools import chain, combinations
from math import inf
from random import Random

# The fewest repeats over three rounds, for those numbers of cities that cannot do without any.
# Proved (docs/seating.md); the search stops there instead of looking for what does not exist.
PROVED_MINIMA = {6: 5, 7: 6, 8: 8, 10: 2, 11: 4}

# How long to look. Counted in swaps, not in seconds: a busy server must not change the seating.
SWAPS_TRIED = 40_000
PATIENCE = 100  # swaps made without getting better, before starting again from another shuffle


def plan(cities, rounds, history=(), *, pairs=False, seed=0, pinned=None, home=None):
    """Seat everybody in every coming round, so that as few cities as possible meet again.

    cities: ids of the cities that are here, hashable, each named once. rounds: how many to seat.
    history: pairs of cities that met before, either way round, one for each time they met (see
    `meetings`); cities that have left since may be among them.
    pairs: allow tables of two where they avoid a repeat. seed: another one gives another seating.
    pinned: {round index: [(city, table number), …]}, seats chosen by hand. They hold whatever they
    cost: a table overfilled by hand takes its seats from the others. Passed over are a city that is
    not here, a table that does not exist in that round, and a pin that would leave a city alone.
    home: {city: table number} where a city sat last. Tables are numbered so that as many cities as
    possible keep their number from the round before; as this is only numbering, it costs no repeat.

    Returns one list of tables per round, each table a tuple of ids; the first is Table 1. Fewer
    than two cities get no table. Raises ValueError when a city is named twice.
    """
    cities = list(cities)
    index = {city: i for i, city in enumerate(cities)}
    if len(index) < len(cities):
        raise ValueError("A city is named twice, and nobody can sit at two tables.")
    if len(cities) < 2:
        return [[] for _ in range(rounds)]
    met = [(index[a], index[b]) for a, b in history if a in index and b in index]
    pins = [
        {index[city]: number - 1 for city, number in (pinned or {}).get(r, ()) if city in index} for r in range(rounds)
    ]
    best = _best_seating(len(cities), met, pins, pairs, Random(seed))
    return _numbered(best.named(cities), [set(seats.values()) for seats in best.pins], home or {})


def repeats(rounds_or_tables, history=()):
    """Return how often cities meet beyond the first time, over the history and these tables.

    rounds_or_tables: what `plan` returns, or the tables of one round. history: as for `plan`.
    """
    one_level_down = list(chain.from_iterable(rounds_or_tables))
    is_rounds = one_level_down and isinstance(one_level_down[0], (list, tuple))
    tables = one_level_down if is_rounds else rounds_or_tables
    counts = Counter(frozenset(pair) for pair in chain(history, meetings(tables)))
    return counts.total() - len(counts)


def meetings(tables):
    """Return the pairs of cities that meet at these tables: what later rounds take as history."""
    return [pair for table in tables for pair in combinations(table, 2)]


def table_sizes(n, pairs=False):
    """Return how many cities sit at each table when n cities are here, largest first.

    Tables of three, and fours only where n is not divisible by three; up to five sit as one table.
    With pairs, tables of two take the remainder instead; `plan` may do with fewer of them, or need
    more, to avoid repeats. Nobody sits alone, so a single city gets no table: [].
    """
    if n < 2:
        return []
    return _spread(n, [0] * (-(-n // 3) if pairs else max(1, n // 3)))


def place_latecomer(tables, city, history=()):
    """Return the index of the running table a latecomer joins, or None when there is no table.

    tables: the running round. history: pairs that met in the rounds before.
    A city left on its own is joined first. Otherwise the table with the fewest repeats, of these
    the smallest, of these the first; four become five only where nobody sits at two or three.
    """
    met = {other for pair in history if city in pair for other in pair}

    def burden(i):
        size = len(tables[i])
        return size > 1, max(0, size - 3), len(met.intersection(tables[i])), size

    return min((i for i, table in enumerate(tables) if table), key=burden, default=None)


# How many tables, and of what size.


def _spread(n, taken):
    """Return the sizes of tables for n cities, as even as the seats already taken allow."""
    sizes = list(taken)
    for _ in range(n - sum(sizes)):
        sizes[sizes.index(min(sizes))] += 1
    return sizes


def _shape(n, count, pins):
    """Return (sizes, pins) of a round with so many tables; the pins are those that hold there."""
    pins = {city: table for city, table in pins.items() if 0 <= table < count}
    taken = Counter(pins.values())
    sizes = _spread(n, [taken[table] for table in range(count)])
    if min(sizes) > 1:
        return sizes, pins
    if count > max(1, n // 3):
        return _shape(n, count - 1, pins)
    crowded = sizes.index(max(sizes))
    last = [city for city, table in pins.items() if table == crowded][-1]
    return _shape(n, count, {city: table for city, table in pins.items() if city != last})


def _options(n, pins, pairs):
    """Yield the shapes all rounds could have; with pairs from the fewest tables to the most."""
    rounds = len(pins)
    fewest = max(1, n // 3)
    most = n // 2 if pairs else fewest
    for total in range(rounds * fewest, rounds * most + 1):
        counts = _spread(total, [0] * rounds)[::-1]  # later rounds have more to avoid
        yield [_shape(n, count, seats) for count, seats in zip(counts, pins, strict=True)]


# The search: shuffle, then swap two cities of a round for as long as somebody meets again (the
# min-conflicts method). With up to 84 cities nothing cleverer is needed: docs/seating.md.


def _best_seating(n, met, pins, pairs, rng):
    """Return the seating with the fewest repeats found, and of these the fewest tables of two."""
    least = len(met) - len(set(map(frozenset, met)))
    if len(pins) == 3 and not (pairs or met or any(pins)):
        least = PROVED_MINIMA.get(n, 0)
    swaps = SWAPS_TRIED // n // (10 if pairs else 1)  # pairs: several shapes to try
    best = None
    for shapes in _options(n, pins, pairs):
        found = _search(n, met, shapes, rng, least, swaps)
        if best is None or found.fewest < best.fewest:
            best = found
        if best.fewest <= least:
            break
    return best


def _search(n, met, shapes, rng, least, swaps):
    """Return the best _Seating of these shapes found in so many swaps, from several shuffles."""
    best = seating = _Seating(n, met, shapes, rng)
    for _ in range(swaps):
        if best.fewest <= least or not seating.swap_one():
            break
        if seating.fewest < best.fewest:
            best = seating
        if seating.stale > PATIENCE:
            seating = _Seating(n, met, shapes, rng)
    return best


class _Seating:
    """All rounds at once: who sits where, how many meet again, and the best seen on the way.

    Cities are numbers from 0. A table is a mask with one bit for each city; so are once[a] and
    twice[a], the cities that a meets at least once and at least twice, history included. That
    makes a swap cheap to judge: it takes four counts of bits.
    """

    def __init__(self, n, met, shapes, rng):
        self.rng = rng
        self.pins = [pins for _, pins in shapes]
        self.free = [[a for a in range(n) if a not in pins] for pins in self.pins]
        self.met = [[0] * n for _ in range(n)]
        self.once, self.twice = [0] * n, [0] * n
        self.repeats = 0
        for a, b in met:
            self._meet(a, b, 1)
        self.at, self.tables = [], []
        for r, (sizes, _) in enumerate(shapes):
            self._sit_down(r, sizes)
        self._keep()

    def swap_one(self):
        """Make the best swap for one city that meets somebody again; False when none can move.

        It is made even when it makes things worse, and ties are drawn: that leads out of dead ends.
        """
        clashing = [
            (r, a)
            for r, free in enumerate(self.free)
            for a in free
            if self.tables[r][self.at[r][a]] & self.twice[a] and len(self.tables[r]) > 1
        ]
        if not clashing:
            return False
        r, a = self.rng.choice(clashing)
        self.stale += 1
        if partners := self._best_partners(r, a):
            self._swap(r, a, self.rng.choice(partners))
        if self.repeats < self.fewest:
            self._keep()
        return True

    def named(self, cities):
        """Return the best rounds seen as lists of tables, each a tuple of these cities."""
        return [[tuple(cities[a] for a in _members(table)) for table in tables] for tables in self.kept]

    def _sit_down(self, r, sizes):
        """Seat a round: the pinned where they must sit, everybody else at random."""
        seats = Counter(dict(enumerate(sizes))) - Counter(self.pins[r].values())
        self.rng.shuffle(self.free[r])
        at = self.pins[r] | dict(zip(self.free[r], seats.elements(), strict=True))
        tables = [0] * len(sizes)
        for a, table in at.items():
            for b in _members(tables[table]):
                self._meet(a, b, 1)
            tables[table] |= 1 << a
        self.at.append(at)
        self.tables.append(tables)

    def _best_partners(self, r, a):
        """Return the cities of other tables whose swap with a leaves the fewest repeats."""
        at, tables, once, twice = self.at[r], self.tables[r], self.once, self.twice
        left = tables[at[a]] ^ 1 << a
        saved = (twice[a] & left).bit_count()
        fewest, partners = inf, []
        for b in self.free[r]:
            if at[b] == at[a]:
                continue
            joined = tables[at[b]] ^ 1 << b
            after = self.repeats - saved - (twice[b] & joined).bit_count()
            after += (once[a] & joined).bit_count() + (once[b] & left).bit_count()
            if after > fewest:
                continue
            if after < fewest:
                fewest, partners = after, []
            partners.append(b)
        return partners

    def _swap(self, r, a, b):
        """Let two cities change places."""
        at, tables = self.at[r], self.tables[r]
        for leaving, coming in ((a, b), (b, a)):
            for mate in _members(tables[at[leaving]] ^ 1 << leaving):
                self._meet(leaving, mate, -1)
                self._meet(coming, mate, 1)
        for city in (a, b):
            tables[at[city]] ^= 1 << a | 1 << b
        at[a], at[b] = at[b], at[a]

    def _meet(self, a, b, step):
        """Count one meeting of a and b more (step 1) or fewer (step -1)."""
        self.met[a][b] = self.met[b][a] = count = self.met[a][b] + step
        nth = max(count, count - step)  # the meeting that comes or goes
        if nth > 1:
            self.repeats += step
        if nth < 3:
            mask = self.once if nth == 1 else self.twice
            mask[a] ^= 1 << b
            mask[b] ^= 1 << a

    def _keep(self):
        """Remember these tables as the best seen so far."""
        self.fewest = self.repeats
        self.kept = [list(tables) for tables in self.tables]
        self.stale = 0


def _members(mask):
    """Return the numbers of the cities in a mask, in order."""
    return [a for a in range(mask.bit_length()) if mask >> a & 1]


# Table numbers: an assignment of tables to numbers, after the seating is decided.


def _numbered(rounds, pinned, home):
    """Return the rounds with their tables in the order in which most cities keep their number."""
    home = dict(home)
    numbered = []
    for tables, fixed in zip(rounds, pinned, strict=True):
        loose = [table for number, table in enumerate(tables) if number not in fixed]
        numbers = [number for number in range(len(tables)) if number not in fixed]
        stay = [[sum(home.get(a) == k + 1 for a in table) for k in numbers] for table in loose]
        ordered = list(tables)
        for table, column in zip(loose, _assigned(stay), strict=True):
            ordered[numbers[column]] = table
        home.update((city, k + 1) for k, table in enumerate(ordered) for city in table)
        numbered.append(ordered)
    return numbered


def _assigned(gain):
    """Return a column for each row, so that the whole numbers in gain have the largest sum.

    An auction (D. Bertsekas): each row bids for the column it likes best, and outbids its owner.
    With gains times n + 1 and bids that rise by 1, it ends at the exact optimum.
    """
    n = len(gain)
    price, owner, waiting = [0] * n, [None] * n, list(range(n))[::-1]
    while waiting:
        row = waiting.pop()
        worth = [(n + 1) * gain[row][column] - price[column] for column in range(n)]
        ranked = sorted(range(n), key=worth.__getitem__, reverse=True)
        column = ranked[0]
        price[column] += worth[column] - worth[ranked[1 % n]] + 1
        if owner[column] is not None:
            waiting.append(owner[column])
        owner[column] = row
    return [owner.index(row) for row in range(n)]
