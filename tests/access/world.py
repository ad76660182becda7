"""Two sessions and everybody around them, made once through the doors people use; each state can be brought back.

Every text that not everybody may read is a canary: a word that stands nowhere else.
"""

import copy
import re
import uuid

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from academy import recent
from frameworks.models import Case, Content, Item
from sessions.access import cookie_name
from sessions.models import Device, Note, Plan, Segment, Wall, Workshop
from tests import rooms
from tests.access.matrix import ACCOUNTS, ROLES

CITIES = ["Ashford", "Birchwood", "Cloverdale", "Dunmore", "Elmhurst", "Foxhall", "Glenwood"]
OUR_TITLE = "Canary Title Of Our Session"
# What a refusal must keep to itself, beside the canaries.
OURS_ALONE = [OUR_TITLE, *CITIES]
CANARIES = {
    "our-note": "canary-note-ours",
    "our-hidden-note": "canary-hidden-ours",
    "our-deleted-note": "canary-deleted-ours",
    "neighbours-note": "canary-note-neighbour",
    "other-tables-note": "canary-note-othertable",
    "their-hidden-note": "canary-hidden-othertable",
    "city-that-asks": "Canaryville Asks",
    "first-name": "canary-first-name",
    "handed-in-note": "canary-handed-in",
    "epilogue": "canary-epilogue",
    "facilitator-notes": "canary-facilitator-notes",
    "organizers-note": "canary-organizers-note",
    "elsewhere": "canary-elsewhere",
}
# Tables that keep books about browsers, not about the session: sign-ins, wrong passwords.
BOOKKEEPING = {"django_session", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog", "django_migrations"}
BOOKKEEPING |= {"axes_accessattemptexpiration"}


class Snapshot:
    """All rows of all tables but those that keep books."""

    def __init__(self):
        models = apps.get_models(include_auto_created=True)
        self.tables = {model._meta.db_table: _rows(model._meta.db_table) for model in models}
        self.tables = {table: rows for table, rows in self.tables.items() if table not in BOOKKEEPING}

    def changed_since(self, before):
        """The tables that differ from an earlier snapshot."""
        return sorted(table for table, rows in self.tables.items() if rows != before.tables[table])

    def restore(self):
        """Make the database what it was; keys are only checked at the end of the transaction."""
        recent.forget()
        now = Snapshot()
        with transaction.atomic(), connection.cursor() as cursor:
            for table in now.changed_since(self):
                cursor.execute(f"DELETE FROM {table}")
                rows = self.tables[table]
                if rows:
                    marks = ", ".join(["%s"] * len(rows[0]))
                    cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def _rows(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
        return cursor.fetchall()


class Change:
    """Tells whether anything was written since the last look, quickly: SQLite counts the writes of all connections."""

    def __init__(self, before):
        self.before = before
        self._seen = self._count()

    def _count(self):
        if connection.vendor != "sqlite":
            return object()
        connection.ensure_connection()
        with connection.cursor() as cursor:
            version = cursor.execute("PRAGMA data_version").fetchone()[0]
        return version, connection.connection.total_changes

    def tables(self):
        """The tables that are not as they were before."""
        count = self._count()
        if count == self._seen:
            return []
        self._seen = count
        return Snapshot().changed_since(self.before)


class World:
    """Our session with a browser for every role, another session, and snapshots of the states of ours."""

    def __init__(self):
        rooms.load_content()
        self._hide_canaries_in_the_library()
        self._make_elsewhere()
        self._make_ours()
        self.snapshots = {}
        self.change = None
        self._take("open")
        Workshop.objects.filter(pk=self.ours.pk).update(state="draft")  # no door leads back there
        self._take("draft")
        self.bring("open")
        self._run()
        self._take("running")
        self._close()
        self._take("closed")
        self._delete()
        self._take("deleted")

    # Making it.

    def _hide_canaries_in_the_library(self):
        Case.objects.update(
            epilogue=CANARIES["epilogue"], facilitator_notes=CANARIES["facilitator-notes"] + "\nsecond line"
        )
        for model in apps.get_app_config("frameworks").get_models():
            if issubclass(model, Content):
                model.objects.update(note=CANARIES["organizers-note"])

    def _make_elsewhere(self):
        word = CANARIES["elsewhere"]
        room = rooms.Room.open([f"{word} {n}" for n in range(3)], owner="stranger")
        settings = {"title": f"{word} title", "place": f"{word} place", "time_zone": "UTC", "address": ""}
        room.desk.client.post(f"/desk/{room.workshop.slug}/settings", settings)
        phones = room.here()
        room.desk.go_to("talk")
        room.desk.do("message", message=f"{word} message")
        assert phones[0].post_note(f"{word} note").status_code == 204
        self.elsewhere = room
        self.clients = {"foreign-phone": phones[0].client, "stranger": room.desk.client}
        self.clients["foreign-wall"] = self._wall(room)

    def _wall(self, room):
        client = Client()
        client.get("/wall/")
        assert room.desk.do("connect-wall", code=Wall.objects.latest("pk").code).status_code == 204
        return client

    def _make_ours(self):
        room = self.room = rooms.Room.open(CITIES, owner="owner")
        self.ours = room.workshop
        self.slug = room.workshop.slug
        settings = {"title": OUR_TITLE, "place": "", "time_zone": "UTC", "address": "http://room.example"}
        room.desk.client.post(f"/desk/{self.slug}/settings", settings)
        self.phones = {name: rooms.Phone(self.ours, room.team(name), first_name="") for name in CITIES}
        waiting = rooms.Phone(self.ours, name=CANARIES["city-that-asks"])
        guest = rooms.Phone(self.ours, guest="on")
        released = rooms.Phone(self.ours, room.team(CITIES[0]))
        room.desk.do("release-device", device=Device.objects.latest("pk").pk)
        self.clients |= {"waiting": waiting.client, "guest": guest.client, "released": released.client}
        self.clients |= {"anonymous": Client(), "wall": self._wall(room), "owner": room.desk.client}
        for name in ("second", "removed"):
            self._account(name)
            room.desk.do("add-facilitator", username=name)
        self._account("organizer").groups.add(Group.objects.get_or_create(name="Organizers")[0])
        self._account("superuser", is_superuser=True, is_staff=True)
        room.desk.do("remove-facilitator", user=rooms.account("removed").pk)
        self.spare_wall_code = self._spare_wall()
        segments = list(self.ours.plan.segments())
        self.first_segment, self.last_segment = segments[0].pk, segments[-1].pk
        self.segments = {kind: [s.pk for s in segments if s.kind == kind] for kind in Segment.Kind.values}
        self.item = Item.objects.filter(checklist__code="strategic-triangle").first().pk
        self.template = Plan.objects.get(is_template=True).pk
        self.asking = room.team(CANARIES["city-that-asks"]).pk
        self.wall = self.ours.walls.get().pk
        self.breakout = self.ours.breakouts.first()
        self.notes = {name: uuid.uuid5(uuid.NAMESPACE_URL, name) for name in CANARIES}
        self._choose_tables()

    def _account(self, name, **fields):
        user = rooms.account(name, **fields)
        self.clients[name] = Client()
        self.clients[name].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return user

    def _spare_wall(self):
        Client().get("/wall/")
        return Wall.objects.latest("pk").code

    def _choose_tables(self):
        """Say who is at our table: the tables of the first discussion are planned already, and stay."""
        tables = [[seat.team for seat in table.seats.all()] for table in self.breakout.tables.all()]
        (self.our_city, self.our_neighbour, *_more), (self.other_city, *_others) = tables[:2]
        self.other_table = 2
        for role, city in [
            ("ours", self.our_city),
            ("neighbour", self.our_neighbour),
            ("other-table", self.other_city),
        ]:
            self.clients[role] = self.phones[city.name].client
        mine = self.ours.devices.filter(released_at=None)
        mine.filter(team=self.our_city).update(first_name=CANARIES["first-name"])
        self.devices = {device.team_id: device for device in mine}
        self.personal_code = self.devices[self.our_city.pk].personal_code
        self.canaries = {
            **CANARIES,
            "our-personal-code": self.personal_code,
            "other-personal-code": self.devices[self.other_city.pk].personal_code,
        }
        self.cookies = {role: copy.deepcopy(self.clients[role].cookies) for role in ROLES}
        # A phone of another session claims to be one of ours: cookies are named by session, and anybody can name one.
        forged = self.cookies["foreign-phone"]
        forged[cookie_name("phone", self.slug)] = forged[cookie_name("phone", self.elsewhere.workshop.slug)].value

    def _run(self):
        """Up to the talk of the first discussion, with a late team that has no table; everybody has written."""
        self.room.desk.go_to("talk")
        for role, what in [
            ("ours", "our-note"),
            ("ours", "our-hidden-note"),
            ("ours", "our-deleted-note"),
            ("neighbour", "neighbours-note"),
            ("other-table", "other-tables-note"),
            ("other-table", "their-hidden-note"),
        ]:
            sent = {"breakout": self.breakout.pk, "text": CANARIES[what], "uuid": self.notes[what]}
            assert self.clients[role].post(f"/p/{self.slug}/notes", sent).status_code == 302 + 1
            if "hidden" in what:
                self.do("hide", note=self.note(what).pk, on="on")
            if "deleted" in what:
                self.clients[role].post(f"/p/{self.slug}/notes/{self.notes[what]}/delete")
        sent = {"breakout": self.breakout.pk, "text": CANARIES["handed-in-note"], "uuid": uuid.uuid4()}
        assert self.clients["released"].post(f"/p/{self.slug}/hand-in", sent).status_code == 202
        assert self.breakout.seats.get(team=self.our_city).table_id == self.note("our-note").table_id
        assert self.breakout.seats.get(team=self.our_neighbour).table_id == self.note("our-note").table_id
        assert self.breakout.seats.get(team=self.other_city).table_id != self.note("our-note").table_id

    def note(self, what):
        return Note.objects.get(uuid=self.notes[what])

    def _close(self):
        self.do("end-discussion")
        self.do("advance")
        self.do("close")

    def _delete(self):
        answer = self.clients["owner"].post(f"/desk/{self.slug}/delete", {"title": OUR_TITLE})
        assert answer.status_code == 303, answer.content.decode()

    def do(self, command, **data):
        """Press a button of our desk; it must work."""
        answer = self.room.desk.do(command, **data)
        assert answer.status_code == 204, (command, answer.content.decode())

    # Its states.

    def _take(self, state):
        self.snapshots[state] = Snapshot()

    def bring(self, state):
        """Bring our session to a state."""
        self.snapshots[state].restore()
        self.state = state
        self.was_readied = False
        self.change = Change(self.snapshots[state])

    def ready_for(self, route):
        """Do what has to be so before a command can be carried out; the running session is otherwise ready for all."""
        if self.state != "running" or route not in PREPARE:
            return
        for command, data in PREPARE[route](self):
            self.do(command, **data)
        self.was_readied = True
        self.change = Change(Snapshot())

    def put_back(self):
        """Undo what a request that was let in has changed."""
        self.change.before.restore()
        self.change = Change(self.change.before)

    # Requests.

    def client(self, role):
        """The browser of a role with the cookies it had at the beginning; nobody has sent anything yet."""
        rooms.forget_counts()
        client = self.clients[role]
        client.cookies = copy.deepcopy(self.cookies[role])
        client.raise_request_exception = False
        return client

    def sign_in_again(self, role):
        """What a sign-in or sign-out has changed."""
        if role in ACCOUNTS:
            client = self.clients[role] = Client()
            client.force_login(rooms.account(role), backend="django.contrib.auth.backends.ModelBackend")
            self.cookies[role] = copy.deepcopy(client.cookies)
            self.put_back()

    def request(self, role, method, route):
        """Send what a page of this route would send."""
        name, _colon, kind = route.partition(":")
        path = self.path(name, kind)
        if method == "GET":
            return self.client(role).get(path)
        return self.client(role).post(path, self.form(route), headers={"accept": "text/plain"})

    def path(self, name, kind=""):
        """The address of a route in our session."""
        return reverse(name, kwargs=self._arguments(name, kind))

    def _arguments(self, name, kind):
        pattern = _pattern(name)
        values = {
            "slug": self.slug,
            "code": self.ours.code,
            "uuid": self.notes["our-note"],
            "kind": kind,
            "form": kind,
            "order": 1,
            "segment": self.first_segment,
        }
        return {argument: values[argument] for argument in re.findall(r"<\w+:(\w+)>", pattern)}

    def form(self, route):
        """What a page would send to a route, so that it would work if it were let in."""
        version = Workshop.objects.filter(pk=self.ours.pk).values_list("version", flat=True).first() or 1
        return {"version": version, **FORMS.get(route, lambda _world: {})(self)}


def _pattern(name):
    from sessions.urls import urlpatterns

    return next((str(each.pattern) for each in urlpatterns if each.name == name), "")


def _note_pk(world):
    found = Note.objects.filter(uuid=world.notes["other-tables-note"]).first()
    return found.pk if found else 1


def _handed_in(world):
    found = world.ours.handed_in.first()
    return found.pk if found else 1


FORMS = {
    "join": lambda w: {"code": w.ours.code},
    "join-session": lambda w: {"team": w.our_city.pk},
    "continue": lambda w: {"code": w.ours.code, "personal_code": w.personal_code},
    "continue:wrong": lambda w: {"code": w.ours.code, "personal_code": "000000"},
    "change-city": lambda w: {"team": w.other_city.pk},
    "post-note": lambda w: {"breakout": w.breakout.pk, "text": "A new note", "uuid": uuid.uuid4()},
    "edit-note": lambda w: {"text": "Other words", "uuid": uuid.uuid4()},
    "hand-in": lambda w: {"breakout": w.breakout.pk, "text": "One more", "uuid": uuid.uuid4()},
    "catch-up:phone": lambda _w: {"waiting": 3},
    "catch-up:board": lambda _w: {"waiting": 3},
    "mark": lambda w: {"item": w.item, "value": "partly"},
    "login": lambda w: {"username": "owner", "password": rooms.PASSWORD},
    "new-session": lambda w: {"plan": w.template, "title": "New", "date": "2026-11-23", "time_zone": "UTC"},
    "desk-roster": lambda w: {"names": "Hillcrest\nIronwood"},
    "desk-note": lambda w: {
        "breakout": w.breakout.pk,
        "team": w.our_city.pk,
        "text": "From the desk",
        "uuid": uuid.uuid4(),
    },
    "desk-settings": lambda w: {"title": "Other", "place": "", "time_zone": "UTC", "address": ""},
    "delete-session": lambda w: {"title": OUR_TITLE},
    "do-advance": lambda w: {"early": "on"},
    "do-jump": lambda w: {"segment": w.first_segment},
    "do-skip": lambda w: {"segment": w.last_segment},
    "do-edit-segment": lambda w: {"segment": w.first_segment, "title": "Another title", "minutes": 7},
    "do-set-minutes": lambda w: {"minutes": 6},
    "do-change-minutes": lambda w: {"minutes": 2},
    "do-set-board": lambda w: {"breakout": w.breakout.pk, "setting": "at-once"},
    "do-release-text": lambda w: {"breakout": w.breakout.pk, "released": "on"},
    "do-turn-board": lambda w: {"breakout": w.breakout.pk, "column": "other"},
    "do-cover-wall": lambda w: {"covered": "on"},
    "do-pause-wall": lambda w: {"paused": "on"},
    "do-message": lambda w: {"message": "Come back at eleven"},
    "do-marking": lambda w: {"on": "on"},
    "do-set-address": lambda w: {"address": "http://192.168.1.20:8000"},
    "do-change-settings": lambda w: {"free_entry": "on"},
    "do-add-facilitator": lambda w: {"username": "stranger"},
    "do-remove-facilitator": lambda w: {"user": rooms.account("second").pk},
    "do-add-team": lambda w: {"name": "Junction City"},
    "do-rename-team": lambda w: {"team": w.our_city.pk, "name": "Renamed"},
    "do-team-state": lambda w: {"team": w.our_city.pk, "state": "left"},
    "do-admit-team": lambda w: {"team": w.asking},
    "do-remove-team": lambda w: {"team": w.asking},
    "do-merge-teams": lambda w: {"team": w.other_city.pk, "into": w.our_city.pk},
    "do-release-device": lambda w: {"device": w.devices[w.our_city.pk].pk},
    "do-move-device": lambda w: {"device": w.devices[w.our_city.pk].pk, "team": w.other_city.pk},
    "do-pairs": lambda w: {"on": "on"},
    "do-seat": lambda w: {"team": w.asking},
    "do-swap": lambda w: {"breakout": w.breakout.pk, "team": w.our_city.pk, "other": w.other_city.pk},
    "do-move": lambda w: {"breakout": w.breakout.pk, "team": w.our_city.pk, "table": w.other_table},
    "do-unpin": lambda w: {"breakout": w.breakout.pk, "team": w.our_city.pk},
    "do-star": lambda w: {"note": _note_pk(w), "on": "on"},
    "do-hide": lambda w: {"note": _note_pk(w), "on": "on"},
    "do-purge-note": lambda w: {"note": _note_pk(w)},
    # Refused in every state, as too many: a rehearsal that was let begin would start a process.
    "desk-rehearse": lambda w: {"teams": 84, "phones": 10, "speed": 60},
    "do-purge-team": lambda w: {"team": w.other_city.pk},
    "do-take-in": lambda w: {"note": _handed_in(w)},
    "do-decline": lambda w: {"note": _handed_in(w)},
    "do-connect-wall": lambda w: {"code": w.spare_wall_code},
    "do-disconnect-wall": lambda w: {"wall": w.wall},
}

# What the desk does first, so that a command can be carried out in the running session (whose first discussion talks).
PREPARE = {
    "mark": lambda w: [("marking", {"on": "on"})],
    "do-open": lambda w: [("close", {})],
    "do-resume": lambda w: [("pause", {})],
    "do-reopen-discussion": lambda w: [("end-discussion", {})],
    "do-jump": lambda w: [("end-discussion", {})],
    "do-set-minutes": lambda w: [("end-discussion", {}), ("jump", {"segment": w.segments["discussion"][1]})],
}
