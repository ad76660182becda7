"""How much of a body is read at all."""


def limit_bodies(application, limit):
    """Wrap an ASGI application: it gets at most `limit` bytes of a body, and always the body's length.

    Django's handler stores a body whole before any middleware sees its request, so a phone could fill the disk;
    and a body in chunks has no length a middleware could refuse. What is too long arrives cut, with its length.
    """

    async def limited(scope, receive, send):
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        headers = [*scope["headers"]]
        has_length = any(name == b"content-length" for name, _value in headers)
        seen, ended = 0, False

        async def read():
            nonlocal seen, ended
            message = await receive()
            while ended and message["type"] == "http.request":
                message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > limit:
                    message = {"type": "http.request", "body": b""}
                ended = not message.get("more_body", False)
                if ended and not has_length:
                    headers.append((b"content-length", str(seen).encode()))
            return message

        await application({**scope, "headers": headers}, read, send)

    return limited
