"""manage.py rehearse"""

import argparse
import json
import sys
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils.translation import gettext as _

from academy import addresses
from sessions import codes, readiness, rehearsing
from sessions.actions import carry_out
from sessions.actions.rehearsing import begin, finish, purge
from sessions.actions.roster import MOST_TEAMS
from sessions.errors import Refusal
from sessions.models import Rehearsal, Workshop

EVERYTHING = ""


class Command(BaseCommand):
    """Let simulated city teams go through a copy of a session, and report. Exit code 1 when a note was lost or doubled.

    The session itself is not touched. Load goes to this machine only, or to a host that is in ALLOWED_HOSTS.
    """

    help = "Rehearses a session that has not begun, with simulated city teams on a copy of it."

    def add_arguments(self, parser):
        """Which server, which session, who comes; or what to delete."""
        parser.add_argument(
            "--url", default="http://127.0.0.1:8000", help="the server, for example http://127.0.0.1:8000"
        )
        parser.add_argument("--code", help="the join code of the session, or what stands for it in the desk's address")
        parser.add_argument("--teams", type=int, metavar="N", help="city teams (its roster's number, or 12)")
        parser.add_argument("--phones", type=int, default=1, metavar="M", help="phones of each city team")
        parser.add_argument("--speed", type=float, default=10, metavar="X", help="1 (as in life) to 60")
        parser.add_argument("--seed", type=int, default=0, metavar="S", help="the same number, the same people")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument(
            "--purge", nargs="?", const=EVERYTHING, metavar="CODE", help="delete what rehearsals left (of one session)"
        )
        # A rehearsal that was begun at the desk, by its id.
        parser.add_argument("--begun", type=int, metavar="ID", help=argparse.SUPPRESS)

    def handle(self, *, url, code, teams, phones, speed, seed, json, purge, begun, **options):
        """Refuse in a sentence, or rehearse and say what came of it."""
        if purge is not None:
            self._purge(purge)
            return
        base = _own(url)
        if begun is not None:
            rehearsal = Rehearsal.objects.filter(pk=begun, stored_state="running").select_related("workshop").first()
            if rehearsal is None:
                raise CommandError(_("There is no rehearsal to run."))
        else:
            rehearsal = _begin(code, teams, phones, speed, seed)
        self._run(rehearsal, base, as_json=json, keep=begun is not None)

    def _run(self, rehearsal, base, as_json, keep):
        try:
            # The server that started it may just be starting again.
            report = rehearsing.run(rehearsal, base, patience=60 if keep else 0)
        except BaseException as failure:
            finish(rehearsal.pk, Rehearsal.State.FAILED, problem=_("It broke off: %s") % type(failure).__name__)
            raise
        if report is None:
            # The desk shows why; nobody else has a use for a copy in which nothing happened.
            if not keep:
                carry_out(purge, rehearsal.workshop.rehearsal_of)
            raise CommandError(rehearsal.problem)
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(readiness.sentences(report)))
            self.stdout.write(_("Delete it again: manage.py rehearse --purge %s") % rehearsal.workshop.code)
        if report["lost"] or report["doubled"] or rehearsal.problem:
            sys.exit(1)

    def _purge(self, code):
        found = Workshop.objects.filter(copies__isnull=False).distinct()
        if code != EVERYTHING:
            workshop = _session(code)
            found = found.filter(pk=workshop.rehearsal_of_id or workshop.pk)
        try:
            n = sum(carry_out(purge, workshop)[0] for workshop in found)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(_("Rehearsals deleted, with everything in them: %d") % n)


def _begin(code, teams, phones, speed, seed):
    if not code:
        raise CommandError(_("Say which session: --code and its join code."))
    workshop = _session(code)
    teams = teams if teams is not None else workshop.teams.filter(admitted=True).count() or 12
    limits = (("teams", teams, 2, MOST_TEAMS), ("phones", phones, 1, 10), ("speed", speed, 1, 60))
    for name, value, least, most in limits:
        if not least <= value <= most:
            raise CommandError(
                _("--%(name)s must be from %(least)d to %(most)d.") % {"name": name, "least": least, "most": most}
            )
    try:
        rehearsal, _messages = carry_out(begin, workshop, by=None, teams=teams, phones=phones, speed=speed, seed=seed)
    except Refusal as refusal:
        raise CommandError(str(refusal)) from None
    return rehearsal


def _session(code):
    workshop = Workshop.objects.filter(Q(code=codes.normal(code)) | Q(slug=code.strip().lower())).first()
    if workshop is None:
        raise CommandError(_("There is no session with the code “%(code)s”.") % {"code": code})
    return workshop


def _own(url):
    """Return the base address of a server that load may go to, or refuse: nobody else's server is rehearsed on."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise CommandError(_("Write --url like http://127.0.0.1:8000, without anything after it."))
    if not (addresses.is_here(parts.hostname) or parts.hostname in settings.ALLOWED_HOSTS):
        raise CommandError(
            _("%(host)s is not this machine and not in ALLOWED_HOSTS. A rehearsal is load: it goes to your own server.")
            % {"host": parts.hostname}
        )
    return f"{parts.scheme}://{parts.netloc}"
