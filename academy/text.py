"""One cleaning for all text people write: the same verdict on every database and in every export."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What PostgreSQL, SQLite, XML or a spreadsheet cannot hold, or what turns the reading direction of a page around.
_DIRECTION = {0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x200E, 0x200F, 0x061C}
_INVISIBLE = {0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x034F, 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800}


def clean_text(text, *, limit, lines=True):
    """Return what somebody wrote in the form it is stored in, or raise ValidationError with a sentence.

    text: any str. limit: the most characters (and four times as many UTF-8 bytes). lines: whether
    line breaks are kept. Composed (NFC), trimmed; line ends become \\n; tabs become spaces; control characters
    that carry nothing are dropped (one pasted vertical tab broke a whole spreadsheet export), direction
    overrides too. Lone surrogates, NUL and code points that are no characters are refused: neither
    database nor export can hold them. Text of invisible characters only counts as empty ("").
    """
    if any(0xD800 <= ord(c) <= 0xDFFF or ord(c) == 0 or (ord(c) & 0xFFFE) == 0xFFFE for c in text):
        raise ValidationError(_("The text contains a character that cannot be stored. Please type it again."))
    text = unicodedata.normalize("NFC", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\u2028", "\n")
    text = text.replace("\u2029", "\n").replace("\t", " ")
    text = "".join(c for c in text if c == "\n" or (unicodedata.category(c) != "Cc" and ord(c) not in _DIRECTION))
    text = "\n".join(line.rstrip() for line in text.split("\n")) if lines else " ".join(text.split())
    text = text.strip()
    if all(ord(c) in _INVISIBLE or c.isspace() or unicodedata.combining(c) for c in text):
        return ""
    if len(text) > limit or len(text.encode()) > 4 * limit:
        raise ValidationError(
            _("This is %(length)d characters long; there is room for %(limit)d. Please shorten it."),
            params={"length": len(text), "limit": limit},
        )
    return text
