"""What city teams write, and what the facilitator does with it."""

from django.utils.translation import gettext as _

from academy import clock
from sessions import live
from sessions.errors import AlreadyDiffers, Refusal
from sessions.models import CityTeam, Note, Seat, quick

MOST_NOTES_OF_A_PHONE = 200


def post_note(workshop, *, note_uuid, breakout, team, text, terms=(), device=None, from_desk=False):
    """Store what a city team wrote; a repeated note_uuid answers the same note.

    breakout, team, device: ids. terms: codes of the breakout's taxonomy. A note that arrives after the end is kept
    and marked late: people stop talking when the clock says so, not when their phone has finished sending.
    Raises AlreadyDiffers when the uuid is known with other content.
    """
    breakout = quick.breakout(workshop, breakout)
    team = quick.team(workshop, team)
    if breakout is None or team is None:
        raise Refusal(_("This discussion is not in the session any more."))
    known = quick.note(workshop, note_uuid)
    if known is not None:
        return same(known, team, device, breakout, text, terms)
    if device is not None and breakout.notes.filter(device_id=device).count() >= MOST_NOTES_OF_A_PHONE:
        raise Refusal(
            _("This phone has written %(most)d notes in this discussion; it cannot take more.")
            % {"most": MOST_NOTES_OF_A_PHONE}
        )
    company = quick.company(breakout, team.pk)
    note = Note.objects.create(
        workshop=workshop,
        breakout=breakout,
        table_id=company[0].table_id if company else None,
        team=team,
        device_id=device,
        uuid=note_uuid,
        text=text,
        question=breakout.question,
        late=breakout.has_ended or workshop.is_closed,
        from_desk=from_desk,
    )
    Note.terms.through.objects.bulk_create(
        Note.terms.through(note_id=note.pk, term_id=term.pk) for term in quick.terms(breakout.taxonomy, terms)
    )
    _note_changed(note, [seat.team_id for seat in company])
    return note


def same(note, team, device, breakout, text, terms):
    """Answer a repeated note with what it has become since; refuse the id for other content.

    The same phone (device: id) may be with another city team by now: its note stays with the one it was written for.
    """
    if note.deleted_at or note.edited_at:
        return note
    same_terms = set(note.terms.all()) == set(quick.terms(breakout.taxonomy, terms))
    is_same_writer = note.team_id == team.pk or (device is not None and note.device_id == device)
    if not is_same_writer or (note.breakout_id, note.text) != (breakout.pk, text) or not same_terms:
        raise AlreadyDiffers
    return note


def _note_changed(note, company=None, at_table=None):
    """Tell those who may see it: its city, the city teams (ids) at the table it was written at, the board, the desk.

    at_table: the panel that changes at its table where that is more than this note.
    """
    if company is None:
        company = Seat.objects.filter(table_id=note.table_id).values_list("team_id", flat=True) if note.table_id else ()
    others = [CityTeam(pk=team) for team in company if team != note.team_id]
    live.team_changed(note.team, f"our-note-{note.pk}", "our-notes-count")
    live.teams_changed(others, at_table or f"table-note-{note.pk}", "table-notes-count")
    live.board_changed("board")
    live.desk_changed(f"desk-note-{note.pk}", "notes-count", "tables")
    if note.breakout.board_shown_at is not None:
        live.desk_changed("screen")  # the buttons of the board's columns count what is in them


def _own(workshop, uuid, team):
    note = workshop.notes.filter(uuid=uuid, team_id=team, deleted_at=None).select_related("breakout", "team").first()
    if note is None:
        raise Refusal(_("This note is no longer there; somebody of your city team may have deleted it."))
    return note


def edit_note(workshop, *, note, team, text, terms=()):
    """Let a city team (id) change its own note (uuid).

    Pages offer it while the session is open. What a phone sends later is taken all the same, and marked late: it may
    have been typed long before, and a city that may still add words may still correct them.
    """
    note = _own(workshop, note, team)
    note.text = text
    note.edited_at = clock.now()
    note.late = note.late or workshop.is_closed
    note.save()
    note.terms.set(quick.terms(note.breakout.taxonomy, terms))
    _note_changed(note)
    return note


def delete_note(workshop, *, note, team):
    """Let a city team take back its own note, at any time: they are its words.

    Its empty row stays, so that no repeated sending brings it back.
    """
    _erase(_own(workshop, note, team))


def _erase(note):
    note.text = ""
    note.deleted_at = clock.now()
    note.starred = False
    note.save()
    note.terms.clear()
    _note_changed(note)


def _note(workshop, pk):
    note = workshop.notes.filter(pk=pk, deleted_at=None).select_related("team", "breakout").first()
    if note is None:
        raise Refusal(_("This note has been deleted."))
    return note


def star_note(workshop, *, note, on):
    """Mark a note to come back to. Nobody but the desk sees it."""
    note = _note(workshop, note)
    note.starred = on
    note.save()
    live.desk_changed(f"desk-note-{note.pk}")


def hide_note(workshop, *, note, on):
    """Take a note off the wall and other cities' phones, or bring it back. Its author is not told."""
    note = _note(workshop, note)
    note.hidden = on
    note.save()
    # What comes back belongs where it was, not on top.
    _note_changed(note, at_table=None if on else "table-notes")


def purge_note(workshop, *, note):
    """Delete one note for good, from the desk, at any time."""
    _erase(_note(workshop, note))


def purge_team(workshop, *, team):
    """Delete all words of one city for good, at any time: the texts are gone from the database. Returns how many.

    Also what its phones handed in and nobody has taken in.
    """
    notes = list(workshop.notes.filter(team_id=team, deleted_at=None).select_related("team", "breakout"))
    for note in notes:
        _erase(note)
    if workshop.handed_in.filter(team_id=team).delete()[0]:
        live.desk_changed("roster")
    return len(notes)
