"""Reads what the cities marked on checklists."""

from frameworks.models import Item
from sessions.exports.notes import ChecklistRow, ItemRow
from sessions.exports.plain import writable
from sessions.models import Mark


def read_checklists(workshop, *, city_names):
    """Return a ChecklistRow for each checklist with at least one mark of this session: two queries."""
    marks = {}
    found = Mark.objects.filter(team__workshop=workshop).order_by("team__key", "team_id")
    for item, value, city in found.values_list("item_id", "value", "team__name"):
        marks.setdefault(item, {}).setdefault(value, []).append(writable(city))
    checklists = {}
    items = Item.objects.filter(checklist__items__in=list(marks)).distinct()
    for item in items.select_related("checklist", "place").order_by(
        "checklist_id", "place__order", "build", "order", "pk"
    ):
        checklists.setdefault(item.checklist, []).append(_item(item, marks.get(item.pk, {}), city_names))
    return tuple(ChecklistRow(row.code, writable(row.title), tuple(items)) for row, items in checklists.items())


def _item(item, marks, city_names):
    cities = {value: tuple(marks.get(value, ())) for value in Mark.Value.values}
    return ItemRow(
        code=item.code,
        text=writable(item.text),
        place=writable(item.place.title),
        counts={value: len(names) for value, names in cities.items()},
        cities=cities if city_names else None,
    )
