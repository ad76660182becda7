"""Finds what a segment shows, and says in which steps it is shown."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frameworks.models import Case, Checklist, Definition, Frame, Resource, Study, Taxonomy

KINDS = {
    "case": Case,
    "study": Study,
    "definition": Definition,
    "frame": Frame,
    "resource": Resource,
    "taxonomy": Taxonomy,
    "checklist": Checklist,
}
_BELOW = {
    "case": ["facts"],
    "study": ["findings"],
    "taxonomy": ["categories__terms", "terms"],
    "checklist": ["places", "items__place"],
}


@dataclass(frozen=True)
class Step:
    """One thing a press of the primary button brings to the wall.

    part: which template part shows it ("cover", "fact", "question", "block", "build" …); index: which of its
    kind, from 0; label: what the button says when this comes next.
    """

    part: str
    index: int
    label: str


def find(reference):
    """Return the library row a "kind/code" names, with its `kind` set, or None."""
    kind, _slash, code = reference.partition("/")
    if kind not in KINDS:
        return None
    row = KINDS[kind].objects.filter(code=code).prefetch_related(*_BELOW.get(kind, [])).first()
    if row is not None:
        row.kind = kind
    return row


def find_all(references):
    """Return the rows that exist, in the order named. "plan" names no row: the template knows it."""
    return [row for row in map(find, references) if row is not None]


def check(references):
    """Return the first reference that names nothing, or None when all do."""
    return next((r for r in references if r != "plan" and find(r) is None), None)


def steps(kind, references):
    """Return the steps of a segment of this kind that shows these references; never empty."""
    if kind == "discussion":
        return [
            Step("find", 0, _("Show tables")),
            Step("talk", 1, _("Start the discussion")),
            Step("board", 2, _("Show the board")),
        ]
    if kind == "epilogue":
        return [Step("closed", 0, _("Epilogue")), Step("opened", 1, _("Open the epilogue"))]
    if kind == "case":
        case = next(iter(find_all(references)), None)
        facts = len(case.facts.all()) if case else 0
        told = [
            Step("fact", i, _("Fact %(number)d of %(count)d") % {"number": i + 1, "count": facts}) for i in range(facts)
        ]
        asked = [Step("question", facts, _("The case question"))] if case else []
        return [Step("cover", 0, _("The case")), *told, *asked]
    if kind == "checklist":
        checklist = next(iter(find_all(references)), None)
        builds = sorted({item.build for item in checklist.items.all()}) if checklist else []
        return [
            Step("build", build, _("Part %(number)d of %(count)d") % {"number": i + 1, "count": len(builds)})
            for i, build in enumerate(builds)
        ] or [Step("cover", 0, "")]
    if kind == "info" and all(r.startswith("resource/") for r in references):
        return [Step("all", 0, "")]
    blocks = [Step("block", i, _name(reference)) for i, reference in enumerate(references)]
    return blocks or [Step("cover", 0, "")]


def _name(reference):
    if reference == "plan":
        return _("Session plan")
    row = find(reference)
    return str(row) if row is not None else str(gettext_lazy("What comes next"))
