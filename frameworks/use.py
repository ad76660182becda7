"""Tells whether anything points at a row: what notes and marks were made with is not taken away."""


def is_used(row, below=()):
    """Whether any row of any table points at this one, rows of the given models (its own lines) apart.

    Deleting a term would silently take it off every note (a many-to-many key cascades), so the loader and
    the admin ask here first, whatever the other table's own rule for deletion is.
    """
    return any(
        relation.related_model not in below
        and relation.related_model._base_manager.filter(**{relation.field.attname: row.pk}).exists()
        for relation in row._meta.get_fields(include_hidden=True)
        if (relation.one_to_many or relation.one_to_one) and relation.auto_created and not relation.concrete
    )
