"""People's browsers without a browser: cookies, forms and sockets, through the doors people use.

A Browser has a cookie jar and presses what is on a page. A Screen is an open page that listens as live.js does:
frames in order, a pull for what is missing. Nothing here touches the database.
"""

import contextlib
import difflib
import json
import logging
import random
import re
import threading
import time
import uuid

import httpx
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

from tests.stories import html as pages

# A line per request would bury what a failed test says.
logging.getLogger("httpx").setLevel(logging.WARNING)

PATIENCE = 5
# The parts of a page that change by themselves.
LIVE = {
    "now",
    "team",
    "marks",
    "our-notes",
    "table-notes",
    "board",
    "wall",
    "run",
    "screen",
    "tables",
    "notes",
    "roster",
    "held",
}
# Parts of a page that differ from one drawing to the next though nothing has changed.
_CLOCK = re.compile(r'(<span class="clock)[^"]*("[^>]*>)[^<]*')
_TOKEN = re.compile(r'<input type="hidden" name="csrfmiddlewaretoken" value="[^"]*">')
_FRESH_ID = re.compile(r'(<input type="hidden" name="uuid" value=")[^"]*')


def until(condition, what, seconds=PATIENCE):
    """Wait for a condition; returns what it returned, fails with `what` (text, or a callable) after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(what() if callable(what) else what)
        time.sleep(0.02)


def as_drawn(html):
    """Return html without what a fresh drawing changes: tokens, fresh ids, the clock's last shown second."""
    html = _TOKEN.sub("", html)
    return pages.words(_CLOCK.sub(r"\1\2", _FRESH_ID.sub(r"\1", html)))


def difference(one, other):
    """Return the lines in which two drawings differ."""
    lines = (html.replace("> <", ">\n<").splitlines() for html in (one, other))
    return [line for line in difflib.unified_diff(*lines, lineterm="", n=0) if not line.startswith("@@")]


class Browser:
    """A browser with its own cookies. Forms are sent with what is on the page: their tokens, ids and versions."""

    def __init__(self, base, trust=None):
        """trust: an ssl.SSLContext for a site whose certificate nobody else knows."""
        self.base, self.trust = base, trust
        self.http = httpx.Client(base_url=base, timeout=30, verify=trust or True)
        self.at = None

    def close(self):
        """Close it."""
        self.http.close()

    def get(self, path, status=200):
        """Open a page, following redirects; it becomes the page forms are taken from."""
        response = self.http.get(path, follow_redirects=True)
        assert response.status_code == status, f"GET {path}: {response.status_code} {response.text[:300]}"
        self.at = response
        return response

    @property
    def text(self):
        """The text of the page."""
        return pages.text_of(self.at.text)

    def form(self, action="", button="", html=None, takes=(), **filled):
        """Return the form whose address ends so, with such a button and these values filled in, that takes others."""
        found = [
            form
            for form in pages.forms(html if html is not None else self.at.text)
            if form.action.endswith(action)
            and form.has(**filled)
            and not form.lacks(dict(takes))
            and (not button or any(button in text for text, *_rest in form.buttons))
        ]
        assert found, f"no form to {action or 'here'} with “{button}” {filled}"
        return found[0]

    def submit(self, form, button="", *, script=False, status=None, files=None, token="", **values):
        """Send a form as a person does (answer 303 to a page), or as the page's script does (answer 204).

        values: what is typed or chosen; a list for several of one name. Returns the response; a page that comes
        of it becomes the page we are at.
        """
        unknown = form.lacks(values) - {"uuid"}
        assert not unknown, f"the form to {form.action or 'here'} has no field {unknown}"
        data = [(name, value) for name, value in form.fields if name not in values]
        for name, value in values.items():
            several = value if isinstance(value, (list, tuple)) else [value]
            data += [(name, str(each)) for each in several]
        pressed = next(((n, v) for text, n, v in form.buttons if n and button and button in text), None)
        if pressed and pressed[0] not in values:
            data = [(n, v) for n, v in data if n != pressed[0]] + [pressed]
        headers = {"Origin": self.base, "Referer": str(self.at.url) if self.at else f"{self.base}/"}
        if script:
            headers |= {"Accept": "text/plain", "X-CSRFToken": token}
            if not any(name == "uuid" and value for name, value in data):
                data = [(n, v) for n, v in data if n != "uuid"] + [("uuid", str(uuid.uuid4()))]
        fields = {}
        for name, value in data:
            fields.setdefault(name, []).append(value)
        path = form.action or str(self.at.url)
        response = self.http.post(path, data=fields, headers=headers, files=files)
        expected = status or (204 if script else 303)
        assert response.status_code == expected, f"POST {path}: {response.status_code} {response.text[:400]}"
        if not script and response.status_code == 303:
            self.get(response.headers["location"])
        elif not script:
            self.at = response
        return response

    def sign_in(self, username, password):
        """Sign in to the desk."""
        self.get("/desk/")
        self.submit(self.form(button="Sign in"), username=username, password=password, status=302)
        self.get("/desk/")
        return self

    def open_socket(self, path, **options):
        """Open a socket with this browser's cookies."""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies.jar)
        return connect(
            self.base.replace("http", "ws", 1) + path,
            origin=self.base,
            additional_headers={"Cookie": cookies} if cookies else {},
            compression=None,
            open_timeout=10,
            max_size=None,
            ssl=self.trust,
            **options,
        )


class AwayForAMoment(AssertionError):
    """The server says that it cannot answer now; a page asks again after the next heartbeat."""


class Screen:
    """An open page that listens, as static/js/live.js does."""

    # Seconds that what is missing may be on its way, at least.
    ON_ITS_WAY = 0.2
    # Panels that say how long ago something was, or who was heard of: they age without anything happening.
    DRAWN_BY_TIME = ()

    def __init__(self, browser, path, listen=True):
        self.browser, self.path = browser, path
        self.lock = threading.RLock()
        self.heard = []  # every frame by the socket: (stream, since, seq)
        self._named = {}  # the highest numbers anybody named
        self.received = []  # every text that ever reached it: pages, frames, pulls
        self.pulls = 0
        self.close_code = None
        self.is_out = False
        self.beats = 0
        self._socket = None
        self._wanted = False
        self._timer = None
        self._thread = None
        self.reload()
        if listen:
            self.listen()

    # The page.

    def reload(self):
        """Load the page afresh."""
        response = self.browser.get(self.path)
        with self.lock:
            self.page = response.text
            self.path = str(response.url).removeprefix(self.browser.base)
            self.received.append(self.page)
            body = re.search(r"<body\b[^>]*?(?:data-live|>).*?<", self.page, re.DOTALL).group()
            self.live, self.catch_up, have, self.token = (
                re.search(rf'data-{name}="([^"]*)"', body).group(1).replace("&amp;", "&")
                for name in ("live", "catch-up", "have", "csrf")
            )
            self.have = {name: int(seq) for name, _, seq in (part.rpartition(":") for part in have.split(","))}
            self.panels = pages.by_id(self.page)
            self._coming = []
        return self

    def _place(self):
        """Put what came into the page: elements replace those with their id, boxes to type in are only added."""
        with self.lock:
            coming, self._coming = self._coming, []
            for element in (element for html in coming for element in pages.outermost(html)):
                old = self.panels.get(element.id)
                if "data-page" in element.attributes and self._is_another_page(old, element):
                    self.reload()
                    return
                if "data-keep" in element.attributes:
                    if old is None and element.attributes.get("data-into") in self.panels:
                        self.panels[element.id] = element
                elif "data-gone" in element.attributes:
                    self._remove(old)
                elif old is None and element.attributes.get("data-into") in self.panels:
                    self._insert(element)
                elif old is not None:
                    self._replace(old, element)

    def _remove(self, old):
        if old is not None:
            self._replace(old, pages.Element(old.tag, old.attributes, "", ""))

    def _insert(self, element):
        """Put an element at the beginning of the one it says, which keeps as many as it says."""
        into = self.panels[element.attributes["data-into"]]
        inside = [e for e in pages.by_id(into.html).values() if e.id != into.id]
        most = int(into.attributes.get("data-most", 10_000))
        kept = [e for e in inside if e.attributes.get("data-into") == into.id][: most - 1]
        html = into.html.replace(">", f"> {element.html}", 1)
        for old in inside:
            if old.attributes.get("data-into") == into.id and old not in kept:
                html = html.replace(old.html, "")
        self._replace(into, pages.Element(into.tag, into.attributes, html, pages.text_of(html)))

    def _replace(self, old, element):
        """Put an element where the one with its id was, inside others too."""
        for name in pages.by_id(old.html):
            self.panels.pop(name, None)
        for name, around in self.panels.items():
            if old.html in around.html:
                html = around.html.replace(old.html, element.html)
                self.panels[name] = pages.Element(around.tag, around.attributes, html, pages.text_of(html))
        self.panels |= pages.by_id(element.html)

    @staticmethod
    def _is_another_page(old, element):
        """A phone that was admitted, moved to another city team or renamed loads its page anew."""
        return old is None or old.attributes.get("data-page") != element.attributes["data-page"]

    def panel(self, name):
        """Return the Element of this id as it is now, or None."""
        with self.lock:
            self._place()
            return self.panels.get(name)

    @property
    def text(self):
        """The text of all live parts, and of the boxes to type in."""
        with self.lock:
            self._place()
            return " ".join(e.text for name, e in self.panels.items() if name in LIVE or name.startswith("composer-"))

    def sees(self, *texts, within=PATIENCE):
        """Wait until all these texts are on the page."""
        until(
            lambda: all(text in self.text for text in texts),
            lambda: f"{self.path} does not see {[t for t in texts if t not in self.text]}: {self.text}",
            within,
        )

    def sees_no(self, *texts, within=PATIENCE):
        """Wait until none of these texts is on the page."""
        until(
            lambda: not any(text in self.text for text in texts),
            lambda: f"{self.path} still sees {[t for t in texts if t in self.text]}",
            within,
        )

    def ever_had(self, text):
        """Whether a text was in any page, frame or pull that reached this screen."""
        with self.lock:
            return any(text in each for each in self.received)

    def ends_at(self):
        """Return what the clock on this page counts down to (milliseconds), or None."""
        with self.lock:
            self._place()
            drawn = " ".join(element.html for name, element in self.panels.items() if name in LIVE)
            found = re.search(r'data-ends-at="(\d+)"', drawn)
            return int(found.group(1)) if found else None

    # Catching up.

    def pull(self):
        """GET what is missing; returns the frames."""
        with self.lock:
            have = ",".join(f"{name}:{seq}" for name, seq in self.have.items())
        return self._apply_pull(self.fetch(have))

    def fetch(self, have=""):
        """Return the frames of a catch-up that says it has this; applies nothing."""
        response = self.browser.http.get(self.catch_up, params={"have": have})
        if response.status_code == 404:
            self.is_out = True
            return []
        if response.status_code == 503:
            raise AwayForAMoment(response.text)
        assert response.status_code == 200, response.text
        return response.json()["frames"]

    def _apply_pull(self, frames):
        with self.lock:
            self.pulls += 1
            for frame in frames:
                self.received.append(frame["html"])
                if not self.have.get(frame["stream"], -1) > frame["seq"]:
                    self._apply(frame)
        return frames

    def _apply(self, frame):
        self._coming.append(frame["html"])
        self.have[frame["stream"]] = max(self.have.get(frame["stream"], 0), frame["seq"])

    def _pull_soon(self):
        if self._timer is None:
            self._timer = threading.Timer(self.ON_ITS_WAY + random.random() / 5, self._pull_now)
            self._timer.daemon = True
            self._timer.start()

    def _pull_now(self):
        """What was missing may have come in the meantime."""
        self._timer = None
        with contextlib.suppress(httpx.HTTPError, RuntimeError, AwayForAMoment):
            if any(self.have.get(stream, -1) < seq for stream, seq in self._named.items()):
                self.pull()

    def is_as_fresh(self):
        """Wait until the live parts are what a fresh drawing shows; fails with the difference."""
        differing = {}

        def same():
            differing.clear()
            for frame in self.fetch():
                for element in pages.outermost(frame["html"]):
                    mine = self.panel(element.id)
                    if mine is None or element.id in self.DRAWN_BY_TIME:
                        continue
                    if as_drawn(mine.html) != as_drawn(element.html):
                        differing[element.id] = difference(as_drawn(mine.html), as_drawn(element.html))
            return not differing

        until(same, lambda: f"{self.path}: live and fresh differ in {differing}")

    # The socket.

    def listen(self):
        """Open the socket, and keep it open until told otherwise."""
        self._wanted = True
        self._thread = threading.Thread(target=self._keep_listening, daemon=True)
        self._thread.start()
        until(lambda: self._socket is not None or self.is_out, f"{self.path}: no socket")
        self.pull()
        return self

    def lose_network(self):
        """Drop the socket; nothing reaches the page until it regains the network."""
        self._wanted = False
        if self._socket is not None:
            self._socket.close()
        self._thread.join(timeout=10)
        self._socket = None

    def regain_network(self):
        """Connect again: the server's first word says whether something was missed."""
        self.listen_without_pull()

    def listen_without_pull(self):
        """Open the socket and leave it to the server's first heartbeat to say whether to pull."""
        self._wanted = True
        self._thread = threading.Thread(target=self._keep_listening, daemon=True)
        self._thread.start()

    def close(self):
        """Close the page."""
        if self._wanted:
            self.lose_network()

    def _keep_listening(self):
        while self._wanted and not self.is_out:
            try:
                with self.browser.open_socket(self.live) as socket:
                    self._socket = socket
                    for text in socket:
                        self._hear(text)
            except (ConnectionClosed, InvalidHandshake, OSError, TimeoutError):
                pass
            code = getattr(self._socket, "close_code", None) if self._socket else None
            self._socket = None
            if code is not None and self._wanted:
                self.close_code = code
            if code is not None and 4400 <= code < 4500:
                self.is_out = True
            if self._wanted and not self.is_out:
                time.sleep(0.1 + random.random() * 0.4)

    def _hear(self, text):
        message = json.loads(text)
        with self.lock:
            self.received.append(text if "seqs" in message else message["html"])
            if "seqs" in message:
                self.beats += 1
                self._named |= message["seqs"]
                if any(self.have.get(stream, -1) < seq for stream, seq in message["seqs"].items()):
                    self._pull_soon()
                return
            self.heard.append((message["stream"], message["since"], message["seq"]))
            have = self.have.get(message["stream"], 0)
            if message["since"] > have:
                self._named |= {message["stream"]: message["seq"]}
                self._pull_soon()
            elif message["seq"] > have or message["since"] == have:
                self._apply(message)


class PhoneClient(Screen):
    """A phone that joined."""

    @classmethod
    def join(cls, base, code, city="", *, guest=False, name="", first_name="", listen=True, trust=None):
        """Scan the QR code, choose the city (or none, or write one), come in."""
        browser = Browser(base, trust)
        browser.get(f"/j/{code}")
        values = {"name": name, "first_name": first_name}
        if guest:
            values["team"] = "guest"
        if city:
            values["team"] = cls._choice(browser.at.text, city)
        browser.submit(browser.form(), **values)
        assert re.fullmatch(rf"{base}/p/\w+/", str(browser.at.url)), browser.text
        return cls(browser, browser.at.url.path, listen)

    @staticmethod
    def _choice(page, city):
        for label in re.findall(r"<label class=\"city-choice.*?</label>", page, re.DOTALL):
            if city in pages.text_of(label):
                return re.search(r'name="team" value="(\d+)"', label).group(1)
        raise AssertionError(f"{city} is not on the list")

    def box(self):
        """Return the note box of the discussion that is on: the newest on the page."""
        with self.lock:
            self._place()
            boxes = [name for name in self.panels if re.fullmatch(r"composer-\d+", name)]
            assert boxes, f"no note box: {self.text}"
            return self.browser.form("/notes", html=self.panels[max(boxes, key=lambda n: int(n[9:]))].html)

    def write(self, text, terms=(), status=204):
        """Type a note, tick terms, press "Add note"; as notes.js sends it, and pulls after it."""
        self.browser.submit(
            self.box(), script=True, token=self.token, text=text, terms=list(terms), uuid=uuid.uuid4(), status=status
        )
        self.pull()

    def _note(self, text):
        for found in re.findall(r"<li [^>]*id=\"our-note-.*?</li>", self.panel("our-notes").html, re.DOTALL):
            if text in pages.text_of(found):
                return re.search(r'data-uuid="([^"]+)"', found).group(1)
        raise AssertionError(f"“{text}” is not among our notes")

    def edit(self, text, new, terms=None):
        """Open "Edit" of one of our notes, change it, save."""
        note = self._note(text)
        self.browser.get(f"{self.path}notes/{note}")
        values = {"text": new} if terms is None else {"text": new, "terms": list(terms)}
        self.browser.submit(self.browser.form(f"notes/{note}"), **values)

    def delete(self, text):
        """Open "Edit" of one of our notes and delete it."""
        note = self._note(text)
        self.browser.get(f"{self.path}notes/{note}")
        self.browser.submit(self.browser.form(f"notes/{note}/delete"))

    def mark(self, item, value):
        """Tap a value ("Partly") of a checklist item that begins so."""
        for form in re.findall(r"<form\b.*?</form>", self.panel("marks").html, re.DOTALL):
            if item in pages.text_of(form):
                self.browser.submit(self.browser.form("/mark", html=form), value, script=True, token=self.token)
                return
        raise AssertionError(f"no item “{item}” to mark: {self.panel('marks').text}")

    def table(self):
        """Return (number of our table, names of the others) as the page says it."""
        sign = self.panel("team")
        found = re.search(r"Go to table (\d+)", sign.text)
        assert found, sign.text
        with_us = re.search(r'class="table-sign__others">(.*?)</p>', sign.html, re.DOTALL).group(1)
        return int(found.group(1)), frozenset(pages.text_of(name) for name in re.findall(r"<b.*?</b>", with_us))


class WallClient(Screen):
    """A projector."""

    @classmethod
    def of_the_desk(cls, browser):
        """The wall on the facilitator's own laptop; browser: the desk's, at any page of the session."""
        slug = re.search(r"/desk/(\w+)/", str(browser.at.url)).group(1)
        return cls(browser, f"/wall/{slug}/")


class DeskClient(Screen):
    """The facilitator's open desk."""

    DRAWN_BY_TIME = ("run", "tables", "roster", "held")

    def do(self, command, button="", *, status=204, values=None, **filled):
        """Press a button on the page, as it is now: in the form to this command, with these values filled in.

        values: what is typed or chosen beyond that.
        """
        with self.lock:
            self._place()
            live = "".join(element.html for name, element in self.panels.items() if name in LIVE)
        try:
            form = self.browser.form(f"/do/{command}", button, html=live, takes=values or {}, **filled)
        except AssertionError:
            form = self.browser.form(f"/do/{command}", button, html=self.page, takes=values or {}, **filled)
        values = dict(values or {})
        if any(name == "version" for name, _value in form.fields):
            values.setdefault("version", self.panel("version").attributes["data-version"])
        response = self.browser.submit(form, button, script=True, token=self.token, status=status, **values)
        self.pull()
        return response

    def press(self, label=""):
        """Press the primary button, which has to say this; returns all it says."""
        until(lambda: label in self.says_next(), lambda: f"the button says “{self.says_next()}”, not “{label}”")
        said = self.says_next()
        self.do("advance", said)
        return said

    def says_next(self):
        """What the primary button says that goes on; it ends no talk before its time."""
        html = self.panel("run").html
        going_on = [f for f in pages.forms(html) if f.action.endswith("/do/advance") and not f.has(early="on")]
        return going_on[0].buttons[0][0] if going_on else ""

    def team(self, name):
        """Return the id of a city team, from its row on the desk."""
        for row in re.findall(r'<li[^>]*id="team-row-\d+".*?</li>', self.panel("roster").html, re.DOTALL):
            if name == pages.text_of(re.search(r"<b\b.*?</b>", row, re.DOTALL).group()):
                return int(re.search(r"team-row-(\d+)", row).group(1))
        raise AssertionError(f"{name} is not among the city teams: {self.panel('roster').text}")

    def note(self, text):
        """Return the id of a note in the desk's list."""
        for found in re.findall(r'<li[^>]*id="desk-note-\d+".*?</li>', self.panel("notes").html, re.DOTALL):
            if text in pages.text_of(found):
                return int(re.search(r"desk-note-(\d+)", found).group(1))
        raise AssertionError(f"“{text}” is not among the desk's notes")

    @property
    def slug(self):
        return re.search(r"/desk/(\w+)/", self.path).group(1)

    def page_of(self, name=""):
        """Open another page of the session's desk in the same browser, and return its Browser."""
        self.browser.get(f"/desk/{self.slug}/{name}")
        return self.browser
