"""Prepares sessions in the database before a server starts: python -m bench.room --phones 1000; prints them as JSON.

Phones are written as joining writes them, tokens hashed: a thousand real joins would take longer than what is measured.
Joining itself is measured by bench/join.py, through its pages.
"""

import argparse
import io
import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "academy.settings"

MOST_CITIES = 84
ACCOUNT = {"account": "facilitator", "password": "bench-only-long-enough"}


def main():
    """Make what the options say and print it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sessions", type=int, default=1)
    parser.add_argument("--phones", type=int, default=0, help="in all")
    parser.add_argument("--cities", type=int, default=MOST_CITIES, help="in each session, at most")
    parser.add_argument("--step", choices=["welcome", "find", "talk"], default="talk")
    options = parser.parse_args()
    import django

    django.setup()
    owner = _account()
    each = -(-options.phones // max(1, options.sessions))
    cities = min(options.cities, each) or options.cities
    made = [_session(owner, cities, each, options.step) for _ in range(options.sessions)]
    json.dump({**ACCOUNT, "sessions": made}, sys.stdout)


def _account():
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_content", stdout=io.StringIO())
    user = get_user_model().objects.filter(username=ACCOUNT["account"]).first()
    return user or get_user_model().objects.create_superuser(ACCOUNT["account"], password=ACCOUNT["password"])


def _session(owner, cities, phones, step):
    """Return a session on the shipped plan as a dict, its cities here with their phones, run up to a step."""
    from sessions.actions import carry_out, roster, running, workshops
    from sessions.models import Plan

    template = Plan.objects.get(code="leading-collaboration", is_template=True)
    workshop = workshops.create_workshop(by=owner, plan=template.pk, title="Measured")
    carry_out(roster.add_teams, workshop, names=[f"City {n:02d}" for n in range(1, cities + 1)])
    carry_out(workshops.open_workshop, workshop)
    tokens = _phones(workshop, phones)
    breakout = workshop.breakouts.first()
    if step != "welcome":
        carry_out(running.jump, workshop, segment=breakout.segment_id)
    if step == "talk":
        carry_out(running.advance, workshop)
    workshop.refresh_from_db()
    tables = dict(breakout.seats.values_list("team_id", "table_id"))
    return {
        "slug": workshop.slug,
        "code": workshop.code,
        "version": workshop.version,
        "breakout": breakout.pk,
        "tables": {str(team): table for team, table in tables.items()},
        "phones": tokens,
    }


def _phones(workshop, number):
    """Write phones spread over the city teams; returns [(token, team id)]."""
    from sessions import codes
    from sessions.models import CityTeam, Device

    teams = list(workshop.teams.values_list("pk", flat=True))
    personal = set()
    while len(personal) < number:
        personal.add(codes.new_code())
    tokens = [(codes.new_token(), teams[n % len(teams)]) for n in range(number)]
    Device.objects.bulk_create(
        Device(workshop=workshop, team_id=team, token_hash=codes.hashed(token), personal_code=code)
        for (token, team), code in zip(tokens, personal, strict=True)
    )
    if number:
        workshop.teams.update(state=CityTeam.State.HERE)
    return tokens


if __name__ == "__main__":
    main()
