"""The desk's rehearsal: start it, watch it, read what came of it."""

import subprocess
import sys
import threading
import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.database import read, write
from sessions import access, readiness
from sessions.actions import perform, rehearsing
from sessions.errors import Refusal
from sessions.forms import SPEEDS, RehearseForm
from sessions.models import CityTeam, Rehearsal
from sessions.models.run import Run
from sessions.views.commands import done


def _page(request, slug, form=None, status=200):
    workshop = access.desk(request, slug, "run")
    rehearsal = Rehearsal.objects.filter(workshop__rehearsal_of=workshop).select_related("workshop").first()
    minutes = sum(segment.planned_minutes for segment in Run(workshop).segments if not segment.skipped)
    context = {
        "workshop": workshop,
        "rights": workshop.rights,
        "rehearsal": rehearsal,
        "sentences": readiness.sentences(rehearsal.report) if rehearsal and rehearsal.report else [],
        "segments": readiness.in_minutes(rehearsal.report) if rehearsal and rehearsal.report else [],
        "form": form or RehearseForm(initial=_likely(workshop, rehearsal)),
        "speeds": [(speed, max(1, round(minutes / speed))) for speed in SPEEDS],
        "page_uuid": uuid.uuid4(),
        "section": "rehearse",
    }
    return render(request, "sessions/rehearse.html", context, status=status)


def _likely(workshop, rehearsal):
    """What the form offers: as the last time, else the whole roster."""
    if rehearsal is not None:
        teams = rehearsal.workshop.teams.count()
        return {"teams": teams, "phones": rehearsal.phones, "speed": int(rehearsal.speed)}
    coming = workshop.teams.filter(admitted=True).exclude(state=CityTeam.State.NOT_COMING).count()
    return {"teams": coming if coming > 1 else 12, "phones": 2, "speed": 10}


@require_http_methods(["GET", "HEAD", "POST"])
async def rehearse_page(request, slug):
    """Rehearse a session that has not begun: simulated city teams go through a copy of it on this very server."""
    if request.method != "POST":
        return await read(login_required(_page), request, slug)
    workshop = await read(access.desk, request, slug, "run")
    form = RehearseForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            rehearsal = await perform(rehearsing.begin, workshop, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            if rehearsal is not None:
                await write(_start, rehearsal, request.META["SERVER_PORT"])
            return done(request, reverse("desk-rehearse", args=[slug]))
    return await read(_page, request, slug, form, status)


def _start(rehearsal, port):
    """Let manage.py rehearse run beside the server, against the port this request came to; it outlives a restart."""
    command = [sys.executable, settings.BASE_DIR / "manage.py", "rehearse"]
    command += ["--begun", str(rehearsal.pk), "--url", f"http://127.0.0.1:{port}"]
    try:
        with open(settings.DATA_DIR / "rehearsal.log", "wb") as log:
            process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
    except OSError as problem:
        sentence = _("It could not be started on this machine (%(reason)s).") % {"reason": problem.strerror}
        rehearsing.finish(rehearsal.pk, Rehearsal.State.FAILED, problem=sentence)
        return
    # Somebody has to ask how it ended, or the system keeps its entry for ever.
    threading.Thread(target=process.wait, daemon=True).start()
