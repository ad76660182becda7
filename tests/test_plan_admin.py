"""Session plans in the library."""

import pytest
from django.test import Client

from sessions.models import Module, Plan, Segment
from tests import rooms


@pytest.fixture
def library(content):
    """An organizer's browser in the library."""
    client = Client()
    client.force_login(
        rooms.account("organizer", is_staff=True, is_superuser=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def _filled(response):
    """What a browser would send back of an admin page's forms, unchanged."""
    forms = [response.context["adminform"].form]
    data = {}
    for formset in response.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if hasattr(field.field, "fields"):
                value = field.field.widget.decompress(value)
                data |= {f"{field.html_name}_{i}": part or "" for i, part in enumerate(value)}
            elif value is not None:
                data[field.html_name] = value
    return data


def test_an_organizer_changes_the_minutes_of_a_segment(library):
    module = Module.objects.get(plan__is_template=True, code="expect")
    page = library.get(f"/library/workshops/module/{module.pk}/change/")
    data = _filled(page) | {"segments-0-minutes": 9}

    response = library.post(f"/library/workshops/module/{module.pk}/change/", data)

    assert response.status_code == 302, response.context["errors"]
    assert module.segments.first().minutes == 9


def test_a_segment_that_shows_what_is_not_there_is_refused_in_words(library):
    module = Module.objects.get(plan__is_template=True, code="expect")
    page = library.get(f"/library/workshops/module/{module.pk}/change/")
    data = _filled(page) | {"segments-0-shows": "case/atlantis"}

    response = library.post(f"/library/workshops/module/{module.pk}/change/", data)

    assert response.status_code == 200
    assert "“case/atlantis” is not in the library." in response.content.decode()
    assert Segment.objects.get(pk=module.segments.first().pk).shows == ["case/hartford"]


def test_the_library_lists_templates_and_no_sessions_own_copy(library):
    rooms.Room.open()

    page = library.get("/library/workshops/plan/").content.decode()

    assert Plan.objects.count() == 2
    assert page.count("leading-collaboration") == 1
    assert "90" in page
