"""What is taught: cases, research, questions, and the two general shapes, taxonomies and checklists.

Texts are language-ready: each field holds one text per language and falls back to English.
"""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

code_validator = RegexValidator(
    r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", _("A code has letters, digits and single hyphens only.")
)


class Coded(models.Model):
    """A row of the library: found by its code, with the source of its wording."""

    code = models.CharField(
        _("code"), max_length=60, validators=[code_validator], help_text=_("Stays the same for ever; exports carry it.")
    )
    source = models.CharField(
        _("source"), max_length=400, blank=True, help_text=_("Where the wording comes from, for organizers.")
    )

    class Meta:
        abstract = True


class Content(Coded):
    """A row that a content file brings, with everything below it."""

    note = models.TextField(
        _("organizer's note"), blank=True, help_text=_("For organizers only: never on a phone or on the screen.")
    )
    # What the file said when it was last loaded: a row that differs from it was edited here, and is kept.
    loaded = models.JSONField(default=dict, editable=False)

    class Meta:
        abstract = True


class Case(Content):
    """A true story about a place that raises a question and leaves the answer open."""

    title = I18nCharField(_("title"))
    place = I18nCharField(_("place"))
    policy_area = I18nCharField(_("policy area"), blank=True)
    protagonist = I18nCharField(_("protagonist"), blank=True)
    question = I18nCharField(_("case question"))
    epilogue = I18nTextField(
        _("epilogue"), blank=True, help_text=_("What happened next, a line each; shown when the facilitator opens it.")
    )
    facilitator_notes = I18nTextField(
        _("facilitator notes"), blank=True, help_text=_("Only the facilitator sees these.")
    )
    epilogue_notes = I18nTextField(
        _("facilitator notes to the epilogue"),
        blank=True,
        help_text=_("The desk shows these once the epilogue is open."),
    )
    citation = models.TextField(_("citation"), blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["code"], name="case_code")]

    def __str__(self):
        return str(self.title)


class Fact(models.Model):
    """One line of a case, shown one by one, each with its own source."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="facts")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text = I18nTextField(_("text"))
    source = models.CharField(_("source"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        ordering = ["order", "pk"]

    def __str__(self):
        return str(self.text)


class Study(Content):
    """A piece of research: what it asked, did and found."""

    title = I18nCharField(_("title"))
    question = I18nTextField(_("question"), blank=True)
    methods = I18nTextField(_("methods"), blank=True, help_text=_("A line each."))
    citation = models.TextField(_("citation"))

    class Meta:
        verbose_name = _("study")
        verbose_name_plural = _("studies")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["code"], name="study_code")]

    def __str__(self):
        return str(self.title)


class Finding(models.Model):
    """One thing a study found."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="findings")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text = I18nTextField(_("text"))
    source = models.CharField(_("source"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["order", "pk"]

    def __str__(self):
        return str(self.text)


class Definition(Content):
    """A term and what it means."""

    term = I18nCharField(_("term"))
    text = I18nTextField(_("text"))

    class Meta:
        verbose_name = _("definition")
        verbose_name_plural = _("definitions")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["code"], name="definition_code")]

    def __str__(self):
        return str(self.term)


class Frame(Content):
    """An opening frame: a title, or two sides with something between them."""

    title = I18nCharField(_("title"), blank=True)
    left = I18nCharField(_("left"), blank=True)
    left_text = I18nCharField(_("left, second line"), blank=True)
    middle = I18nCharField(_("between"), blank=True)
    right = I18nCharField(_("right"), blank=True)
    right_text = I18nCharField(_("right, second line"), blank=True)

    class Meta:
        verbose_name = _("frame")
        verbose_name_plural = _("frames")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["code"], name="frame_code")]

    def __str__(self):
        return str(self.title) or f"{self.left} / {self.right}"


class Resource(Content):
    """Something to read on, under a heading."""

    order = models.PositiveSmallIntegerField(_("order"), default=0)
    heading = I18nCharField(_("heading"))
    url = models.URLField(_("link"), blank=True)

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["code"], name="resource_code")]

    def __str__(self):
        return str(self.heading)


class Taxonomy(Content):
    """Any set of tags: barriers in three categories, five key actions, four criteria, your own.

    With categories, they are the board's columns and terms are tags inside them; without, each term is a column.
    A term without a category stands in the column of its own kind, "other".
    """

    title = I18nCharField(_("title"))
    ask = I18nCharField(
        _("what the phone asks"), blank=True, help_text=_("For example: Which of these is hard for you right now?")
    )
    other = I18nCharField(
        _("name of the other column"), blank=True, help_text=_("Where notes without a term stand. Empty: “Other”.")
    )

    class Meta:
        verbose_name = _("taxonomy")
        verbose_name_plural = _("taxonomies")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["code"], name="taxonomy_code")]

    def __str__(self):
        return str(self.title)


class Category(Coded):
    """A group of terms; a column on the board."""

    taxonomy = models.ForeignKey(Taxonomy, models.CASCADE, related_name="categories")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = I18nCharField(_("title"))

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["taxonomy", "code"], name="category_code")]

    def __str__(self):
        return str(self.title)


class Term(Coded):
    """A tag for notes, with the question that helps to decide on it."""

    taxonomy = models.ForeignKey(Taxonomy, models.CASCADE, related_name="terms")
    category = models.ForeignKey(
        Category, models.CASCADE, related_name="terms", null=True, blank=True, verbose_name=_("category")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text = I18nCharField(_("text"))
    helper = I18nCharField(_("helper question"), blank=True)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["taxonomy", "code"], name="term_code")]

    def __str__(self):
        return str(self.text)


class Checklist(Content):
    """Any checklist with places and builds: the strategic triangle is one."""

    title = I18nCharField(_("title"))

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["code"], name="checklist_code")]

    def __str__(self):
        return str(self.title)


class Place(Coded):
    """Where items of a checklist stand: a corner of the triangle, or its centre."""

    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="places")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = I18nCharField(_("title"))

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["checklist", "code"], name="place_code")]

    def __str__(self):
        return str(self.title)


class Item(Coded):
    """One line of a checklist, at its place, first shown in its build (1, 2, 3 …)."""

    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="items")
    place = models.ForeignKey(Place, models.CASCADE, related_name="items", verbose_name=_("place"))
    build = models.PositiveSmallIntegerField(_("build"), default=1)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text = I18nTextField(_("text"))

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["build", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["checklist", "code"], name="item_code")]

    def __str__(self):
        return str(self.text)


class Prompt(Content):
    """The question the tables talk about, and the taxonomy its notes are sorted by."""

    question = I18nCharField(_("question"))
    taxonomy = models.ForeignKey(
        Taxonomy, models.PROTECT, null=True, blank=True, related_name="prompts", verbose_name=_("taxonomy")
    )

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["code"], name="prompt_code")]

    def __str__(self):
        return str(self.question)
