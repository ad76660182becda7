"""The lock files install the same everywhere, and from wherever this machine gets its packages."""

import re

import pytest

from tests.ops.conftest import ROOT


def pins(name):
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))


def test_tests_run_what_is_served():
    served, tested = pins("requirements.txt"), pins("requirements-dev.txt")

    assert served
    assert served.items() <= tested.items()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_no_place_is_named(name):
    text = (ROOT / name).read_text()

    assert not re.search(r"://|--(extra-)?index-url|--find-links|file:|@ ", text)
    assert all(f"\n{package}=={version} " in f"\n{text}" for package, version in pins(name).items())
    assert len(re.findall(r"^\S+==.*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)) == len(pins(name))
