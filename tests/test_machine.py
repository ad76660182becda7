"""Whatever people do in whatever order: what is stored is what it should be, and every page that pulled is right.

Random sessions, a few thousand steps of them, through the doors people use: requests and sockets of the whole
application in this process, with its clock stopped and moved by hand. Beside it runs a model in plain dicts
(tests/machine/model.py). By hand, for longer: MACHINE_STEPS=100000 MACHINE_SEED=7 pytest tests/test_machine.py
"""

import logging
import os
import time

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from tests.machine.desk import Running, Showing
from tests.machine.phones import Notes, Phones
from tests.machine.room import COUNTED
from tests.machine.screens import Screens

STEPS = int(os.environ.get("MACHINE_STEPS", "5000"))
OF_ONE_SESSION = 100
HAVE_TO_FIRE = {
    "show tables", "go elsewhere", "start", "show board", "pause", "resume", "extend", "shorten", "end", "reopen",
    "advance clock", "close session", "reopen session", "rotate code", "set board", "release text", "message",
    "hide", "unhide", "star", "unstar", "purge note", "purge team", "set state", "admit", "seat", "swap",
    "repeat a command", "stale page", "anonymous", "another facilitator", "a phone", "a phone that is out",
    "join", "join as guest", "join with a new name", "leave", "release", "change city", "continue elsewhere",
    "note", "late note", "send what waits", "send again", "other words", "edit", "delete", "another city's note",
    "write while out", "open phone", "open board", "open wall", "open desk", "close a page", "connect",
    "lose the network", "pull", "listen as phone", "listen as board", "listen as wall", "listen as desk", "crash",
}  # fmt: skip


class AnySession(Running, Showing, Phones, Notes, Screens):
    """A session in which people do whatever they can do: most begin with some of them there, some in mid discussion."""

    @initialize(
        phones=st.integers(1, 4), pages=st.integers(2, 4), here=st.booleans(), begun=st.sampled_from([1, 2, None])
    )
    def begin(self, phones, pages, here, begun):
        for number in range(phones):
            self.join(number)
        for kind in ["phone", "desk", "wall", "board"][:pages]:
            self.open_a_page(kind, pages)
        for page in self.pages:
            page.connect()
        for number in range(len(self.model.teams) if here else 0):
            self.set_state(number, "without-phone")
        if begun:
            self.show_tables(begun)
            self.start()

    def teardown(self):
        """Before all is over everybody hears what was said last."""
        try:
            if not self.may_have_changed and any(page.socket for page in self.pages):
                self.listen()
        finally:
            super().teardown()


OTHERS = ["anonymous", "another facilitator", "a phone", "a phone that is out"]


def through_everything():
    """One session in which everything happens that chance may leave out."""
    session = AnySession()
    session.begin(phones=4, pages=4, here=True, begun=1)
    steps = [
        (session.listen,),
        (session.note, 0, 1, "Said", 7),
        (session.advance_clock, 29),
        (session.send_what_waits,),
        (session.hide_or_star, 0, "hide", True),
        (session.listen,),
        (session.hide_or_star, 0, "hide", False),
        (session.hide_or_star, 1, "star", True),
        (session.hide_or_star, 1, "star", False),
        (session.send_again, 0),
        (session.edit, 0, "B", True),
        (session.send_other_words_under_the_same_id, 3),
        (session.change_what_is_another_citys, 0, 0),
        (session.pause,),
        (session.advance_clock, 61),
        (session.resume,),
        (session.listen,),
        (session.change_minutes, 2),
        (session.change_minutes, -1),
        (session.swap, 0, 1),
        (session.lose_the_network, 0),
        (session.end,),
        (session.show_board,),
        (session.note, 1, 1, "Late", 1),
        (session.delete, 0),
        (session.purge_note, 0),
        (session.connect, 0),
        (session.listen,),
        (session.reopen,),
        (session.crash,),
        (session.purge_team, 0),
        (session.connect, 0),
        (session.connect, 1),
        (session.listen,),
        (session.end,),
        (session.go_elsewhere,),
        (session.show_tables, 2),
        (session.join_with_a_new_name, 1),
        (session.admit, 0),
        (session.seat, 7),
        (session.set_board, 1, "at-once"),
        (session.release_text, 1, True),
        (session.message, "We go on in the garden"),
        (session.repeat_a_command,),
        (session.press_on_a_stale_page, "pause"),
        (session.rotate_code,),
        (session.join_as_guest,),
        (session.change_city, 0, 3),
        (session.continue_elsewhere, 0),
        (session.write_while_out, 0),
        (session.release, 1),
        (session.leave, 1),
        (session.open_a_page, "board", 0),
        (session.close_a_page, 0),
        *((session.somebody_else_presses, who, "hide", 0) for who in OTHERS),
        (session.close_session,),
        (session.listen,),
        (session.reopen_session,),
        (session.pull, 0),
    ]
    try:
        for rule, *arguments in steps:
            rule(*arguments)
            session.all_is_well()
    finally:
        session.teardown()


@pytest.fixture
def _quiet(settings):
    """Refusals are what this is about: a line for each would bury what a failure says. No heartbeat mends anything."""
    settings.HEARTBEAT = 3600
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("content", "_quiet")
def test_in_any_session_what_is_stored_is_right_and_every_page_can_be():
    COUNTED.clear()
    how = settings(
        max_examples=max(1, STEPS * 3 // 2 // OF_ONE_SESSION),
        stateful_step_count=OF_ONE_SESSION,
        derandomize="MACHINE_SEED" not in os.environ,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    session = seed(int(os.environ.get("MACHINE_SEED", "0")))(AnySession)
    began = time.monotonic()

    run_state_machine_as_test(session, settings=how)

    at_random = dict(COUNTED)
    through_everything()
    steps = at_random["steps"]
    print(f"{steps} steps in {time.monotonic() - began:.0f} s: {dict(sorted(at_random.items()))}")
    assert steps >= STEPS
    assert set(COUNTED) >= HAVE_TO_FIRE, f"never happened: {HAVE_TO_FIRE - set(COUNTED)}; counted: {COUNTED}"
