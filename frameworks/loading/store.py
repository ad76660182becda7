"""Writes checked rows into the library: what is new, what changed, and nothing else."""

from dataclasses import dataclass, field
from pathlib import Path

from django.db import models, transaction
from i18nfield.fields import I18nFieldMixin
from i18nfield.strings import LazyI18nString

from frameworks.loading import values
from frameworks.loading.kinds import REGISTRY
from frameworks.loading.report import Report
from frameworks.loading.rows import called, read_rows
from frameworks.use import is_used


@dataclass
class Stored:
    """A row of the database with the rows below it by key, in their order."""

    instance: models.Model
    children: dict = field(default_factory=dict)


def load(directory, overwrite=False):
    """Load all content files of a folder; return a Report. Raises BadContent, and then nothing is written.

    A row whose content here differs from what was last loaded was edited by an organizer: it is kept with
    everything below it, unless overwrite. Rows below keep their primary keys (notes point at terms); those
    the file no longer has are removed, unless something points at them. Rows that no file names stay.
    """
    report = Report()
    library = read_rows(Path(directory))  # before the transaction: parsing takes a while, and a room may be writing
    with transaction.atomic():
        for kind in REGISTRY.values():
            _store_kind(kind, library[kind.key], overwrite, report)
    return report


def _store_kind(kind, rows, overwrite, report):
    found = kind.rows.filter(code__in=[row.identity for row in rows])
    here = {stored.instance.code: stored for stored in _gather(kind, found)}
    for row in rows:
        stored = here.get(row.identity)
        now = stored and _snapshot(kind, stored)
        if stored and not overwrite and now != _wanted(row) and not _agrees(kind, now, stored.instance.loaded):
            report.kept.append((kind, row.identity))
            continue
        instance, changed = _write(row, stored, report)
        _remember(kind, instance, now if stored and not changed else None)
        outcome = report.created if stored is None else report.updated if changed else report.unchanged
        outcome.append((kind, row.identity))


def _gather(shape, queryset):
    """Return the rows of a queryset as Stored, with one query for each kind of row below."""
    related = [*shape.references, *shape.local]
    stored = [Stored(instance) for instance in (queryset.select_related(*related) if related else queryset)]
    by_pk = {one.instance.pk: one for one in stored}
    for child in shape.children:
        for one in stored:
            one.children[child.key] = []
        parent = child.model._meta.get_field(child.parent)
        for below in _gather(child, child.model.objects.filter(**{f"{child.parent}__in": list(by_pk)})):
            by_pk[getattr(below.instance, parent.attname)].children[child.key].append(below)
    return stored


def _snapshot(shape, stored):
    """Return a stored row and all below it as plain data, in the form of `_wanted`."""
    data = {column: values.from_row(_field(shape, column), stored.instance) for column in shape.columns}
    for child in shape.children:
        data[child.key] = _sorted(child, [_snapshot(child, below) for below in stored.children[child.key]])
    return data


def _wanted(row):
    """Return a file's row and all below it as plain data."""
    data = dict(row.values)
    for child in row.shape.children:
        data[child.key] = _sorted(child, [_wanted(below) for below in row.children[child.key]])
    return data


def _sorted(shape, snapshots):
    return sorted(snapshots, key=lambda one: (one[shape.identity], repr(one)))


def _agrees(shape, now, then):
    """Whether a row is as it was loaded. A column that is newer than that load does not count."""
    return (
        bool(then)
        and all(now[column] == then[column] for column in shape.columns if column in then)
        and all(
            len(now[child.key]) == len(then[child.key])
            and all(_agrees(child, *pair) for pair in zip(now[child.key], then[child.key], strict=True))
            for child in shape.children
            if child.key in then
        )
    )


def _write(row, stored, report, parent=None, siblings=None):
    """Make the stored row say what the file's row says; return (instance, whether anything was written)."""
    shape = row.shape
    instance = stored.instance if stored else shape.model(**({shape.parent: parent} if parent else {}))
    columns = [
        column
        for column in shape.columns
        if stored is None or values.from_row(_field(shape, column), instance) != row.values[column]
    ]
    for column in columns:
        _set(shape, instance, column, row.values[column], siblings)
    if stored is None:
        instance.save()
    elif columns:
        instance.save(update_fields=columns)
    below = _write_children(row, stored, instance, report)
    return instance, stored is None or bool(columns) or below


def _write_children(row, stored, instance, report):
    changed, leftovers, written = False, [], {}
    for child in row.shape.children:
        here = {}
        for below in stored.children[child.key] if stored else ():
            identity = getattr(below.instance, child.identity)
            if here.setdefault(identity, below) is not below:
                leftovers.append((child, below.instance))  # two with one order: the first is matched
        written[child.key] = {}
        for one in row.children[child.key]:
            below, was_changed = _write(one, here.pop(one.identity, None), report, instance, written)
            written[child.key][one.identity] = below
            changed = changed or was_changed
        leftovers += [(child, below.instance) for below in here.values()]
    for child, leftover in reversed(leftovers):  # terms before the categories they stand in
        changed = _remove(child, leftover, row, report) or changed
    return changed


def _remove(shape, instance, row, report):
    if _in_use(shape, instance):
        report.in_use.append(f"{row.called}: {called(shape, getattr(instance, shape.identity))}")
        return False
    instance.delete()
    return True


def _in_use(shape, instance):
    """Whether something outside the library points at a row or at any row below it."""
    if is_used(instance, below=[child.model for child in shape.children]):
        return True
    return any(
        _in_use(child, below)
        for child in shape.children
        for below in child.model.objects.filter(**{child.parent: instance})
    )


def _set(shape, instance, column, value, siblings):
    field = _field(shape, column)
    if column in shape.local:
        setattr(instance, column, siblings[shape.local[column]][value] if value is not None else None)
    elif column in shape.references:
        model = shape.references[column]
        setattr(instance, column, model.objects.get(code=value) if value is not None else None)
    else:
        setattr(instance, column, LazyI18nString(value) if isinstance(field, I18nFieldMixin) else value)


def _remember(kind, instance, snapshot):
    """Keep what the row says now, to tell later whether it was edited here."""
    if snapshot is None:
        snapshot = _snapshot(kind, _gather(kind, kind.rows.filter(pk=instance.pk))[0])
    if instance.loaded != snapshot:
        instance.loaded = snapshot
        instance.save(update_fields=["loaded"])


def _field(shape, column):
    return shape.model._meta.get_field(column)
