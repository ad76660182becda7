"""The screens of a prepared room, all open: phones with their own cookies, a wall and a desk for each session."""

import asyncio
from dataclasses import dataclass

from bench import client, sockets


@dataclass
class Phone:
    """One phone: its team (id), its cookie, its socket."""

    team: int
    cookies: dict
    ear: sockets.Ear = None


@dataclass
class Audience:
    """Everybody in one session. desk: the signed-in Browser that gives the commands."""

    session: dict
    desk: client.Browser
    phones: list
    wall: sockets.Ear = None
    desk_ear: sockets.Ear = None

    @property
    def ears(self):
        """All sockets of this session."""
        return [*(phone.ear for phone in self.phones if phone.ear), self.wall, self.desk_ear]


async def gather(ports, room, listening=None):
    """Open every screen of every session and wait until each has had its first word; returns [Audience].

    ports: those of the processes, which take turns. listening: how many phones of a session open a socket (all).
    """
    desk = await client.desk_of(ports[0], room)
    audiences = [_audience(ports, desk, session) for session in room["sessions"]]
    for audience in audiences:
        await desk.page(f"/desk/{audience.session['slug']}/")
        phones = audience.phones[:listening]
        ears = await sockets.open_all(
            sockets.listen(
                ports[index % len(ports)], f"/live/phone/{audience.session['slug']}?language=en", phone.cookies
            )
            for index, phone in enumerate(phones)
        )
        for phone, ear in zip(phones, ears, strict=True):
            phone.ear = ear
        slug = audience.session["slug"]
        audience.wall = await sockets.listen(ports[-1], f"/live/wall/{slug}?language=en", desk.cookies)
        audience.desk_ear = await sockets.listen(ports[0], f"/live/desk/{slug}?language=en", desk.cookies)
    await asyncio.wait_for(asyncio.gather(*(ear.first for ear in everybody(audiences))), 60)
    return audiences


def _audience(ports, desk, session):
    name = f"phone-{session['slug']}"
    phones = [Phone(team, {name: token}) for token, team in session["phones"]]
    return Audience(session, desk, phones)


def everybody(audiences):
    """All sockets of all sessions."""
    return [ear for audience in audiences for ear in audience.ears]


def forget(audiences):
    """Begin a measurement: what was heard before does not count."""
    for ear in everybody(audiences):
        ear.forget()
