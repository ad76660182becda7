"""One world for the tests of this folder that need one; requests that are refused leave no line in the log."""

import logging

import pytest


@pytest.fixture
def world(transactional_db, caplog):
    """Two sessions and everybody around them: see world.World."""
    from tests.access.world import World

    caplog.set_level(logging.ERROR)
    caplog.set_level(logging.ERROR, "django.request")
    return World()
