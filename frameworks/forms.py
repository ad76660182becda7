"""Forms of the library's admin: text per language, cleaned; codes made where none is given; lines in order."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.text import slugify
from django.utils.translation import gettext as _
from i18nfield.forms import I18nModelForm, I18nTextarea, I18nTextInput
from i18nfield.strings import LazyI18nString

from frameworks.loading.values import plain
from frameworks.texts import clean_for
from frameworks.use import is_used


class _Boxes:
    """One box for each language; with one language, a plain box that its label belongs to."""

    @property
    def use_fieldset(self):
        """Whether the boxes stand in a group of their own, with the label as its legend."""
        return len(settings.LANGUAGES) > 1

    def render(self, name, value, attrs=None, renderer=None):
        """Render the boxes; a single one does not name its language in grey."""
        alone = {} if self.use_fieldset else {"placeholder": ""}
        return super().render(name, value, {**alone, **(attrs or {})}, renderer)

    def id_for_label(self, id_):
        """Return the id of the first box, so that a click on the label goes there."""
        return f"{id_}_0" if id_ else ""


class LineBoxes(_Boxes, I18nTextInput):
    """A line of text in each language."""


class TextBoxes(_Boxes, I18nTextarea):
    """Some lines of text in each language."""


class LibraryForm(I18nModelForm):
    """A row of the library. Its code may be left empty, and never changes once it is stored."""

    def __init__(self, *args, **kwargs):
        """A stored row's code is shown, not edited: exports and files go by it."""
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            self.fields["code"].required = False
            self.fields["code"].disabled = self.instance.pk is not None
            self.fields["code"].help_text += " " + _("Left empty, it is made from the text.")

    def clean(self):
        """Clean all text as content files are cleaned; languages that have no box here are kept."""
        data = super().clean()
        for name, value in list(data.items()):
            if not isinstance(value, (str, LazyI18nString)) or name in ("code", "url"):
                continue
            try:
                data[name] = self._cleaned(name, value)
            except ValidationError as problem:
                self.add_error(name, problem)
        if data.get("code") == "":
            data["code"] = self.make_code()
        return data

    def make_code(self):
        """Return a code made from the first text."""
        return free_code(self.words, self._meta.model.objects.values_list("code", flat=True))

    @property
    def words(self):
        """The first text that was typed, for a code."""
        texts = (value for value in self.cleaned_data.values() if isinstance(value, LazyI18nString))
        return next((str(text) for text in texts if text), self._meta.model._meta.model_name)

    def _cleaned(self, name, value):
        column = self._meta.model._meta.get_field(name)
        field = self.fields[name]
        if isinstance(value, str):
            text = clean_for(column, value)
            if field.required and not text:
                raise ValidationError(field.error_messages["required"], code="required")
            return text
        texts = {language: clean_for(column, text or "") for language, text in value.data.items()}
        if field.one_required and not any(texts.values()):
            raise ValidationError(field.error_messages["required"], code="required")
        elsewhere = plain(getattr(self.instance, name))
        kept = {language: text for language, text in elsewhere.items() if language not in field.locales}
        return LazyI18nString({**kept, **texts})


class LineForm(LibraryForm):
    """A line below a row. Its order may be left empty: then it comes last."""

    def __init__(self, *args, **kwargs):
        """A new line has no order and no code yet; the set of lines gives both."""
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.fields["order"].required = False
            self.initial["order"] = None

    def make_code(self):
        """Leave it to the set of lines, which knows the others."""
        return ""


class LineFormSet(BaseInlineFormSet):
    """All lines below a row. Lines that are in use stay, and lines name siblings of their own row only."""

    # Form field → related name of the row's own lines it may name.
    siblings = {"category": "categories", "place": "places"}

    def add_fields(self, form, index):
        """Offer a term the categories of its own taxonomy, an item the places of its own checklist."""
        super().add_fields(form, index)
        for name, related in self.siblings.items():
            if field := form.fields.get(name):
                field.queryset = getattr(self.instance, related).all() if self.instance.pk else field.queryset.none()
                field.error_messages["invalid_choice"] = _("Choose one that belongs to this row and is saved already.")
                field.error_messages["required"] = _("Choose one. In a new checklist, save its places first.")

    def clean(self):
        """Refuse to remove what is in use; then give new lines their order and code."""
        forms = [form for form in self.forms if hasattr(form, "cleaned_data") and form.cleaned_data]
        removed = [form for form in forms if self._should_delete_form(form)]
        for form in removed:
            if form.instance.pk and is_used(form.instance):
                raise ValidationError(
                    _("“%(line)s” is in use by notes, marks or other lines, so it cannot be removed."),
                    params={"line": form.instance},
                )
        self._complete([form for form in forms if form not in removed])
        super().clean()

    def _complete(self, forms):
        codes = {form.cleaned_data.get("code") for form in forms}
        last = max((form.cleaned_data.get("order") or 0 for form in forms), default=0)
        for form in forms:
            data = form.cleaned_data
            if data.get("order") is None:
                last += 1
                data["order"] = form.instance.order = last
            if "code" in form.fields and not form.errors and not data.get("code"):
                data["code"] = form.instance.code = free_code(form.words, codes)
                codes.add(data["code"])


def free_code(words, taken):
    """Return a code made from words that is not taken: "who-pays", then "who-pays-2"."""
    stem = slugify(words.replace("_", " "))[:50].strip("-") or "row"
    taken, code, number = set(taken), stem, 2
    while code in taken:
        code, number = f"{stem}-{number}", number + 1
    return code
