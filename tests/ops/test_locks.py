"""The lock files install the same everywhere, and from wherever this machine gets its packages."""

import re
import tomllib

import pytest

from tests.ops.conftest import ROOT

LOCKS = ["requirements.txt", "requirements-dev.txt"]


def pins(name):
    """Return package → version; each has its hashes on the lines below it."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+).*\\\n    --hash=sha256:", (ROOT / name).read_text(), re.MULTILINE))


def test_all_that_is_asked_for_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = [project["project"]["dependencies"], project["dependency-groups"]["dev"]]

    for requirements, name in zip(asked, LOCKS, strict=True):
        assert {re.match(r"[\w.-]+", r)[0].replace(".", "-") for r in requirements} <= pins(name).keys()


def test_tests_run_with_what_is_served():
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


@pytest.mark.parametrize("name", LOCKS)
def test_no_place_is_named_and_nothing_comes_without_hash(name):
    text = (ROOT / name).read_text()

    assert not re.search(r"://|^--|file:|@ ", text, re.MULTILINE)
    assert len(re.findall(r"^\S+==", text, re.MULTILINE)) == len(pins(name))
