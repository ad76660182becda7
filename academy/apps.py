"""The project itself, so that its commands are found."""

from django.apps import AppConfig


class AcademyConfig(AppConfig):
    """Holds the serve command."""

    name = "academy"
