"""The figures in tables: for the screen, and for docs/performance.md.

python -m bench.report FILE prints them; with --publish it also writes them, and the picture, into docs/.
"""

import argparse
import json
import re
from pathlib import Path

from bench import chart
from bench.columns import TABLES
from bench.servers import ROOT

DOCUMENT, PICTURE = ROOT / "docs/performance.md", ROOT / "docs/pictures/performance.svg"
BEGIN, END = "<!-- figures: written by bench/report.py -->", "<!-- end of figures -->"


def table(figures):
    """Return all figures as aligned text."""
    return "\n\n".join(f"{heading}\n{_aligned(names, rows)}" for heading, names, rows in _tables(figures))


def markdown(figures):
    """Return all figures as Markdown: the conditions first."""
    parts = [_conditions(figures["conditions"]), *_growth(figures.get("stage", []))]
    for heading, names, rows in _tables(figures):
        lines = [names, ["---:"] * len(names), *rows]
        parts.append(f"### {heading}\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines))
    return "\n\n".join(parts) + "\n"


def publish(figures):
    """Write the tables into docs/performance.md, between its marks, and draw the picture."""
    text = DOCUMENT.read_text()
    fresh = f"{BEGIN}\n\n{markdown(figures)}\n{END}"
    DOCUMENT.write_text(re.sub(f"{BEGIN}.*?{END}", lambda _found: fresh, text, flags=re.DOTALL))
    PICTURE.write_text(chart.draw(figures["stage"]))


def _tables(figures):
    for part, heading, columns in TABLES:
        found = figures.get(part) or []
        rows = found if isinstance(found, list) else [found]
        shown = [(name, key) for name, key in columns if any(key in row for row in rows)]
        if rows:
            yield heading, [name for name, _key in shown], [[_cell(row.get(key)) for _n, key in shown] for row in rows]


def _cell(value):
    if value is None or value == "":
        return "–"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _aligned(names, rows):
    widths = [max(len(line[i]) for line in [names, *rows]) for i in range(len(names))]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in [names, *rows]
    )


def _growth(rows):
    """Say in words what a change costs whatever the number of phones, and what every 1,000 of them add."""
    rows = [row for row in rows if row["sessions"] == 1]
    if len(rows) < 3:
        return []
    said = []
    for key, name in (
        ("change_cpu_ms_per_1000", "Academy, without heartbeats"),
        ("raw_cpu_ms_per_1000", "raw broadcast"),
    ):
        fixed, each = _line([(row["sockets"] / 1000, row[key] * row["sockets"] / 1000) for row in rows])
        said.append(f"{name}: {fixed:.1f} ms and {each:.1f} ms for every 1,000 phones")
    return [f"How one change grows (straight line through the rows of one session): {'; '.join(said)}."]


def _line(points):
    """Return (where it begins, how steep it is) of the straight line that fits best."""
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    steep = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _y in points)
    return mean_y - steep * mean_x, steep


def _conditions(found):
    packages = ", ".join(f"{name} {version}" for name, version in found["packages"].items())
    return (
        f"`{found['command']}` on {found['date']}: {found['cores']} cores of {found['processor']}, {found['system']}, "
        f"Python {found['python']}, {packages}. Load of the machine before: {found['load_before']:.1f}, after: "
        f"{found['load_after']:.1f}. It took {found['seconds'] / 60:.0f} minutes."
    )


def main():
    """Print the tables of a file of figures, or publish them."""
    parser = argparse.ArgumentParser(description="Prints the tables of a file that script/bench --json wrote.")
    parser.add_argument("file")
    parser.add_argument("--markdown", action="store_true", help="as Markdown")
    parser.add_argument("--publish", action="store_true", help="write them and the picture into docs/, too")
    options = parser.parse_args()
    figures = json.loads(Path(options.file).read_text())
    print(markdown(figures) if options.markdown else table(figures))
    if options.publish:
        publish(figures)


if __name__ == "__main__":
    main()
