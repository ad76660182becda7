"""What people do in the room: one function each, in one transaction, under the session's row lock.

An action takes the locked Workshop first, checks, writes, tells `live` what changed, and returns a row or
nothing. It refuses with a Refusal, whose text the person reads. `perform` is the one way in for views,
`carry_out` for commands and tests.
"""

import asyncio
import hashlib
import json

from django.db import transaction
from django.utils.translation import gettext as _

from academy import clock, database
from sessions.errors import AlreadyDiffers, MovedOn, Refusal
from sessions.live import hub, news, streams
from sessions.models import quick


async def perform(action, workshop, **arguments):
    """Run an action on a writer thread, then publish its news. Returns or raises what the action does.

    A phone that hangs up before it has its answer ends the waiting only: what was stored is published all the same.
    """
    return await asyncio.shield(_perform(action, workshop, arguments))


async def _perform(action, workshop, arguments):
    result, told = await database.write(carry_out, action, workshop, **arguments)
    hub.current().publish(told)
    return result


def carry_out(action, workshop, *, uuid=None, version=None, **arguments):
    """Lock the session, run the action, take the streams' numbers, commit.

    uuid: the command's id; a repeated one with the same content is answered (with None) and not done again, with
    other content it is refused. version: the state of the run the page was drawn from; a stale one is refused.
    Returns (what the action returned, the news to publish or None).
    """
    with news.collecting() as told, transaction.atomic():
        workshop = quick.locked(workshop.pk)
        if workshop is None:
            raise Refusal(_("This session has been deleted."))
        if uuid is not None and _is_repeated(workshop, uuid, action, arguments):
            return None, None
        if version is not None and version != workshop.version:
            raise MovedOn
        pk = workshop.pk
        result = action(workshop, **arguments)
        if workshop.pk is None:
            return result, news.farewell(pk)
        seqs = streams.advance(workshop, list(told.changes)) if told.changes else {}
    return result, told.message(pk, seqs)


def _is_repeated(workshop, uuid, action, arguments):
    said = json.dumps([action.__name__, arguments], default=str, sort_keys=True)
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
    is_new, known = quick.command(workshop, uuid, digest, clock.now())
    if known != digest:
        raise AlreadyDiffers
    return not is_new
