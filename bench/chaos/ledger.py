"""What was sent and what was answered, note by note: what the database is held against."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

# Every text begins with one of these: the note's number, and after an edit which.
MARKER = re.compile(r"\b(n\d{6})(e\d+)?\b")
STORED = "stored"


def marker(text):
    """Return the number in a text without its edits, "n000042", or ""."""
    found = MARKER.search(text)
    return found.group(1) if found else ""


def said(text):
    """Return every number in a text as it stands there, edits and all: {"n000042", "n000043e2"}."""
    return {found.group() for found in MARKER.finditer(text)}


@dataclass
class NoteStory:
    """One note: its uuid, and all commands about it in the order they were made (sessions.rehearsal's Command)."""

    uuid: str
    commands: list = field(default_factory=list)

    @property
    def marker(self):
        return marker(self.commands[0].text)

    @property
    def is_acknowledged(self):
        return any(command.status == STORED for command in self.commands)

    def may_be(self):
        """Return the texts it may have now, None for a note that was taken back.

        Each command that was sent may have been the last to be done, unless one that was done began after it had
        been answered.
        """
        sent = [command for command in self.commands if command.sent]
        done = [command for command in sent if command.status == STORED]
        last = [
            command
            for command in sent
            if not any(command.settled and other.sent > command.settled for other in done if other is not command)
            and not (command.status not in (STORED, "waiting") and command.tries < 2)
        ]
        return {None if command.kind == "delete" else command.text for command in last}


class Ledger:
    """All that people did in one session.

    hidden: {uuid: whether the desk's last acknowledged word hid it}; not in it while that is unknown.
    """

    def __init__(self):
        self.commands = []
        self.hidden = {}
        self.seen_after_ack = []  # (marker, whether another connection saw the note once it was acknowledged)

    def stories(self):
        """Return {uuid: NoteStory} of every note that was sent at all."""
        found = defaultdict(list)
        for command in sorted(self.commands, key=lambda c: c.made):
            if command.note and command.sent:
                found[command.note].append(command)
        return {uuid: NoteStory(uuid, commands) for uuid, commands in found.items() if commands[0].kind == "note"}
