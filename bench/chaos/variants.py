"""Academy, broken on purpose: what the checker has to catch, or its verdict on the real one means nothing."""

import asyncio
import functools
import uuid


def no_idempotency_key():
    """A note that is sent again is stored again."""
    from sessions.actions import notes
    from sessions.models import Note

    post_note = notes.post_note

    @functools.wraps(post_note)
    def posted(workshop, *, note_uuid, **arguments):
        if Note.objects.filter(workshop=workshop, uuid=note_uuid).exists():
            note_uuid = uuid.uuid4()
        return post_note(workshop, note_uuid=note_uuid, **arguments)

    notes.post_note = posted
    _no_repeated_commands()


def _no_repeated_commands():
    from sessions import actions

    actions._is_repeated = lambda *args, **kwargs: False


def ack_before_commit():
    """A note is acknowledged at once and stored a moment later."""
    from sessions.actions import notes
    from sessions.views import phone

    perform = phone.perform
    waiting = set()

    async def store_later(*args, **kwargs):
        await asyncio.sleep(0.6)
        await perform(*args, **kwargs)

    async def performed(action, *args, **kwargs):
        if action is not notes.post_note:
            return await perform(action, *args, **kwargs)
        task = asyncio.ensure_future(store_later(action, *args, **kwargs))
        waiting.add(task)
        task.add_done_callback(waiting.discard)
        return None

    phone.perform = performed


def seq_outside_transaction():
    """Streams take their numbers from a counter that does not wait for the commit, as a database sequence does.

    Somebody has to be able to ask meanwhile: who asks has threads of their own here, as on PostgreSQL.
    """
    from academy import database
    from sessions.live import streams
    from sessions.models import Stream

    advance, numbers = streams.advance, streams.numbers
    ahead = {}

    @functools.wraps(advance)
    def advanced(workshop, names):
        stored = dict(Stream.objects.filter(workshop=workshop, name__in=names).values_list("name", "seq"))
        for name in names:
            ahead[workshop.pk, name] = max(stored.get(name, 0), ahead.get((workshop.pk, name), 0)) + 1
        return advance(workshop, names)

    @functools.wraps(numbers)
    def known(workshop, names):
        found = numbers(workshop, names)
        return {name: max(seq, ahead.get((workshop.pk, name), 0)) for name, seq in found.items()}

    streams.advance, streams.numbers = advanced, known
    database._readers = database._long_readers


def layer_error_is_an_error():
    """A channel layer that fails makes an error of a stored change."""
    from channels.layers import get_channel_layer

    from sessions import actions

    perform = actions._perform

    async def performed(*args, **kwargs):
        result = await perform(*args, **kwargs)
        await get_channel_layer().group_send("academy.control", {"type": "news"})
        return result

    actions._perform = performed


SERVERS = {
    "no-idempotency-key": no_idempotency_key,
    "ack-before-commit": ack_before_commit,
    "seq-outside-transaction": seq_outside_transaction,
    "layer-error-is-an-error": layer_error_is_an_error,
}
