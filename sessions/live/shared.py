"""What panels of several audiences show: the stage, the discussion, the way in, a note that is drawn alone."""

from functools import lru_cache

import segno
from django.db.models import Count
from django.utils.html import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy import clock
from sessions.models import Mark, quick
from sessions.models.run import drawn


@lru_cache(maxsize=64)
def qr(text):
    """Return a QR code as inline SVG."""
    code = segno.make(text, error="m", micro=False)
    return mark_safe(  # noqa: S308 - made by segno from numbers only
        code.svg_inline(scale=1, border=2, omitsize=True, svgclass="qr__image", lineclass=None, light="#fff")
    )


def join_address(workshop):
    """Return the address of a session's door: "short", as people type it; "full", as the QR carries it."""
    short = workshop.address.partition("://")[2].rstrip("/")
    return {"short": short, "full": f"{workshop.address.rstrip('/')}/j/{workshop.code}"}


def instruction(workshop, breakout, tables=None):
    """Return the line that says whom to talk to and how long: the seed's own where it is true.

    tables: sizes of this discussion's tables; of one table for the phones that sit there.
    """
    sizes = set(tables or drawn(workshop).table_sizes)
    minutes = breakout.minutes
    if sizes == {3} and minutes == 10:
        return _("Talk to two other cities for 10 minutes")
    if len(sizes) == 1:
        others = sizes.pop() - 1
        cities = ngettext(
            "Talk to the other city at your table", "Talk to the %(n)d other cities at your table", others
        )
        told = cities % {"n": others}
        named = {
            2: _("Talk to the two other cities at your table"),
            3: _("Talk to the three other cities at your table"),
        }
        told = named.get(others, told)
    else:
        told = _("Talk to the other cities at your table")
    lasting = ngettext("for %(n)d minute", "for %(n)d minutes", minutes) % {"n": minutes}
    return f"{told} {lasting}"


def stage_of(workshop):
    """What every picture of the stage needs: the run, the step, what is shown."""
    run = drawn(workshop)
    shown = run.shown
    context = {"run": run, "segment": run.current, "step": run.step, "shown": shown, "now": clock.milliseconds()}
    if run.current and run.step.part == "block":
        kind, _slash, code = run.current.shows[run.step.index].partition("/")
        context["block"] = next((row for row in shown if (row.kind, row.code) == (kind, code)), None)
        context["block_kind"] = kind
    if run.current and run.current.kind == "case" and shown:
        told = run.index if run.step.part in ("fact", "question") else 0
        context["facts"] = list(shown[0].facts.all())[:told]
    if run.current and run.current.kind == "checklist" and shown:
        context |= _checklist(workshop, shown[0], run.step.index)
    return context


def _checklist(workshop, checklist, build):
    items = [item for item in checklist.items.all() if item.build <= build]
    counts = {}
    if workshop.marking:
        marks = Mark.objects.filter(team__workshop=workshop, item__in=items)
        for item, value, n in marks.values_list("item", "value").annotate(n=Count("pk")):
            counts.setdefault(item, {})[value.replace("-", "_")] = n
    for item in items:
        item.mark_counts = counts.get(item.pk, {})
    places = [(place, [i for i in items if i.place_id == place.pk]) for place in checklist.places.all()]
    return {"checklist": checklist, "places": places, "build": build, "marking": workshop.marking}


def discussion_of(workshop, segment):
    """What is said of a discussion beside its clock; empty for another segment."""
    if segment is None or not segment.is_discussion:
        return {}
    breakout = drawn(workshop).breakout
    return {"breakout": breakout, "discussion_step": breakout.step, "instruction": instruction(workshop, breakout)}


def latest_discussion(workshop):
    """The discussion that is on, or that was last."""
    return drawn(workshop).breakout or workshop.breakouts.exclude(starts_at=None).last()


def the_clock(workshop, _subject):
    """The clock alone."""
    return {"breakout": quick.current_breakout(workshop)}


def nothing(_workshop, _subject):
    """What says all it has to say of the session's own row."""
    return {}


def note_of(workshop, pk):
    """Return one of the notes that read_notes() has read; None when it was deleted."""
    return workshop.__dict__["_notes"].get(pk)
