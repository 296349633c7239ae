"""Where a film is cut, given the places where it may be."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gravix_core.errors import SourceRefused
from gravix_core.model import MAX_REEL, MIN_REEL, Cue, Seconds, Span, Transcript, Word
from gravix_core.pipeline.cut import affordable
from gravix_core.stages.cut.plan import (
    Candidate,
    End,
    fixed_chunks,
    plan_chunks,
    wanted_shots,
)
from gravix_core.stages.cut.speech import find_candidates

calm = settings(deadline=None, max_examples=60)
"""A busy machine is no failure."""

ROUNDING = 1e-6
durations = st.floats(MIN_REEL, 600)
ends = st.sampled_from(list(End))


@st.composite
def candidates(draw: st.DrawFn, kinds: st.SearchStrategy[End] = ends) -> list[Candidate]:
    found, at = [], 0.0
    for step in draw(st.lists(st.floats(0.1, 60), max_size=60)):
        at += step
        found.append(Candidate(at, draw(kinds), draw(st.floats(0, 10))))
    return found


def sentence(at: Seconds, cost: float = 0.3) -> Candidate:
    return Candidate(at, End.SENTENCE, cost)


def word(at: Seconds, cost: float = 6.0) -> Candidate:
    return Candidate(at, End.WORD, cost)


def pause(at: Seconds, cost: float = 1.0) -> Candidate:
    return Candidate(at, End.PAUSE, cost, Span(at - 0.2, at + 0.2))


def boundaries(chunks: Sequence[Span]) -> list[Seconds]:
    return [chunk.end for chunk in chunks[:-1]]


def in_reach(found: Sequence[Candidate], start: Seconds, duration: Seconds) -> bool:
    """Whether a chunk that starts there could end with a sentence."""
    return any(
        start + 25 <= one.at <= start + 45 and MIN_REEL <= one.at <= duration - MIN_REEL
        for one in found
        if one.end is End.SENTENCE
    )


@calm
@given(durations, st.floats(MIN_REEL, MAX_REEL), candidates(), st.lists(st.floats(0, 600)))
@example(5.9, 3.0, [pause(2.9)], [])
@example(900.5, 900.0, [pause(450)], [])
@example(1802.9, 900.0, [word(3.0), word(1799.8)], [])
def test_chunks_partition_the_film_into_lengths_that_a_reel_may_have(
    duration: float, target: float, found: list[Candidate], shots: list[float]
) -> None:
    chunks = plan_chunks(duration, target, candidates=found, shots=shots)
    assert chunks[0].start == 0
    assert chunks[-1].end == duration
    assert all(a.end == b.start for a, b in pairwise(chunks))
    assert all(MIN_REEL - ROUNDING <= one.duration <= MAX_REEL + ROUNDING for one in chunks)


@calm
@given(st.floats(46, 600), candidates(st.just(End.PAUSE)), st.lists(st.floats(0, 600), min_size=1))
def test_without_words_every_chunk_but_the_last_is_25_to_45_seconds(
    duration: float, found: list[Candidate], shots: list[float]
) -> None:
    chunks = plan_chunks(duration, 35, candidates=found, shots=shots)
    assert all(25 - ROUNDING <= one.duration <= 45 + ROUNDING for one in chunks[:-1])
    assert chunks[-1].duration <= 45 + ROUNDING


@calm
@given(st.floats(46, 600), st.floats(0.2, 9), st.data())
def test_with_words_close_by_every_chunk_but_the_last_is_25_to_45_seconds(
    duration: float, apart: float, data: st.DataObject
) -> None:
    found = [
        Candidate(n * apart, data.draw(ends), float(n % 7))
        for n in range(1, min(int(duration / apart) + 1, 400))
    ]
    found += [word(at) for at in range(int(400 * apart), int(duration))]
    chunks = plan_chunks(duration, 35, candidates=[word(1), *found])
    assert all(25 - ROUNDING <= one.duration <= 45 + ROUNDING for one in chunks[:-1])
    assert chunks[-1].duration <= 45 + ROUNDING


@calm
@given(durations, candidates(), st.lists(st.floats(0, 600)))
def test_with_words_known_no_boundary_is_elsewhere(
    duration: float, found: list[Candidate], shots: list[float]
) -> None:
    worded = [*found, word(1)]
    duration = min(duration, MAX_REEL)  # so that there is a way
    places = {one.at for one in worded}
    chunks = plan_chunks(duration, 35, candidates=worded, shots=shots)
    assert set(boundaries(chunks)) <= places


@calm
@given(durations, candidates())
def test_no_boundary_is_elsewhere_when_a_sentence_end_is_in_reach(
    duration: float, found: list[Candidate]
) -> None:
    dense = [*found, *(word(at + 0.5) for at in range(int(duration)))]
    sentences = {one.at for one in dense if one.end is End.SENTENCE}
    chunks = plan_chunks(duration, 35, candidates=dense)
    for chunk in chunks[:-1]:
        assert chunk.end in sentences or not in_reach(dense, chunk.start, duration)


@calm
@given(st.lists(st.floats(25, 45), min_size=1, max_size=20), st.floats(3, 45), candidates())
def test_when_a_chain_of_sentence_ends_is_there_all_boundaries_are_sentence_ends(
    lengths: list[float], tail: float, others: list[Candidate]
) -> None:
    chain, at = [], 0.0
    for length in lengths:
        at += length
        chain.append(sentence(at, cost=9.0))
    found = [*chain, *others, *(word(n + 0.5, cost=0.0) for n in range(int(at)))]
    sentences = {one.at for one in found if one.end is End.SENTENCE}
    assert set(boundaries(plan_chunks(at + tail, 35, candidates=found))) <= sentences


def test_of_two_sentence_ends_the_one_nearer_to_the_target_is_taken() -> None:
    assert boundaries(plan_chunks(70, 35, candidates=[sentence(26), sentence(36)])) == [36]


def test_of_two_sentence_ends_the_one_with_the_longer_pause_is_taken() -> None:
    found = [sentence(33, cost=0.6), sentence(37, cost=0.0)]
    assert boundaries(plan_chunks(70, 35, candidates=found)) == [37]


def test_costs_do_not_make_chunks_longer() -> None:
    """Fewer boundaries would cost less, if each cost the same."""
    found = [word(at / 2) for at in range(2, 7000)]
    chunks = plan_chunks(3500, 35, candidates=found)
    assert len(chunks) == 100


def test_a_short_tail_is_avoided() -> None:
    found = [word(at / 2) for at in range(2, 200)]
    assert min(one.duration for one in plan_chunks(78, 35, candidates=found)) >= 25


def test_a_tail_of_24_seconds_is_avoided_for_a_lesser_sentence_end() -> None:
    found = [sentence(35, cost=0.6), sentence(37, cost=0.0)]
    assert boundaries(plan_chunks(61, 35, candidates=found)) == [35]


def test_a_word_of_a_minute_is_not_cut() -> None:
    found = [word(20), word(80), word(110)]
    assert boundaries(plan_chunks(115, 35, candidates=found)) in ([80], [20, 80], [80, 110])


def test_a_cut_moves_onto_a_shot_change_in_the_same_pause() -> None:
    assert boundaries(plan_chunks(70, 35, candidates=[pause(35.0)], shots=[35.1])) == [35.1]


def test_a_shot_change_makes_a_pause_the_better_one() -> None:
    found = [pause(33), pause(37)]
    assert boundaries(plan_chunks(70, 35, candidates=found, shots=[33.0])) == [33]
    assert boundaries(plan_chunks(70, 35, candidates=found, shots=[37.0])) == [37]


def test_where_no_pause_is_in_reach_a_shot_change_serves() -> None:
    assert boundaries(plan_chunks(70, 35, candidates=[pause(3)], shots=[29.3, 60])) == [29.3]


def test_where_nothing_is_in_reach_any_place_serves() -> None:
    (at,) = boundaries(plan_chunks(70, 35, candidates=[pause(3)]))
    assert 30 <= at <= 40


def test_where_nothing_is_known_chunks_are_fixed() -> None:
    assert plan_chunks(100, 35) == fixed_chunks(100, 35)


@pytest.mark.parametrize("known", [[], [sentence(1)]])
def test_a_film_shorter_than_a_reel_is_refused_with_its_length(known: list[Candidate]) -> None:
    with pytest.raises(SourceRefused, match=r"2.50 s"):
        plan_chunks(2.5, 35, candidates=known)


def test_shots_are_not_sought_at_sentence_ends() -> None:
    assert wanted_shots(70, 35, [sentence(35), word(36)]) == ()


def test_shots_are_sought_around_pauses() -> None:
    looks = wanted_shots(70, 35, [pause(33), pause(36)])
    assert [(one.start, one.end) for one in looks] == [(32, 34), (35, 37)]


def test_shots_are_sought_for_seconds_where_nothing_is_known() -> None:
    looks = wanted_shots(70, 35, [])
    assert [(one.start, one.end) for one in looks] == [(31, 39)]


@calm
@given(durations, candidates())
def test_shots_are_sought_in_a_quarter_of_the_film_at_most(
    duration: float, found: list[Candidate]
) -> None:
    looks = wanted_shots(duration, 35, found)
    assert all(0 <= a.start < a.end < b.start for a, b in pairwise(looks))
    assert sum(one.duration for one in looks) <= duration / 4 + 8


def three_hours(*, punctuated: bool, exact: bool) -> Transcript:
    dice = random.Random(4)
    words, at = [], 0.0
    for n in range(30_000):
        length = dice.uniform(0.15, 0.5)
        mark = dice.choice([".", ",", *[""] * 12]) if punctuated else ""
        words.append(Word(f"{'W' if n % 13 == 0 else 'w'}ord{mark}", Span(at, at + length)))
        at += length + dice.choice([0, 0, 0, 0.1, 0.4])
    cues = tuple(
        Cue("text", Span(words[n].span.start, words[n + 9].span.end)) for n in range(0, 30_000, 10)
    )
    return Transcript(tuple(words), cues, exact_words=exact)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("punctuated", [True, False])
def test_three_hours_of_words_are_planned_in_seconds(*, punctuated: bool, exact: bool) -> None:
    talk = three_hours(punctuated=punctuated, exact=exact)
    duration = talk.words[-1].span.end
    began = time.process_time()
    chunks = plan_chunks(duration, 35, candidates=find_candidates(duration, transcript=talk))
    took = time.process_time() - began
    print(f"30,000 words over {duration:.0f} s planned in {took:.2f} s")
    assert len(chunks) > 200
    assert took < 3


def test_a_short_film_is_looked_at_everywhere_and_a_long_one_as_far_as_that_is_quick() -> None:
    wanted = [Span(35 * n - 1, 35 * n + 1) for n in range(1, 300)]
    assert affordable(wanted[:16], 600) == tuple(wanted[:16])
    many = affordable(wanted, 3 * 3600)
    assert 5 < len(many) < 30
    assert many == tuple(wanted[: len(many)])
