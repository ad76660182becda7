"""What a session was made with stays: terms on notes, items with marks, the session's own copy of its plan."""

import uuid

import pytest
from django.core.management import call_command

from frameworks.models import Checklist, Item, Taxonomy, Term
from sessions.models import Breakout, CityTeam, Mark, Note, Plan, Segment, Workshop


@pytest.fixture
def team(db, django_user_model):
    """Riverton, in a session started from the shipped plan."""
    call_command("load_content", verbosity=0)
    owner = django_user_model.objects.create_user("organizer")
    plan = Plan.objects.get().copy()
    workshop = Workshop.objects.create(title="Monday", owner=owner, plan=plan)
    return CityTeam.objects.create(workshop=workshop, name="Riverton", key="riverton")


@pytest.fixture
def note(team):
    """Riverton's note, tagged with the term "other"."""
    segment = team.workshop.plan.segments().filter(kind=Segment.Kind.DISCUSSION).first()
    breakout = Breakout.objects.create(workshop=team.workshop, segment=segment, question="What?")
    note = Note.objects.create(workshop=team.workshop, breakout=breakout, team=team, uuid=uuid.uuid4(), text="Budget")
    note.terms.add(Term.objects.get(code="other"))
    return note


@pytest.fixture
def mark(team):
    """Riverton's mark on item T15."""
    return Mark.objects.create(team=team, item=Item.objects.get(code="T15"), value=Mark.Value.PARTLY)


def test_a_term_on_a_note_stays_when_the_file_drops_it(note, folder):
    folder.write("t.yaml", "taxonomies: [{code: barriers, title: Barriers}]")

    said = folder.load()

    assert "still in use, so kept: taxonomy 'barriers': term 'other'" in said
    assert [term.code for term in note.terms.all()] == ["other"]
    assert [term.code for term in Taxonomy.objects.get(code="barriers").terms.all()] == ["other"]
    assert "1 taxonomy unchanged." in folder.load()


def test_an_item_with_a_mark_stays_when_the_file_drops_it(mark, folder):
    said = folder.write("c.yaml", "checklists: [{code: strategic-triangle, title: Triangle}]").load()

    assert "item 'T15'" in said
    assert "place 'capacity'" in said
    assert Mark.objects.get() == mark
    assert Item.objects.get() == mark.item


def test_a_changed_term_keeps_its_notes(note, folder):
    text = "taxonomies: [{code: barriers, title: Barriers, terms: [{code: other, text: Something else}]}]"

    folder.write("t.yaml", text).load()

    assert [str(term) for term in note.terms.all()] == ["Something else"]


def test_a_term_on_a_note_is_not_removed_on_its_page(note, library):
    barriers = Taxonomy.objects.get(code="barriers")

    refusal = library(f"taxonomy/{barriers.pk}/change/").save(**{"terms-6-DELETE": "on"})

    assert "“Other (in our words)” is in use" in refusal
    assert note.terms.count() == 1


def test_an_item_with_a_mark_is_not_removed_on_its_page(mark, library):
    triangle = Checklist.objects.get()

    refusal = library(f"checklist/{triangle.pk}/change/").save(**{"items-14-DELETE": "on"})

    assert "“Learn and adjust” is in use" in refusal
    assert Mark.objects.exists()


def test_a_checklist_with_marks_is_not_deleted(mark, library, admin_client):
    page = library(f"checklist/{Checklist.objects.get().pk}/delete/")
    assert "Learn and adjust" in page.html

    admin_client.post(page.url, {"post": "yes"})

    assert Mark.objects.exists()
    assert Item.objects.count() == 15


def test_a_taxonomy_with_notes_is_not_deleted_even_from_the_list(note, library, admin_client):
    taxonomies = Taxonomy.objects.all()
    for prompt in note.breakout.segment.prompt.__class__.objects.all():
        prompt.taxonomy = None
        prompt.save()

    admin_client.post(
        library("taxonomy/").url,
        {"action": "delete_selected", "_selected_action": [row.pk for row in taxonomies], "post": "yes"},
    )

    assert note.terms.count() == 1


def test_the_plan_of_a_session_is_its_own_and_is_not_loaded_anew(team, folder):
    folder.write(
        "p.yaml",
        """
        plans:
          - code: leading-collaboration
            title: Shorter
            modules:
              - code: expect
                title: What to Expect?
                segments:
                  - {kind: info, title: Hello, shows: [plan]}
        """,
    )

    said = folder.load()

    own = team.workshop.plan
    own.refresh_from_db()
    assert str(own.title) == "Leading Collaboration in Cities"
    assert own.segments().count() == 14
    assert "1 session plan updated." in said
    assert Plan.objects.get(is_template=True).segments().count() == 1
