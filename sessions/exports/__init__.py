"""The session notes as files: workshop in, bytes out."""

FORMATS = {}


def export(workshop, format, *, city_names=True, hidden=False):
    """Return the file's bytes."""
    raise NotImplementedError


def filename(workshop, format):
    """Return the name the file is saved under."""
    raise NotImplementedError
