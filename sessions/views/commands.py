"""How a command is answered: done, refused in words, or not understood."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from academy.database import read
from academy.errors import sentence_page, wants_text
from sessions import access
from sessions.actions import perform
from sessions.errors import Refusal, TooFast


def _back(request):
    """Return the page of this site a plain form came from, or ""."""
    wanted = request.POST.get("next") or request.headers.get("Referer", "")
    allowed = {request.get_host()}
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed, require_https=request.is_secure()) else ""


def done(request, to):
    """Answer a command that was carried out: 204 to a page's script, 303 back to a page for a plain form."""
    if wants_text(request):
        return HttpResponse(status=204)
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        to = wanted
    response = HttpResponseRedirect(to)
    response.status_code = 303
    return response


def refused(request, refusal):
    """Answer with the sentence of a Refusal: 409, or 429 and the seconds to wait."""
    what_to_do = _("Look how things stand, and try again.")
    return hold(sentence_page(request, refusal.status, str(refusal), what_to_do, back=_back(request)), refusal)


def hold(response, refusal):
    """Add to an answer when what was refused may come again."""
    if isinstance(refusal, TooFast):
        response["Retry-After"] = str(refusal.seconds)
    return response


def invalid(request, form):
    """Answer 422 with what is wrong with a form, a sentence each."""
    sentences = []
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else None
        sentences += [f"{label}: {error}" if label else str(error) for error in errors]
    return sentence_page(request, 422, " ".join(sentences), _("Change it and send it again."), back=_back(request))


def _checked(request, slug, right, form):
    """Return the session of a command whose sender may give it, with its form checked: one question to the database."""
    workshop = access.desk(request, slug, right)
    form.is_valid()
    return workshop


def desk_command(action, form_class, right="run"):
    """Make the view of a desk's command: who may, the form, the action, the answer."""

    @require_POST
    async def view(request, slug):
        form = form_class(request.POST, request.FILES)
        workshop = await read(_checked, request, slug, right, form)
        if not form.is_valid():
            return invalid(request, form)
        try:
            await perform(action, workshop, **form.cleaned_data)
        except Refusal as refusal:
            return refused(request, refusal)
        return done(request, reverse("desk-session", args=[slug]))

    view.__doc__ = action.__doc__
    view.__name__ = action.__name__
    return view
