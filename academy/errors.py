"""The pages a person sees when something is not as it should be: a sentence, what to do, no traceback.

They are rendered without the database, so that they stand when it does not.
"""

import logging
import sys

from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.translation import gettext as _

from academy import outage


def sentence_page(request, status, sentence, what_to_do="", back=""):
    """Return a page that says one sentence, or the bare sentence to a script (Accept: text/plain, or htmx).

    back: the address of the page it leads back to; else it leads to the door.
    """
    from django.http import HttpResponse

    if wants_text(request):
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    context = {"sentence": sentence, "what_to_do": what_to_do, "back": back}
    return render(request, "sentence.html", context, status=status)


def wants_text(request):
    """Whether the answer goes to a page's script rather than to a person."""
    return request.headers.get("HX-Request") == "true" or request.headers.get("Accept", "").startswith("text/plain")


def too_large(limit):
    """The sentence for a body of more than `limit` bytes."""
    return _("This is too large: at most %(size)d KB can be sent at once.") % {"size": limit // 1024}


def bad_request(request, exception=None):
    """400."""
    return sentence_page(request, 400, _("This request could not be read."), _("Go back and try again."))


def not_found(request, exception=None):
    """404: also what a stranger sees of a page that exists, so that nobody learns which ones do."""
    return sentence_page(
        request,
        404,
        _("There is nothing here for you."),
        _("If you were in a session, enter its code again, or ask the facilitator for it."),
    )


def not_allowed(request, response):
    """405 for the address of a command that somebody opened, which Django answers with an empty page."""
    page = sentence_page(
        request, 405, _("This address is only for sending."), _("Go back to the page you came from, or enter a code.")
    )
    page["Allow"] = response["Allow"]
    return page


def forbidden(request, exception=None):
    """403."""
    return sentence_page(request, 403, _("This is not open to you."), _("Sign in with an account that may do it."))


def server_error(request):
    """500: our mistake, said as such; or 503, when it was the database that could not serve."""
    if outage.noticed(sys.exc_info()[1]):
        return database_away(request)
    return sentence_page(
        request,
        500,
        _("Something went wrong on our side."),
        _("What you typed is still on your page: go back and try again."),
    )


def database_away(request):
    """503: nothing was stored, and soon something will be."""
    response = sentence_page(
        request,
        503,
        _("Nothing can be stored or read just now."),
        _("What you typed is still on your page: go back and try again in a moment."),
    )
    response["Retry-After"] = "2"
    return response


def csrf_failure(request, reason=""):
    """403 for a form that is too old, or came from elsewhere.

    A person gets a fresh token by reloading. A page's script gets it in a header, with its cookie where that was
    missing, and sends once more. That tells another site nothing: no header of ours lets one read an answer (no
    Access-Control-Allow-Origin anywhere), and a token is worthless without the cookie that no other site can set.
    """
    response = sentence_page(
        request,
        403,
        _("This page was open for too long to be trusted."),
        _("Reload it and send again; what you typed is kept on the page until then."),
    )
    if wants_text(request):
        response["X-CSRFToken"] = get_token(request)
    return response


def too_many_logins(request, credentials=None, *args, **kwargs):
    """429 after five wrong passwords."""
    response = sentence_page(request, 429, _("Too many wrong passwords."), _("Wait a minute, then try again."))
    response["Retry-After"] = "60"
    return response


class RefusalsInOneLine(logging.Filter):
    """Leaves the traceback off a request that was refused: it only says where Django noticed, and fills the log."""

    def filter(self, record):
        """Keep every line but one for each request during an outage, which academy.outage says once."""
        if getattr(record, "status_code", None) == 503:
            return False
        if record.levelno < logging.ERROR or record.name.startswith("django.security"):
            record.exc_info = None
        return True
