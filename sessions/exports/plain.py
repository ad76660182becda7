"""What every file can hold, and what a spreadsheet would take for a formula."""

import re
import unicodedata

# XML has no way to write these, UTF-8 none for half a surrogate pair. Text is cleaned when it is typed; this is
# for rows that came another way, so that one of them never costs the organizer the whole file.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

# = + - @ and their small, full-width and typographic twins, behind any blanks or apostrophes; or a first
# character that makes some programs look at the second. Apostrophes are among them so that the mark can be
# taken off again without doubt: what starts with one in front of a formula has one more.
_FORMULA = re.compile(
    r"['\s\u200b-\u200d\u2060\ufeff]*[=+\-@\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20]|'*[\t\r\n]"
)


def writable(text):
    """Return text (any str, also a lazy one) with \\n as its line end and U+FFFD for what no file can hold."""
    return _UNWRITABLE.sub("\ufffd", str(text).replace("\r\n", "\n").replace("\r", "\n"))


def is_like_formula(text):
    """Whether a spreadsheet could compute this text instead of showing it."""
    return _FORMULA.match(text) is not None


def defused(text):
    """Return the text as a CSV cell shows it and never computes it: with an apostrophe in front if need be."""
    return f"'{text}" if is_like_formula(text) else text


def is_right_to_left(text):
    """Whether the first letter that has a direction runs from right to left, as `dir="auto"` decides."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False
