"""What a phone wants the server to know."""

import uuid as uuids
from dataclasses import asdict, dataclass, field


@dataclass
class Command:
    """One command with its id, from the moment it was made until it was answered; what came of it is kept.

    kind: "note", "edit", "delete" or "mark". path: where it is sent. fields: [(name, value)] beside the uuid.
    note: the note's uuid (for a mark: the item). text: what was written. made, sent, settled: seconds, wall clock;
    sent is the first try. status: "waiting", "stored", "refused" (409), "invalid" (422) or "out" (404). answer: the
    last HTTP status, 0 for none. sentence: what a person reads. tries: how often it was sent.
    """

    kind: str
    path: str
    fields: list
    note: str = ""
    text: str = ""
    uuid: str = field(default_factory=lambda: str(uuids.uuid4()))
    made: float = 0.0
    sent: float = 0.0
    settled: float = 0.0
    status: str = "waiting"
    answer: int = 0
    sentence: str = ""
    tries: int = 0

    @property
    def is_waiting(self):
        return self.status == "waiting"

    @property
    def is_stored(self):
        return self.status == "stored"

    def as_dict(self):
        """Return it as plain values, as a browser's storage keeps it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept):
        """Return the Command that `as_dict` gave."""
        return cls(**{**kept, "fields": [tuple(pair) for pair in kept["fields"]]})
