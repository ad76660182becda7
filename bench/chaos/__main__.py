"""python -m bench.chaos: what script/chaos runs."""

import argparse
import asyncio
import json
import random
import signal
import sys
import tempfile

from bench.chaos import controls, faults, processes, report, services
from bench.chaos.database import ERRORS
from bench.chaos.report import MANY
from bench.chaos.run import Run
from bench.chaos.stand import collect_static, stand
from sessions.rehearsal.browser import FAILURES, NotTaken

PHONES = {"embedded": (30, 100), "scaled": (45, 300)}


def options():
    """Return what the command line says."""
    parser = argparse.ArgumentParser(prog="script/chaos", description=__doc__)
    parser.add_argument("--faults", type=int, default=25, help="how many (25)")
    parser.add_argument("--seed", type=int, help="decides all random choices; printed, and drawn when it is not given")
    parser.add_argument("--json", metavar="FILE", help="write the report there")
    parser.add_argument("--logs", metavar="DIR", help="keep the servers' logs there")
    parser.add_argument("--setting", choices=["embedded", "scaled"], default="embedded")
    parser.add_argument("--phones", type=int, help=f"how many (100 and 300; fewer with less than {MANY} faults)")
    parser.add_argument("--notes-per-second", type=float, help="of all phones together (10; at full pace 20)")
    parser.add_argument(
        "--pace", choices=["short", "full"], help=f"how long outages and tails last (full from {MANY} on)"
    )
    parser.add_argument("--variant", choices=sorted(controls.SCENARIOS), help="break it so; the run has to fail")
    parser.add_argument("--no-controls", action="store_true", help="without negative controls: the run proves nothing")
    chosen = parser.parse_args()
    chosen.pace = chosen.pace or ("full" if chosen.faults >= MANY else "short")
    return chosen


async def hurt_a_room(chosen):
    """Run the faults, and the controls beside or after them; returns the report."""
    is_full = chosen.pace == "full"
    phones = chosen.phones or PHONES[chosen.setting][chosen.faults >= MANY]
    pace = faults.FULL if is_full else faults.SHORT
    rate = chosen.notes_per_second or (20 if is_full else 10)
    is_trusting = chosen.variant == controls.NO_PULL
    rng = random.Random(chosen.seed)
    random.seed(chosen.seed)
    with tempfile.TemporaryDirectory(prefix="academy-chaos-static-") as static:
        await asyncio.to_thread(collect_static, static)
        processes.step_back()
        beside = asyncio.ensure_future(_controls(chosen, static))
        try:
            async with stand(chosen.setting, static, controls.of_server(chosen.variant)) as place:
                kinds = faults.plan(rng, chosen.faults, chosen.setting)
                run = Run(place, rng, phones=phones, notes_per_second=rate, pace=pace, trusting=is_trusting)
                try:
                    found = await run.go(kinds)
                finally:
                    if chosen.logs:
                        place.keep_logs(chosen.logs)
            verdicts = await beside
        finally:
            beside.cancel()
    return report.summary(
        found,
        seed=chosen.seed,
        setting=chosen.setting,
        faults=chosen.faults,
        phones=phones,
        controls=verdicts,
        variant=chosen.variant or "",
    )


async def _controls(chosen, static):
    return {} if chosen.no_controls or chosen.variant else await controls.run_all(static, chosen.seed)


def main():
    """Run, print, write; exit 1 when something was not as it has to be."""
    chosen = options()
    if chosen.seed is None:
        chosen.seed = random.randrange(1_000_000)
    if chosen.setting == "scaled" and (lacks := services.missing()):
        sys.exit("\n".join(lacks))
    print(f"Seed {chosen.seed}, {chosen.faults} faults, {chosen.setting}.", flush=True)
    try:
        found = asyncio.run(_until_stopped(hurt_a_room(chosen)))
    except asyncio.CancelledError:
        sys.exit("Stopped before its end: this run says nothing.")
    except (processes.StartFailed, NotTaken, *FAILURES, *ERRORS) as problem:
        sys.exit(f"The run could not go on: {problem!r}")
    print("\n".join(report.table(found)))
    if chosen.json:
        with open(chosen.json, "w") as file:
            json.dump(found, file, indent=1, ensure_ascii=False)
    failed = report.failures(found)
    print("\n".join(f"FAILED: {sentence}" for sentence in failed) or "Nothing lost, nothing doubled, nothing stale.")
    sys.exit(bool(failed))


async def _until_stopped(work):
    """Let a SIGTERM end everything that was started, in order."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


if __name__ == "__main__":
    main()
