"""How long a text of the library may be, and its cleaning: one rule for files and for the admin."""

from django.db import models
from i18nfield.fields import I18nCharField

from academy.text import clean_text

LINE = 500
TEXT = 5000


def clean_for(field, text):
    """Return text as a model field stores it; raises ValidationError with a sentence.

    A field of one line loses its line breaks and holds its max_length or 500 characters; other text 5000.
    """
    is_text = isinstance(field, models.TextField) and not isinstance(field, I18nCharField)
    return clean_text(text, limit=field.max_length or (TEXT if is_text else LINE), lines=is_text)
