"""The report of a run: JSON for programs, a table in words for people."""

from collections import Counter

from bench.chaos import checker
from bench.chaos.figures import spread
from bench.chaos.ledger import STORED, marker

# Targets beside the invariants, in seconds: for runs of many faults, in a short one a single value is a percentile.
BLACKOUT_P95, ACK_P95 = 5.0, 3.0
MANY = 101
# Seconds the harness is late for one in twenty of its own steps: then the servers did not get their share either.
BUSY = 0.15


def summary(found, *, seed, setting, faults, phones, controls, variant=""):
    """Return everything a run found as plain values: times in seconds, None where nothing was measured."""
    violations = list(dict.fromkeys(found.violations))  # a room is looked at more than once
    broken = Counter(violation.invariant for violation in violations)
    notes = [command for command in found.commands if command.kind == "note" and command.sent]
    acked = [command for command in found.commands if command.status == STORED]
    blackout = spread(found.blackouts, 0.5, 0.95)
    staleness = spread([seconds for seconds, _name, _screen in found.waits], 0.5, 0.95)
    return {
        "seed": seed,
        "setting": setting,
        "variant": variant,
        "faults": faults,
        "faults_by_kind": dict(sorted(found.faults.items())),
        "failpoints_not_hit": dict(sorted(found.missed.items())),
        "phones": phones,
        "rooms": found.rooms,
        "seconds": round(found.seconds, 1),
        "notes": len(notes),
        "rows": found.rows,
        "acked": sum(command.status == STORED for command in notes),
        "commands_acked": len(acked),
        "unacked_at_end": sum(command.is_waiting for command in found.commands),
        "resends": sum(max(0, command.tries - 1) for command in found.commands),
        "refused": sum(command.status in ("refused", "invalid") for command in found.commands),
        "lost": broken[checker.LOST],
        "doubled": broken[checker.DOUBLED] + broken[checker.UNSENT],
        "differing_views": broken[checker.VIEW] + broken[checker.PROJECTION] + broken[checker.EXPORT],
        "violations": dict(broken),
        "examples": examples(violations),
        "ack_s": spread([command.settled - command.sent for command in acked], 0.5, 0.95, 0.99),
        "slowest_acks": slowest(acked, found.began),
        "staleness_s": staleness,
        "staleness_max_s": staleness["max"],
        "blackout_s": blackout,
        "blackout_p95_s": blackout["p95"],
        "half_open_whole_again_s": spread(found.noticed, 0.5),
        "settle_s": spread(found.settled, 0.5),
        "postgresql_connections_max": found.connections,
        "tracebacks_in_logs": dict(found.tracebacks),
        "harness_lag_s": spread(found.lags, 0.5, 0.95),
        "controls": controls,
        "timeline": sorted(found.timeline),
    }


def examples(violations, most=3):
    """Return {invariant: the first few sentences}."""
    found = {}
    for violation in violations:
        sentences = found.setdefault(violation.invariant, [])
        if len(sentences) < most:
            sentences.append(violation.what)
    return found


def slowest(commands, began, most=5):
    """Return what took longest to be acknowledged: how long, when it was sent first, how often, what it was."""
    ordered = sorted(commands, key=lambda command: command.sent - command.settled)
    return [
        {
            "seconds": round(command.settled - command.sent, 1),
            "at": round(command.sent - began, 1),
            "tries": command.tries,
            "what": f"{command.kind} {marker(command.text)}",
        }
        for command in ordered[:most]
    ]


def failures(report):
    """Return a sentence for each reason why this run did not pass."""
    found = [f"{number} × {invariant}" for invariant, number in report["violations"].items()]
    found += [
        f"the control “{name}” was missed: the run is void" for name, v in report["controls"].items() if v != "caught"
    ]
    if report["faults"] >= MANY:
        if (report["blackout_p95_s"] or 0) > BLACKOUT_P95:
            found.append(f"blackout p95 {report['blackout_p95_s']} s, at most {BLACKOUT_P95} s")
        if (report["ack_s"]["p95"] or 0) > ACK_P95:
            found.append(f"ack p95 {report['ack_s']['p95']} s, at most {ACK_P95} s")
    if found and report["harness_lag_s"]["p95"] > BUSY:
        found.append("This machine was so busy that times say little: the harness itself was late. Run it again alone.")
    return found


def table(report):
    """Return the report as lines of words."""
    kinds = ", ".join(f"{number} × {name}" for name, number in report["faults_by_kind"].items())
    rows = [
        (
            "setting",
            f"{report['setting']}, {report['phones']} phones, {report['rooms']} sessions, {report['seconds']} s",
        ),
        ("seed", report["seed"]),
        ("faults", f"{report['faults']}: {kinds}"),
        ("notes", f"{report['notes']} sent, {report['acked']} acknowledged, {report['rows']} rows"),
        ("resends", f"{report['resends']}; refused {report['refused']}; waiting at the end {report['unacked_at_end']}"),
        ("lost", report["lost"]),
        ("doubled", report["doubled"]),
        ("differing views", report["differing_views"]),
        ("ack", _times(report["ack_s"])),
        ("staleness", _times(report["staleness_s"])),
        ("blackout", _times(report["blackout_s"])),
        ("half-open, whole", _times(report["half_open_whole_again_s"])),
        ("settled after", _times(report["settle_s"])),
        ("PostgreSQL", f"{report['postgresql_connections_max']} connections at most"),
        ("tracebacks in logs", report["tracebacks_in_logs"] or "none"),
        ("harness late by", _times(report["harness_lag_s"])),
        *((f"control {name}", verdict) for name, verdict in report["controls"].items()),
    ]
    lines = [f"{name:38} {value}" for name, value in rows]
    for invariant, sentences in report["examples"].items():
        lines += [f"! {invariant} ({report['violations'][invariant]}): {sentence}" for sentence in sentences]
    return lines


def _times(spread):
    if spread["max"] is None:
        return "nothing measured"
    return ", ".join(f"{name} {value} s" for name, value in spread.items())
