"""A folder of content files that a test writes and loads; the admin's pages as a browser has them."""

from html import unescape
from html.parser import HTMLParser
from io import StringIO
from textwrap import dedent

import pytest
from django.core.management import call_command
from django.urls import reverse


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


class Page(HTMLParser):
    """A page of the admin as a browser has it: the form's fields by name, its errors, its text."""

    def __init__(self, client, url):
        super().__init__()
        self.client, self.url = client, url
        self.response = client.get(url)
        assert self.response.status_code == 200
        self.html = self.response.content.decode()
        self.data, self.choices, self.boxes = {}, {}, {}
        self._select = self._area = None
        self.feed(self.html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name = attrs.get("name")
        if tag == "input" and name and attrs.get("type") not in ("submit", "checkbox", "image"):
            self.data[name], self.boxes[name] = attrs.get("value", ""), attrs
        elif tag == "textarea":
            self._area, self.data[name], self.boxes[name] = name, "", attrs
        elif tag == "select":
            self._select, self.data[name], self.choices[name] = name, "", []
        elif tag == "option" and self._select:
            self.choices[self._select].append(attrs["value"])
            if "selected" in attrs:
                self.data[self._select] = attrs["value"]

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data):
        if self._area:
            self.data[self._area] += data.removeprefix("\n") if not self.data[self._area] else data

    def add_line(self, lines, **values):
        """Fill in one more line, as “Add another” does."""
        number = int(self.data[f"{lines}-TOTAL_FORMS"])
        self.data[f"{lines}-TOTAL_FORMS"] = str(number + 1)
        blank = f"{lines}-__prefix__-"
        for name in [name for name in self.data if name.startswith(blank)]:
            self.data[f"{lines}-{number}-{name.removeprefix(blank)}"] = self.data[name]
        for name, value in values.items():
            self.data[f"{lines}-{number}-{name}"] = value

    def save(self, **values):
        """Post the form with these values changed; return None when it was stored, else its errors."""
        data = {name: value for name, value in {**self.data, **values}.items() if "__prefix__" not in name}
        response = self.client.post(self.url, data)
        if response.status_code == 302:
            return None
        errors = response.context["errors"]
        return unescape(str(errors))


@pytest.fixture
def library(admin_client, settings):
    """Return a function: the admin page at a path below the library."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # no collectstatic before a test
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    root = reverse("admin:index") + "frameworks/"
    return lambda path: Page(admin_client, root + path)
