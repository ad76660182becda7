"""Reads a page as a browser does, and puts what frames bring where it belongs."""

from functools import lru_cache
from html import escape
from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_RAW = {"script", "style"}
_UNSEEN = {*_RAW, "template"}


class Element:
    """An element of a page: its tag, its attributes, what is in it (elements and texts), and what it is in."""

    __slots__ = ("attributes", "inside", "parent", "tag")

    def __init__(self, tag, attributes, parent=None):
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.inside = []

    def get(self, name, default=""):
        """Return an attribute."""
        return self.attributes.get(name, default)

    def copy(self, parent=None):
        """Return an element like this one, with all that is in it, to be put elsewhere."""
        mine = Element(self.tag, self.attributes, parent)
        mine.inside = [each.copy(mine) if isinstance(each, Element) else each for each in self.inside]
        return mine

    def walk(self):
        """Yield this element and every one in it, in the order of the page."""
        yield self
        for child in self.inside:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, tag="", **attributes):
        """Return the elements in it with this tag and these attributes; `css="note"` is one of its classes."""
        css = attributes.pop("css", "")
        return [
            element
            for element in self.walk()
            if (not tag or element.tag == tag)
            and (not css or css in element.get("class").split())
            and all(element.attributes.get(name) == value for name, value in attributes.items())
        ]

    @property
    def text(self):
        """What a person reads in it, every run of white space as one space."""
        return " ".join("".join(self._texts()).split())

    def _texts(self):
        for child in self.inside if self.tag not in _UNSEEN else ():
            if isinstance(child, Element):
                yield from child._texts()
            else:
                yield child

    @property
    def html(self):
        """Its html, written the same way whatever it was read from."""
        named = "".join(f' {name}="{escape(value)}"' for name, value in sorted(self.attributes.items()))
        if self.tag in _VOID:
            return f"<{self.tag}{named}>"
        written = (c.html if isinstance(c, Element) else c if self.tag in _RAW else escape(c) for c in self.inside)
        return f"<{self.tag}{named}>{''.join(written)}</{self.tag}>"


class _Reader(HTMLParser):
    """Builds the elements of a page or a fragment, below one without a tag."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.root = self.at = Element("", {})
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.inside.append(element)
        if tag not in _VOID:
            self.at = element

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.at = self.at.parent

    def handle_endtag(self, tag):
        closed = self.at
        while closed.tag and closed.tag != tag:
            closed = closed.parent
        if closed.tag:
            self.at = closed.parent

    def handle_data(self, data):
        self.at.inside.append(data)


@lru_cache(maxsize=300)
def _read(html):
    """The elements of a frame, to be copied: the same frame comes to many pages, and reading it takes the longest."""
    return [element for element in _Reader(html).root.inside if isinstance(element, Element)]


class Page:
    """An open page: its elements by id, and the rules by which what a frame brings is put in (static/js/live.js)."""

    def __init__(self, html):
        self.root = _Reader(html).root
        self.body = next(iter(self.root.all("body")), self.root)
        self.ids = {}
        self._note(self.root)

    def get(self, name):
        """Return the element of this id, or None."""
        return self.ids.get(name)

    def place(self, html):
        """Put what a frame holds into the page, element by element."""
        for element in _read(html):
            self._place(element.copy())

    def _place(self, element):
        old = self.ids.get(element.get("id"))
        into = self.ids.get(element.get("data-into"))
        if "data-keep" in element.attributes:
            if old is None and into is not None:
                self._prepend(into, element)
        elif "data-gone" in element.attributes:
            if old is not None:
                self._swap(old)
        elif old is not None:
            self._swap(old, element)
        elif into is not None:
            self._prepend(into, element)

    def _swap(self, old, new=None):
        for each in old.walk():
            if self.ids.get(each.get("id")) is each:
                del self.ids[each.get("id")]
        around = old.parent.inside
        place = around.index(old)
        around[place : place + 1] = [new] if new is not None else []
        if new is not None:
            new.parent = old.parent
            self._note(new)

    def _prepend(self, into, element):
        """The newest comes first; a list that says how many it holds loses its oldest."""
        into.inside[:0] = [" ", element]
        element.parent = into
        self._note(element)
        if into.get("data-most").isdigit():
            named = [child for child in into.inside if isinstance(child, Element) and child.get("id")]
            for old in named[int(into.get("data-most")) :]:
                self._swap(old)

    def _note(self, element):
        for each in element.walk():
            if "id" in each.attributes:
                self.ids[each.get("id")] = each
