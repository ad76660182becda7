"""A facilitator rehearses from the desk, in real Chromium against a real server that starts the rehearsal itself."""

import subprocess
import sys

from playwright.sync_api import expect

from tests.browser.conftest import ROOT, People

# One discussion of three minutes; everything else is skipped.
SHORTEN = (
    "from sessions.models import Segment, Breakout;"
    "talk = Segment.objects.filter(module__plan__is_template=False, kind='discussion').first();"
    "Segment.objects.filter(module__plan__is_template=False).exclude(pk=talk.pk).update(skipped=True);"
    "Breakout.objects.update(minutes=3)"
)


def test_a_rehearsal_from_the_desk_outlives_a_restart_of_the_server_and_is_deleted_with_one_click(server, chromium):
    shell = [sys.executable, "manage.py", "shell", "-v0", "-c", SHORTEN]
    subprocess.run(shell, cwd=ROOT, env=server.environment, check=True)
    people = People(chromium, f"http://127.0.0.1:{server.port}")
    page = people.desk()
    page.get_by_role("link", name="Rehearse").click()
    page.get_by_label("City teams").fill("4")
    page.get_by_label("Speed").select_option("60")
    page.get_by_role("button", name="Start rehearsal").click()
    expect(page.locator("progress")).to_be_visible()
    expect(page.get_by_role("button", name="Start rehearsal")).to_have_count(0)

    server.stop()
    server.start()

    expect(page.locator("#rehearsal li").first).to_contain_text("Nothing was lost", timeout=60_000)
    expect(page.locator("#rehearsal")).to_contain_text("4 city teams with 8 phones")
    page.get_by_role("button", name="Delete the rehearsal").click()
    expect(page.get_by_text("After a rehearsal you read here")).to_be_visible()
    page.goto("/desk/")
    expect(page.locator(".sessions__item")).to_have_count(1)
    people.close()
    assert people.problems == []
