"""Loads the content library from its files."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frameworks.loading import BadContent, load

SHIPPED = Path(__file__).resolve().parents[2] / "content"


class Command(BaseCommand):
    """`manage.py load_content [DIR] [--overwrite]`: idempotent, and refuses bad content with file and line."""

    help = gettext_lazy(
        "Load the content library from YAML files. Loading again changes only what changed in the files."
    )

    def add_arguments(self, parser):
        """The folder, and whether the files win over what organizers edited."""
        parser.add_argument(
            "directory",
            nargs="?",
            type=Path,
            default=SHIPPED,
            help=_("folder with *.yaml; the shipped one when left out"),
        )
        parser.add_argument("--overwrite", action="store_true", help=_("also replace rows that were edited here"))

    def handle(self, *, directory, overwrite, **options):
        """Load, and say in a few lines what was done."""
        try:
            report = load(directory, overwrite=overwrite)
        except BadContent as problem:
            raise CommandError(_("Nothing was loaded. %s") % problem) from None
        for line in report.lines() or [_("There was nothing to load.")]:
            self.stdout.write(line)
