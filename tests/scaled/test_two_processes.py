"""The whole opening session with the phones on one process, the desk and the walls on another."""

import pytest

from tests.live.rooms import process
from tests.scaled.site import free_port
from tests.stories import test_opening_session as opening_session


@pytest.mark.story
def test_the_opening_session_on_two_processes(content, tmp_path, monkeypatch):
    moved = tmp_path / "clock"
    moved.write_text("0")
    monkeypatch.setenv("MOVED_CLOCK", str(moved))
    how = {"DJANGO_SETTINGS_MODULE": "tests.scaled.served"}
    with (
        process(tmp_path / "one", free_port(), **how) as (_one, for_desk),
        process(tmp_path / "two", free_port(), **how) as (_two, for_phones),
    ):
        opening_session.tell(opening_session.Room(for_desk, for_phones))
    for name in ("one", "two"):
        log = (tmp_path / name / "server.log").read_text()
        assert " ERROR " not in log
        assert "Traceback" not in log
