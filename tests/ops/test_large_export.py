"""Taking out very many notes: the server needs no more memory for them than for a few.

With EXPORTED_NOTES=100000 in the environment it is that many (docs/export.md has the figures).
"""

import os
import re
from pathlib import Path

import pytest

FEW, MANY = 1_000, int(os.environ.get("EXPORTED_NOTES", "20000"))
# DOCX is a tree that python-docx holds whole, and nobody reads a hundred thousand notes in Word.
STREAMED = ("csv", "json", "xlsx", "html")

WRITE = """
from uuid import uuid4
from academy import clock
from sessions.models import Note, Workshop
workshop = Workshop.objects.get()
breakout, team = workshop.breakouts.first(), workshop.teams.first()
there, now = workshop.notes.count(), clock.now()
text = "Nobody owns the budget, and everybody waits for somebody else to say so first. " * 3
Note.objects.bulk_create(
    (
        Note(workshop=workshop, breakout=breakout, team=team, uuid=uuid4(), text=f"{{n}} {{text}}", created_at=now)
        for n in range(there, {count})
    ),
    batch_size=500,
)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux says how much memory a process took")
def test_many_notes_take_no_more_memory_than_few(place):
    with place.serving() as server:
        few = most_memory(place, server, FEW)
        many = most_memory(place, server, MANY)
    print(f"at most {few / 1024:.0f} MB at {FEW} notes, {many / 1024:.0f} MB at {MANY}: {many / few:.2f} times")
    assert many < 1.15 * few


def most_memory(place, server, notes):
    """Take out so many notes in each format; returns the most memory the server ever held, in KiB."""
    written = place.manage("shell", "-c", WRITE.format(count=notes))
    assert written.returncode == 0, written.stderr
    browser = server.sign_in()
    browser.timeout = 600
    slug = re.search(r"/desk/(\w{12})/", browser.get("/desk/").text)[1]
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', browser.get(f"/desk/{slug}/exports").text)[1]
    for form in STREAMED:
        answer = browser.post(f"/desk/{slug}/export/{form}", data={"csrfmiddlewaretoken": token})
        assert answer.status_code == 200, answer.text
        assert int(answer.headers["content-length"]) == len(answer.content)
        if form != "xlsx":
            assert answer.text.count("Nobody owns the budget") >= notes
    held = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", held)[1])
