"""Figures of a run: shares of sorted times."""


def share(values, part):
    """Return the value below which this part (0 to 1) of them lies, or None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def spread(values, *parts):
    """Return {"p50": …, "p95": …, "max": …} in seconds, rounded to milliseconds."""
    found = {f"p{round(part * 100)}": share(values, part) for part in parts}
    found["max"] = max(values, default=None)
    return {name: value if value is None else round(value, 3) for name, value in found.items()}
