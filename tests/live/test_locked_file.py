"""Another program writes to the SQLite file for a while: what is written waits for it, and nothing else does."""

import sqlite3
import threading
import time

import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.skipif(
    not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), reason="PostgreSQL locks rows, not the database"
)


def test_while_another_program_holds_the_file_pages_are_read_and_a_note_is_stored_when_it_lets_go(live):
    live.talk()
    phone = live.phone("Riverton")
    author = live.phone("Riverton")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = threading.Thread(target=author.write, args=["Written meanwhile"])
    writing.start()
    slowest = 0

    for _ in range(10):
        began = time.monotonic()
        phone.fetch()
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(0.1)

    assert writing.is_alive()
    other.execute("ROLLBACK")
    other.close()
    assert slowest < 1, "of a wait of eight seconds"
    phone.sees("Written meanwhile")
    writing.join()
