"""Every kind of bad content file is refused by file, line and a sentence, and leaves the library as it was."""

import pytest
from django.core.management import CommandError

from frameworks.models import Content

BAD = {
    "unknown kind": (
        "case:\n  - code: a\n",
        "x.yaml, line 1: 'case' is no kind of content. Did you mean 'cases'?",
    ),
    "not a mapping": ("- a\n- b\n", "x.yaml, line 1: a content file starts with a kind, such as 'cases:'."),
    "no list": ("cases:\n  code: a\n", "x.yaml, line 1: 'cases' must be a list: begin each row with a dash."),
    "no rows": ("cases:\n", "x.yaml, line 1: 'cases' must be a list: begin each row with a dash."),
    "row is text": ("cases:\n  - a\n", "x.yaml, line 2: this case must be a list of keys and values."),
    "unknown key": (
        "definitions:\n  - code: a\n    term: A\n    txt: B\n",
        "x.yaml, line 4: a definition has no 'txt'. Did you mean 'text'?",
    ),
    "unknown key that is like none": (
        "definitions:\n  - code: a\n    zzzz: A\n",
        "x.yaml, line 3: a definition has no 'zzzz'.",
    ),
    "unknown key below": (
        "taxonomies:\n  - code: a\n    title: A\n    terms:\n      - code: b\n        text: B\n        categroy: c\n",
        "x.yaml, line 7: a term has no 'categroy'. Did you mean 'category'?",
    ),
    "missing key": ("definitions:\n  - code: a\n    term: A\n", "x.yaml, line 2: this definition has no 'text'."),
    "missing code": ("definitions:\n  - term: A\n    text: B\n", "x.yaml, line 2: this definition has no 'code'."),
    "missing key below": (
        "cases:\n  - code: a\n    title: A\n    place: B\n    question: C\n    facts:\n      - source: seed\n",
        "x.yaml, line 7: this fact has no 'text'.",
    ),
    "number for text": (
        "definitions:\n  - code: a\n    term: 27\n    text: B\n",
        "x.yaml, line 3: 'term' must be text: put it between quotes.",
    ),
    "date for text": (
        "definitions:\n  - code: a\n    term: 2018-06-04\n    text: B\n",
        "x.yaml, line 3: 'term' must be text: put it between quotes.",
    ),
    "list for text": (
        "definitions:\n  - code: a\n    term: A\n    text: [B]\n",
        "x.yaml, line 4: 'text' must be text: put it between quotes.",
    ),
    "number for a code": (
        "definitions:\n  - code: 1\n    term: A\n    text: B\n",
        "x.yaml, line 2: 'code' must be text: put it between quotes.",
    ),
    "text for a number": (
        "resources:\n  - code: a\n    heading: A\n    order: first\n",
        "x.yaml, line 4: 'order' must be a whole number.",
    ),
    "true for a number": (
        "resources:\n  - code: a\n    heading: A\n    order: true\n",
        "x.yaml, line 4: 'order' must be a whole number.",
    ),
    "negative number": (
        "resources:\n  - code: a\n    heading: A\n    order: -1\n",
        "x.yaml, line 4: 'order' is '-1': Ensure this value is greater than or equal to 0.",
    ),
    "bad code": (
        "definitions:\n  - code: a b\n    term: A\n    text: B\n",
        "x.yaml, line 2: 'code' is 'a b': A code has letters, digits and single hyphens only.",
    ),
    "bad link": (
        "resources:\n  - code: a\n    heading: A\n    url: javascript:alert(1)\n",
        "x.yaml, line 4: 'url' is 'javascript:alert(1)': Enter a valid URL.",
    ),
    "empty text": (
        'definitions:\n  - code: a\n    term: ""\n    text: B\n',
        "x.yaml, line 3: 'term' is empty: write its text.",
    ),
    "text of blanks": (
        'definitions:\n  - code: a\n    term: " \\u200b "\n    text: B\n',
        "x.yaml, line 3: 'term' is empty: write its text.",
    ),
    "nothing after the colon": (
        "frames:\n  - code: a\n    middle:\n",
        "x.yaml, line 3: 'middle' is empty: write something, or leave the key out.",
    ),
    "empty language": (
        "definitions:\n  - code: a\n    term: {en: A, es: ''}\n    text: B\n",
        "x.yaml, line 3: 'term' is empty: write its text.",
    ),
    "unknown language": (
        "definitions:\n  - code: a\n    term: {en: A, espa: B}\n    text: B\n",
        "x.yaml, line 3: 'term' has the language 'espa', which is not known.",
    ),
    "text too long": (
        f"definitions:\n  - code: a\n    term: {'a' * 501}\n    text: B\n",
        "x.yaml, line 3: 'term' cannot be stored. This is 501 characters long; there is room for 500.",
    ),
    "text that cannot be stored": (
        'definitions:\n  - code: a\n    term: "a\\0b"\n    text: B\n',
        "x.yaml, line 3: 'term' cannot be stored. The text contains a character that cannot be stored.",
    ),
    "duplicate code": (
        "definitions:\n  - {code: a, term: A, text: B}\n  - {code: a, term: A, text: B}\n",
        "x.yaml, line 3: the definition 'a' is there already (x.yaml, line 2).",
    ),
    "duplicate code below": (
        "taxonomies:\n  - code: a\n    title: A\n    terms:\n      - {code: b, text: B}\n      - {code: b, text: C}\n",
        "x.yaml, line 6: the term 'b' is there already (x.yaml, line 5).",
    ),
    "duplicate order of lines without code": (
        "studies:\n  - code: a\n    title: A\n    citation: B\n    findings:\n"
        "      - {order: 1, text: B}\n      - {order: 1, text: C}\n",
        "x.yaml, line 7: the finding 1 is there already (x.yaml, line 6).",
    ),
    "duplicate key": (
        "definitions:\n  - code: a\n    term: A\n    term: B\n    text: C\n",
        'x.yaml, line 4: a key stands twice ("term"): keep one.',
    ),
    "unknown category": (
        "taxonomies:\n  - code: a\n    title: A\n    categories:\n      - {code: now, title: Now}\n"
        "    terms:\n      - code: b\n        text: B\n        category: noww\n",
        "x.yaml, line 9: the term 'b' names category 'noww', which this taxonomy does not have. Did you mean 'now'?",
    ),
    "category of another taxonomy": (
        "taxonomies:\n  - {code: a, title: A, categories: [{code: now, title: Now}]}\n"
        "  - code: b\n    title: B\n    terms:\n      - {code: c, text: C, category: now}\n",
        "x.yaml, line 6: the term 'c' names category 'now', which this taxonomy does not have.",
    ),
    "unknown place": (
        "checklists:\n  - code: a\n    title: A\n    items:\n      - {code: b, text: B, place: top}\n",
        "x.yaml, line 5: the item 'b' names place 'top', which this checklist does not have.",
    ),
    "missing place": (
        "checklists:\n  - code: a\n    title: A\n    items:\n      - {code: b, text: B}\n",
        "x.yaml, line 5: this item has no 'place'.",
    ),
    "unknown reference": (
        "taxonomies:\n  - {code: tags, title: A}\nprompts:\n  - code: b\n    question: B?\n    taxonomy: tgas\n",
        "x.yaml, line 6: the question 'b' names taxonomy 'tgas', which is in no file and not in the library. "
        "Did you mean 'tags'?",
    ),
    "broken indentation": ("cases:\n  - code: a\n title: B\n", "x.yaml, line 3: this is not YAML that can be read"),
    "open quote": ('cases:\n  - code: "a\n', "x.yaml, line"),
    "tab": ("cases:\n\t- code: a\n", "x.yaml, line 2: this is not YAML that can be read"),
    "unknown alias": ("cases: *a\n", "x.yaml, line 1: this is not YAML that can be read"),
    "two documents": ("cases: []\n---\ncases: []\n", "x.yaml, line 2: this is not YAML that can be read"),
    "a tag that would run code": (
        "definitions:\n  - code: a\n    text: B\n    term: !!python/object/apply:os.getcwd []\n",
        "x.yaml, line 4: 'term' must be text: put it between quotes.",
    ),
    "a control character": ("cases:\n  - code: a\x07\n", "x.yaml, line 2: there is a character that no content file"),
    "nested without end": ("cases: " + "[" * 5000, "x.yaml: this is not YAML that can be read (RecursionError)"),
    "a plan that shows nothing real": (
        "plans:\n  - code: p\n    title: P\n    modules:\n      - code: m\n        title: M\n        segments:\n"
        "          - kind: info\n            title: S\n            shows: case/hartford\n",
        "x.yaml, line 10: 'shows' must be a list of words.",
    ),
    "a segment of no kind": (
        "plans:\n  - code: p\n    title: P\n    modules:\n      - code: m\n        title: M\n        segments:\n"
        "          - kind: talk\n            title: S\n",
        "x.yaml, line 8: 'kind' is 'talk': Value 'talk' is not a valid choice.",
    ),
    "a discussion of no question": (
        "plans:\n  - code: p\n    title: P\n    modules:\n      - code: m\n        title: M\n        segments:\n"
        "          - kind: discussion\n            title: S\n            prompt: why\n",
        "x.yaml, line 10: the segment 1 names question 'why', which is in no file and not in the library.",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_words(folder, name):
    text, sentence = BAD[name]
    folder.write("a.yaml", "definitions: [{code: good, term: Good, text: Good}]")
    (folder.path / "x.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(CommandError) as refusal:
        folder.load()

    assert sentence in str(refusal.value)
    assert str(refusal.value).startswith("Nothing was loaded. ")
    assert [str(row) for model in Content.__subclasses__() for row in model.objects.all()] == []


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(folder):
    (folder.path / "x.yaml").write_bytes("definitions:\n  - code: a\n    term: Martínez\n".encode("latin-1"))

    with pytest.raises(CommandError, match="x.yaml, line 3: the file is not UTF-8: save it as UTF-8."):
        folder.load()


def test_a_code_in_two_files_is_refused_with_both_places(folder):
    folder.write("a.yaml", "definitions:\n  - {code: t, term: A, text: B}")
    folder.write("b.yaml", "\ndefinitions:\n\n  - {code: t, term: A, text: B}")

    with pytest.raises(CommandError, match=r"b.yaml, line 3: the definition 't' is there already \(a.yaml, line 2\)"):
        folder.load()


def test_a_folder_that_does_not_exist_is_refused(folder):
    folder.path /= "nowhere"

    with pytest.raises(CommandError, match="nowhere: there is no such folder."):
        folder.load()


def test_a_folder_without_content_is_refused(folder):
    with pytest.raises(CommandError, match="there is no content file"):
        folder.load()


def test_a_folder_named_like_a_file_is_refused(folder):
    (folder.path / "x.yaml").mkdir()

    with pytest.raises(CommandError, match="x.yaml: the file cannot be read"):
        folder.load()
