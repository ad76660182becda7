"""What a rehearsal came to, as plain values."""


def of(room, rows, found, why=""):
    """Return the report of a Room as a dict for JSON.

    rows: the notes of the database in the order they were stored, each {"uuid", "discussion", "table"}. found: what
    look_for gave. why: a sentence when it ended before its time. ack_ms and wall_ms are of notes that were sent
    once, from the moment they were sent; what had to wait for a network is counted beside them. A segment's seconds are
    those of the room: what was measured, times the speed.
    """
    notes = [command for command in room.commands if command.kind == "note"]
    at_once = [note for note in notes if note.is_stored and note.tries == 1]
    later = [note for note in notes if note.is_stored and note.tries > 1]
    lost = len(found.missing)
    return {
        "teams": sum(1 for city in room.cities if city.phones),
        "phones": len(room.phones),
        "speed": room.speed,
        "typed": len(notes),
        "acked": sum(note.is_stored for note in notes),
        "lost": lost,
        "doubled": len(found.doubled),
        "missing": found.missing[:20],
        "twice": found.doubled[:20],
        "edits": sum(1 for command in room.commands if command.kind == "edit" and command.is_stored),
        "sent_later": len(later),
        "longest_wait_s": round(max((note.settled - note.made for note in later), default=0), 1),
        "ack_ms": spread([(note.settled - note.sent) * 1000 for note in at_once]),
        "wall_ms": spread(list(_wall_times(room, rows, {note.uuid: note.sent for note in at_once}))),
        "segments": [_segment(taken) for taken in room.facilitator.taken],
        "planned_segments": len(room.plan),
        "not_come": [f"{city.name}: {city.problem}" for city in room.cities if not city.phones],
        "refused": room.facilitator.refusals,
        "why": why,
    }


def spread(values):
    """Return {"n", "p50", "p95", "max"} of milliseconds, whole ones; None where there is nothing to say."""
    ordered = sorted(values)
    if not ordered:
        return {"n": 0, "p50": None, "p95": None, "max": None}
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 1)]
    return {"n": len(ordered), **dict(zip(("p50", "p95", "max"), map(round, at), strict=True))}


def _wall_times(room, rows, sent):
    """Yield the milliseconds until the wall counted a note. Tables count in the order in which notes were stored."""
    counted = {}
    for row in rows:
        table = (row["discussion"], row["table"])
        counted[table] = counted.get(table, 0) + 1
        moment = room.counting.when(*table, counted[table])
        if moment is not None and row["uuid"] in sent:
            yield (moment - sent[row["uuid"]]) * 1000


def _segment(taken):
    planned = taken.planned
    return {
        "module": planned.module,
        "title": planned.title,
        "planned_s": round(planned.whole),
        "took_s": round(taken.seconds),
        "drift_s": round(taken.drift),
    }
