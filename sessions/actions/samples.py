"""A ready session for a first look: invented city teams, nobody's real notes."""

from django.utils import timezone

from academy import clock
from sessions.actions import carry_out
from sessions.actions.roster import add_teams
from sessions.actions.workshops import create_workshop, edit_workshop, open_workshop
from sessions.models import Plan

# Invented names; one with an apostrophe, a dash and an accent, as real ones have.
CITIES = [
    "Riverton",
    "Lakeview",
    "Maple Harbor",
    "Northfield Springs",
    "Cedar Point",
    "O'Fallon – São João",
    "Stonebridge",
    "Eastmoor",
    "Willow Bend",
    "Granite Bay Falls",
    "Sunhaven",
    "Oldtown",
    "Fairwater",
]


def make(*, owner, address="", plan="leading-collaboration"):
    """Return an open sample session on the shipped plan (its code), with 13 invented city teams expected."""
    template = Plan.objects.get(code=plan, is_template=True)
    today = timezone.localdate(clock.now())
    workshop = create_workshop(by=owner, plan=template.pk, title=str(template.title), date=today, is_sample=True)
    carry_out(add_teams, workshop, names=CITIES)
    carry_out(edit_workshop, workshop, title=workshop.title, date=today, place="", time_zone="UTC", address=address)
    carry_out(open_workshop, workshop)
    workshop.refresh_from_db()
    return workshop
