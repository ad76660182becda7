"""Draws how the cost of one change grows with the number of phones. bench/report.py --publish puts it into docs/."""

import math

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 60, 60
SERIES = [
    ("stock_cpu_ms_per_1000", "stock Channels", "stock"),
    ("app_cpu_ms_per_1000", "Academy", "app"),
    ("raw_cpu_ms_per_1000", "raw broadcast", "raw"),
]
STYLE = """
  svg { color-scheme: light dark; font: 13px system-ui, sans-serif; background: #fff;
        --ink: #1d2733; --quiet: #5a6672; --grid: #d9dee3; --app: #0b6e4f; --raw: #1f5fa8; --stock: #b3441e; }
  @media (prefers-color-scheme: dark) {
    svg { background: #14191f;
          --ink: #e8edf2; --quiet: #a3afbb; --grid: #36414c; --app: #4fc99a; --raw: #7fb4f0; --stock: #f08a62; }
  }
  text { fill: var(--ink); } .quiet { fill: var(--quiet); } .title { font-size: 16px; font-weight: 600; }
  .grid { stroke: var(--grid); } polyline { fill: none; stroke-width: 2.5; stroke: var(--ours); }
  circle { fill: var(--ours); } .label { fill: var(--ours); font-weight: 600; }
  .app { --ours: var(--app); } .raw { --ours: var(--raw); } .stock { --ours: var(--stock); }
"""


def draw(rows):
    """Return an SVG of the CPU milliseconds of one change to all phones, by their number; both axes logarithmic."""
    rows = sorted((row for row in rows if row["sessions"] == 1), key=lambda row: row["sockets"])
    costs = {
        key: [(row["sockets"], row[key] * row["sockets"] / 1000) for row in rows if key in row] for key, *_ in SERIES
    }
    x = _scale([row["sockets"] for row in rows], LEFT, WIDTH - RIGHT)
    decades = _decades([cost for points in costs.values() for _number, cost in points])
    y = _scale([10.0**decade for decade in decades], HEIGHT - BOTTOM, TOP)
    parts = [_text(LEFT, 28, "Server CPU of one change to all phones", "title")]
    parts.append(_text(LEFT, 46, "milliseconds, one process; both axes logarithmic; lower is better", "quiet"))
    for decade in decades:
        at = y(10.0**decade)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(_text(LEFT - 8, at + 4, f"{10.0**decade:,g}", "quiet", "end"))
    for row in rows:
        parts.append(_text(x(row["sockets"]), HEIGHT - BOTTOM + 22, f"{row['sockets']:,}", "quiet", "middle"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, "phones in the session", "quiet", "middle"))
    for key, label, name in SERIES:
        parts += _line([(x(number), y(cost)) for number, cost in costs[key]], label, name)
    described = "; ".join(f"{label} {costs[key][-1][1]:,.0f} ms" for key, label, _name in SERIES if costs[key])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="Server CPU of one change, at {rows[-1]["sockets"]:,} phones: {described}">\n'
        f"<style>{STYLE}</style>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def _line(points, label, name):
    """A line, its points, and its name at the end of it."""
    if not points:
        return []
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = [f'<circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in points]
    end_x, end_y = points[-1]
    return [
        f'<polyline class="{name}" points="{path}"/>',
        *dots,
        f'<text class="label {name}" x="{end_x + 12:.1f}" y="{end_y + 4:.1f}">{label}</text>',
    ]


def _text(x, y, text, name, anchor="start"):
    return f'<text class="{name}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'


def _decades(values):
    """Return the powers of ten around all values."""
    return range(math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))) + 1)


def _scale(values, start, end):
    """Return a function from a value to a place between start and end, logarithmic."""
    low, high = math.log10(min(values)), math.log10(max(values))
    return lambda value: start + (end - start) * (math.log10(value) - low) / ((high - low) or 1)
