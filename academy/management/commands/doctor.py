"""manage.py doctor"""

import sys

from django.core.management.base import BaseCommand

from academy import doctor


class Command(BaseCommand):
    """Refuse dangerous or impossible settings in words."""

    help = "Says what is dangerous or impossible in the settings, a line each; exit code 1 if anything is."
    requires_system_checks = []

    def handle(self, *args, **options):
        """Print each refusal on a line of its own."""
        if found := doctor.refusals():
            sys.exit("\n".join(found))
        self.stdout.write("All is well.")
