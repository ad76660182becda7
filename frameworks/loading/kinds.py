"""Which kinds of rows a content file may hold. Other apps add theirs with `register`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Model

from frameworks import models


class Shape:
    """What Kind and Child have in common: how one model is written in a file."""

    @property
    def columns(self):
        """The names of all fields a file may give, references and local names among them."""
        return tuple(dict.fromkeys((*self.fields, *self.references, *self.local)))

    @property
    def identity(self):
        """The field by which a row is found again when the file is loaded a second time."""
        return "code" if "code" in self.columns else "order"

    @property
    def name(self):
        """What people call such a row, in lower case."""
        return self.model._meta.verbose_name


@dataclass(frozen=True, eq=False)
class Child(Shape):
    """Rows below a row, found by `code` where they have one, else by `order`.

    parent: name of the foreign key to the row above. local: column → key of the siblings it names by
    code (a term's category); these siblings stand before it in `children`. An `order` that the file leaves
    out is the place in the list, from 1; no unique constraint may hold it, since rows change places one by one.
    The rest as in Kind.
    """

    key: str
    model: type[Model]
    parent: str
    fields: tuple[str, ...]
    references: Mapping[str, type[Model]] = field(default_factory=dict)
    children: tuple["Child", ...] = ()
    local: Mapping[str, str] = field(default_factory=dict)
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Kind(Shape):
    """A kind of row at the top of a file, found by its `code`.

    key: the word in the file ("cases"). model: needs `code` and `loaded`, see models.Content. fields: plain
    columns; `code` need not be named. references: column → model found by code, in any file or in the
    library; register a kind after the kinds it refers to. addresses: columns with a list of "kind/code"
    (or a bare "kind": the row itself), each checked. where: filters that a row of the library passes, when
    the model's table also holds other rows (a session's own copy of a plan).
    """

    key: str
    model: type[Model]
    fields: tuple[str, ...]
    references: Mapping[str, type[Model]] = field(default_factory=dict)
    children: tuple[Child, ...] = ()
    local: Mapping[str, str] = field(default_factory=dict)
    addresses: tuple[str, ...] = ()
    where: Mapping[str, object] = field(default_factory=dict)

    @property
    def columns(self):
        """The code first, then what the kind names."""
        return tuple(dict.fromkeys(("code", *super().columns)))

    @property
    def rows(self):
        """A queryset of all rows of this kind in the library."""
        return self.model.objects.filter(**self.where)


REGISTRY: dict[str, Kind] = {}


def register(kind):
    """Tell the loader of one more kind of row; telling it twice changes nothing."""
    REGISTRY[kind.key] = kind


_content = ("source", "note")
_line = ("order", "text", "source")
_group = ("code", "order", "title", "source")

register(
    Kind(
        "cases",
        models.Case,
        ("title", "place", "policy_area", "protagonist", "question", "epilogue")
        + ("facilitator_notes", "epilogue_notes", "citation")
        + _content,
        children=(Child("facts", models.Fact, "case", _line),),
    )
)
register(
    Kind(
        "studies",
        models.Study,
        ("title", "question", "methods", "citation", *_content),
        children=(Child("findings", models.Finding, "study", _line),),
    )
)
register(Kind("definitions", models.Definition, ("term", "text", *_content)))
register(Kind("frames", models.Frame, ("title", "left", "left_text", "middle", "right", "right_text", *_content)))
register(Kind("resources", models.Resource, ("order", "heading", "url", *_content)))
register(
    Kind(
        "taxonomies",
        models.Taxonomy,
        ("title", "ask", "other", *_content),
        children=(
            Child("categories", models.Category, "taxonomy", _group),
            Child(
                "terms",
                models.Term,
                "taxonomy",
                ("code", "order", "text", "helper", "source"),
                local={"category": "categories"},
            ),
        ),
    )
)
register(
    Kind(
        "checklists",
        models.Checklist,
        ("title", *_content),
        children=(
            Child("places", models.Place, "checklist", _group),
            Child(
                "items",
                models.Item,
                "checklist",
                ("code", "build", "order", "text", "source"),
                local={"place": "places"},
            ),
        ),
    )
)
register(Kind("prompts", models.Prompt, ("question", *_content), references={"taxonomy": models.Taxonomy}))
