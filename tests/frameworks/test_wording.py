"""The shipped library says what the specification says, word for word: nothing missing, nothing more."""

import pytest
from django.core.management import call_command

from frameworks import models
from sessions.models import Module, Plan, Segment
from tests import content_wording as wording


@pytest.fixture(autouse=True)
def library(db):
    call_command("load_content", verbosity=0)


def lines(text):
    return str(text).splitlines()


def test_cases():
    assert {
        case.code: (
            str(case.title),
            str(case.place),
            str(case.policy_area),
            str(case.protagonist),
            str(case.question),
            lines(case.epilogue),
            [str(fact) for fact in case.facts.all()],
        )
        for case in models.Case.objects.all()
    } == wording.CASES
    assert [case.code for case in models.Case.objects.all()] == list(wording.CASES)


def test_studies():
    assert {
        study.code: (
            str(study.title),
            str(study.question),
            lines(study.methods),
            [str(finding) for finding in study.findings.all()],
            study.citation,
        )
        for study in models.Study.objects.all()
    } == wording.STUDIES


def test_lines_are_numbered_from_one():
    for case in models.Case.objects.all():
        assert [fact.order for fact in case.facts.all()] == list(range(1, len(case.facts.all()) + 1))
    for study in models.Study.objects.all():
        assert [finding.order for finding in study.findings.all()] == list(range(1, len(study.findings.all()) + 1))


def test_definitions():
    assert {d.code: (str(d.term), str(d.text)) for d in models.Definition.objects.all()} == wording.DEFINITIONS


def test_frames():
    assert {
        f.code: tuple(map(str, (f.title, f.left, f.left_text, f.middle, f.right, f.right_text)))
        for f in models.Frame.objects.all()
    } == wording.FRAMES


def test_resources():
    assert {r.code: (r.order, str(r.heading), r.url) for r in models.Resource.objects.all()} == wording.RESOURCES


def test_taxonomies():
    assert {
        t.code: (str(t.title), str(t.ask), str(t.other)) for t in models.Taxonomy.objects.all()
    } == wording.TAXONOMIES


def test_categories():
    assert [
        (c.taxonomy.code, c.order, c.code, str(c.title)) for c in models.Category.objects.order_by("taxonomy", "order")
    ] == wording.CATEGORIES


def test_terms():
    assert [
        (t.taxonomy.code, t.order, t.code, t.category and t.category.code, str(t.text), str(t.helper))
        for t in models.Term.objects.order_by("taxonomy", "order")
    ] == wording.TERMS


def test_the_barriers_are_three_categories_of_two():
    barriers = models.Taxonomy.objects.get(code="barriers")

    assert [category.terms.count() for category in barriers.categories.all()] == [2, 2, 2]


def test_the_triangle():
    assert {c.code: str(c.title) for c in models.Checklist.objects.all()} == wording.CHECKLISTS
    assert [(p.checklist.code, p.order, p.code, str(p.title)) for p in models.Place.objects.all()] == wording.PLACES
    assert [(i.code, i.build, i.order, i.place.code, str(i.text)) for i in models.Item.objects.all()] == wording.ITEMS


def test_the_triangle_grows_in_builds_of_8_12_and_15():
    assert [models.Item.objects.filter(build__lte=build).count() for build in (1, 2, 3)] == [8, 12, 15]


def test_prompts():
    assert {p.code: (str(p.question), p.taxonomy.code) for p in models.Prompt.objects.all()} == wording.PROMPTS


def test_the_plan():
    assert {p.code: (str(p.title), str(p.subtitle), p.attribution) for p in Plan.objects.all()} == wording.PLANS
    assert [(m.code, m.order, str(m.title), str(m.topic)) for m in Module.objects.all()] == wording.MODULES
    assert [
        (
            s.module.code,
            s.order,
            s.kind,
            str(s.title),
            s.find_minutes,
            s.minutes,
            s.board_minutes,
            s.prompt and s.prompt.code,
            s.shows,
        )
        for s in Segment.objects.all()
    ] == wording.SEGMENTS


def test_the_plan_takes_ninety_minutes_thirty_of_them_talk():
    segments = list(Segment.objects.all())

    assert sum(s.find_minutes + s.minutes + s.board_minutes for s in segments) == wording.TOTAL_MINUTES
    assert sum(s.minutes for s in segments if s.kind == "discussion") == wording.MINUTES_FROM_THE_SEED


def test_everything_the_plan_shows_exists():
    kinds = {
        model._meta.model_name: model
        for model in (
            models.Case,
            models.Study,
            models.Definition,
            models.Frame,
            models.Resource,
            models.Taxonomy,
            models.Checklist,
        )
    }
    for segment in Segment.objects.all():
        for address in segment.shows:
            kind, _slash, code = address.partition("/")
            assert address == "plan" or kinds[kind].objects.filter(code=code).exists(), address


def test_facilitators_and_organizers_are_told_what_the_slides_leave_out():
    for code, phrases in wording.FACILITATOR_NOTES_SAY.items():
        case = models.Case.objects.get(code=code)
        notes = f"{case.facilitator_notes}\n{case.epilogue_notes}"
        assert [phrase for phrase in phrases if phrase not in notes] == []
    for code, phrases in wording.ORGANIZER_NOTES_SAY.items():
        row = models.Case.objects.filter(code=code).first() or models.Study.objects.get(code=code)
        assert [phrase for phrase in phrases if phrase not in row.note] == []


def test_all_background_on_south_yorkshire_is_marked_as_not_confirmed():
    notes = lines(models.Case.objects.get(code="south-yorkshire").facilitator_notes)

    assert [line for line in notes if "not confirmed as the case" not in line.lower()] == []


def test_what_may_not_be_said_is_said_nowhere():
    text = "\n".join(
        str(value)
        for model in models.Content.__subclasses__()
        for row in model.objects.values()
        for value in row.values()
    )

    assert [phrase for phrase in wording.NEVER_SAID if phrase in text] == []
    assert "$28 million" not in "".join(str(fact) for fact in models.Fact.objects.all())


def test_every_row_names_its_source():
    rows = [
        row
        for model in (*models.Coded.__subclasses__(), models.Fact, models.Finding, *models.Content.__subclasses__())
        if not model._meta.abstract
        for row in model.objects.all()
    ]

    assert len(rows) > 80
    assert [str(row) for row in rows if not row.source] == []
