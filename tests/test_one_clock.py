"""One clock: nothing else asks for the time, and nobody who sets a machine's clock moves a room's countdown."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from academy import agreed_time, clock
from tests.live.rooms import ROOT

ASKS_FOR_TIME = re.compile(
    r"\bdatetime\.(now|utcnow|today)\b|\bdate\.today\b|\btimezone\.now\b|\btime\.time(_ns)?\(|\blocaldate\(\)|\blocaltime\(\)"
)
# The phone's own clock may be wrong by hours and may jump: only a script that says why may look at it.
LOOKS_AT_PHONE = re.compile(r"\bDate\.now\b|\bnew Date\b")


def lines_of(folder, pattern, asking):
    found = []
    for path in sorted((ROOT / folder).rglob(pattern)):
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if asking.search(line):
                found.append((path.relative_to(ROOT), number, line.strip()))
    return found


def test_nothing_but_the_clock_asks_for_the_time():
    asking = [
        line for folder in ("academy", "sessions", "frameworks") for line in lines_of(folder, "*.py", ASKS_FOR_TIME)
    ]

    # A rehearsal's phones are other people's machines: they have times of their own.
    here = {path for path, *_rest in asking if "rehearsal" not in path.parts}
    assert {str(path) for path in here} == {"academy/clock.py"}


def test_a_page_looks_at_the_phones_own_clock_only_to_find_out_that_it_slept():
    looking = lines_of("static/js", "*.js", LOOKS_AT_PHONE)

    unexplained = [line for line in looking if "wake" not in _around(*line[:2]) and "sle" not in _around(*line[:2])]
    assert unexplained == []


def _around(path, number):
    """The comments in the ten lines up to this one."""
    lines = (ROOT / Path(path)).read_text().splitlines()[max(0, number - 10) : number]
    return " ".join(re.findall(r"//.*", "\n".join(lines))).lower()


class _SetBack(datetime):
    """A machine whose clock was set back by an hour."""

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) - timedelta(hours=1)


@pytest.fixture
def set_back(monkeypatch):
    """The machine's clock is set back by an hour while the server runs."""
    monkeypatch.setattr(clock, "datetime", _SetBack)
    monkeypatch.setattr(agreed_time, "_told", False)


def test_a_machine_whose_clock_is_set_in_mid_discussion_moves_no_countdown(room, set_back):
    began = clock.now()
    room.here()
    room.discuss("talk")

    assert clock.now() - began < timedelta(minutes=1), "no hour too much"
    assert clock.now() >= began
    assert 590 < room.breakout().seconds_left <= 600


def test_the_operator_is_told_once_that_the_machines_clock_was_set(db, set_back, caplog, settings):
    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        pytest.skip("with PostgreSQL its clock is followed, not the machine's")
    for _heartbeat in range(3):
        agreed_time.look()

    told = [record.getMessage() for record in caplog.records if "clock was set" in record.getMessage()]
    assert len(told) == 1
    assert "by -60 minutes" in told[0]


def test_the_night_the_clocks_go_back_no_countdown_notices(room):
    """Deadlines are UTC; a time zone is only how a time of day is written."""
    room.here()
    room.desk.client.post(f"/desk/{room.workshop.slug}/settings", _berlin(room))
    change = datetime.fromisoformat("2026-10-25T01:00:00+00:00")
    clock.shift(change - timedelta(minutes=5) - clock.own())
    room.discuss("talk")
    before = room.breakout()

    clock.shift(change + timedelta(minutes=4) - clock.own())

    assert room.breakout().ends_at == before.ends_at
    assert room.breakout().seconds_left == pytest.approx(60, abs=2)


def _berlin(room):
    return {
        "title": room.workshop.title,
        "date": "2026-10-25",
        "place": "",
        "time_zone": "Europe/Berlin",
        "address": "",
    }
