"""manage.py export_notes"""

import shutil
import sys
import tempfile

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils.translation import gettext as _

from sessions import codes, exports
from sessions.actions.exporting import take_export
from sessions.models import Workshop


class Command(BaseCommand):
    """`manage.py export_notes CODE --format F --output FILE`: the same bytes as the desk's export, also remembered."""

    help = "Writes the notes of a session to a file, as the desk does."

    def add_arguments(self, parser):
        """Which session, which format, where to, and what goes in."""
        parser.add_argument("code", help="the session's join code, or what stands for it in the desk's address")
        parser.add_argument("--format", required=True, choices=exports.FORMATS)
        parser.add_argument("--output", required=True, metavar="FILE", help="the file to write; - for standard output")
        parser.add_argument("--without-city-names", action="store_true", help="leave out cities, tables and times")
        parser.add_argument("--with-hidden", action="store_true", help="add the notes that were hidden from the board")

    def handle(self, *, code, format, output, without_city_names, with_hidden, **options):
        """Write the file, then remember that it was taken. It is made in full first: a failure spoils no old file."""
        workshop = Workshop.objects.filter(Q(code=codes.normal(code)) | Q(slug=code.strip().lower())).first()
        if workshop is None:
            raise CommandError(_("There is no session with the code “%(code)s”.") % {"code": code})
        choices = {"city_names": not without_city_names, "hidden": with_hidden}
        with tempfile.TemporaryFile() as whole:
            exports.write(whole, workshop, format, **choices)
            size = whole.tell()
            whole.seek(0)
            self._put(whole, output)
        take_export(workshop, by=None, format=format, **choices)
        if output != "-":
            self.stdout.write(_("%(file)s is written (%(size)d bytes).") % {"file": output, "size": size})

    def _put(self, whole, output):
        try:
            if output == "-":
                shutil.copyfileobj(whole, sys.stdout.buffer)
                sys.stdout.buffer.flush()
                return
            with open(output, "wb") as file:
                shutil.copyfileobj(whole, file)
        except OSError as problem:
            sentence = _("%(file)s cannot be written (%(reason)s). Choose another place with --output.")
            raise CommandError(
                sentence % {"file": _("Standard output") if output == "-" else output, "reason": problem.strerror}
            ) from problem
