"""A rehearsal's report in words: is this session ready for a room?"""

from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def sentences(report):
    """Return what a report (sessions/rehearsal/report.py) says, a sentence each: the verdict first."""
    return [
        *([report["why"]] if report["why"] else []),
        *_notes(report),
        *_people(report),
        *_times(report),
        *(_("At the desk: %(sentence)s") % {"sentence": sentence} for sentence in report["refused"][:3]),
        *_speeds(report),
    ]


def in_minutes(report):
    """Return the segments of a report with whole minutes: [{"title", "planned", "took"}]."""
    return [
        {"title": segment["title"], "planned": round(segment["planned_s"] / 60), "took": round(segment["took_s"] / 60)}
        for segment in report["segments"]
    ]


def _notes(report):
    if report["lost"] or report["doubled"]:
        yield _("%(lost)d notes were lost and %(doubled)d were doubled. Do not rely on this installation yet.") % report
        yield from (*report["missing"][:5], *report["twice"][:5])
    else:
        yield _("Nothing was lost: all %(typed)d notes are stored once, on the desk's list and in the export.") % report
    if report["sent_later"]:
        told = _(
            "%(sent_later)d of them were written without a network and came by themselves, within %(longest_wait_s)s s."
        )
        yield told % report


def _people(report):
    yield _("%(teams)d city teams with %(phones)d phones took part, at %(speed)g times the speed of life.") % report
    for line in report["not_come"][:5]:
        yield _("Could not come in: %(line)s") % {"line": line}


def _times(report):
    """How each module, and the whole, would have run: in whole minutes, and only where it matters."""
    segments = report["segments"]
    for module, of_module in groupby(segments, key=lambda segment: segment["module"]):
        minutes = _minutes(of_module)
        if minutes:
            yield _off(_("“%(what)s”") % {"what": module}, minutes)
    if len(segments) < report["planned_segments"]:
        yield _("It went through %(n)d of %(all)d segments.") % {"n": len(segments), "all": report["planned_segments"]}
        return
    minutes = _minutes(segments)
    yield _off(_("The session"), minutes) if minutes else _("The session would take the time that is planned.")


def _minutes(segments):
    return round(sum(segment["drift_s"] for segment in segments) / 60)


def _off(what, minutes):
    if minutes > 0:
        text = ngettext("%(what)s would run %(n)d minute over.", "%(what)s would run %(n)d minutes over.", minutes)
    else:
        text = ngettext("%(what)s would end %(n)d minute early.", "%(what)s would end %(n)d minutes early.", -minutes)
    return text % {"what": what, "n": abs(minutes)}


def _speeds(report):
    for name, told in (
        ("ack_ms", _("Half of the notes were stored within %(p50)d ms, 95 of 100 within %(p95)d, all within %(max)d.")),
        ("wall_ms", _("On the wall they counted within %(p50)d ms, 95 of 100 within %(p95)d, all within %(max)d.")),
    ):
        if report[name]["n"]:
            yield told % report[name]
