"""clean_text: one verdict and one form for every text that people write."""

import time
import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from academy.text import clean_text
from tests.corpus import ITEMS


def clean(text, limit=1000, lines=True):
    return clean_text(text, limit=limit, lines=lines)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Nobody owns the budget", "Nobody owns the budget"),
        ("  around it \n", "around it"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one\u2028two\u2029three\x85four", "one\ntwo\nthree\nfour"),
        ("spaces at the end   \nof a line", "spaces at the end\nof a line"),
        ("a\tb", "a b"),
        ("a\x0bb\x1fc\x7fd", "abcd"),
        ("Sa\u0303o Joa\u0303o", "São João"),
        ("\u202eturned\u202c around\u2066\u200f", "turned around"),
        ("e\x01\u0301", "é"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("a\u200bb", "a\u200bb"),
        ("مرحبا", "مرحبا"),
        ("<b> & “quotes” '", "<b> & “quotes” '"),
        ("=1+1", "=1+1"),
    ],
)
def test_what_is_stored_of_what_was_typed(typed, stored):
    assert clean(typed) == stored


@pytest.mark.parametrize(
    "nothing",
    ["", " ", "\n\t\r", "\u200b\u200d", "\u00ad", "\u3164", "\u2800", "\ufe0f", "\u20dd", "\u0301", "\u202e", "\x07"],
)
def test_what_nobody_can_see_is_nothing(nothing):
    assert clean(nothing) == ""


@pytest.mark.parametrize(
    "point", [0x00, 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xFDD0, 0xFDEF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF]
)
def test_what_no_database_can_hold_is_refused_in_words(point):
    with pytest.raises(ValidationError) as refused:
        clean(f"a{chr(point)}b")

    assert refused.value.messages == ["The text contains a character that cannot be stored. Please type it again."]


def test_the_limit_counts_characters_as_they_are_stored():
    assert clean("😀" * 1000) == "😀" * 1000
    assert clean("e\u0301" * 1000) == "é" * 1000
    assert clean(" " * 500 + "x" * 1000 + " " * 500) == "x" * 1000
    with pytest.raises(ValidationError) as refused:
        clean("x" * 1001)
    assert refused.value.messages == ["This is 1001 characters long; there is room for 1000. Please shorten it."]


def test_a_text_of_one_line_has_one():
    assert clean("one\n two\r\n\tthree", lines=False) == "one two three"


def test_a_megabyte_of_accents_does_not_hold_up_the_room():
    """Composing takes time by the square of the length: this took minutes in which nobody else was answered."""
    began = time.perf_counter()
    with pytest.raises(ValidationError):
        clean("a" + "\u0315\u0300" * 250_000)
    clean("a" + "\u0315\u0300" * 499)

    assert time.perf_counter() - began < 1


def verdict(text, lines):
    """The text as stored, or the sentence it is refused with."""
    try:
        return clean(text, lines=lines)
    except ValidationError as refused:
        return refused


@pytest.mark.parametrize("lines", [True, False])
@given(st.one_of(st.text(), st.text(st.characters(codec=None)), st.sampled_from(ITEMS)))
def test_what_is_stored_is_stored_as_it_is_when_it_is_sent_again(lines, text):
    stored = verdict(text, lines)
    if isinstance(stored, ValidationError):
        return

    assert clean(stored, lines=lines) == stored
    assert unicodedata.is_normalized("NFC", stored)
    assert len(stored) <= 1000
    assert stored == stored.strip()
    assert lines or "\n" not in stored
    assert not [c for c in stored if c != "\n" and unicodedata.category(c) in ("Cc", "Cs")]
    assert stored.encode().decode() == stored


def test_the_corpus_is_large_and_every_item_has_a_verdict():
    verdicts = [verdict(text, lines=True) for text in ITEMS]

    refused = sum(isinstance(each, ValidationError) for each in verdicts)
    print(f"{len(ITEMS)} items: {refused} refused, {verdicts.count('')} empty")
    assert len(ITEMS) >= 500
    assert refused >= 20
    assert verdicts.count("") >= 50
