"""The organizers' library: Django's admin, one page for a row with all its lines in order."""

import json

from django.contrib import admin
from django.db import models as columns
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from frameworks import models
from frameworks.forms import LibraryForm, LineBoxes, LineForm, LineFormSet, TextBoxes
from frameworks.use import is_used

BOXES = {
    I18nCharField: {"widget": LineBoxes, "widget_kwargs": {"attrs": {"class": "vTextField"}}},
    I18nTextField: {"widget": TextBoxes, "widget_kwargs": {"attrs": {"class": "vLargeTextField", "rows": 3}}},
    columns.URLField: {"assume_scheme": "https"},
}


class LibraryAdmin(admin.ModelAdmin):
    """A kind of row. texts: the columns per language that search looks through, beside the plain `search_fields`."""

    form = LibraryForm
    formfield_overrides = BOXES
    texts = ()
    search_fields = ("code", "source", "note")
    search_help_text = _("Search in all texts, codes and sources.")
    # Related name of the lines that notes or marks may point at.
    used_lines = None

    def get_search_results(self, request, queryset, search_term):
        """Find rows in which every word occurs somewhere.

        Texts per language are JSON in the database, on which i18nfield allows no lookups and in which "ó" is
        written "\\u00f3": so the column is cast to text, and the word is looked for as JSON writes it.
        """
        texts = {f"text{number}": Cast(path, columns.TextField()) for number, path in enumerate(self.texts)}
        queryset = queryset.alias(**texts)
        for word in search_term.split():
            match = Q()
            for name in self.search_fields:
                match |= Q(**{f"{name}__icontains": word})
            for name in texts:
                match |= Q(**{f"{name}__icontains": json.dumps(word)[1:-1]})
            queryset = queryset.filter(match)
        return queryset, any("__" in path for path in self.texts)

    def get_deleted_objects(self, objs, request):
        """Protect a row whose lines are in use: deleting it would take terms off notes without a word."""
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        below = [inline.model for inline in self.inlines]
        lines = [line for one in objs for line in getattr(one, self.used_lines).all()] if self.used_lines else []
        return deleted, counts, missing, protected + [str(line) for line in lines if is_used(line, below)]


class Lines(admin.TabularInline):
    """Lines below a row, in their order."""

    form = LineForm
    formset = LineFormSet
    formfield_overrides = BOXES
    extra = 0


class Facts(Lines):
    """What is known of a case, line by line."""

    model = models.Fact
    fields = ("order", "text", "source")


class Findings(Lines):
    """What a study found, line by line."""

    model = models.Finding
    fields = ("order", "text", "source")


class Categories(Lines):
    """The groups of a taxonomy's terms."""

    model = models.Category
    fields = ("order", "title", "code", "source")


class Terms(Lines):
    """A taxonomy's tags."""

    model = models.Term
    fields = ("order", "text", "category", "helper", "code", "source")


class Places(Lines):
    """Where a checklist's items stand."""

    model = models.Place
    fields = ("order", "title", "code", "source")


class Items(Lines):
    """A checklist's lines."""

    model = models.Item
    fields = ("build", "order", "text", "place", "code", "source")


@admin.register(models.Case)
class CaseAdmin(LibraryAdmin):
    """Cases with their facts."""

    list_display = ("title", "place", "policy_area", "code")
    fields = (
        ("title", "place"),
        ("policy_area", "protagonist"),
        "question",
        "epilogue",
        "facilitator_notes",
        "epilogue_notes",
        "citation",
        "code",
        "source",
        "note",
    )
    search_fields = (*LibraryAdmin.search_fields, "citation")
    texts = ("title", "place", "policy_area", "protagonist", "question", "epilogue", "facts__text")
    inlines = (Facts,)


@admin.register(models.Study)
class StudyAdmin(LibraryAdmin):
    """Studies with their findings."""

    list_display = ("title", "citation", "code")
    fields = ("title", "question", "methods", "citation", "code", "source", "note")
    search_fields = (*LibraryAdmin.search_fields, "citation")
    texts = ("title", "question", "methods", "findings__text")
    inlines = (Findings,)


@admin.register(models.Definition)
class DefinitionAdmin(LibraryAdmin):
    """Definitions."""

    list_display = ("term", "text", "code")
    fields = ("term", "text", "code", "source", "note")
    texts = ("term", "text")


@admin.register(models.Frame)
class FrameAdmin(LibraryAdmin):
    """Opening frames."""

    list_display = ("__str__", "middle", "code")
    fields = ("title", ("left", "left_text"), "middle", ("right", "right_text"), "code", "source", "note")
    texts = ("title", "left", "left_text", "middle", "right", "right_text")


@admin.register(models.Resource)
class ResourceAdmin(LibraryAdmin):
    """Things to read on."""

    list_display = ("heading", "order", "url", "code")
    fields = ("heading", "url", "order", "code", "source", "note")
    search_fields = (*LibraryAdmin.search_fields, "url")
    texts = ("heading",)


@admin.register(models.Taxonomy)
class TaxonomyAdmin(LibraryAdmin):
    """Sets of tags: the shipped ones, and an organizer's own."""

    list_display = ("title", "ask", "code")
    fields = ("title", "ask", "other", "code", "source", "note")
    texts = ("title", "ask", "categories__title", "terms__text", "terms__helper")
    inlines = (Categories, Terms)
    used_lines = "terms"


@admin.register(models.Checklist)
class ChecklistAdmin(LibraryAdmin):
    """Checklists with their places and items."""

    list_display = ("title", "code")
    fields = ("title", "code", "source", "note")
    texts = ("title", "places__title", "items__text")
    inlines = (Places, Items)
    used_lines = "items"


@admin.register(models.Prompt)
class PromptAdmin(LibraryAdmin):
    """The questions of the discussions."""

    list_display = ("question", "taxonomy", "code")
    list_select_related = ("taxonomy",)
    fields = ("question", "taxonomy", "code", "source", "note")
    texts = ("question",)
