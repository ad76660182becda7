"""Taking it out."""

import asyncio
import tempfile

from django.contrib.auth.decorators import login_required
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from academy.database import read, read_long, reading_long, write
from sessions import access, exports
from sessions.actions.exporting import take_export


@require_safe
@reading_long
@login_required
def exports_page(request, slug):
    """The formats, and the exports already taken."""
    workshop = access.desk(request, slug, "export")
    context = {
        "workshop": workshop,
        "rights": workshop.rights,
        "formats": exports.FORMATS.values(),
        "taken": workshop.exports_taken.select_related("by"),
        "section": "exports",
    }
    return render(request, "sessions/exports.html", context)


@require_POST
async def export(request, slug, form):
    """The session notes in one format; a POST, because that an export was taken is remembered."""
    workshop = await read(access.desk, request, slug, "export")
    if form not in exports.FORMATS:
        raise Http404
    options = {
        "city_names": "without_city_names" not in request.POST,
        "hidden": "with_hidden" in request.POST,
    }
    file = await read_long(_written, workshop, form, options)
    await write(take_export, workshop, by=await read(access.account, request), format=form, **options)
    name = exports.filename(workshop, form, city_names=options["city_names"])
    response = StreamingHttpResponse(_Pieces(file), content_type=exports.FORMATS[form].content_type)
    response["Content-Length"] = file.seek(0, 2)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _written(workshop, form, options):
    """Return the whole file on disk: what fails half way is an error and no file that breaks off."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        exports.write(file, workshop, form, **options)
    except BaseException:
        file.close()
        raise
    return file


class _Pieces:
    """A file piece by piece from its start, never all of it in memory; the response closes it."""

    PIECE = 64 * 1024

    def __init__(self, file):
        self.file = file

    async def __aiter__(self):
        self.file.seek(0)
        while piece := await asyncio.to_thread(self.file.read, self.PIECE):
            yield piece

    def close(self):
        self.file.close()
