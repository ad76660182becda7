"""Remembering which exports were taken."""

from sessions.models import ExportTaken


def take_export(workshop, *, by, format, city_names, hidden):
    """Note that an account (None: the command line) took an export, and with what in it."""
    options = [] if city_names else ["without-city-names"]
    if hidden:
        options.append("with-hidden")
    return ExportTaken.objects.create(workshop=workshop, by=by, format=format, options=" ".join(options))
