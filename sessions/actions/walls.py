"""A venue's computer becomes the wall: it shows a code, the desk connects it."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from academy import clock
from sessions import codes, live
from sessions.errors import Refusal
from sessions.models import Wall


@transaction.atomic
def make_wall():
    """Return (Wall, token) for a browser that opened /wall; unconnected ones older than a day go."""
    Wall.objects.filter(workshop=None, created_at__lt=clock.now() - timedelta(days=1)).delete()
    token = codes.new_token()
    return Wall.objects.create(token_hash=codes.hashed(token)), token


def connect_wall(workshop, *, code):
    """Connect the wall that shows this code to the session."""
    wall = Wall.objects.filter(code=codes.normal(code), workshop=None).first()
    if wall is None:
        raise Refusal(_("No screen shows the code %(code)s. Look at the screen again.") % {"code": code[:12]})
    wall.workshop = workshop
    wall.save()
    live.desk_changed("screen")
    return wall


def disconnect_wall(workshop, *, wall):
    """Take a screen off the session; it shows a new code."""
    mine = workshop.walls.filter(pk=wall).first()
    if mine is None:
        raise Refusal(_("This screen is no longer connected."))
    mine.workshop = None
    mine.code = codes.new_code()
    mine.created_at = clock.now()
    mine.save()
    live.stage_changed("wall")
    live.desk_changed("screen")
    live.shut(f"wall-{mine.pk}", come_back=False)
