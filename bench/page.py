"""What the phone's page weighs, as this app's own process sends it to a browser with an empty cache."""

import re

from bench import client
from bench.join import _FILES


async def measure(port, room):
    """Return {"bytes", "requests", "files"}: bodies as they were sent, compressed or not; the socket is not counted."""
    session = room["sessions"][0]
    token, _team = session["phones"][0]
    browser = client.Browser(port, {f"phone-{session['slug']}": token})
    path = f"/p/{session['slug']}/"
    page = await browser.page(path)
    sizes = {"page": await _size(browser, path)}
    for name in dict.fromkeys(_FILES.findall(page)):
        sizes[re.sub(r"\.[0-9a-f]{12}\.", ".", name.removeprefix("/static/"))] = await _size(browser, name)
    browser.close()
    return {"bytes": sum(sizes.values()), "requests": len(sizes), "files": sizes}


async def _size(browser, path):
    answer = await browser.ask("GET", path)
    assert answer.status == 200, f"{path}: {answer.status}"
    return len(answer.body)
