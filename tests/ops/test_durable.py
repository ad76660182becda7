"""SQLite as it is shipped: what was acknowledged survives a power cut, and writers wait for each other."""

import json
import sys

SETUP = """
import asyncio, json, threading
import django
django.setup()
from django.core.management import call_command
from django.db import connection, connections, transaction
from academy import database
call_command("migrate", verbosity=0)
"""

ASK = """
def ask():
    with connection.cursor() as cursor:
        return [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]

async def both():
    return {"writer": await database.write(ask), "reader": await database.read(ask)}

print(json.dumps(asyncio.run(both())))
database.close_threads()
"""

COUNT = """
from django.contrib.auth.models import Group
Group.objects.create(pk=1000, name="0")
problems = []

def count():
    try:
        for _ in range(40):
            with transaction.atomic():
                row = Group.objects.get(pk=1000)
                row.name = str(int(row.name) + 1)
                row.save()
    except Exception as problem:
        problems.append(repr(problem))
    finally:
        connections.close_all()

threads = [threading.Thread(target=count) for _ in range(16)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(json.dumps({"problems": problems, "counted": int(Group.objects.get(pk=1000).name)}))
"""


def said_by(place, script):
    """What a script prints that runs with the shipped settings in a process of its own."""
    place.data.mkdir(exist_ok=True)
    done = place.run(sys.executable, "-c", SETUP + script, DJANGO_SETTINGS_MODULE="academy.settings")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_is_written_is_on_the_disk_before_it_is_acknowledged(place):
    full = 2

    assert said_by(place, ASK) == {"writer": ["wal", full], "reader": ["wal", full]}


def test_sixteen_writers_that_read_before_they_write_wait_for_each_other(place):
    assert said_by(place, COUNT) == {"problems": [], "counted": 16 * 40}
