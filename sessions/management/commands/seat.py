"""`manage.py seat`: the seating solver alone, for a rehearsal on paper or a measurement."""

import json

from django.core.management.base import BaseCommand, CommandError

from sessions import seating

CITIES = range(2, 85)
ROUNDS = range(1, 11)


class Command(BaseCommand):
    """Print who sits where in every round, and how often cities meet again."""

    help = "Seats cities c1 to cN at tables, so that as few as possible meet again."

    def add_arguments(self, parser):
        parser.add_argument("--cities", type=int, required=True, help="how many cities, 2 to 84")
        parser.add_argument("--rounds", type=int, default=3, help="how many rounds, 1 to 10")
        parser.add_argument("--pairs", action="store_true", help="allow tables of two cities")
        parser.add_argument("--seed", type=int, default=0, help="another seed, another seating")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, cities, rounds, pairs, seed, **options):
        """Print the plan; raise CommandError for numbers the solver is not made for."""
        if cities not in CITIES:
            raise CommandError(f"--cities is {cities}: give a number from 2 to 84.")
        if rounds not in ROUNDS:
            raise CommandError(f"--rounds is {rounds}: give a number from 1 to 10.")
        names = [f"c{i}" for i in range(1, cities + 1)]
        planned = seating.plan(names, rounds, pairs=pairs, seed=seed)
        repeats = seating.repeats(planned)
        if options["json"]:
            answer = {"cities": cities, "rounds": planned, "repeats": repeats}
            self.stdout.write(json.dumps(answer))
        else:
            self.stdout.write(listing(planned, repeats))


def listing(planned, repeats):
    """Return the plan as lines to read, round by round and table by table."""
    lines = []
    for r, tables in enumerate(planned, 1):
        lines.append(f"Round {r}")
        lines += [f"  Table {k}: {', '.join(table)}" for k, table in enumerate(tables, 1)]
    return "\n".join([*lines, f"Repeats: {repeats}"])
