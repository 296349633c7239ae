"""What a reel plays of its chunk."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gravix_core.media.sound import Pause
from gravix_core.model import MIN_REEL, Cue, Span, Word
from gravix_core.stages.cut.edges import LEAD, TAIL, played

calm = settings(deadline=None)
CHUNK = Span(100, 135)


def said(*spans: tuple[float, float]) -> tuple[Word, ...]:
    return tuple(Word("word", Span(*span)) for span in spans)


def pauses(*spans: tuple[float, float]) -> tuple[Pause, ...]:
    return tuple(Pause(Span(*span), 20.0) for span in spans)


def test_nothing_known_plays_the_whole_chunk() -> None:
    assert played(CHUNK) == CHUNK


def test_a_reel_starts_just_before_its_first_word_and_ends_just_after_its_last() -> None:
    span = played(CHUNK, words=said((102, 103), (110, 111), (130, 131)))
    assert (span.start, span.end) == pytest.approx((102 - LEAD, 131 + TAIL))


def test_the_lead_in_does_not_reach_into_the_word_before() -> None:
    span = played(CHUNK, words=said((99, 100.1), (100.2, 101), (120, 134.9)))
    assert span.start == pytest.approx(100.1)


def test_the_tail_does_not_reach_into_the_word_after() -> None:
    span = played(CHUNK, words=said((100, 101), (120, 134.7), (134.8, 136)))
    assert span.end == pytest.approx(134.8)


def test_a_word_that_hangs_over_the_edge_takes_nothing_from_outside() -> None:
    span = played(CHUNK, words=said((99.9, 101), (120, 135.05)))
    assert span == CHUNK


def test_of_a_cue_that_is_cut_in_two_all_that_is_inside_is_played() -> None:
    cues = tuple(Cue("words", Span(*one)) for one in ((96, 104), (110, 120), (124, 131)))
    span = played(CHUNK, cues=cues)
    assert (span.start, span.end) == pytest.approx((100, 131 + TAIL))


def test_a_reel_starts_just_before_its_first_cue() -> None:
    cues = tuple(Cue("words", Span(*one)) for one in ((90, 99), (103, 120), (121, 134.9)))
    span = played(CHUNK, cues=cues)
    assert (span.start, span.end) == pytest.approx((103 - LEAD, 135))


def test_silence_at_the_edges_is_left_out_and_inside_it_stays() -> None:
    span = played(CHUNK, pauses=pauses((99, 103), (110, 120), (133, 140)))
    assert (span.start, span.end) == pytest.approx((103 - LEAD, 133 + TAIL))


def test_a_chunk_with_few_words_keeps_what_surrounds_them() -> None:
    assert played(CHUNK, words=said((110, 111))) == CHUNK


def test_a_silent_chunk_keeps_the_length_of_a_reel() -> None:
    assert played(CHUNK, pauses=pauses((90, 140))).duration >= MIN_REEL


def test_few_words_in_a_short_chunk_still_make_a_reel() -> None:
    span = played(Span(10, 13.5), words=said((11, 13.2)))
    assert span.duration == pytest.approx(MIN_REEL)


times = st.lists(st.floats(0, 200), min_size=2, max_size=40, unique=True).map(sorted)


def pieces(edges: list[float]) -> list[tuple[float, float]]:
    return [(a, b) for a, b in pairwise(edges) if b - a > 1e-3][::2]


@calm
@given(words=times, quiet=times, start=st.floats(0, 150), length=st.floats(MIN_REEL, 50))
def test_what_is_played_lies_inside_the_chunk_and_is_long_enough(
    words: list[float], quiet: list[float], start: float, length: float
) -> None:
    chunk = Span(start, start + length)
    span = played(chunk, words=said(*pieces(words)), pauses=pauses(*pieces(quiet)))
    assert chunk.start <= span.start < span.end <= chunk.end
    assert span.duration >= min(MIN_REEL, chunk.duration) - 1e-6


@calm
@given(words=times, start=st.floats(0, 150), length=st.floats(MIN_REEL, 50))
def test_no_word_of_the_chunk_is_left_out(words: list[float], start: float, length: float) -> None:
    spoken = said(*pieces(words))
    span = played(chunk := Span(start, start + length), words=spoken)
    for word in spoken:
        if chunk.start <= word.span.start and word.span.end <= chunk.end:
            assert span.start <= word.span.start
            assert word.span.end <= span.end


def test_a_cut_of_the_picture_in_the_lead_in_is_where_the_reel_starts() -> None:
    words = said((102, 103), (110, 111), (130, 131))
    span = played(CHUNK, words=words, shots=(101.6, 101.85, 102.5, 131.2, 131.3))
    assert (span.start, span.end) == (101.85, 131.2)


def test_no_word_is_lost_to_a_cut_of_the_picture() -> None:
    span = played(CHUNK, words=said((102, 103), (130, 131)), shots=(102.4, 130.5))
    assert (span.start, span.end) == pytest.approx((102 - LEAD, 131 + TAIL))


def test_a_cut_of_the_picture_in_a_pause_at_the_edge_is_where_the_reel_starts() -> None:
    span = played(CHUNK, pauses=pauses((99, 103), (132, 136)), shots=(102.9, 132.1))
    assert (span.start, span.end) == (102.9, 132.1)
