"""City teams with their phones: they write, change their minds, and load the page again."""

import asyncio
import time
from contextlib import suppress

from bench.chaos import texts
from bench.chaos.ledger import marker
from sessions.rehearsal.browser import FAILURES, NotTaken

# As many commands wait on a phone before its people stop to wait for it.
PATIENT_FOR = 6


class Person:
    """Somebody with a phone. `phone` is the page that is open now; a reload opens another one."""

    def __init__(self, phone, network, witness, rng):
        self.phone, self.network, self.witness, self.rng = phone, network, witness, rng
        self.on_settled = None
        self.is_loading = False
        self.came_at = time.time()
        self._edits = 0
        phone.watch(witness)

    def settle_with(self, on_settled):
        """Call this with each command that was answered."""
        self.on_settled = self.phone.outbox.on_settled = on_settled

    @property
    def commands(self):
        """Everything that was ever written on it."""
        return self.phone.commands

    # Writing.

    async def write_now_and_then(self, may_write, seconds, numbers):
        """Write for ever, on average every so many seconds, while the event `may_write` is set."""
        while True:
            await asyncio.sleep(self.rng.expovariate(1 / seconds))
            await may_write.wait()
            if not self.is_loading and self.phone.waiting < PATIENT_FOR:
                self.do_something(numbers)

    def do_something(self, numbers):
        """Write a note, mostly; sometimes change or take back one that was stored."""
        chance = self.rng.random()
        mine = self._own_notes() if chance < 0.2 else []
        if not mine:
            self.write(next(numbers))
        elif chance < 0.14:
            self._edits += 1
            old = self.rng.choice(mine)
            self.phone.edit(old.note, texts.text(self.rng, f"{marker(old.text)}e{self._edits}"))
        else:
            self.phone.delete(self.rng.choice(mine).note)

    def _own_notes(self):
        taken_back = {command.note for command in self.commands if command.kind == "delete"}
        return [c for c in self.commands if c.kind == "note" and c.is_stored and c.note not in taken_back]

    def write(self, number):
        """Write a note with this number, if there is a box to write in."""
        with suppress(NotTaken):
            terms = self.phone.terms()
            chosen = self.rng.sample(terms, min(len(terms), self.rng.randint(0, 2)))
            self.phone.write(texts.text(self.rng, f"n{number:06d}"), chosen)

    # Loading again, going elsewhere.

    async def load_again(self, patience=40):
        """The page dies and is opened again from what the phone kept. Raises one of FAILURES after so many seconds."""
        self.is_loading = True
        kept = self.phone.snapshot()
        await self.phone.close()
        self.witness.lost_at = self.witness.lost_at or time.time()
        deadline = time.monotonic() + patience
        while self.is_loading:
            try:
                restored = await type(self.phone).restore(kept)
                restored.trusts_its_socket = self.phone.trusts_its_socket
                self.phone, self.is_loading = restored, False
            except FAILURES:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(self.rng.uniform(0.1, 0.6))
        self.phone.watch(self.witness)
        self.phone.outbox.on_settled = self.on_settled

    async def change_city(self, team):
        """ "Not Riverton? Change": the same phone, another city team (its id)."""
        with suppress(*FAILURES):
            await self.phone.send(f"/p/{self.phone.slug}/change", {"team": str(team)})
