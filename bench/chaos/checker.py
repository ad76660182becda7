"""What has to be true when the room is quiet. Each check returns what it found wrong, as Violations."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from bench.chaos.ledger import marker, said
from bench.chaos.outages import DATABASE

# Invariants, as reports name them.
LOST, DOUBLED, UNSENT = "lost", "doubled", "not sent by anybody"
VIEW, PROJECTION, EXPORT = "view differs from a fresh one", "view differs from the database", "export differs"
NUMBERS, CANARY = "numbers went back", "foreign text"
EARLY_ACK, STALE, ERROR = "acknowledged before the commit", "stale", "server error"
UNANSWERED = "never answered"

# The status that says the database is away.
AWAY = 503
# White space around elements is nothing anybody sees.
_BETWEEN = re.compile(r"\s*(<[^>]*>)\s*")


@dataclass(frozen=True)
class Violation:
    """One thing that should not be: which invariant, and what was seen, in words."""

    invariant: str
    what: str


def check_stored(ledger, rows):
    """Every acknowledged note once, with the last acknowledged text; others at most once; none that nobody sent."""
    stories = ledger.stories()
    by_marker = {story.marker: story for story in stories.values()}
    copies = defaultdict(list)
    found = []
    for row in rows:
        story = stories.get(row.uuid) or by_marker.get(marker(row.text))
        if story is None:
            found.append(Violation(UNSENT, f"row {row.pk}: “{row.text[:60]}”"))
        else:
            copies[story.uuid].append(row)
    for story in stories.values():
        found += _check_note(story, copies[story.uuid], ledger.hidden.get(story.uuid))
    return found


def _check_note(story, rows, hidden):
    if not rows:
        return [Violation(LOST, f"{story.marker} was acknowledged and is not there")] if story.is_acknowledged else []
    if len(rows) > 1:
        return [Violation(DOUBLED, f"{story.marker} is stored {len(rows)} times")]
    row = rows[0]
    text = None if row.deleted else row.text
    if text not in story.may_be():
        return [Violation(LOST, f"{story.marker}: “{text}” is stored, not what was acknowledged last")]
    if hidden is not None and not row.deleted and hidden != row.hidden:
        return [Violation(LOST, f"{story.marker}: hidden is {row.hidden}, the desk was told {hidden}")]
    return []


def check_view(name, live, fresh):
    """A screen's live parts, {id: html}, are what a page that is opened now shows."""
    both = {part: (_BETWEEN.sub(r"\1", live[part]), _BETWEEN.sub(r"\1", fresh[part])) for part in live if part in fresh}
    return [
        Violation(VIEW, f"{name}, {part}: {_where(*two)}") for part, two in sorted(both.items()) if two[0] != two[1]
    ]


def _where(one, other):
    """Return the first place where two texts part, in words."""
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"“…{one[max(0, at - 40) : at + 60]}” is “…{other[max(0, at - 40) : at + 60]}” on a fresh page"


def check_projection(name, shown, due):
    """A screen shows exactly these texts of the database.

    shown: {part: html}; due: {part: the texts that belong there}.
    """
    found = []
    for part, texts in due.items():
        has, should = said(shown.get(part, "")), set().union(*map(said, texts))
        if has != should:
            too_many, missing = sorted(has - should)[:3], sorted(should - has)[:3]
            found.append(Violation(PROJECTION, f"{name}, {part}: lacks {missing}, has {too_many} too many"))
    return found


def check_export(exported, rows):
    """The export (its JSON, hidden notes included) holds every note that was not taken back, once."""
    texts = Counter(note["text"] for discussion in exported["discussions"] for note in discussion["notes"])
    stored = Counter(row.text for row in rows if not row.deleted)
    if texts == stored:
        return []
    missing, more = list((stored - texts).elements()), list((texts - stored).elements())
    return [Violation(EXPORT, f"lacks {len(missing)}, has {len(more)} too many: {[*missing, *more][:2]}")]


def check_numbers(name, heard):
    """The numbers of each stream rise with every frame of one socket. heard: [(stream, since, seq)].

    What ages is drawn anew under the number it has; it may come after a newer one, and is passed over then.
    """
    last = {}
    for stream, since, seq in heard:
        if since == seq:
            continue
        if seq <= last.get(stream, -1):
            return [Violation(NUMBERS, f"{name}: {stream} {seq} after {last[stream]}")]
        last[stream] = seq
    return []


def check_counters(before, after):
    """No stream's number in the database ever goes back. before, after: {(session, stream): seq}."""
    return [
        Violation(NUMBERS, f"database: {key} from {seq} to {after[key]}")
        for key, seq in before.items()
        if key in after and after[key] < seq
    ]


def check_answers(name, commands):
    """Everything that was written on a phone was answered in the end."""
    return [
        Violation(
            UNANSWERED, f"{name}: {c.kind} {marker(c.text)}, {c.tries} tries, last answer {c.answer} {c.sentence}"
        )
        for c in commands
        if c.is_waiting
    ]


def check_acks(ledger):
    """What was acknowledged could be read by another connection at once."""
    return [Violation(EARLY_ACK, name) for name, was_there in ledger.seen_after_ack if not was_there]


def check_staleness(waits, limit):
    """Nobody waited longer for a note than this; the longest first. waits: [(seconds, marker, screen)]."""
    return [
        Violation(STALE, f"{screen} showed {name} after {seconds:.1f} s")
        for seconds, name, screen in sorted(waits, reverse=True)
        if seconds > limit
    ]


def check_errors(errors, outages, grace):
    """No answer is a server error; 503 is one unless the database was away. errors: [(time, status, path)].

    grace: for so many seconds after it is back, answers may still be on their way.
    """
    return [
        Violation(ERROR, f"{status} for {path}")
        for at, status, path in errors
        if status != AWAY or not outages.touch([DATABASE], at - grace, at)
    ]
