"""The projector."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from academy.database import read, reading, write
from sessions import access
from sessions.actions import walls
from sessions.views.pages import live_page


@require_safe
@reading
def wall(request, slug):
    """What everybody sees. Driven by the session's state alone: reload it, open it twice."""
    return live_page(request, "sessions/wall.html", "wall", slug)


def _screen(request):
    screen = access.wall_of(request.COOKIES)
    if screen is not None and screen.workshop is not None:
        return redirect("wall", slug=screen.workshop.slug)
    return screen and render(request, "sessions/venue.html", {"screen": screen})


@require_safe
async def venue(request):
    """A venue's computer: shows a short code until a desk connects it, then goes to the session's wall.

    The first visit makes the screen: the only GET that writes, so that nobody at a projector has to press anything.
    """
    response = await read(_screen, request)
    if response is None:
        screen, token = await write(walls.make_wall)
        response = await read(render, request, "sessions/venue.html", {"screen": screen})
        access.give_cookie(response, "wall", token)
    return response
