"""A failpoint is hit by exactly one who comes by."""

from concurrent.futures import ThreadPoolExecutor

from bench.chaos import failpoints
from bench.chaos.failpoints import Failpoints


def test_an_armed_failpoint_is_taken_once(tmp_path):
    points = Failpoints(tmp_path)
    points.arm(failpoints.BEFORE_ACK)

    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: Failpoints(tmp_path).take(failpoints.BEFORE_ACK), range(40)))

    assert taken.count(True) == 1
    assert not points.is_armed(failpoints.BEFORE_ACK)


def test_one_that_lasts_is_hit_by_everybody_until_it_is_over(tmp_path):
    points = Failpoints(tmp_path)
    points.arm_for(failpoints.HINTS_LOST, 60)
    assert points.is_on(failpoints.HINTS_LOST)
    assert points.is_on(failpoints.HINTS_LOST)

    points.arm_for(failpoints.HINTS_LOST, -1)
    assert not points.is_on(failpoints.HINTS_LOST)


def test_one_that_was_never_armed_hits_nobody(tmp_path):
    points = Failpoints(tmp_path)

    assert not points.take(failpoints.BEFORE_ACK)
    assert not points.is_on(failpoints.HINTS_LOST)
