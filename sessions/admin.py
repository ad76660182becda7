"""Session plans in the organizers' library: a plan with its modules, a module with its segments."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frameworks import library
from frameworks.admin import LibraryAdmin, Lines
from frameworks.forms import LineForm
from sessions.models import Module, Plan, Segment


class ShownField(forms.CharField):
    """What a segment shows, one address a line, as the list that is stored."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": 3, "cols": 30}), **kwargs)

    def prepare_value(self, value):
        """Return the list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        """Return the lines as a list; every address must be in the library."""
        addresses = [line.strip() for line in (value or "").splitlines() if line.strip()]
        if wrong := library.check(addresses):
            raise ValidationError(
                _("“%(address)s” is not in the library. Write kind/code, for example case/hartford."),
                params={"address": wrong},
            )
        return addresses


class SegmentForm(LineForm):
    """A segment; a discussion needs a question."""

    shows = ShownField(
        required=False,
        label=gettext_lazy("shows"),
        help_text=gettext_lazy("In order, an address a line: case/hartford, study/jpart, taxonomy/barriers, plan …"),
    )

    def clean(self):
        """Refuse a discussion without a question."""
        data = super().clean()
        if data.get("kind") == Segment.Kind.DISCUSSION and not data.get("prompt"):
            self.add_error("prompt", _("A discussion needs a question."))
        return data


class Segments(Lines):
    """The timed steps of a module."""

    model = Segment
    form = SegmentForm
    fields = ("order", "kind", "title", "minutes", "find_minutes", "board_minutes", "prompt", "shows", "board_setting")


class Modules(Lines):
    """The parts of a plan; each has a page of its own for its segments."""

    model = Module
    fields = ("order", "code", "title", "topic", "segments")
    readonly_fields = ("segments",)

    @admin.display(description=gettext_lazy("segments"))
    def segments(self, module):
        """Lead to the module's page."""
        if module.pk is None:
            return _("Save first, then add its segments.")
        address = reverse("admin:workshops_module_change", args=[module.pk])
        count = module.segments.count()
        return format_html('<a href="{}">{}</a>', address, _("%(n)d segments: open") % {"n": count})


@admin.register(Plan)
class PlanAdmin(LibraryAdmin):
    """Session plans that sessions can be started from. A session has its own copy, which is changed at its desk."""

    fields = ("code", "title", "subtitle", "attribution", "source", "note")
    list_display = ("title", "code", "planned_minutes")
    texts = ("title", "subtitle")
    inlines = [Modules]

    def get_queryset(self, request):
        """Show templates only, never a session's own copy."""
        return super().get_queryset(request).filter(is_template=True)

    @admin.display(description=gettext_lazy("minutes"))
    def planned_minutes(self, plan):
        """The sum of its segments' minutes."""
        return sum(segment.planned_minutes for segment in plan.segments())


@admin.register(Module)
class ModuleAdmin(LibraryAdmin):
    """A module's page: its segments in order. Reached from its plan."""

    fields = ("title", "topic")
    list_display = ("title", "plan")
    search_fields = ("code",)
    texts = ("title", "topic")
    inlines = [Segments]

    def get_queryset(self, request):
        """Show modules of templates only."""
        return super().get_queryset(request).filter(plan__is_template=True).select_related("plan")

    def has_module_permission(self, request):
        """Leave it out of the index: a module is part of a plan."""
        return False

    def has_add_permission(self, request):
        """A module is added on its plan's page."""
        return False
