"""The room under test: one session on the server in this process, its model beside it, what both are compared by."""

import re
import uuid
from datetime import timedelta
from functools import partial

from django.db import connection
from hypothesis.stateful import RuleBasedStateMachine, invariant

from academy import clock
from sessions.models import Breakout, CityTeam, Device, Note, Seat, Segment, Stream, Table, Workshop
from tests import rooms
from tests.machine.doors import Browser, Server
from tests.machine.model import Model

CITIES = ["Riverton", "Lakeview", "Stonebridge", "O'Fallon – São João", "Eastmoor", "Oldtown", "Fairwater"]
COUNTED = {}


def pick(found, number):
    """Return one of these, by a number of any size; a list of a set is in order, so that a run can be repeated."""
    found = sorted(found) if isinstance(found, (set, dict)) else list(found)
    return found[number % len(found)]


class Room(RuleBasedStateMachine):
    """A session with seven cities expected. Time stands still but for the rule that lets it pass."""

    def __init__(self):
        super().__init__()
        self._counted = clock._count
        self.stood = clock._count()
        clock._count = lambda: self.stood
        prepared = rooms.Room.open(CITIES)
        self.pk, self.slug = prepared.workshop.pk, prepared.workshop.slug
        self.breakouts = dict(prepared.workshop.breakouts.values_list("order", "pk"))
        self.segments = dict(prepared.workshop.breakouts.values_list("order", "segment"))
        self.elsewhere = prepared.segment("case").pk
        minutes = dict(prepared.workshop.breakouts.values_list("order", "minutes"))
        self.model = Model(minutes, prepared.workshop.teams.values_list("pk", flat=True))
        self.server = Server()
        self.desk = Browser(self.server, {n: m.value for n, m in prepared.desk.client.cookies.items()})
        self.browsers = {}  # of phones, by id
        self.sent = {}  # note uuid → what its phone sent
        self.held = []  # what was too fast, and waits on its phone
        self.done = None  # the last command of the desk
        self.pages = []
        self.happened = []
        self.old_codes = set()
        self.queries = self._queries()
        self.rows = {}
        self.as_it_was, self.may_have_changed = None, True

    def teardown(self):
        """All pages pull once more, the session is deleted with every word; then the server goes, the clock goes on."""
        try:
            if not self.may_have_changed:
                for page in self.pages:
                    self.check(page)
                title = self.rows[Workshop][0].title
                assert self._ask(partial(self.desk.post, f"/desk/{self.slug}/delete", title=title)) == 204, self.said
                assert not any(self.stored_as_it_is().values())
        finally:
            self.server.close()
            clock._count = self._counted

    # What is stored.

    def stored(self):
        """The session's row."""
        return Workshop.objects.get(pk=self.pk)

    def _queries(self):
        """All that is stored of the session, a query a table; without when phones were heard of."""
        of_session = {model: {"workshop": self.pk} for model in (Breakout, CityTeam, Device, Note, Stream)}
        of_discussions = {model: {"breakout__workshop": self.pk} for model in (Table, Seat)}
        others = {Workshop: {"pk": self.pk}, Segment: {"module__plan__workshop": self.pk}}
        found = {}
        for model, which in (of_session | of_discussions | others).items():
            names = [field.attname for field in model._meta.concrete_fields if field.name != "last_seen"]
            found[model] = model.objects.filter(**which).order_by("pk").values_list(*names).query.sql_with_params()
        return found

    def stored_as_it_is(self):
        """Return {model: rows} as the database has them: quick, to see whether anything has changed."""
        found = {}
        with connection.cursor() as cursor:
            for model, query in self.queries.items():
                cursor.execute(*query)
                found[model] = cursor.fetchall()
        return found

    def _read(self):
        for model in (Workshop, Breakout, CityTeam, Device, Note, Table, Seat):
            which = {"pk": self.pk} if model is Workshop else {"workshop": self.pk}
            if model in (Table, Seat):
                which = {"breakout__workshop": self.pk}
            self.rows[model] = list(model.objects.filter(**which).order_by("pk"))

    def did(self, name):
        """Count a rule that did what it is for."""
        COUNTED[name] = COUNTED.get(name, 0) + 1
        if name != "steps":
            self.happened.append(name)

    # Asking.

    def command(self, name, **data):
        """Press a button at the desk; returns the status."""
        version = data.pop("version", None) or self.stored().version
        self.done = (name, {"version": version, "uuid": uuid.uuid4(), **data})
        return self._ask(partial(self.desk.post, f"/desk/{self.slug}/do/{name}", **self.done[1]))

    def press(self, name, **data):
        """Press a button that has to do what it says."""
        assert self.command(name, **data) == 204, self.said
        self.may_have_changed = True

    def refused(self, name, **data):
        """Press a button that has to be refused in words, and changes nothing."""
        assert self.command(name, **data) == 409, self.said
        self.done = None

    def press_if(self, allowed, name, **data):
        """Press a button that does what it says when that is allowed, or else changes nothing; returns allowed."""
        (self.press if allowed else self.refused)(name, **data)
        return allowed

    def by(self, phone, address, **data):
        """POST from a phone below its session's address; returns the status."""
        return self._ask(partial(self.browsers[phone].post, f"/p/{self.slug}/{address}", **data))

    def changed(self):
        """What was asked for was done: what is stored may differ from before."""
        self.may_have_changed = True

    def _ask(self, asking):
        response = asking()
        self.said = (response.status_code, response.content.decode()[:300])
        assert response.status_code < 500, self.said
        return response.status_code

    @property
    def now(self):
        return clock.now()

    def pass_time(self, span):
        """Let time pass, exactly."""
        self.stood += span
        for page in self.pages:
            page.has_aged = True

    # What holds after every step.

    @invariant()
    def all_is_well(self):
        """After every step."""
        self._what_was_refused_changed_nothing()
        self._stored_is_what_the_model_says()
        self._no_clock_is_negative()
        self._nobody_sits_twice()
        self.did("steps")

    def _what_was_refused_changed_nothing(self):
        """A step that did not say that it changed something left every row as it was."""
        as_it_is = self.stored_as_it_is()
        if as_it_is != self.as_it_was:
            assert self.may_have_changed, "something has changed"
            self._read()
        self.as_it_was, self.may_have_changed = as_it_is, False

    def _stored_is_what_the_model_says(self):
        """Discussions, city teams, phones and notes, every field that people can tell apart."""
        workshop = self.rows[Workshop][0]
        assert (workshop.state, workshop.message) == (self.model.state, self.model.message)
        order = next((o for o, pk in self.segments.items() if pk == workshop.segment_id), None)
        assert order == self.model.at
        assert order is None or workshop.step == self.model.step
        assert {b.order: _discussion(b) for b in self.rows[Breakout]} == self.model.discussions
        teams = {team.pk: {"admitted": team.admitted, "state": team.state} for team in self.rows[CityTeam]}
        assert teams == self.model.teams
        phones = {d.pk: {"team": d.team_id, "is_in": d.released_at is None} for d in self.rows[Device]}
        assert phones == self.model.phones
        orders = {pk: order for order, pk in self.breakouts.items()}
        assert {note.uuid: _note(note, orders) for note in self.rows[Note]} == self.model.notes

    def _no_clock_is_negative(self):
        """And each shows what the model says is left, to the microsecond."""
        for breakout in self.rows[Breakout]:
            discussion = self.model.discussions[breakout.order]
            assert breakout.seconds_left >= 0
            assert timedelta(seconds=breakout.seconds_left) == self.model.left(discussion, self.now)
            assert breakout.has_ended == self.model.has_ended(discussion, self.now)

    def _nobody_sits_twice(self):
        """And whoever sits somewhere sits at a table of that discussion."""
        of = {table.pk: table.breakout_id for table in self.rows[Table]}
        seats = [(seat.breakout_id, seat.team_id) for seat in self.rows[Seat]]
        assert len(seats) == len(set(seats))
        assert all(of[seat.table_id] == seat.breakout_id for seat in self.rows[Seat])

    def must_be_right(self, page):
        """Fail where a page differs from a fresh drawing, with what it heard and what happened last."""
        behind = page.behind()
        told = f"have {page.have}, heard {page.heard[-6:]}, {page.pulls} pulls, after {self.happened[-25:]}"
        assert not behind, f"{page.path} {told}: {behind}"

    def check(self, page):
        """Let a page pull; it shows what a fresh drawing shows, or it is out."""
        if page.is_out:
            return
        page.pull_as_pages_do()
        if not page.is_out:
            self.must_be_right(page)

    def codes_of(self, browser):
        """Return a phone's personal code, as its page shows it."""
        text = browser.get(f"/p/{self.slug}/").text
        return re.search(r'<b class="code">(\w{6})', text)[1]


def _discussion(breakout):
    return {
        "minutes": breakout.minutes,
        "tables_shown": breakout.tables_shown_at is not None,
        "ends": breakout.ends_at,
        "paused": breakout.paused_at,
        "unused": breakout.seconds_unused,
        "board_shown": breakout.board_shown_at is not None,
        "setting": breakout.board_setting,
        "released": breakout.released_at is not None,
    }


def _note(note, orders):
    return {
        "discussion": orders[note.breakout_id],
        "team": note.team_id,
        "text": note.text,
        "late": note.late,
        "hidden": note.hidden,
        "starred": note.starred,
        "is_there": note.deleted_at is None,
        "edited": note.edited_at is not None,
    }
