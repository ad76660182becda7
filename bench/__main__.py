"""script/bench: runs what was asked for, one part after the other, prints a table, writes the figures with --json."""

import argparse
import json
import sys
import time
from pathlib import Path

from bench import machine, report, runs, servers

PARTS = ("page", "join", "stage", "notes", "writes", "catch-up", "two-processes")
SOCKETS = (100, 500, 1000, 2000)


def main():
    """Measure, print, write."""
    if not sys.platform.startswith("linux"):
        sys.exit("script/bench reads the clocks of other processes as only Linux has them: run it on Linux.")
    options = _options()
    machine.allow_many_sockets()
    figures = {"conditions": machine.conditions()}
    begun = time.monotonic()
    numbers = [options.sockets] if options.sockets else ([100, 500] if options.quick else SOCKETS)
    with servers.place() as place:
        for part in PARTS:
            if options.only in (None, part):
                print(f"{time.monotonic() - begun:5.0f} s  {part} …", file=sys.stderr, flush=True)
                figures |= runs.PARTS[part](place, numbers, options.quick)
    figures["conditions"] |= {"seconds": round(time.monotonic() - begun), "load_after": machine.load()}
    print(report.table(figures))
    if options.json:
        Path(options.json).write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")


def _options():
    parser = argparse.ArgumentParser(
        prog="script/bench",
        description="Measures this app beside the raw socket and stock Channels, on this machine; about 20 minutes.",
    )
    parser.add_argument("--sockets", type=int, help="only with so many phones (100, 500, 1000 and 2000 in turn)")
    parser.add_argument("--json", metavar="FILE", help="write the figures to a file, too")
    parser.add_argument("--only", choices=PARTS, help="only one part")
    parser.add_argument("--quick", action="store_true", help="fewer phones, fewer seconds: 3 minutes, rough figures")
    return parser.parse_args()


if __name__ == "__main__":
    main()
