"""Django's ASGI handler without a thread per request.

Django makes a thread for each request, to send its signals and to close the response there, and runs plain views on
it; each such thread opens a database connection of its own. Here every database call runs on the few long-lived
threads of academy/database.py, plain views (sign-in, the library) included, so that thread has nothing to do.
"""

from asgiref.sync import iscoroutinefunction
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.asgi import get_script_prefix as script_prefix
from django.urls import set_script_prefix
from django.utils.decorators import sync_and_async_middleware

from academy import database


class Pages(ASGIHandler):
    """One request: read, answered, closed, all on the server's loop."""

    async def __call__(self, scope, receive, send):
        """Answer a request. A browser that hangs up ends nothing: what it sent is stored all the same."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with body:
            set_script_prefix(script_prefix(scope))
            request, response = self.create_request(scope, body)
            if response is None:
                response = await self.run_get_response(request)
            try:
                await self.send_response(response, send)
            finally:
                response.close()


@sync_and_async_middleware
def plain_views(get_response):
    """Middleware: a view that is a plain function runs on the reader threads, its template included."""
    if not iscoroutinefunction(get_response):
        return lambda request: get_response(request)

    async def pass_on(request):
        return await get_response(request)

    async def process_view(request, callback, args, kwargs):
        if iscoroutinefunction(callback):
            return None
        return await database.read_long(_answer, callback, request, args, kwargs)

    pass_on.process_view = process_view
    return pass_on


def _answer(callback, request, args, kwargs):
    response = callback(request, *args, **kwargs)
    if callable(getattr(response, "render", None)) and not response.is_rendered:
        response = response.render()
    return response
