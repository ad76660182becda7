"""From YAML trees to checked rows: every row knows its file and lines, so that a mistake can be found."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from frameworks.loading import values
from frameworks.loading.files import BadContent, did_you_mean, line_of, read_files
from frameworks.loading.kinds import REGISTRY, Kind, Shape


@dataclass
class Row:
    """One row of a file as plain data, with the rows below it by key."""

    shape: Shape
    file: str
    line: int
    values: dict = field(default_factory=dict)
    lines: dict = field(default_factory=dict)
    children: dict = field(default_factory=dict)

    @property
    def identity(self):
        """Its code, or its order where it has no code."""
        return self.values[self.shape.identity]

    @property
    def called(self):
        """For sentences: "term 'use-data'", "fact 2"."""
        return called(self.shape, self.identity)

    def bad(self, sentence, column=None, **words):
        """Return the BadContent that points at this row, or at one of its columns."""
        line = self.lines.get(column, self.line)
        return BadContent(self.file, line, sentence % {"row": self.called, "column": column, **words})


def called(shape, identity):
    """Return how a sentence calls a row: "term 'use-data'" by code, "fact 2" by order."""
    return f"{shape.name} '{identity}'" if shape.identity == "code" else f"{shape.name} {identity}"


def read_rows(directory):
    """Return {kind key: rows} of all files of a folder, each checked; raises BadContent for the first mistake."""
    library = {key: [] for key in REGISTRY}
    for file, tree in read_files(directory):
        if tree is None:
            continue
        if not isinstance(tree, dict):
            raise BadContent(file, 1, _("a content file starts with a kind, such as 'cases:'."))
        for key, nodes in tree.items():
            if key not in REGISTRY:
                raise BadContent(
                    file,
                    line_of(tree, key),
                    _("'%(key)s' is no kind of content.%(hint)s") % {"key": key, "hint": did_you_mean(key, REGISTRY)},
                )
            library[key] += _rows(REGISTRY[key], nodes, file, line_of(tree, key))
    for rows in library.values():
        _refuse_doubles(rows)
    _check_references(library)
    return library


def _rows(shape, nodes, file, line):
    if not isinstance(nodes, list):
        raise BadContent(file, line, _("'%s' must be a list: begin each row with a dash.") % shape.key)
    return [_row(shape, node, file, line_of(nodes, at), at + 1) for at, node in enumerate(nodes)]


def _row(shape, node, file, line, position):
    if not isinstance(node, dict):
        raise BadContent(file, line, _("this %s must be a list of keys and values.") % shape.name)
    row = Row(shape, file, line)
    below = {child.key: child for child in shape.children}
    known = (*shape.columns, *below)
    for key in node:
        row.lines[key] = line_of(node, key)
        if key not in known:
            raise BadContent(
                file,
                row.lines[key],
                _("a %(name)s has no '%(key)s'.%(hint)s")
                % {"name": shape.name, "key": key, "hint": did_you_mean(key, known)},
            )
    for column in shape.columns:
        row.values[column] = _value(row, node, column, position)
    for key, child in below.items():
        row.children[key] = _rows(child, node[key], file, row.lines[key]) if key in node else []
        _refuse_doubles(row.children[key])
    _check_local(row)
    return row


def _value(row, node, column, position):
    field = row.shape.model._meta.get_field(column)
    if column not in node:
        if column == "order" and not isinstance(row.shape, Kind):
            return position
        if values.is_required(field):
            raise BadContent(
                row.file, row.line, _("this %(name)s has no '%(key)s'.") % {"name": row.shape.name, "key": column}
            )
        return values.default(field)
    try:
        return values.from_file(field, node[column])
    except ValidationError as problem:
        sentence = f"'{column}' {problem.messages[0]}"
        raise BadContent(row.file, row.lines[column], sentence) from None


def _refuse_doubles(rows):
    seen = {}
    for row in rows:
        first = seen.setdefault(row.identity, row)
        if first is not row:
            raise row.bad(
                _("the %(row)s is there already (%(file)s, line %(line)d)."),
                row.shape.identity,
                file=first.file,
                line=first.line,
            )


def _check_local(row):
    """Refuse a term whose category, or an item whose place, is not among its own siblings."""
    for child in row.shape.children:
        for column, key in child.local.items():
            codes = [sibling.identity for sibling in row.children[key]]
            for one in row.children[child.key]:
                code = one.values[column]
                if code is not None and code not in codes:
                    raise one.bad(
                        _("the %(row)s names %(column)s '%(code)s', which this %(parent)s does not have.%(hint)s"),
                        column,
                        code=code,
                        parent=row.shape.name,
                        hint=did_you_mean(code, codes),
                    )


def _check_references(library):
    """Refuse a code that is neither in a file nor in the library."""
    codes = {}
    for key, kind in REGISTRY.items():
        codes[kind.model] = {row.identity for row in library[key]} | set(kind.rows.values_list("code", flat=True))
    for key, rows in library.items():
        for row in rows:
            _check_row(row, codes, REGISTRY[key])


def _check_row(row, codes, kind):
    for column, model in row.shape.references.items():
        code = row.values[column]
        if code is not None and code not in codes[model]:
            raise row.bad(
                _("the %(row)s names %(kind)s '%(code)s', which is in no file and not in the library.%(hint)s"),
                column,
                kind=model._meta.verbose_name,
                code=code,
                hint=did_you_mean(code, codes[model]),
            )
    for column in row.shape.addresses:
        for address in row.values[column]:
            if address != kind.model._meta.model_name:
                _check_address(row, column, address, codes)
    for children in row.children.values():
        for child in children:
            _check_row(child, codes, kind)


def _check_address(row, column, address, codes):
    """Refuse a "kind/code" that names nothing. (A bare "plan" in a plan stands for itself.)"""
    known = {model._meta.model_name: model for model in codes}
    name, _slash, code = address.partition("/")
    there = codes[known[name]] if name in known else ()
    if code not in there:
        hint = did_you_mean(address, [f"{name}/{one}" for one in there] or [f"{one}/{code}" for one in known])
        raise row.bad(
            _("the %(row)s shows '%(address)s', which does not exist.%(hint)s"), column, address=address, hint=hint
        )
