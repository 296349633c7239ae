"""What is measured of a reel from its words and its pauses."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gravix_core.features import Features
from gravix_core.model import Span, Word
from gravix_core.stages.caption.features import completed, measure, measure_all, seen
from gravix_core.stages.caption.sentences import manner_of

SPAN = Span(100, 110)
TALK = "Why do bridges fall? Nobody asks the wind. It blew all night, and they stood."


def timed(text: str, *, start: float = 100.0, every: float = 0.5) -> tuple[Word, ...]:
    return tuple(
        Word(word, Span(start + every * i, start + every * i + 0.8 * every))
        for i, word in enumerate(text.split())
    )


def measured(text: str, *, start: float = 100.0) -> Features:
    words = timed(text, start=start)
    return measure(SPAN, words, manner=manner_of(words))


def one_of(text: str, first: int, last: int) -> Features:
    """Of the words `first` to `last` (left out) of a talk."""
    words = timed(text)
    part = words[first:last]
    span = Span(part[0].span.start, part[-1].span.end)
    return measure_all([(span, part)], said=words)[0]


def test_words_that_begin_in_the_first_three_seconds_are_counted() -> None:
    assert measured(TALK).opening_words == 6
    assert measured(TALK, start=102.0).opening_words == 2


def test_pace_is_over_the_whole_reel_with_its_silences() -> None:
    assert measured("One two three four five.").words_per_second == 0.5


def test_only_gaps_of_more_than_a_second_are_silence() -> None:
    words = timed(TALK, start=100.9, every=0.6)
    assert measure(SPAN, words, manner=manner_of(words)).silence == 0.0


@pytest.mark.parametrize(
    ("said", "again", "silence"),
    [(100, 109, 0.81), (104, 109, 0.81), (104, 105.4, 0.82)],  # between, before, after the words
)
def test_silence_counts_wherever_it_lies(said: float, again: float, silence: float) -> None:
    words = timed("One two.", start=said) + timed("Three.", start=again)
    features = measure(SPAN, words, manner=manner_of(words))
    assert features.silence == pytest.approx(silence)


def test_questions_and_hook_phrases_are_counted_and_early_ones_apart() -> None:
    late = "The wind blew all night long. Nobody slept. Who did?"
    early, later = measured(TALK), measured(late)
    assert (early.opening_hooks, early.hooks, early.questions) == (2, 1, 1)
    assert (later.opening_hooks, later.hooks, later.questions) == (0, 1, 1)


@pytest.mark.parametrize(
    ("first", "last", "opens", "closes"),
    [(0, 4, True, True), (4, 8, True, True), (1, 4, False, True), (4, 7, True, False)],
)
def test_the_words_around_a_reel_show_whether_it_holds_whole_sentences(
    first: int, last: int, opens: bool, closes: bool
) -> None:
    features = one_of(TALK, first, last)
    assert (features.opens, features.closes) == (opens, closes)


def test_a_capital_in_the_middle_of_a_sentence_opens_none() -> None:
    assert one_of("He said that I was wrong. It rained.", 3, 6).opens is False


def test_an_abbreviation_at_the_end_closes_no_sentence() -> None:
    assert one_of("We met. He asked Dr. Smith about it.", 2, 5).closes is False


def test_small_letters_with_marks_still_show_where_sentences_begin() -> None:
    features = one_of("the wind blew. it rained. we ran.", 3, 5)
    assert (features.opens, features.closes) == (True, True)


def test_without_marks_nobody_can_tell_where_sentences_begin_and_end() -> None:
    features = measured("the wind blew and it rained so we ran")
    assert (features.opens, features.closes) == (None, None)


def test_without_a_transcript_only_the_pauses_tell() -> None:
    pauses = [Span(90, 102), Span(104, 104.9), Span(108, 120), Span(130, 140)]
    assert measure(SPAN, (), manner=None, pauses=pauses) == Features(silence=0.4)


def test_when_nobody_listened_nothing_is_known() -> None:
    assert measure_all([(SPAN, ())]) == (Features(),)


def test_when_somebody_listened_and_heard_no_pause_there_is_no_silence() -> None:
    assert measure_all([(SPAN, ())], pauses=()) == (Features(silence=0.0),)


def test_a_reel_of_a_talk_in_which_nobody_speaks_is_silent() -> None:
    spoken, silent = measure_all([(SPAN, timed(TALK)), (Span(110, 140), ())])
    assert spoken.opening_words == 6
    assert (silent.opening_words, silent.silence, silent.opens) == (0, 1.0, None)


def test_many_reels_are_measured_as_each_alone() -> None:
    words = timed(TALK * 20)
    reels = [(Span(100 + 10 * i, 110 + 10 * i), words[20 * i : 20 * i + 20]) for i in range(10)]
    alone = [measure_all([reel], said=words)[0] for reel in reels]
    assert measure_all(reels, said=words) == tuple(alone)


def test_three_hours_of_talk_are_measured_in_less_than_a_second_of_work() -> None:
    texts = [f"{text[:-1]}{i % 997}{text[-1]}" for i, text in enumerate(TALK.split() * 2000)]
    words = timed(" ".join(texts), start=0.0, every=0.36)
    reels = [(Span(36 * i, 36 * i + 36), words[100 * i : 100 * i + 100]) for i in range(300)]
    pauses = [Span(3 * i, 3 * i + 0.4) for i in range(3600)]
    begun = time.process_time()
    assert len(measure_all(reels, said=words, pauses=pauses)) == 300
    assert time.process_time() - begun < 3  # three times what is promised


def test_what_is_seen_is_kept_inside_its_range() -> None:
    features = seen(Features(hooks=2), face=1.0000001, motion=-0.1, loudness_range=4.5)
    assert features == Features(hooks=2, face=1.0, motion=0.0, loudness_range=4.5)


def test_what_is_no_number_is_not_known() -> None:
    nan, endless = float("nan"), float("-inf")
    assert seen(Features(), face=nan, motion=None, loudness_range=endless) == Features()


def test_a_share_past_one_is_refused() -> None:
    with pytest.raises(ValueError, match="share"):
        Features(face=1.5)


def test_what_was_known_is_kept_and_only_the_rest_is_taken_over() -> None:
    given, measured = Features(silence=0.1, face=0.0), Features(silence=0.3, hooks=2)
    assert completed(given, measured) == Features(silence=0.1, face=0.0, hooks=2)
    assert completed(None, measured) == measured


WORDS = st.lists(st.sampled_from(TALK.split()) | st.text(min_size=1, max_size=9), max_size=40)


@given(said=WORDS, start=st.floats(95, 108), every=st.floats(0.05, 2))
def test_any_words_can_be_measured_and_written_down(
    said: list[str], start: float, every: float
) -> None:
    words = tuple(
        Word(text, Span(start + every * i, start + every * (i + 1))) for i, text in enumerate(said)
    )
    features = measure(SPAN, words, manner=manner_of(words), pauses=())
    read = json.loads(json.dumps(asdict(features)))
    assert Features(**read) == features == replace(features)
