"""Streams and their numbers."""

from django.db.models import F

from sessions.models import Stream

STAGE = "stage"
BOARD = "board"
DESK = "desk"


def advance(workshop, names):
    """Take the next number of each stream, inside the transaction that holds the session's row lock.

    Returns {name: seq}. Two queries, three when a stream is new.
    """
    mine = Stream.objects.filter(workshop=workshop, name__in=names)
    if mine.update(seq=F("seq") + 1) < len(names):
        known = set(mine.values_list("name", flat=True))
        Stream.objects.bulk_create(Stream(workshop=workshop, name=name, seq=1) for name in names if name not in known)
    return dict(mine.values_list("name", "seq"))


def numbers(workshop, names):
    """Return {name: seq} as they are now; 0 for a stream nothing was ever said on. Read this before the rows."""
    found = dict(Stream.objects.filter(workshop=workshop, name__in=names).values_list("name", "seq"))
    return {name: found.get(name, 0) for name in names}


def written(have):
    """Return {"stage": 12} as the text pages carry, "stage:12"."""
    return ",".join(f"{name}:{seq}" for name, seq in have.items())


def parsed(text):
    """Return what a page has, {"stage": 12} from "stage:12"; what cannot be read counts as nothing had."""
    have = {}
    for part in text[:2000].split(","):
        name, _colon, seq = part.rpartition(":")
        if name and seq.isascii() and seq.isdigit() and len(seq) < 18:
            have[name] = int(seq)
    return have
