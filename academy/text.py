"""One cleaning for all text people write: the same verdict on every database and in every export."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What turns the reading direction of a page around, and letters and signs that show nothing.
_DIRECTION = {0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x200E, 0x200F, 0x061C}
_BLANK = {0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800}


def clean_text(text, *, limit, lines=True):
    """Return what somebody wrote in the form it is stored in, or raise ValidationError with a sentence.

    text: any str. limit: the most characters. lines: whether line breaks are kept. Composed (NFC), trimmed; line
    ends become \\n; tabs become spaces; control characters that carry nothing are dropped (one pasted vertical tab
    broke a whole spreadsheet export), direction overrides too. Lone surrogates, NUL and code points that are no
    characters are refused: neither database nor export can hold them. Text of invisible characters only counts as
    empty (""). What was cleaned once is not changed by cleaning it again.
    """
    if any(_is_no_character(ord(c)) for c in text):
        raise ValidationError(_("The text contains a character that cannot be stored. Please type it again."))
    # Before it is composed: that takes time by the square of the length, minutes for a megabyte of accents.
    if len(text) > 4 * limit + 1000:
        raise _too_long(text, limit)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\u2028", "\n")
    text = text.replace("\u2029", "\n").replace("\t", " ")
    text = "".join(c for c in text if c == "\n" or (unicodedata.category(c) != "Cc" and ord(c) not in _DIRECTION))
    text = unicodedata.normalize("NFC", text)
    text = "\n".join(line.rstrip() for line in text.split("\n")) if lines else " ".join(text.split())
    text = text.strip()
    if all(_is_invisible(c) for c in text):
        return ""
    if len(text) > limit:
        raise _too_long(text, limit)
    return text


def _is_no_character(point):
    return point == 0 or 0xD800 <= point <= 0xDFFF or 0xFDD0 <= point <= 0xFDEF or (point & 0xFFFE) == 0xFFFE


def _is_invisible(c):
    return c.isspace() or ord(c) in _BLANK or unicodedata.category(c) in ("Cf", "Mn", "Me")


def _too_long(text, limit):
    return ValidationError(
        _("This is %(length)d characters long; there is room for %(limit)d. Please shorten it."),
        params={"length": len(text), "limit": limit},
    )
