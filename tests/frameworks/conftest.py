"""A folder of content files that a test writes, and the command that loads it."""

from io import StringIO
from textwrap import dedent

import pytest
from django.core.management import call_command


class Folder:
    """Content files in a folder of their own; `load` runs the command and returns what it prints."""

    def __init__(self, path):
        self.path = path

    def write(self, name, text):
        (self.path / name).write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return self

    def load(self, *options):
        out = StringIO()
        call_command("load_content", str(self.path), *options, stdout=out)
        return out.getvalue()


@pytest.fixture
def folder(tmp_path, db):
    return Folder(tmp_path)


@pytest.fixture
def actions(folder):
    """A folder with one small taxonomy, loaded."""
    folder.write(
        "actions.yaml",
        """
        taxonomies:
          - code: actions
            title: Actions
            categories:
              - code: now
                title: Now
              - code: later
                title: Later
            terms:
              - code: listen
                category: now
                text: Listen
              - code: measure
                category: later
                text: Measure
              - code: rest
                text: Rest
        """,
    )
    folder.load()
    return folder
