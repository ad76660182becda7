"""The session that most tests export."""

import pytest

from tests.exports import rooms


@pytest.fixture
def workshop(db):
    return rooms.make_full_room()


@pytest.fixture(params=rooms.FORMATS)
def format(request):
    return request.param
