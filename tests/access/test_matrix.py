"""The access matrix: every route, every role, every state of the session; what each may read and change."""

from sessions.models import Workshop
from tests.access import matrix
from tests.access.checking import Checking, methods, own_routes
from tests.access.world import CANARIES, FORMS


def test_the_access_matrix_holds(world):
    named = {}
    for rule in matrix.RULES:
        named.setdefault(rule.name, set()).add(rule.method)
    assert set(named) == own_routes(), "a route without a line, or a line without a route"
    world.bring("running")
    assert named == {name: methods(world, name) for name in named}

    checking = Checking(world)
    wrong = [
        *checking.matrix(),
        *checking.moments(),
        *checking.other_methods(),
        *checking.library(),
    ]

    print("cells checked:", dict(checking.cells), checking.cells.total())
    assert not wrong, "\n".join(wrong)
    assert checking.cells.total() >= 1500


def test_ids_of_another_session_lead_nowhere(world):
    """A facilitator of ours who types the numbers of another session's rows changes nothing there."""
    world.bring("running")
    other = world.elsewhere.workshop
    foreign = {
        "team": other.teams.first().pk,
        "other": other.teams.last().pk,
        "into": other.teams.last().pk,
        "device": other.devices.first().pk,
        "note": other.notes.first().pk,
        "breakout": other.breakouts.first().pk,
        "segment": other.plan.segments().last().pk,
        "wall": other.walls.first().pk,
    }
    before = rows_of(other)
    checked, done = 0, set()
    for route, form in FORMS.items():
        for field in foreign.keys() & form(world).keys():
            roles = {"change-city": "ours", "post-note": "ours", "hand-in": "released", "join-session": "anonymous"}
            role = roles.get(route, "owner")
            sent = world.form(route) | {field: foreign[field]}
            answer = world.client(role).post(world.path(route), sent, headers={"accept": "text/plain"})
            checked += 1
            assert rows_of(other) == before, (route, field)
            assert CANARIES["elsewhere"] not in answer.content.decode(), (route, field)
            if answer.status_code < 400:
                done.add((route, field))
                world.put_back()
            else:
                assert answer.status_code in (404, 409, 422), (route, field, answer.status_code)

    print("foreign ids sent:", checked)
    # Nothing of theirs in our session: nothing to delete.
    assert done <= {("do-purge-team", "team")}


def rows_of(workshop):
    """Everything that belongs to a session, to compare."""
    related = [field for field in Workshop._meta.get_fields() if field.one_to_many and field.name != "streams"]
    rows = {field.name: list(getattr(workshop, field.get_accessor_name()).order_by("pk").values()) for field in related}
    seats = [list(b.seats.order_by("pk").values()) for b in workshop.breakouts.all()]
    return rows, seats, list(workshop.plan.segments().values()), list(Workshop.objects.filter(pk=workshop.pk).values())
