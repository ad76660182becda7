"""What every answer gets, and what no request may do."""

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.utils.decorators import sync_and_async_middleware

from academy import errors


def _both(before=None, after=None):
    """Make one middleware for sync and async handlers from a check before and a touch after."""

    @sync_and_async_middleware
    def middleware(get_response):
        if iscoroutinefunction(get_response):

            async def handle(request):
                refusal = before(request) if before else None
                response = refusal or await get_response(request)
                return after(request, response) if after else response

        else:

            def handle(request):
                refusal = before(request) if before else None
                response = refusal or get_response(request)
                return after(request, response) if after else response

        return handle

    return middleware


def _too_large(request):
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    limit = settings.BODY_LIMIT
    if request.content_type == "multipart/form-data":
        limit = settings.UPLOAD_LIMIT
    if length > limit:
        return errors.sentence_page(request, 413, errors.too_large(limit))
    return None


def _unreadable(request):
    """Refuse what no browser of a person sends, and what Django or PostgreSQL would fail on instead of refusing.

    A form in another encoding (some of Python's make half characters out of it), and a NUL in an address or a cookie.
    """
    charset = request.content_params.get("charset", "utf-8").strip().lower()
    asked = request.path + request.META.get("QUERY_STRING", "").replace("%00", "\0")
    if charset not in ("utf-8", "utf8") or "\0" in asked or any("\0" in value for value in request.COOKIES.values()):
        return errors.bad_request(request)
    return _too_large(request)


def _no_store(request, response):
    """Notes of city officials stay out of caches and of the back button after leaving; an empty 405 gets a sentence."""
    if response.status_code == 405 and not response.content:
        response = errors.not_allowed(request, response)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    return response


refuse_unreadable = _both(before=_unreadable)
no_store = _both(after=_no_store)
