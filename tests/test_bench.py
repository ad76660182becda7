"""The bench measures what it says: its sums, its tables, its picture, and a small room end to end."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from bench import chart, figures, report, sockets
from bench.servers import ROOT

ROWS = [
    {
        "sockets": phones,
        "sessions": 1,
        "app_cpu_ms_per_1000": 12.0 + 4000 / phones,
        "change_cpu_ms_per_1000": 10.0 + 3000 / phones,
        "raw_cpu_ms_per_1000": 9.0,
        "stock_cpu_ms_per_1000": 0.2 * phones,
    }
    for phones in (100, 500, 1000, 2000)
]


def test_a_percentile_is_a_value_that_was_measured():
    assert figures.percentile(range(1, 101), 99) == 99
    assert figures.percentile([5], 50) == 5
    assert figures.percentile([], 50) is None


def test_a_change_has_arrived_with_the_first_frame_that_holds_it():
    numbers, moments = [3, 6, 7], [30, 60, 70]

    assert [sockets.when(numbers, moments, seq) for seq in (3, 4, 6, 7, 8)] == [30, 60, 60, 70, None]


def test_the_line_through_the_costs_tells_what_is_fixed_and_what_grows():
    [said] = report._growth(ROWS)

    assert "Academy, without heartbeats: 3.0 ms and 10.0 ms for every 1,000 phones" in said
    assert "raw broadcast: 0.0 ms and 9.0 ms for every 1,000 phones" in said


def test_a_picture_has_a_line_for_each_and_says_its_figures_to_who_cannot_see_it():
    drawn = ET.fromstring(chart.draw(ROWS))

    lines = drawn.findall("{http://www.w3.org/2000/svg}polyline")
    assert [line.get("class") for line in lines] == ["stock", "app", "raw"]
    assert "at 2,000 phones: stock Channels 800 ms; Academy 28 ms; raw broadcast 18 ms" in drawn.get("aria-label")


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """The figures of a very small room."""

    def measure(part):
        file = tmp_path_factory.mktemp("bench") / f"{part}.json"
        command = [sys.executable, "-m", "bench", "--quick", "--sockets", "12", "--only", part, "--json", str(file)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(file.read_text())

    return measure


def test_every_change_of_the_stage_reaches_every_phone_and_is_held_against_both_others(measured):
    [row] = measured("stage")["stage"]

    assert row["sockets"] == 12
    assert row["deliveries"] == 12 * row["changes"]
    assert (row["missing"], row["raw_missing"], row["stock_missing"]) == (0, 0, 0)
    assert all(row[f"{name}_cpu_ms_per_1000"] > 0 for name in ("app", "raw", "stock"))
    assert 0 < row["p50_ms"] < row["click_p50_ms"]


def test_phones_join_through_the_pages_and_none_is_refused(measured):
    row = measured("join")["join"]

    assert (row["phones"], row["refused"]) == (12, 0)
    assert row["requests_per_phone"] > 3
