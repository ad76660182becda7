"""Small words for templates."""

import math
import re

from django import template
from django.utils.html import escape, format_html_join, mark_safe

from academy import joined

register = template.Library()

# Shapes go with table numbers: with the number and a colour, three ways to find one's table. Words are the CSS classes.
SHAPES = ["circle", "square", "triangle", "diamond", "hexagon", "star", "cross"]
COLOURS = 6


@register.simple_tag
def scripts(page):
    """Return the script elements of a page (a name of academy.joined.PAGES)."""
    return format_html_join("\n", '<script src="{}" defer></script>', ((url,) for url in joined.scripts(page)))


@register.simple_tag
def styles(shell):
    """Return the link elements of a shell's style sheets (a name of academy.joined.SHELLS)."""
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((url,) for url in joined.styles(shell)))


@register.filter
def milliseconds(moment):
    """Return a datetime as milliseconds since 1970 (UTC), as pages count."""
    return int(moment.timestamp() * 1000)


@register.filter
def seconds(left):
    """Return what is left in whole seconds; a begun one counts, so that a pause takes none away."""
    return max(0, math.ceil(left))


@register.filter
def clock(left):
    """Return seconds as 9:59; a begun second counts."""
    return f"{seconds(left) // 60}:{seconds(left) % 60:02d}"


@register.filter
def shape(number):
    """Return the shape of a table number."""
    return SHAPES[(number - 1) % len(SHAPES)]


@register.filter
def colour(number):
    """Return the colour, 1 to 6, of a table number: neighbours differ in shape and in colour."""
    return (number - 1) % COLOURS + 1


@register.filter
def lines(text):
    """Return the lines of a text that are not empty."""
    return [line for line in str(text).splitlines() if line.strip()]


@register.filter
def start(text, length):
    """Return the start of a note: the whole when it fits, else whole words and an ellipsis."""
    text = str(text)
    if len(text) <= length:
        return text
    cut = text[:length].rsplit(" ", 1)[0] or text[:length]
    return cut.rstrip(" ,.;:–-") + "…"


@register.filter
def equals(one, other):
    """Whether two values are the same when written down."""
    return str(one) == str(other)


@register.filter
def words(text):
    """Return the words of a text."""
    return text.split()


@register.filter
def extent(text):
    """Return how long a text is, for type that shrinks: "short" (to 60 characters), "medium", "long" or "full"."""
    steps = ((60, "short"), (120, "medium"), (320, "long"))
    return next((word for most, word in steps if len(str(text)) <= most), "full")


@register.filter
def crowd(number):
    """Return how many there are, for lists that shrink: "few" (to 8), "some" (to 15), "many" (to 30) or "most"."""
    return next((word for most, word in ((8, "few"), (15, "some"), (30, "many")) if number <= most), "most")


@register.filter
def dots(number):
    """Return something to loop over, once for each of a count, and not more often than a wall can show."""
    return range(min(number, 80))


@register.filter
def breakable(address):
    """Return an address that may go on in a new line after a dot, a colon or a slash."""
    return mark_safe(re.sub(r"([.:/])", r"\1<wbr>", escape(address)))  # noqa: S308 - escaped first


@register.filter
def minutes(span):
    """Return a timedelta in whole minutes."""
    return int(span.total_seconds() // 60)
