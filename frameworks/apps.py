"""What is taught."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FrameworksConfig(AppConfig):
    """The content library."""

    name = "frameworks"
    verbose_name = _("What is taught")
