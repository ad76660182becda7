"""A note is acknowledged once it is on the disk: whatever PostgreSQL's own settings are, and it is checked."""

import subprocess
import sys

import psycopg

from tests.scaled.site import ROOT

ASK = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SHOW synchronous_commit")
    print(cursor.fetchone()[0])
"""


def manage(site, *words):
    how = site.apps[0].environment
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=how, capture_output=True, text=True, check=False
    )


def test_commits_wait_for_the_disk_also_where_the_server_would_not(site):
    with psycopg.connect(site.database.url, autocommit=True) as owner:
        owner.execute("ALTER ROLE academy SET synchronous_commit = off")
        try:
            assert manage(site, "shell", "-c", ASK).stdout.split()[-1] == "on"
        finally:
            owner.execute("ALTER ROLE academy RESET synchronous_commit")


def test_the_doctor_refuses_a_server_that_a_power_cut_would_rob(site):
    said = manage(site, "doctor")

    assert said.returncode == 1
    assert said.stderr == "The database has fsync = off: a power cut could take stored notes. Set it to on.\n"
