"""The access matrix: every route, every role, every state of the session; what each may read and change."""

from tests.access import matrix
from tests.access.checking import Checking, methods, own_routes


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
