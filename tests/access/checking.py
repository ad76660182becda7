"""Compares what the site does with what matrix.py says; yields a sentence for every difference."""

import json
import re
from collections import Counter

from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.access import matrix
from tests.access.matrix import EXACT, LET_IN, NOTES, ROLES, RULES, Moment, may_read
from tests.access.world import OUR_TITLE, OURS_ALONE
from tests.rooms import whole

BEFORE_THE_BOARD = Moment("before the board")
TEXT_IS_OUT = Moment("the text is out", out=True)
MOMENT_OF = {"closed": TEXT_IS_OUT}
# What is sent as POST and changes nothing of ours: the code field only leads on, and a wall or a desk only asks.
LEADS_ON = {"join", "login", "logout", "catch-up:wall", "catch-up:desk"}
# Of those who are let in, the ones that differ in what they may read.
LOOKING = ["waiting", "other-table", "neighbour", "ours", "guest", "wall", "owner", "organizer"]


def routes(prefix=""):
    """The URLconf's patterns, namespaces unfolded: {name: pattern}; a pattern without a name gets its address."""
    found = {}

    def walk(resolver, address, spaces):
        for each in resolver.url_patterns:
            here = address + str(each.pattern)
            if isinstance(each, URLPattern):
                found[":".join([*spaces, each.name or here])] = here
            else:
                walk(each, here, [*spaces, each.namespace] if each.namespace else spaces)

    walk(get_resolver(), "", [])
    return {name: address for name, address in found.items() if name.startswith(prefix)}


def own_routes():
    """The names of our own routes; the library's are a group of their own."""
    return {name for name in routes() if not name.startswith("admin:")}


def methods(world, name):
    """The methods a route takes, as it says itself when it is asked for another: of GET and POST."""
    kind = next(rule.route.partition(":")[2] for rule in RULES if rule.name == name)
    refusal = Client().delete(world.path(name, kind))
    assert refusal.status_code == 405, name
    return {method for method in ("GET", "POST") if method in refusal["Allow"].split(", ")}


class Checking:
    """One comparison; counts its cells."""

    def __init__(self, world):
        self.world = world
        self.cells = Counter()

    # Routes.

    def matrix(self, states=matrix.STATES, rules=RULES, roles=ROLES):
        """Every rule for every role in these states."""
        for state in states:
            self.world.bring(state)
            for rule in rules:
                self.world.ready_for(rule.route)
                for role in roles:
                    yield from self.cell(rule, role)
                if self.world.was_readied:
                    self.world.bring(state)

    def cell(self, rule, role):
        """One request: its answer, what is in it, what it changed."""
        world = self.world
        response = world.request(role, rule.method, rule.route)
        is_let_in = rule.is_let_in(role, world.state)
        self.cells["let in" if is_let_in else "refused"] += 1
        where = f"{rule.method} {rule.route} by {role}, session {world.state}"
        expected = rule.answers(role, world.state)
        if str(response.status_code) not in expected:
            yield f"{where}: answered {response.status_code}, not {' or '.join(expected)}"
        led_away = response.status_code == 302 and rule.refused == ("sign-in",) and not is_let_in
        if led_away and not response.url.startswith("/sign-in?next="):
            yield f"{where}: led to {response.url}"
        yield from self.reads(where, rule, role, response, is_let_in)
        yield from self.writes(where, rule, response, is_let_in)
        if rule.route in ("login", "logout"):
            world.sign_in_again(role)

    def writes(self, where, rule, response, is_let_in):
        """Nobody who was refused, and nobody who only looked, has changed anything; a command has."""
        changed = self.world.change.tables()
        if changed:
            self.world.put_back()
        may_change = rule.name == "venue" or (rule.method == "POST" and is_let_in)
        if changed and (not may_change or response.status_code >= 400):
            yield f"{where}: answered {response.status_code} and changed {', '.join(changed)}"
        was_done = rule.method == "POST" and is_let_in and response.status_code in (200, 202, 204, 303)
        if was_done and not changed and self.world.state == "running" and not {rule.name, rule.route} & LEADS_ON:
            yield f"{where}: answered {response.status_code} and changed nothing"

    def reads(self, where, rule, role, response, is_let_in):
        """The answer holds none of what this role may not read, and on main pages all of what it may."""
        body = readable(response)
        if not is_let_in or response.status_code >= 300:
            kept = [*self.world.canaries.values(), *([] if is_let_in else OURS_ALONE)]
            yield from (f"{where}: refused, and said “{word}”" for word in kept if word in body)
            return
        moment = MOMENT_OF.get(self.world.state, BEFORE_THE_BOARD)
        yield from self.told(where, rule.route, rule.shows, role, body, moment)

    def told(self, where, route, shows, role, body, moment):
        """What a page or a frame says of what the world holds."""
        has_notes = self.world.state in ("running", "closed")
        for what, word in self.world.canaries.items():
            may = may_read(what, shows, role, moment)
            if word in body and not may:
                yield f"{where} ({moment.name}): said the {what}"
            if word not in body and may and has_notes and what in NOTES and route in EXACT:
                yield f"{where} ({moment.name}): kept the {what} from those who may read it"
        if shows == "list":
            yield from self.listed(where, role, body)

    def listed(self, where, role, body):
        ours = role in LET_IN["see"] and self.world.state != "deleted"
        if (OUR_TITLE in body) != ours:
            yield f"{where}: our session is {'not ' if ours else ''}in the list"
        elsewhere = may_read("elsewhere", "list", role, BEFORE_THE_BOARD)
        if (self.world.canaries["elsewhere"] in body) != elsewhere:
            yield f"{where}: the other session is {'not ' if elsewhere else ''}in the list"

    # What is true while pages are looked at.

    def moments(self, roles=LOOKING):
        """Every page that follows the run, at every moment of it that decides what may be read."""
        for moment, presses in MOMENTS.items():
            self.world.bring("running")
            for command, data in presses:
                self.world.do(command, **data(self.world))
            for rule in RULES:
                if rule.method == "GET" and (
                    rule.route in EXACT or rule.route in ("wall", "catch-up:wall", "desk-session")
                ):
                    for role in [r for r in roles if r in rule.let_in]:
                        self.cells["moments"] += 1
                        body = readable(self.world.request(role, "GET", rule.route))
                        where = f"GET {rule.route} by {role}"
                        yield from self.told(where, rule.route, rule.shows, role, body, moment)
            yield from self.shown(moment)

    def shown(self, moment):
        """That what was opened is really there: otherwise its absence before would prove nothing."""
        wall = readable(self.world.request("owner", "GET", "wall"))
        desk = readable(self.world.request("owner", "GET", "desk-session"))
        if moment.opened and self.world.canaries["epilogue"] not in wall:
            yield f"{moment.name}: the wall does not show the epilogue"
        if moment.name == "a case" and self.world.canaries["facilitator-notes"] not in desk:
            yield f"{moment.name}: the desk does not show the facilitator notes"

    # The library, as a group.

    def library(self, roles=("anonymous", "ours", "owner", "organizer", "superuser")):
        """Django's admin: for staff only; looking changes nothing."""
        self.world.bring("running")
        for name, address in routes("admin:").items():
            for method in ("GET", "POST"):
                for role in roles:
                    yield from self.library_cell(name, filled(address), method, role)

    def library_cell(self, name, path, method, role):
        world, client = self.world, self.world.client(role)
        response = client.get(path) if method == "GET" else client.post(path, {"title_0": "Changed"})
        self.cells["library"] += 1
        where = f"{method} /{path} by {role}"
        is_staff = role == "superuser"
        sign_in = name in ("admin:login", "admin:logout")
        led_to_sign_in = response.status_code == 302 and response.url.startswith("/library/login/")
        if not is_staff and not sign_in and not led_to_sign_in and response.status_code != 404:
            yield f"{where}: answered {response.status_code}"
        if response.status_code >= 500:
            yield f"{where}: answered {response.status_code}"
        body = readable(response)
        kept = [word for word in world.canaries.values() if word in body]
        if kept and not is_staff:
            yield f"{where}: said {kept}"
        changed = world.change.tables()
        if changed:
            world.put_back()
        if changed and not (is_staff and method == "POST"):
            yield f"{where}: changed {', '.join(changed)}"
        if sign_in:
            world.sign_in_again(role)

    # Methods nobody asked for.

    def other_methods(self, roles=ROLES):
        """A command is no address to open: GET is refused for everybody, with or without rights; so are the rest."""
        self.world.bring("running")
        commands = {rule.name: rule for rule in RULES if rule.method == "POST"}
        for name in {rule.name for rule in RULES if rule.method == "GET"}:
            commands.pop(name, None)
        for name, rule in commands.items():
            path = self.world.path(name, rule.route.partition(":")[2])
            for role in roles:
                self.cells["other methods"] += 1
                if (status := self.world.client(role).get(path).status_code) != 405:
                    yield f"GET {name} by {role}: answered {status}, not 405"
        if changed := self.world.change.tables():
            yield f"GET of commands changed {changed}"


def readable(response):
    """The text of an answer, JSON and downloads included."""
    text = whole(response).decode("utf-8", "replace")
    if response.headers.get("Content-Type", "").startswith("application/json"):
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return text


def filled(address):
    """An address of the library with something in every argument; one that names a row gets the first row."""
    address = address.replace("^(?P<app_label>frameworks|workshops|axes|auth)/$", "frameworks/")
    address = address.replace("(?P<url>.*)$", "no-such-page")
    address = address.replace("<path:content_type_id>/<path:object_id>", "1/1")
    return re.sub(r"<(\w+:)?\w+>", "1", address)


def _nothing(_world):
    return {}


def _breakout(**data):
    return lambda world: {"breakout": world.breakout.pk, **data}


def _to(kind, number=0):
    return lambda world: {"segment": world.segments[kind][number]}


MOMENTS = {
    Moment("numbers while they talk"): [],
    Moment("text at once", out=True): [("set-board", _breakout(setting="at-once"))],
    Moment("text when released, not yet"): [("set-board", _breakout(setting="released"))],
    Moment("text when released, on the board"): [
        ("set-board", _breakout(setting="released")),
        ("end-discussion", _nothing),
        ("advance", _nothing),
    ],
    Moment("released", out=True): [
        ("set-board", _breakout(setting="released")),
        ("release-text", _breakout(released="on")),
    ],
    Moment("released and taken back"): [
        ("set-board", _breakout(setting="released")),
        ("release-text", _breakout(released="on")),
        ("release-text", _breakout()),
    ],
    Moment("the board", out=True): [("end-discussion", _nothing), ("advance", _nothing)],
    Moment("the board turned to a column", out=True): [
        ("end-discussion", _nothing),
        ("advance", _nothing),
        ("turn-board", _breakout(column="other")),
    ],
    Moment("turned to the hidden note", out=True): [
        ("end-discussion", _nothing),
        ("advance", _nothing),
        ("turn-board", lambda w: {"breakout": w.breakout.pk, "note": w.note("our-hidden-note").pk}),
    ],
    Moment("turned to one note too early"): [
        ("turn-board", lambda w: {"breakout": w.breakout.pk, "note": w.note("our-note").pk}),
    ],
    Moment("tables do not see their notes", tables_see=False): [("change-settings", _nothing)],
    Moment("the wall is covered", out=True, covered=True): [
        ("set-board", _breakout(setting="at-once")),
        ("cover-wall", lambda _w: {"covered": "on"}),
    ],
    Moment("own slides", out=True, covered=True): [
        ("set-board", _breakout(setting="at-once")),
        ("pause-wall", lambda _w: {"paused": "on"}),
    ],
    Moment("a case", tables_see=False): [("end-discussion", _nothing), ("jump", _to("case", 1))],
    Moment("the epilogue, closed", tables_see=False): [("end-discussion", _nothing), ("jump", _to("epilogue"))],
    Moment("the epilogue, opened", opened=True, tables_see=False): [
        ("end-discussion", _nothing),
        ("jump", _to("epilogue")),
        ("advance", _nothing),
    ],
}
