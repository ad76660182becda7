"""Negative control: take each permission check out in turn; the matrix must notice every time."""

import contextlib
import inspect
import logging
import textwrap

from academy import recent
from sessions import access
from sessions.actions import joining
from sessions.exports import reading
from sessions.live import board, phone_panels, wall_panels
from sessions.models import Breakout
from sessions.views import join, phone
from tests.access.checking import Checking
from tests.access.matrix import RULES, WHEN

# What is weakened: a function, a piece of its source, what stands there instead. By the part of the matrix that is
# looked at first, which is only for speed: what one part overlooks is looked for in all others.
DESK = [
    (access.may, "workshop.owner_id == user.pk", "True"),
    (access.may, "if is_organizer(user) else set()", "if user.pk else set()"),
    (access.may, 'rights = {"see", "export"} if', 'rights = {"see", "export", "run"} if'),
    (access.may, 'rights |= {"see", "export", "run"}', 'rights |= {"see", "export", "run", "delete"}'),
    (access.may, "workshop.facilitators.filter(pk=user.pk).exists()", "user.helped_workshops.exists() or user.pk"),
    (access.desk, "if right not in workshop.rights:", "if False:"),
    (access.desk, "if right not in workshop.rights:", 'if "see" not in workshop.rights:'),
    (access.sessions_of, "Workshop.objects.filter(Q(owner=user) | Q(facilitators=user))", "Workshop.objects.all()"),
    (access.is_organizer, "user.is_superuser or", "True or"),
    (access.listener, 'workshop is not None and "see" in may(user(), workshop)', "workshop is not None"),
]
PHONES = [
    (access.device_or_none, " or known.released_at is not None", ""),
    (access.device_or_none, " or known.workshop.slug != slug", ""),
    (access.device_or_none, "quick.device(codes.hashed(token))", "Device.objects.filter(workshop__slug=slug).first()"),
    (access.device, "if found is None:", "if False:"),
    (access.writer, "found.team is None or not found.team.admitted", "found.team is None"),
    (access.released, ".exclude(released_at=None)", ""),
    (access.released, "token_hash=codes.hashed(token), ", ""),
    (phone._own_note, "team=device.team, ", ""),
    (joining.continue_elsewhere, "personal_code=personal_code, ", ""),
    (join._city_page, "admitted=True", ""),
    (access._phone_listener, "heard = [streams.STAGE]", 'heard = [streams.STAGE, "team-1", "team-2", "team-3"]'),
    (access._phone_listener, "if found is None:", "if False:"),
    (access._wall, "and screen.workshop.slug == slug", ""),
    (access._wall, '"see" in may(user, workshop)', "True"),
    (access.listener, "heard, language = (streams.STAGE, streams.BOARD)", "heard, language = (streams.DESK,)"),
]
SHOWN = [
    (board.board, "text_is_out = breakout.text_is_out", "text_is_out = True"),
    (board.board, ", hidden=False", ""),
    (Breakout.text_is_out.fget, "== BoardSetting.AT_ONCE", "== BoardSetting.NUMBERS"),
    (Breakout.text_is_out.fget, "return self.released_at is not None", "return True"),
    (Breakout.text_is_out.fget, "self.board_shown_at is not None or", "True or"),
    (phone_panels._of_others, ", hidden=False", ""),
    (phone_panels._of_others, "table=table, ", ""),
    (phone_panels._open_table, " if workshop.tables_see_notes else None", ""),
    (phone_panels._ours, "team=team, ", "workshop=team.workshop, "),
    (wall_panels.wall_board, "if breakout.text_is_out:", "if True:"),
    (wall_panels.wall_board, "workshop.wall_covered or", ""),
    (wall_panels.wall_board, "workshop.wall_paused or", ""),
    (reading.read, "if not hidden:", "if False:"),
]
DOORS = [
    (access.open_session, "and found.is_open", ""),
    (access.open_session, "quick.session_of_code(codes.normal(code))", "Workshop.objects.filter(state='open').first()"),
]
MUTANTS = {"desk": DESK, "phones": PHONES, "shown": SHOWN, "doors": DOORS}


@contextlib.contextmanager
def weakened(function, piece, instead):
    """Swap a function's code for one with another piece in it; whoever imported the function runs that."""
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(piece) == 1, f"“{piece}” is not in {function.__name__} any more: bring the mutant up to date"
    source = "".join(line for line in source.replace(piece, instead).splitlines(keepends=True) if line[0] != "@")
    made = {}
    exec(compile(source, inspect.getsourcefile(function), "exec"), function.__globals__, made)
    code, function.__code__ = function.__code__, made[function.__name__].__code__
    recent.forget()
    try:
        yield
    finally:
        function.__code__ = code


def reduced(world, first):
    """Less of the matrix: of the desk's commands, which share one door, one for each right; the parts in this order."""
    checking = Checking(world)
    few = [rule for rule in RULES if not rule.name.startswith("do-") or rule.name in ("do-hide", "do-add-facilitator")]
    doors = [rule for rule in few if rule.when == WHEN["open"]]
    desk = [
        rule for rule in few if rule.shows in ("desk", "list") or rule.name.startswith(("do-", "export", "delete-"))
    ]
    others = [rule for rule in few if rule not in desk]
    parts = {
        "desk": lambda: checking.matrix(["running"], desk),
        "phones": lambda: checking.matrix(["running"], others),
        "shown": lambda: checking.moments(roles=["neighbour", "guest", "wall"]),
        "doors": lambda: checking.matrix(["closed"], doors),
    }
    for part in [first, *(part for part in parts if part != first)]:
        yield from parts[part]()


def test_every_mutant_is_killed(world, caplog):
    caplog.set_level(logging.CRITICAL, "django.request")
    survived = []
    for first, mutants in MUTANTS.items():
        for function, piece, instead in mutants:
            with weakened(function, piece, instead):
                if next(reduced(world, first), None) is None:
                    survived.append(f"{function.__qualname__}: {piece} → {instead}")

    print(f"{sum(map(len, MUTANTS.values()))} mutants, {len(survived)} survived")
    assert not survived, "\n".join(survived)
