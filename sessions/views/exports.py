"""Taking it out."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from academy.database import read, reading, write
from sessions import access, exports
from sessions.actions.exporting import take_export


@require_safe
@reading
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
    content = await read(exports.export, workshop, form, **options)
    await write(take_export, workshop, by=await request.auser(), format=form, **options)
    name = exports.filename(workshop, form, city_names=options["city_names"])
    response = HttpResponse(content, content_type=exports.FORMATS[form].content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
