"""The door: a code, a city team, and in."""

import contextlib
import logging
import operator
from functools import lru_cache, reduce

from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from academy.database import read
from sessions import access, codes, throttle
from sessions.actions import joining, perform
from sessions.errors import Refusal
from sessions.forms import JoinForm
from sessions.models import quick
from sessions.views.commands import done

log = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
async def join(request):
    """The code field. A code that opens nothing is answered the same way whatever the reason."""
    typed = request.POST.get("code", "")[:40]
    if request.method != "POST":
        return await read(render, request, "sessions/join.html", {"typed": request.GET.get("code", "")[:40]})
    workshop = await read(access.open_session, typed)
    if workshop is not None:
        return redirect("join-session", code=workshop.code)
    return await _back_in(request, typed) or await _wrong_code(request, typed)


async def _back_in(request, code):
    """Lead a phone that is in already to its page, also after the close; None for anybody else."""
    own = await read(access.session_of_phone, code, request.COOKIES)
    return redirect("phone", slug=own.slug) if own is not None else None


async def _wrong_code(request, typed):
    wait = throttle.codes.wrong(request.META.get("REMOTE_ADDR", ""))
    status = 429 if wait else 404
    if wait:
        log.warning("many wrong codes from one address")
    context = {"typed": typed, "wrong": True, "wait": wait}
    response = await read(render, request, "sessions/join.html", context, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _city_page(request, workshop, form=None, device=None, status=200):
    """The list of city teams, with who is already here."""
    phones = quick.phones_by_team(workshop)
    own = device.team_id if device else None
    choices = [
        _city_choice(pk, key, name, phones.get(pk, 0), pk == own, get_language())
        for pk, key, name in workshop.teams.filter(admitted=True).values_list("pk", "key", "name")
    ]
    # As one text: it stays one that is safe when nothing but such are added.
    cities = reduce(operator.add, choices) if choices else ""
    context = {
        "workshop": workshop,
        "cities": cities,
        "many": len(choices) > MANY,
        "form": form or JoinForm(),
        "device": device,
    }
    return render(request, "sessions/choose_city.html", context, status=status)


# More city teams than this are looked up by their name.
MANY = 12


@lru_cache(maxsize=1000)
def _city_choice(pk, key, name, phones, is_own, _language):
    """One row of the list, drawn once as long as it says the same: a room that comes in draws the list by hundreds."""
    context = {"pk": pk, "key": key, "name": name, "phones": phones, "is_own": is_own}
    return render_to_string("sessions/_city_choice.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
async def join_session(request, code):
    """Choose the city team and come in; a phone that is in already goes straight on."""
    workshop = await read(access.open_session, code)
    if workshop is None:
        return await _back_in(request, code) or await _wrong_code(request, code[:40])
    known = await read(access.device_or_none, request.COOKIES, workshop.slug)
    if known is not None:
        return redirect("phone", slug=workshop.slug)
    if request.method != "POST":
        return await read(_city_page, request, workshop)
    return await _enter(request, workshop, None)


async def _enter(request, workshop, device):
    form = JoinForm(request.POST)
    if not form.is_valid():
        return await read(_city_page, request, workshop, form, device, 422)
    try:
        _device, token = await perform(
            joining.join, workshop, device=device.pk if device else None, **form.cleaned_data
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return await read(_city_page, request, workshop, form, device, 409)
    response = HttpResponseRedirect(reverse("phone", args=[workshop.slug]))
    response.status_code = 303
    if token:
        access.give_cookie(response, "phone", token, workshop.slug)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
async def change_city(request, slug):
    """ "Not Riverton? Change": the same phone, another city team."""
    device = await read(access.device, request, slug)
    if request.method != "POST":
        return await read(_city_page, request, device.workshop, None, device)
    return await _enter(request, device.workshop, device)


@require_http_methods(["GET", "HEAD", "POST"])
async def continue_elsewhere(request):
    """Go on with this phone where another one was, by its personal code."""
    context = {"code": request.POST.get("code", request.GET.get("code", ""))[:40]}
    if request.method != "POST":
        return await read(render, request, "sessions/continue.html", context)
    workshop = await read(access.open_session, context["code"])
    personal = request.POST.get("personal_code", "")[:40]
    try:
        if workshop is None or len(codes.normal(personal)) != codes.LENGTH:
            raise Refusal(_("The session's code or the personal code is not right. Look at the first phone again."))
        _device, token = await perform(joining.continue_elsewhere, workshop, personal_code=personal)
    except Refusal as refusal:
        wait = throttle.codes.wrong(request.META.get("REMOTE_ADDR", ""))
        context |= {"problem": str(refusal)}
        return await read(render, request, "sessions/continue.html", context, status=429 if wait else 422)
    response = HttpResponseRedirect(reverse("phone", args=[workshop.slug]))
    response.status_code = 303
    access.give_cookie(response, "phone", token, workshop.slug)
    return response


@require_POST
async def leave(request, slug):
    """Take this phone out; what it wrote stays with its city."""
    device = await read(access.device, request, slug)
    with contextlib.suppress(Refusal):
        await perform(joining.leave, device.workshop, device=device.pk)
    response = done(request, reverse("join"))
    response.delete_cookie(access.cookie_name("phone", slug))
    response["Clear-Site-Data"] = '"cache"'
    return response
