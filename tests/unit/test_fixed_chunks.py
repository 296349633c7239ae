"""How a film is cut into pieces of one length, whatever it holds."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gravix_core.errors import SourceRefused
from gravix_core.model import MAX_REEL, MIN_REEL, Span
from gravix_core.stages.cut.plan import fixed_chunks

calm = settings(deadline=None)
"""A busy machine is no failure."""

ROUNDING = 1e-6
durations = st.floats(MIN_REEL, 40_000)
targets = st.floats(MIN_REEL, MAX_REEL)


def lengths(chunks: tuple[Span, ...]) -> list[float]:
    return [chunk.duration for chunk in chunks]


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        (3, [3]),
        (20, [20]),
        (35, [35]),
        (44.9, [44.9]),
        (45, [35, 10]),
        (70, [35, 35]),
        (79, [35, 44]),
        (81, [35, 35, 11]),
    ],
)
def test_chunks_of_35_seconds_and_a_tail_that_is_kept_or_joined(
    duration: float, expected: list[float]
) -> None:
    assert lengths(fixed_chunks(duration, 35)) == pytest.approx(expected)


def test_a_tail_that_would_make_too_long_a_reel_is_shared() -> None:
    assert lengths(fixed_chunks(1000, 900)) == pytest.approx([500, 500])
    assert lengths(fixed_chunks(1900, 900)) == pytest.approx([900, 500, 500])


@pytest.mark.parametrize("duration", [0, 0.4, 2.999])
def test_a_film_shorter_than_a_reel_is_refused_with_its_length(duration: float) -> None:
    with pytest.raises(SourceRefused, match=f"{duration:.2f} s"):
        fixed_chunks(duration, 35)


@calm
@given(duration=durations, target=targets)
@example(duration=1800.0000001, target=900)
@example(duration=900.0000001, target=900)
@example(duration=5.999, target=3)
@example(duration=0.1 * 3 * 35, target=35)
def test_chunks_partition_the_film(duration: float, target: float) -> None:
    chunks = fixed_chunks(duration, target)
    assert chunks[0].start == 0
    assert chunks[-1].end == duration
    assert all(a.end == b.start for a, b in pairwise(chunks))


@calm
@given(duration=durations, target=targets)
@example(duration=900.5, target=900)
@example(duration=1802.9, target=900)
@example(duration=903, target=899)
def test_every_chunk_is_as_long_as_a_reel_may_be(duration: float, target: float) -> None:
    found = lengths(fixed_chunks(duration, target))
    assert min(found) >= MIN_REEL - ROUNDING
    assert max(found) <= MAX_REEL + ROUNDING


@calm
@given(duration=durations)
def test_by_default_no_chunk_is_over_45_seconds_or_under_10(duration: float) -> None:
    found = lengths(fixed_chunks(duration, 35))
    assert max(found) <= 45 + ROUNDING
    assert min(found) >= 10 - ROUNDING or len(found) == 1


@calm
@given(duration=durations, target=targets)
def test_all_but_the_last_two_have_the_length_that_was_asked_for(
    duration: float, target: float
) -> None:
    found = lengths(fixed_chunks(duration, target))
    assert all(abs(length - target) <= ROUNDING for length in found[:-2])
