"""What a phone shows, panel by panel."""

from sessions.live import board, shared
from sessions.models import Mark, Note, quick
from sessions.models.note import NOTE_HINT, NOTE_LIMIT
from sessions.models.run import drawn


def now(workshop, _subject):
    """The stage on phones."""
    context = shared.stage_of(workshop)
    context |= shared.discussion_of(workshop, context["segment"])
    out = [breakout.pk for breakout in workshop.breakouts.all() if breakout.text_is_out]
    return {**context, "next_segment": context["run"].next_segment, "out": out}


def composer(workshop, _subject):
    """The note box of the current discussion; a page keeps the one it has."""
    breakout = drawn(workshop).breakout
    context = {"breakout": breakout, "limit": NOTE_LIMIT, "hint": NOTE_HINT}
    if breakout and breakout.taxonomy:
        terms = list(breakout.taxonomy.terms.select_related("category").order_by("category__order", "order", "pk"))
        groups = {}
        for term in terms:
            groups.setdefault(term.category, []).append(term)
        context["groups"] = sorted(groups.items(), key=lambda g: g[0].order if g[0] else 999)
    return context


def asked(workshop, _subject):
    """What the note box asks and who will read the answer; the box stays, this may change in it."""
    return {"breakout": drawn(workshop).breakout}


def phone_board(workshop, _subject):
    """The session board to read on a phone: every column, with all the text that is out."""
    breakout = shared.latest_discussion(workshop)
    return {"breakout": breakout, "board": board.board(breakout, whole=True) if breakout else None}


def team(workshop, subject):
    """One city team's own place: its table now, who sits there, whom it has met."""
    run = drawn(workshop)
    seat = run.seats.get(subject.pk)
    context = {"team": subject, "breakout": run.breakout, "seat": seat}
    if seat:
        at_table = [other.team for other in run.seats.values() if other.table_id == seat.table_id]
        context["others"] = [team for team in at_table if team.pk != subject.pk]
        context["instruction"] = shared.instruction(workshop, run.breakout, [len(at_table)])
    met = run.met.get(subject.pk)
    context["met"] = [team for team in run.teams.values() if team.pk in met] if met else []
    return context


def our_notes(_workshop, subject):
    """A city team's own notes of the whole session, newest first."""
    notes = list(_ours(subject).prefetch_related("terms").order_by("-pk"))
    return {"notes": notes, "count": len(notes)}


def our_notes_count(_workshop, subject):
    """How many notes a city team has written."""
    return {"count": quick.count_of_team(subject.pk)}


def our_note(workshop, subject, pk):
    """One note (id) of a city team itself; note None when it was deleted."""
    note = shared.note_of(workshop, pk)
    return {"note": note if note and note.team_id == subject.pk else None, "note_pk": pk}


def _ours(team):
    return Note.objects.filter(team=team, deleted_at=None)


def table_notes(workshop, subject):
    """What the other cities at its table have written in the current discussion, where the session allows it."""
    table = _open_table(workshop, subject)
    notes = table and list(_of_others(table, subject).select_related("team").prefetch_related("terms").order_by("-pk"))
    return {"sees": table is not None, "notes": notes, "count": len(notes or ())}


def table_notes_count(workshop, subject):
    """How many notes the other cities at its table have written."""
    table = _open_table(workshop, subject)
    return {"count": quick.count_of_others(table, subject.pk) if table else 0}


def table_note(workshop, subject, pk):
    """One note (id) of another city at its table; note None when it is not to be seen there (any more)."""
    note = shared.note_of(workshop, pk)
    is_seen = note and not note.hidden and note.table_id and note.table_id == _open_table(workshop, subject)
    return {"note": note if is_seen else None, "note_pk": pk}


def _open_table(workshop, team):
    """The table (id) of the current discussion whose notes a city team may read while it talks, or None."""
    return drawn(workshop).table_of.get(team.pk) if workshop.tables_see_notes else None


def _of_others(table, team):
    return Note.objects.filter(table=table, deleted_at=None, hidden=False).exclude(team=team)


def marks(workshop, subject):
    """A city team's own marks on the checklist, while marking is on and the checklist is shown."""
    current = drawn(workshop).current
    if not workshop.marking or current is None or current.kind != "checklist":
        return {"places": []}
    context = shared.stage_of(workshop)
    own = dict(Mark.objects.filter(team=subject).values_list("item", "value"))
    for _place, items in context.get("places", []):
        for item in items:
            item.value = own.get(item.pk, "")
    return {"places": context.get("places", []), "values": Mark.Value.choices, "team": subject}
