"""One value of a content file, checked against its model field and turned into plain data."""

from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from i18nfield.fields import I18nFieldMixin
from i18nfield.strings import LazyI18nString
from ruamel.yaml.scalarbool import ScalarBoolean

from frameworks.loading.files import did_you_mean
from frameworks.texts import clean_for


def is_required(field):
    """Whether a file has to give this field."""
    return not (field.blank or field.null or field.has_default())


def from_file(field, value):
    """Return what a file says for a field as plain data; raises ValidationError with half a sentence.

    Text is a str; a text per language a dict, where plain text means English; numbers stay numbers; a JSON
    field is a list of words; a foreign key is the code of the row it names.
    """
    if value is None or value == "":
        if is_required(field):
            raise ValidationError(_("is empty: write its text."))
        raise ValidationError(_("is empty: write something, or leave the key out."))
    if isinstance(field, I18nFieldMixin):
        return _by_language(field, value)
    if isinstance(field, models.JSONField):
        return _words(value)
    if isinstance(field, models.BooleanField):
        if value is not True and value is not False:
            raise ValidationError(_("must be true or false."))
        return value
    if isinstance(field, models.IntegerField):
        if not isinstance(value, int) or isinstance(value, (bool, ScalarBoolean)):
            raise ValidationError(_("must be a whole number."))
        return _checked(field, int(value))
    text = _text(field, value)
    return text if field.is_relation else _checked(field, text)


def from_row(field, instance):
    """Return what a stored row says for a field, in the form `from_file` gives."""
    if field.is_relation:
        related = getattr(instance, field.name)
        return related and related.code
    value = getattr(instance, field.attname)
    return plain(value) if isinstance(field, I18nFieldMixin) else value


def default(field):
    """Return what a field is when the file leaves it out, in the form `from_file` gives."""
    if field.is_relation:
        return None
    return {} if isinstance(field, I18nFieldMixin) else field.get_default()


def plain(value):
    """Return a text per language as a dict without empty languages; plain text counts as English."""
    data = value.data if isinstance(value, LazyI18nString) else value
    if isinstance(data, dict):
        return {language: text for language, text in data.items() if text}
    return {"en": str(data)} if data else {}


def _by_language(field, value):
    if not isinstance(value, dict):
        return {"en": _text(field, value)}
    for language in value:
        if language not in LANG_INFO:
            raise ValidationError(
                _("has the language '%(word)s', which is not known.%(hint)s")
                % {"word": language, "hint": did_you_mean(language, LANG_INFO)}
            )
    if not value:
        raise ValidationError(_("is empty: write its text."))
    return {str(language): _text(field, text) for language, text in value.items()}


def _text(field, value):
    if not isinstance(value, str):
        raise ValidationError(_("must be text: put it between quotes."))
    try:
        text = clean_for(field, str(value))
    except ValidationError as problem:
        raise ValidationError(_("cannot be stored. %s") % problem.messages[0]) from None
    if not text:
        raise ValidationError(_("is empty: write its text."))
    return text


def _words(value):
    if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
        raise ValidationError(_("must be a list of words."))
    return [str(word).strip() for word in value]


def _checked(field, value):
    try:
        return field.clean(value, None)
    except ValidationError as problem:
        raise ValidationError(_("is '%(value)s': %(why)s") % {"value": value, "why": problem.messages[0]}) from None
