"""A small session to export, made row by row, so that a test says what is in it."""

import uuid
from datetime import UTC, date, datetime, timedelta

from django.contrib.auth import get_user_model

from frameworks.models import Category, Checklist, Item, Place, Taxonomy, Term
from sessions.models import Breakout, CityTeam, Mark, Module, Note, Plan, Seat, Segment, Table, Workshop

TEN = datetime(2026, 9, 14, 8, 0, 30, 123456, tzinfo=UTC)
FORMATS = ["csv", "json", "xlsx", "docx", "html"]


def make_workshop(**fields):
    """A session of 14 September 2026 in Berlin, with no discussion yet."""
    owner, _new = get_user_model().objects.get_or_create(username="organizer")
    plan = Plan.objects.create(code="plan", title="Plan", attribution="Adapted from a plan.", is_template=False)
    Module.objects.create(plan=plan, code="module", title="What is in the way?")
    fields = {"title": "Leading Together", "date": date(2026, 9, 14), "time_zone": "Europe/Berlin"} | fields
    return Workshop.objects.create(owner=owner, plan=plan, place="Old Library", **fields)


def make_discussion(workshop, question="What is in the way?", taxonomy=None, **fields):
    """A discussion that began at ten o'clock in Berlin."""
    order = workshop.breakouts.count() + 1
    module = workshop.plan.modules.get()
    segment = Segment.objects.create(module=module, order=order, kind="discussion", title=question)
    fields = {"tables_shown_at": TEN, "starts_at": TEN, "ends_at": TEN + timedelta(minutes=10)} | fields
    return Breakout.objects.create(
        workshop=workshop, segment=segment, order=order, question=question, taxonomy=taxonomy, **fields
    )


def make_barriers():
    """Two categories with a term each, and a term that stands in the column "other"."""
    taxonomy = Taxonomy.objects.create(code="barriers", title="Barriers", other="Something else")
    for order, (code, title, text) in enumerate([("aims", "Aims", "Agreeing"), ("trust", "Trust", "Trusting, also")]):
        category = Category.objects.create(taxonomy=taxonomy, code=code, order=order, title=title)
        Term.objects.create(taxonomy=taxonomy, category=category, code=f"{code}-term", order=order, text=text)
    Term.objects.create(taxonomy=taxonomy, code="other", order=9, text="In our words")
    return taxonomy


def make_team(workshop, name, state="here"):
    """A city team that is here."""
    return CityTeam.objects.create(workshop=workshop, name=name, state=state)


def make_table(breakout, number, *teams):
    """A table with these city teams."""
    table = Table.objects.create(breakout=breakout, number=number)
    for team in teams:
        Seat.objects.create(breakout=breakout, table=table, team=team)
    return table


def make_note(breakout, team, text, *terms, **fields):
    """A note of a city team, at its table, with terms (codes)."""
    seat = breakout.seats.filter(team=team).first()
    fields = {"question": breakout.question, "created_at": TEN + timedelta(minutes=3)} | fields
    note = Note.objects.create(
        workshop=breakout.workshop,
        breakout=breakout,
        team=team,
        table=seat and seat.table,
        uuid=uuid.uuid4(),
        text=text,
        **fields,
    )
    note.terms.set(Term.objects.filter(code__in=terms))
    return note


def make_marks(workshop, **marks):
    """A checklist of two items; marks: what the city team of this name has marked on the first."""
    checklist = Checklist.objects.create(code="triangle", title="Strategic triangle")
    place = Place.objects.create(checklist=checklist, code="team", title="Collaborative team")
    item = Item.objects.create(checklist=checklist, place=place, code="T01", order=1, text="Build trust")
    Item.objects.create(checklist=checklist, place=place, code="T02", order=2, text="Learn and adjust")
    for name, value in marks.items():
        Mark.objects.create(team=workshop.teams.get(name=name), item=item, value=value)
    return item


def make_full_room():
    """Three cities, two discussions, marks, and each kind of note there is."""
    workshop = make_workshop()
    riverton, lakeview = make_team(workshop, "Riverton"), make_team(workshop, "O'Fallon – São João")
    make_team(workshop, "Nobodyhere", state="expected")
    barriers = make_discussion(workshop, taxonomy=make_barriers())
    ideas = make_discussion(workshop, "Where could you start?")
    make_table(barriers, 41, riverton, lakeview)
    make_table(ideas, 42, riverton, lakeview)
    make_note(barriers, riverton, "Nobody owns the budget", "trust-term", "aims-term", starred=True)
    make_note(barriers, lakeview, "=1+1 is two", "other", late=True, question="What was in the way?")
    make_note(barriers, lakeview, "Insulting", "trust-term", hidden=True)
    make_note(barriers, riverton, "", deleted_at=TEN, from_desk=True)
    make_note(ideas, lakeview, "Two\nlines", from_desk=True, edited_at=TEN + timedelta(minutes=7))
    make_marks(workshop, Riverton="partly")
    return workshop
