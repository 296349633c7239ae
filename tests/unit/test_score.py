"""How a score is made of what is known of a reel, and made again once more is known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gravix_core.features import Features
from gravix_core.model import PostText, ScorePart, Span, Word
from gravix_core.stages.caption.base import Spoken
from gravix_core.stages.caption.basic import BasicCaptioner
from gravix_core.stages.caption.features import measure_all, seen
from gravix_core.stages.caption.score import judged, quality, rescored, weighed
from tests.unit.test_rank import FEATURES

SPAN = Span(0, 30)
SAID = "Why do bridges fall? Most people blame the steel."
WORDS = tuple(Word(text, Span(0.4 * i, 0.4 * i + 0.3)) for i, text in enumerate(SAID.split()))
ONCE_RENDERED = seen(Features(), face=0.9, motion=0.02, loudness_range=4.0)


def describe(features: Features | None, *, words: tuple[Word, ...] = WORDS) -> PostText:
    spoken = Spoken(1, 0, 1, SPAN, words, features)
    return BasicCaptioner().describe("Why Bridges Fall", [spoken])[1]


def names(text: PostText) -> list[str]:
    return [part.name for part in text.score_parts]


@given(features=FEATURES | st.none(), words=st.sampled_from([(), WORDS]))
def test_a_score_is_explained_whatever_is_known(
    features: Features | None, words: tuple[Word, ...]
) -> None:
    text = describe(features, words=words)
    assert sum(part.weight for part in text.score_parts) == 100
    assert all(part.weight > 0 and 0 <= part.value <= 100 for part in text.score_parts)
    assert all(part.reason.endswith(".") for part in text.score_parts)
    assert 0 <= text.quality_score <= 100
    assert len(set(names(text))) == len(names(text))


@pytest.mark.parametrize("words", [(), WORDS])
def test_picture_and_loudness_are_parts_only_once_they_are_known(words: tuple[Word, ...]) -> None:
    before, after = describe(None, words=words), describe(ONCE_RENDERED, words=words)
    assert names(after) == [*names(before), "face", "motion", "loudness"]


def test_reasons_say_what_was_seen_and_heard() -> None:
    reasons = [part.reason for part in describe(ONCE_RENDERED).score_parts[-3:]]
    assert reasons == [
        "A face is in the frame 90% of the time.",
        "The picture changes by 2.0% in half a second.",
        "The loudness ranges over 4.0 LU; 2 to 8 suit a phone.",
    ]


@pytest.mark.parametrize(
    ("whole", "reason"),
    [
        (True, "The last word ends a sentence."),
        (False, "The last word is in the middle of a sentence."),
        (None, "The transcript does not show where sentences end."),
    ],
)
def test_the_reason_for_a_clean_end_is_what_was_found(whole: bool | None, reason: str) -> None:
    parts = weighed(list(judged(Features(opening_words=5, closes=whole))))
    assert parts[-1] == ScorePart("clean end", {True: 100, False: 10, None: 50}[whole], 30, reason)


def test_pauses_count_in_a_reel_without_a_transcript() -> None:
    busy, quiet = (describe(Features(silence=share), words=()) for share in (0.0, 0.4))
    assert busy.quality_score > quiet.quality_score


@given(features=FEATURES)
def test_scoring_again_changes_nothing_that_is_posted(features: Features) -> None:
    text = describe(None)
    again = rescored(text, features)
    assert replace(again, score_parts=(), quality_score=0) == replace(
        text, score_parts=(), quality_score=0
    )
    assert again.quality_score == quality(again.score_parts)
    assert sum(part.weight for part in again.score_parts) == 100
    assert rescored(again, features) == again


@pytest.mark.parametrize("words", [(), WORDS])
def test_scored_after_rendering_as_if_it_had_been_described_after_it(
    words: tuple[Word, ...],
) -> None:
    measured = measure_all([(SPAN, words)], pauses=())[0]
    known = seen(measured, face=0.4, motion=0.01, loudness_range=9.0)
    assert rescored(describe(measured, words=words), known) == describe(known, words=words)


def test_what_is_no_longer_known_is_no_part_any_more() -> None:
    text = describe(None)
    assert rescored(rescored(text, ONCE_RENDERED), Features()) == text


def test_a_text_that_nobody_judged_stays_as_it_is() -> None:
    text = replace(describe(None), score_parts=(), quality_score=7)
    assert rescored(text, ONCE_RENDERED) == text


def test_parts_that_another_provider_gave_are_kept() -> None:
    own = ScorePart("humour", 80, 100, "It made a stranger laugh.")
    text = replace(describe(None), score_parts=(own,), quality_score=80)
    assert names(rescored(text, ONCE_RENDERED)) == ["humour", "face", "motion", "loudness"]


def test_a_reel_of_a_talk_in_which_nothing_is_said_has_no_parts_about_words() -> None:
    silent = measure_all([(SPAN, WORDS), (Span(30, 60), ())])[1]
    assert names(describe(silent, words=())) == ["speech", "title", "dead air", "length"]


def test_weights_are_rounded_where_it_matters_least() -> None:
    parts = [ScorePart("a", 50, 1, "So."), ScorePart("b", 50, 2, "So.")]
    assert [part.weight for part in weighed(parts)] == [33, 67]


def test_equal_shares_give_weights_that_differ_by_one_at_most() -> None:
    parts = [ScorePart(name, 50, 1, "So.") for name in "abc"]
    assert [part.weight for part in weighed(parts)] == [34, 33, 33]
