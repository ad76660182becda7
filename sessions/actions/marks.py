"""Marking the checklist: one set of marks per city team, the last tap wins."""

from django.utils.translation import gettext as _

from academy import clock
from frameworks.models import Item
from sessions import live
from sessions.errors import Refusal, SessionClosed
from sessions.models import Mark


def mark(workshop, *, team, item, value):
    """Set a city team's (id) mark on an item (id): "not-yet", "partly", "in-place", or "" to take it back."""
    if workshop.is_closed:
        raise SessionClosed
    if not workshop.marking:
        raise Refusal(_("Marking is not turned on. Ask the facilitator."))
    shown = {r.partition("/")[2] for s in workshop.plan.segments() for r in s.shows if r.startswith("checklist/")}
    item = Item.objects.filter(pk=item, checklist__code__in=shown).first()
    team = workshop.teams.filter(pk=team).first()
    if item is None or team is None:
        raise Refusal(_("This item is not part of the session."))
    if value:
        Mark.objects.update_or_create(team=team, item=item, defaults={"value": value, "marked_at": clock.now()})
    else:
        Mark.objects.filter(team=team, item=item).delete()
    live.team_changed(team, "marks")
    live.stage_changed("wall")
