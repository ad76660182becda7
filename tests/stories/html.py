"""Reads pages as a browser does: elements by id, the text a person sees, forms and their buttons."""

import functools
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNSEEN = {"script", "style", "template"}


@dataclass(frozen=True)
class Element:
    """An element with its attributes, its whole html and the text in it."""

    tag: str
    attributes: dict = field(hash=False)
    html: str
    text: str

    @property
    def id(self):
        return self.attributes.get("id", "")


class _Elements(HTMLParser):
    """Collects the outermost elements, and all those with an id."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.html = html
        self.lines = [0, *(m.end() for m in re.finditer("\n", html))]
        self.open, self.words = [], []
        self.outermost, self.by_id = [], {}
        self.feed(html)
        self.close()

    def _offset(self):
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_starttag(self, tag, attrs):
        if tag in VOID:
            self._found(tag, attrs, self._offset(), self._offset() + len(self.get_starttag_text()), len(self.words))
        else:
            self.open.append((tag, attrs, self._offset(), len(self.words)))

    def handle_startendtag(self, tag, attrs):
        self._found(tag, attrs, self._offset(), self._offset() + len(self.get_starttag_text()), len(self.words))

    def handle_endtag(self, tag):
        while self.open:
            opened, attrs, start, said = self.open.pop()
            if opened == tag:
                self._found(tag, attrs, start, self._offset() + len(tag) + 3, said)
                return

    def handle_data(self, data):
        if not any(tag in UNSEEN for tag, *_rest in self.open):
            self.words.append(data)

    def _found(self, tag, attrs, start, end, said):
        attributes = {name: value or "" for name, value in attrs}
        if self.open and "id" not in attributes:
            return
        element = Element(tag, attributes, self.html[start:end], words("".join(self.words[said:])))
        if not self.open:
            self.outermost.append(element)
        if element.id:
            self.by_id[element.id] = element


def words(text):
    """Return a text with every run of white space as one space."""
    return " ".join(text.split())


@functools.lru_cache(maxsize=4000)
def outermost(html):
    """Return the outermost elements of a fragment: what a frame is made of."""
    return tuple(_Elements(html).outermost)


def by_id(html):
    """Return {id: Element} of a page."""
    return _Elements(html).by_id


def text_of(html):
    """Return the text a person reads."""
    return words("".join(_Elements(html).words))


# Forms.


@dataclass
class Form:
    """A form: where it goes, what is filled in, and its buttons as (text, name, value)."""

    action: str
    fields: list = field(default_factory=list)
    buttons: list = field(default_factory=list)
    fillable: set = field(default_factory=set)

    def lacks(self, values):
        """Return the names among these that can be neither typed nor chosen nor pressed here."""
        pressed = {name for _text, name, value in self.buttons if str(values.get(name)) == value}
        return set(values) - self.fillable - {name for name, _value in self.fields} - pressed

    def has(self, **values):
        """Whether these are filled in already."""
        return all((name, str(value)) in self.fields for name, value in values.items())


class _Forms(HTMLParser):
    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.forms, self.form = [], None
        self.button = self.area = self.select = self.option = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(named.get("action") or named.get("hx-post", ""))
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "input":
            self._input(named)
        elif tag == "button":
            self.button = [[], named.get("name", ""), named.get("value", "")]
            if "formaction" in named:
                self.forms.append(Form(named["formaction"], self.form.fields, fillable=self.form.fillable))
        elif tag == "textarea":
            self.area = [named.get("name", ""), []]
        elif tag == "select":
            self.select = [named.get("name", ""), None]
        elif tag == "option":
            self.option = [named.get("value"), "selected" in named, []]

    def _input(self, named):
        name, kind = named.get("name", ""), named.get("type", "text")
        self.form.fillable.add(name)
        if not name or kind == "file":
            return
        if kind not in ("checkbox", "radio"):
            self.form.fields.append((name, named.get("value", "")))
        elif "checked" in named:
            self.form.fields.append((name, named.get("value", "on")))

    def handle_data(self, data):
        for part, place in ((self.button, 0), (self.area, 1), (self.option, 2)):
            if part is not None:
                part[place].append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif self.form is None:
            return
        elif tag == "button" and self.button:
            text, name, value = self.button
            self.form.buttons.append((words("".join(text)), name, value))
            self.button = None
        elif tag == "textarea" and self.area:
            self.form.fields.append((self.area[0], "".join(self.area[1])))
            self.form.fillable.add(self.area[0])
            self.area = None
        elif tag == "option" and self.select and self.option:
            value, is_selected, text = self.option
            value = words("".join(text)) if value is None else value
            if is_selected or self.select[1] is None:
                self.select[1] = value
            self.option = None
        elif tag == "select" and self.select:
            self.form.fields.append((self.select[0], self.select[1] or ""))
            self.form.fillable.add(self.select[0])
            self.select = None


def forms(html):
    """Return the forms of a page or fragment."""
    return _Forms(html).forms
