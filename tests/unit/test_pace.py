"""How a download gets on, from the bytes that are there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gravix_core.stages.source.pace import SLOWEST, Pace

MB = 1_000_000


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def run(*points: tuple[float, int], total: int | None = 80 * MB, patience: float = 60) -> Pace:
    """Bytes that are there at moments."""
    clock = Clock()
    pace = Pace(patience=patience, clock=clock)
    for clock.now, done in points:
        pace.feel(done, total)
    return pace


def test_it_says_how_much_how_fast_and_how_long() -> None:
    assert run((0, 0), (4, 12_400_000)).note() == "12 of 80 MB, 3.1 MB/s, 22 s left"


def test_what_is_not_known_is_not_said() -> None:
    assert run((0, 5 * MB), total=None).note() == "5.0 MB"
    assert run((0, 5 * MB)).note() == "5.0 of 80 MB"


def test_long_times_are_told_in_minutes_and_hours() -> None:
    assert run((0, 0), (8, 400_000)).note() == "0.4 of 80 MB, 50 kB/s, 27 min left"
    assert run((0, 0), (8, 80_000)).note() == "0.1 of 80 MB, 10 kB/s, 2.2 h left"


def test_the_speed_is_the_recent_one() -> None:
    slow_then_fast = [(float(second), second * 10_000) for second in range(60)]
    fast = [(60.0 + second, 600_000 + second * MB) for second in range(10)]
    assert "1.0 MB/s" in run(*slow_then_fast, *fast).note()


def test_what_was_there_before_is_no_speed() -> None:
    assert "1.0 MB/s" in run((0, 40 * MB), (2, 42 * MB)).note()


@given(st.lists(st.integers(0, 100 * MB), max_size=50))
def test_percent_never_falls_and_stays_in_bounds(sizes: list[int]) -> None:
    clock = Clock()
    pace = Pace(patience=60, clock=clock)
    shown = []
    for size in sizes:
        clock.now += 1
        pace.feel(size, 80 * MB)
        pace.note()
        shown.append(pace.percent)
    assert shown == sorted(shown)
    assert all(0 <= percent <= 100 for percent in shown)


def test_drops_are_told_apart_from_a_slow_line() -> None:
    drops = [(float(second), second * SLOWEST // 2) for second in range(70)]
    slow = [(float(second), second * SLOWEST * 2) for second in range(70)]
    assert run(*drops).drips
    assert not run(*drops[:50]).drips
    assert not run(*slow).drips


def test_a_line_that_was_fast_is_given_its_time_too() -> None:
    fast = [(float(second), second * MB) for second in range(30)]
    drops = [(30.0 + second, 29 * MB + second * 10) for second in range(70)]
    assert not run(*fast, *drops[:55]).drips
    assert run(*fast, *drops).drips


def test_having_it_all_sent_again_is_no_drip() -> None:
    assert not run((0, 0), (59, 60 * MB), (60, 0), (61, MB)).drips
