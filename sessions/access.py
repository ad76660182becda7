"""Who is behind this browser, and which doors open. Asked by views and sockets alike; strangers get 404.

A code is short and a session's address is no secret, so the answer to a stranger never tells whether
a thing exists.
"""

from dataclasses import dataclass
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Q
from django.http import Http404, parse_cookie
from django.utils import translation

from sessions import codes
from sessions.errors import NotLetIn
from sessions.live import streams
from sessions.models import Device, Wall, Workshop, quick

ORGANIZERS = "Organizers"


@dataclass(frozen=True)
class Listener:
    """A screen and what it may hear: streams of one session, in one shape (audience) and language."""

    workshop: Workshop
    streams: tuple
    audience: str
    language: str
    identities: tuple
    device: Device | None = None


# Cookies. Each holds a random token whose hash is stored; behind TLS it is bound to this very host.


def cookie_name(kind, slug=""):
    """Return the name of a phone's ("phone") or a wall's ("wall") cookie; a phone may be in several sessions."""
    name = f"{kind}-{slug}" if slug else kind
    return f"__Host-{name}" if settings.BEHIND_TLS else name


def give_cookie(response, kind, token, slug=""):
    """Let the browser keep a token for 30 days."""
    response.set_cookie(
        cookie_name(kind, slug),
        token,
        max_age=30 * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=settings.BEHIND_TLS,
    )


# Phones.


def device_or_none(cookies, slug):
    """Return the Device behind these cookies in the session, with team and session, or None."""
    token = cookies.get(cookie_name("phone", slug), "")
    if not token:
        return None
    known = quick.device(codes.hashed(token))
    if known is None or known.workshop.slug != slug or known.released_at is not None:
        return None
    return known


def device(request, slug):
    """Return the Device behind this browser, or raise Http404."""
    found = device_or_none(request.COOKIES, slug)
    if found is None:
        raise Http404
    return found


def writer(request, slug):
    """Return the Device of somebody who may write: with a city team that was admitted. Else Http404."""
    found = device(request, slug)
    if found.team is None or not found.team.admitted:
        raise Http404
    return found


def released(request, slug):
    """Return the Device of a city team's phone that was taken out, to hand in what it still holds. Else Http404."""
    token = request.COOKIES.get(cookie_name("phone", slug), "")
    gone = Device.objects.select_related("workshop", "team").exclude(released_at=None)
    found = gone.filter(token_hash=codes.hashed(token), workshop__slug=slug, team__admitted=True).first()
    if found is None:
        raise Http404
    return found


def open_session(code):
    """Return the session whose doors this code opens, or None: unknown, rotated, not open and closed look the same."""
    found = quick.session_of_code(codes.normal(code))
    return found if found is not None and found.is_open else None


def session_of_phone(code, cookies):
    """Return the session of this code that the browser is in already, whatever its state, or None.

    Somebody who comes back after the close finds their notes; to everybody else the code stays dead.
    """
    found = quick.session_of_code(codes.normal(code))
    return found if found is not None and device_or_none(cookies, found.slug) is not None else None


# The desk.


def account(request):
    """Return the signed-in account or an anonymous one, read from the database now."""
    request.user.is_active  # noqa: B018
    return request.user


def is_organizer(user):
    """Whether this account sees and exports all sessions."""
    return user.is_active and (user.is_superuser or user.groups.filter(name=ORGANIZERS).exists())


def sessions_of(user):
    """Return the sessions an account may see: its own, those it helps to run, all for an organizer."""
    if not user.is_authenticated:
        return Workshop.objects.none()
    if is_organizer(user):
        return Workshop.objects.all()
    mine = Workshop.objects.filter(Q(owner=user) | Q(facilitators=user))
    return mine.distinct()


def may(user, workshop):
    """Return what an account may do with a session: any of "see", "export", "run", "delete"."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if workshop.owner_id == user.pk:
        return frozenset({"see", "export", "run", "delete"})
    rights = {"see", "export"} if is_organizer(user) else set()
    if workshop.facilitators.filter(pk=user.pk).exists():
        rights |= {"see", "export", "run"}
    return frozenset(rights)


def desk(request, slug, right="see"):
    """Return the session, when the signed-in account has this right to it; else raise Http404."""
    workshop = quick.session_of_slug(slug)
    if workshop is None:
        raise Http404
    workshop.rights = may(request.user, workshop)
    if right not in workshop.rights:
        raise Http404
    return workshop


# The wall.


def wall_of(cookies):
    """Return the Wall this browser is, connected or not, or None."""
    token = cookies.get(cookie_name("wall"), "")
    return Wall.objects.filter(token_hash=codes.hashed(token)).select_related("workshop").first() if token else None


def _wall(cookies, user, slug):
    """Return (session, identities) of a wall: a connected screen, or the laptop of somebody who sees the session."""
    screen = wall_of(cookies)
    if screen is not None and screen.workshop is not None and screen.workshop.slug == slug:
        return screen.workshop, (f"wall-{screen.pk}",)
    workshop = quick.session_of_slug(slug)
    if workshop is not None and "see" in may(user, workshop):
        return workshop, (f"user-{user.pk}",)
    return None, ()


# Who listens to what: one function for pages, catch-up and sockets.


def listener(kind, slug, *, cookies, user, language):
    """Return the Listener behind a browser for a kind of screen, or raise NotLetIn.

    kind: "phone", "board" (the board on a phone), "wall", "desk". cookies: a mapping. user: a callable that
    returns the signed-in account; it is only asked where an account matters.
    """
    if kind in ("phone", "board"):
        return _phone_listener(kind, slug, cookies, language)
    if kind == "wall":
        workshop, identities = _wall(cookies, user(), slug)
        heard, language = (streams.STAGE, streams.BOARD), workshop.language if workshop else language
    elif kind == "desk":
        workshop = Workshop.objects.filter(slug=slug).first()
        allowed = workshop is not None and "see" in may(user(), workshop)
        workshop, identities = (workshop, (f"user-{user().pk}",)) if allowed else (None, ())
        heard = (streams.DESK,)
    else:
        workshop = None
    if workshop is None:
        raise NotLetIn("not let in")
    return Listener(workshop, heard, kind, language, (*identities, f"workshop-{workshop.pk}"))


def _phone_listener(kind, slug, cookies, language):
    found = device_or_none(cookies, slug)
    if found is None:
        raise NotLetIn("released")
    identities = (f"device-{found.pk}", f"workshop-{found.workshop_id}")
    if found.team is not None:
        identities += (found.team.stream,)
    heard = [streams.STAGE]
    if kind == "board" or found.team is None:
        heard.append(streams.BOARD)
    if kind == "phone" and found.team is not None:
        heard.append(found.team.stream)
    return Listener(found.workshop, tuple(heard), "phone", language, identities, found)


def page_listener(request, kind, slug):
    """Return the Listener behind a page, or raise Http404."""
    try:
        return listener(
            kind, slug, cookies=request.COOKIES, user=lambda: request.user, language=translation.get_language()
        )
    except NotLetIn:
        raise Http404 from None


def socket_listener(scope, kind, slug, language):
    """Return the Listener behind a socket's cookies, or raise NotLetIn."""
    header = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    # As pages read them. A cookie that PostgreSQL could not look for is nobody's (academy.middleware refuses a page's).
    cookies = {name: value for name, value in parse_cookie(header).items() if "\0" not in value}
    user = _user_once(cookies)
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    return listener(kind, slug, cookies=cookies, user=user, language=known)


def _user_once(cookies):
    asked = []

    def user():
        if not asked:
            session = SessionStore(cookies.get(settings.SESSION_COOKIE_NAME))
            asked.append(get_user(SimpleNamespace(session=session)))
        return asked[0]

    return user
