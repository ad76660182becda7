"""Looks for every note that was written, wherever it should be."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Found:
    """What looking for the notes gave. missing, doubled: a line for each note that is, with the place."""

    missing: list = field(default_factory=list)
    doubled: list = field(default_factory=list)


def look_for(commands, rows, places):
    """Look for what people wrote, and for what nobody wrote; returns Found.

    commands: every Command of every phone. rows: {uuid: text} of the database. places: {"the export": texts, …}, all
    that can be read there. Whatever was typed has to be everywhere, acknowledged or not; a note that is anywhere more
    often than it was written, or that nobody wrote, is doubled.
    """
    expected = _expected(commands)
    found = Found()
    for uuid, (text, was_acknowledged) in expected.items():
        if rows.get(uuid) not in text:
            word = "acknowledged" if was_acknowledged else "typed"
            found.missing.append(f"{word}, not in the database: {text[0]}")
    unknown = [text for uuid, text in rows.items() if uuid not in expected]
    found.doubled += [f"in the database, written by nobody: {text}" for text in unknown]
    stored = Counter(rows.values())
    for place, texts in places.items():
        there = Counter(texts)
        found.missing += [f"not in {place}: {text}" for text in (stored - there).elements()]
        found.doubled += [f"more than once in {place}: {text}" for text in (there - stored).elements()]
    return found


def _expected(commands):
    """Return {uuid: (the texts it may have now, whether it was acknowledged)} of every note that was not deleted.

    Its text is what was acknowledged last; a change that was not acknowledged may have arrived or not.
    """
    expected = {}
    for command in commands:
        if command.kind == "note":
            expected[command.note] = ([command.text], command.is_stored)
        elif command.kind == "edit" and command.note in expected:
            texts, acknowledged = expected[command.note]
            if command.is_stored:
                expected[command.note] = ([command.text], acknowledged)
            elif command.is_waiting:
                texts.append(command.text)
        elif command.kind == "delete" and command.is_stored:
            expected.pop(command.note, None)
    return expected


def texts_of(page, css):
    """Return the texts of the notes on a Page: those of its elements with this class."""
    return [element.text for element in page.root.all("p", css=css)]
