"""Rooms for tests: a session, its desk, its phones, through HTTP. No action is called from a test by way of this."""

import contextlib
import html
import io
import os
import re
import socket
import threading
import time
import uuid
from datetime import timedelta
from pathlib import Path

from asgiref.sync import async_to_sync
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.test import Client

from academy import clock
from sessions import throttle
from sessions.models import CityTeam, Module, Plan, Segment, Workshop

PASSWORD = "a-long-enough-password"


_library = []


def load_content():
    """Load the shipped library and plan: from the files once, then from what was loaded (parsing takes a while)."""
    if not _library:
        call_command("load_content", stdout=io.StringIO())
        models = [*apps.get_app_config("frameworks").get_models(), Plan, Module, Segment]
        _library.extend((model, list(model.objects.all())) for model in _parents_first(models))
        return
    for model, rows in _library:
        model.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model for model, _rows in _library]):
            cursor.execute(statement)


def _parents_first(models):
    """Order models so that what a row points at comes before it."""
    done = []
    while len(done) < len(models):
        done += [m for m in models if m not in done and _points_at(m, models) <= {*done, m}]
    return done


def _points_at(model, models):
    return {f.related_model for f in model._meta.fields if f.is_relation and f.related_model in models}


def account(name="facilitator", **fields):
    """Return an account, made when it is new."""
    user, is_new = get_user_model().objects.get_or_create(username=name, defaults=fields)
    if is_new:
        user.set_password(PASSWORD)
        user.save()
    return user


def forget_counts():
    """As far as limits go, nobody has guessed a code or written anything yet."""
    for counted in (throttle.codes._wrong, throttle.notes._left, throttle.changes._left):
        counted.clear()


def pass_time(**span):
    """Move the server's clock on: pass_time(minutes=5). Also that of servers in processes of their own."""
    offset = (clock._offset or timedelta()) + timedelta(**span)
    clock.shift(offset)
    if "MOVED_CLOCK" in os.environ:
        Path(os.environ["MOVED_CLOCK"]).write_text(str(offset.total_seconds()))


def words(response):
    """The text of a page as a person reads it: no tags, no invisible parts, single spaces."""
    text = re.sub(r"<(script|template|head)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    text = re.sub(r"<wbr>", "", text)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def whole(response):
    """The bytes of an answer, also of one that comes piece by piece."""

    async def pieces():
        return [piece async for piece in response]

    return b"".join(async_to_sync(pieces)()) if response.streaming else response.content


class Desk:
    """A signed-in browser. `do` presses a button of the session's desk."""

    def __init__(self, workshop, user):
        self.workshop, self.user = workshop, user
        self.client = Client()
        self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def get(self, page="", **query):
        """GET a page below /desk/<slug>/."""
        return self.client.get(f"/desk/{self.workshop.slug}/{page}", query)

    def do(self, command, version=None, **data):
        """POST a command as the page's script does; the state of the run is what the page would have seen now."""
        version = Workshop.objects.get(pk=self.workshop.pk).version if version is None else version
        return self.client.post(
            f"/desk/{self.workshop.slug}/do/{command}", {"version": version, **data}, headers={"accept": "text/plain"}
        )

    def press(self, command, **data):
        """POST a command that has to be carried out."""
        response = self.do(command, **data)
        assert response.status_code == 204, response.content.decode()

    def refused(self, command, **data):
        """POST a command that has to be refused; returns the sentence."""
        response = self.do(command, **data)
        assert response.status_code == 409, (response.status_code, response.content.decode())
        return response.content.decode()

    def export(self, format, **options):
        """Take the session notes out; returns the file's bytes."""
        response = self.client.post(f"/desk/{self.workshop.slug}/export/{format}", options)
        assert response.status_code == 200, response.status_code
        return whole(response)

    def words(self, page="", **query):
        """What a person reads on a page of the desk."""
        return words(self.get(page, **query))

    def go_to(self, part):
        """Press the primary button until the run stands at a step ("find", "talk", "board", "fact" …) ahead of here."""
        from sessions.models.run import Run

        for _press in range(60):
            response = self.do("advance", early="on")
            assert response.status_code == 204, response.content.decode()
            step = Run(Workshop.objects.get(pk=self.workshop.pk)).step
            if step is not None and step.part == part:
                return
        raise AssertionError(f"no step {part} ahead")


class Phone:
    """A browser that joined."""

    def __init__(self, workshop, team=None, address="127.0.0.1", **data):
        self.workshop = workshop
        self.client = Client(REMOTE_ADDR=address)
        if team is not None:
            data["team"] = team.pk
        self.joined = self.client.post(f"/j/{workshop.code}", data)

    @property
    def path(self):
        return f"/p/{self.workshop.slug}/"

    def get(self, page=""):
        """GET a page below /p/<slug>/."""
        return self.client.get(self.path + page)

    def page(self):
        """The text of the phone's page."""
        return self.get().content.decode()

    def words(self, page=""):
        """What a person reads on a page of the phone."""
        return words(self.get(page))

    def post_note(self, text, *, breakout=None, terms=(), note_uuid=None):
        """Send a note as the page's script does."""
        breakout = breakout or Workshop.objects.get(pk=self.workshop.pk).current_breakout()
        data = {"breakout": breakout.pk, "text": text, "terms": list(terms), "uuid": note_uuid or uuid.uuid4()}
        return self.client.post(self.path + "notes", data, headers={"accept": "text/plain"})

    def report(self, waiting=0, kind="phone", have=""):
        """Pull by POST, as a page does that has no socket; it says how many notes the phone still holds."""
        data = {"have": have, "waiting": waiting}
        return self.client.post(f"/catch-up/{kind}/{self.workshop.slug}", data, headers={"accept": "text/plain"})

    def hand_in(self, text, *, breakout=None, terms=(), note_uuid=None):
        """Offer a note this phone still holds after it was taken out."""
        breakout = breakout or Workshop.objects.get(pk=self.workshop.pk).current_breakout()
        data = {"breakout": breakout.pk, "text": text, "terms": list(terms), "uuid": note_uuid or uuid.uuid4()}
        return self.client.post(self.path + "hand-in", data, headers={"accept": "text/plain"})

    def catch_up(self, have="", kind="phone"):
        """Pull what a page lacks; returns the frames."""
        return self.client.get(f"/catch-up/{kind}/{self.workshop.slug}", {"have": have}).json()["frames"]


class Room:
    """A session with its desk."""

    def __init__(self, workshop, owner):
        self.workshop = workshop
        self.desk = Desk(workshop, owner)

    @classmethod
    def open(cls, cities=(), *, is_open=True, owner="facilitator"):
        """Start a session from the shipped plan through the desk, put cities on its roster, open it."""
        user = account(owner)
        desk = Desk(None, user)
        template = Plan.objects.get(code="leading-collaboration", is_template=True)
        data = {
            "plan": template.pk,
            "title": "Leading Collaboration in Cities",
            "date": "2026-11-23",
            "time_zone": "UTC",
        }
        made = desk.client.post("/desk/new", data)
        assert made.status_code == 303, made.content.decode()
        slug = re.search(r"/desk/(\w+)/", made.url).group(1)
        room = cls(Workshop.objects.get(slug=slug), user)
        if cities:
            added = desk.client.post(f"/desk/{slug}/roster", {"names": "\n".join(cities)})
            assert added.status_code == 303, added.content.decode()
        if is_open:
            assert room.desk.do("open").status_code == 204
        room.workshop.refresh_from_db()
        return room

    def team(self, name):
        """The city team of this name."""
        return self.workshop.teams.get(key=CityTeam.key_of(name))

    def phone(self, name):
        """A new phone of the city team of this name."""
        return Phone(self.workshop, self.team(name))

    def here(self, *names):
        """One phone for each name, or for every team; returns them in that order."""
        names = names or [team.name for team in self.workshop.teams.all()]
        return [self.phone(name) for name in names]

    def wall(self):
        """The text of the wall's page, as the facilitator's laptop shows it."""
        return self.desk.client.get(f"/wall/{self.workshop.slug}/").content.decode()

    def breakout(self):
        """The discussion the run stands at, fresh from the database."""
        return Workshop.objects.get(pk=self.workshop.pk).current_breakout()

    def discuss(self, part="talk", order=1):
        """Jump to a discussion (1 to 3) and press on to a step of it: "find", "talk" or "board"; returns it."""
        current = self.breakout()
        if current is not None and (current.is_running or current.is_paused):
            self.desk.press("end-discussion")
        self.desk.press("jump", segment=self.workshop.breakouts.get(order=order).segment_id)
        step = ["find", "talk", "board"].index(part)
        while Workshop.objects.get(pk=self.workshop.pk).step != step:
            self.desk.press("advance", early="on")
        return self.breakout()

    def segment(self, kind, nth=1):
        """The nth segment of a kind in this session's plan."""
        return [s for s in self.workshop.plan.segments() if s.kind == kind][nth - 1]

    def tables(self, order=1):
        """The tables of a discussion as sets of city names, by number."""
        found = {}
        for seat in self.workshop.breakouts.get(order=order).seats.select_related("table", "team"):
            found.setdefault(seat.table.number, set()).add(seat.team.name)
        return dict(sorted(found.items()))

    def wall_words(self):
        """What a person reads on the wall."""
        return words(self.desk.client.get(f"/wall/{self.workshop.slug}/"))


@contextlib.contextmanager
def serving():
    """Run the real ASGI application by uvicorn in a thread of this process, on a free port of 127.0.0.1."""
    import uvicorn

    from academy.asgi import application
    from academy.ready_frames import ReadyFrames

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(
        application,
        host="127.0.0.1",
        port=port,
        log_level="warning",
        ws=ReadyFrames,
        ws_per_message_deflate=False,
        ws_max_size=64 * 1024,
        ws_ping_timeout=120,  # on a busy machine, a test's slow reader is not to be taken for a dead one
        lifespan="off",
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
