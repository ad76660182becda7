"""Small sums."""

import math
import statistics


def percentile(values, percent):
    """Return the value that so many percent of them do not exceed; None of nothing."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def ms(nanoseconds):
    """Return milliseconds with two decimals; None of None."""
    return None if nanoseconds is None else round(nanoseconds / 1e6, 2)


def median(values):
    """Return the median; None of nothing."""
    return statistics.median(values) if values else None
