"""A session plan: modules of timed segments. A session runs on its own copy."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from frameworks import library
from frameworks.models import Content, Prompt

_any_time = [MinValueValidator(0), MaxValueValidator(240)]


class BoardSetting(models.TextChoices):
    """When the text of notes may be seen by everybody."""

    NUMBERS = "numbers", _("Numbers while they talk, text on “Show the board”")
    AT_ONCE = "at-once", _("Text at once")
    RELEASED = "released", _("Text when released")


class Plan(Content):
    """The ordered, timed template a session is started from, or a session's own copy of it."""

    title = I18nCharField(_("title"))
    subtitle = I18nCharField(_("subtitle"), blank=True)
    attribution = models.TextField(_("attribution"), blank=True)
    is_template = models.BooleanField(_("sessions can be started from it"), default=True, editable=False)

    class Meta:
        verbose_name = _("session plan")
        verbose_name_plural = _("session plans")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["code"], name="plan_code", condition=models.Q(is_template=True))]

    def __str__(self):
        return str(self.title)

    def copy(self):
        """Return a session's own copy: editing the template later never changes a running session."""
        modules = list(self.modules.prefetch_related("segments"))
        mine = Plan.objects.create(
            code=self.code,
            source=self.source,
            title=self.title,
            subtitle=self.subtitle,
            attribution=self.attribution,
            is_template=False,
        )
        for module in modules:
            segments = list(module.segments.all())
            module.pk = None
            module.plan = mine
            module._state.adding = True
            module.save()
            for segment in segments:
                segment.pk = None
                segment.module = module
                segment._state.adding = True
                segment.save()
        return mine

    def segments(self):
        """All segments in their order, modules before segments."""
        return Segment.objects.filter(module__plan=self).select_related("module", "prompt__taxonomy")


class Module(models.Model):
    """One of the plan's parts, titled with a question."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="modules")
    code = models.CharField(_("code"), max_length=60)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = I18nCharField(_("title"))
    topic = I18nCharField(_("topic"), blank=True)

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="module_code")]

    def __str__(self):
        return str(self.title)


class Segment(models.Model):
    """One timed step of a module."""

    class Kind(models.TextChoices):
        INFO = "info", _("Info")
        CASE = "case", _("Case")
        INSIGHTS = "insights", _("Insights from research")
        EPILOGUE = "epilogue", _("Epilogue")
        DISCUSSION = "discussion", _("Small-group discussion")
        CHECKLIST = "checklist", _("Checklist")

    module = models.ForeignKey(Module, models.CASCADE, related_name="segments")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    title = I18nCharField(_("title"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=5, validators=_any_time, help_text=_("For a discussion: the minutes of talk.")
    )
    find_minutes = models.PositiveSmallIntegerField(_("minutes to find the table"), default=0, validators=_any_time)
    board_minutes = models.PositiveSmallIntegerField(_("minutes for the board"), default=0, validators=_any_time)
    shows = models.JSONField(
        _("shows"),
        default=list,
        blank=True,
        help_text=_("What it shows, in order, as a list of kind/code, for example case/hartford."),
    )
    prompt = models.ForeignKey(
        Prompt, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("question")
    )
    board_setting = models.CharField(
        _("board"), max_length=10, choices=BoardSetting.choices, default=BoardSetting.NUMBERS
    )
    skipped = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["module__order", "module_id", "order", "pk"]

    def __str__(self):
        return str(self.title)

    @property
    def is_discussion(self):
        return self.kind == self.Kind.DISCUSSION

    @property
    def planned_minutes(self):
        """All its minutes: a discussion also finds its tables and reads the board."""
        return self.find_minutes + self.minutes + self.board_minutes

    def shown(self):
        """The library rows it shows, in order; what was deleted since is left out."""
        return library.find_all(self.shows)

    def steps(self):
        """What the wall shows one after another in this segment: a list of Step, never empty.

        A case reveals its facts one by one and then its question; a checklist grows by builds; an epilogue
        is closed before it is opened; a discussion finds tables, talks, and reads the board.
        """
        return library.steps(self.kind, self.shows)


def plan_kind():
    """How a plan is written in a content file, for frameworks.loading."""
    from frameworks.loading import Child, Kind

    segments = Child(
        key="segments",
        model=Segment,
        parent="module",
        fields=("order", "kind", "title", "minutes", "find_minutes", "board_minutes", "shows", "board_setting"),
        references={"prompt": Prompt},
        addresses=("shows",),
    )
    modules = Child(
        key="modules", model=Module, parent="plan", fields=("code", "order", "title", "topic"), children=(segments,)
    )
    return Kind(
        key="plans",
        model=Plan,
        fields=("code", "source", "note", "title", "subtitle", "attribution"),
        where={"is_template": True},
        children=(modules,),
    )
