"""Runs a rehearsal from the server's machine: signs a facilitator in, lets the room live, looks for every note."""

import asyncio
import json
import signal
from contextlib import contextmanager, suppress

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError
from django.utils.translation import gettext as _

from academy import database
from sessions.actions.rehearsing import finish, tell
from sessions.models import Rehearsal
from sessions.rehearsal import report as reporting
from sessions.rehearsal.browser import FAILURES, NotTaken
from sessions.rehearsal.looking import look_for, texts_of
from sessions.rehearsal.page import Page
from sessions.rehearsal.room import Planned, Room


def run(rehearsal, base, patience=0):
    """Run a Rehearsal that was begun against the server at a base address; keeps and returns its report.

    patience: seconds the server has to answer at first.

    SIGINT, SIGTERM and “cancel” at the desk end it early, with the report so far. The report is None when the
    simulated facilitator could not even open the desk; the rehearsal's `problem` says why.
    """
    with _signed_in(rehearsal.workshop.owner) as cookies:
        report, problem, was_stopped = asyncio.run(_run(rehearsal, base, cookies, patience))
    state = Rehearsal.State.FAILED if problem else Rehearsal.State.CANCELLED if was_stopped else Rehearsal.State.DONE
    finish(rehearsal.pk, state, report=report, problem=problem)
    rehearsal.stored_state, rehearsal.report, rehearsal.problem = state, report, problem
    return report


@contextmanager
def _signed_in(user):
    """Give the cookies of a browser in which this account has signed in, until the block ends."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    # Should the end never come: no rehearsal takes a day.
    session.set_expiry(24 * 3600)
    session.save()
    try:
        yield {settings.SESSION_COOKIE_NAME: session.session_key}
    finally:
        session.delete()


async def _run(rehearsal, base, cookies, patience):
    room = await database.read(_room, rehearsal, base, cookies, patience)
    loop = asyncio.get_running_loop()
    for end in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(end, room.stop)
    telling = asyncio.ensure_future(_keep_telling(rehearsal.pk, room))
    problem, report = "", None
    try:
        try:
            await room.run()
        except NotTaken:
            problem = _("The server at %(base)s does not know this session: it uses another database.") % {"base": base}
        except FAILURES:
            problem = _("The server at %(base)s does not answer.") % {"base": base}
        if room.desk is not None:
            report = await _report(rehearsal, room, problem)
    finally:
        telling.cancel()
        await room.close()
    return report, problem, room.is_stopped


def _room(rehearsal, base, cookies, patience):
    copy = rehearsal.workshop
    return Room(
        base,
        copy.code,
        copy.slug,
        cookies=cookies,
        plan=planned(copy),
        cities=list(copy.teams.order_by("pk").values_list("name", flat=True)),
        phones=rehearsal.phones,
        speed=rehearsal.speed,
        seed=rehearsal.seed,
        patience=patience,
        behind_tls=settings.BEHIND_TLS and base.startswith("http://"),
    )


def planned(workshop):
    """Return a session's plan as a list of Planned, without what is skipped."""
    minutes = dict(workshop.breakouts.values_list("segment", "minutes"))
    return [
        Planned(
            module=str(segment.module.title),
            title=str(segment.title),
            steps=len(segment.steps()),
            seconds=60 * minutes.get(segment.pk, segment.minutes),
            is_discussion=segment.is_discussion,
            find=60 * segment.find_minutes,
            board=60 * segment.board_minutes,
        )
        for segment in workshop.plan.segments()
        if not segment.skipped
    ]


async def _keep_telling(pk, room):
    """Every second: say that it lives and how far it is; stop when somebody cancelled it."""
    while True:
        with suppress(DatabaseError):
            if not await database.write(tell, pk, room.progress):
                room.stop()
        await asyncio.sleep(1)


async def _report(rehearsal, room, problem):
    """Look for every note in the database, in the export and on the desk's list; return the report."""
    rows = await database.read(_rows, rehearsal.workshop)
    stored = {row["uuid"]: row["text"] for row in rows}
    places = {}
    with suppress(*FAILURES):
        places = {_("the export"): await _exported(room), _("the desk's list"): await _listed(room)}
    found = look_for(room.commands, stored, places)
    why = problem or (_("It was ended early; this is the report so far.") if room.is_stopped else "")
    if not places:
        why += " " + _("Neither the export nor the desk's list could be read.")
    return reporting.of(room, rows, found, why=why.strip())


def _rows(workshop):
    notes = workshop.notes.filter(deleted_at=None).order_by("pk")
    return [
        {"uuid": str(uuid), "text": text, "discussion": order, "table": table}
        for uuid, text, order, table in notes.values_list("uuid", "text", "breakout__order", "table__number")
    ]


async def _exported(room):
    answer = await room.desk.send(f"/desk/{room.slug}/export/json", {"with_hidden": "on"})
    if answer.status != 200:
        raise OSError(answer.status)
    return [note["text"] for discussion in json.loads(answer.text)["discussions"] for note in discussion["notes"]]


async def _listed(room):
    answer = await room.desk.browser.get(f"/desk/{room.slug}/notes")
    if answer.status != 200:
        raise OSError(answer.status)
    return texts_of(Page(answer.text), css="note__text")
