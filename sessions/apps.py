"""What happens in the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SessionsConfig(AppConfig):
    """The live session. The label is `workshops`, because django.contrib.sessions owns `sessions`."""

    name = "sessions"
    label = "workshops"
    verbose_name = _("Sessions")

    def ready(self):
        """Tell the content loader how a session plan is written."""
        from frameworks import loading
        from sessions.models import plan_kind

        loading.register(plan_kind())
