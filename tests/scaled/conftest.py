"""What tests of the whole installation have: it runs, and a room is in it."""

import logging

import pytest
from django.conf import settings

from tests.scaled.site import site as whole_site
from tests.stories import people

logging.getLogger("httpx").setLevel(logging.WARNING)


@pytest.fixture(autouse=True, scope="session")
def _beside_postgresql_and_redis():
    """These tests belong to the part of script/test that has PostgreSQL, Redis and Caddy."""
    if "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
        pytest.skip("needs PostgreSQL and Redis: python tests/services.py python -m pytest tests/scaled")


@pytest.fixture(scope="session")
def site(_beside_postgresql_and_redis):
    """The installation of compose.yaml, running. What a test takes away it brings back."""
    with whole_site() as running:
        yield running


@pytest.fixture
def room(site):
    """A room that talks, its pages open."""
    inside = people.Room(site)
    yield inside
    inside.close()
