"""How a score is made of what is known of a reel, and made again once more is known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gravix_core.features import Features
from gravix_core.model import PostText, ScorePart, Span, Word
from gravix_core.stages.caption.base import Brief, Spoken
from gravix_core.stages.caption.basic import BasicCaptioner
from gravix_core.stages.caption.features import measure_all, seen
from gravix_core.stages.caption.judge import judge_all
from gravix_core.stages.caption.score import (
    FORMER,
    INTEREST,
    NEUTRAL,
    SHARES,
    judged,
    quality,
    rescored,
    weighed,
    with_interest,
)
from tests.unit.test_rank import FEATURES

SPAN = Span(0, 30)
SAID = "Why do bridges fall? Most people blame the steel."
WORDS = tuple(Word(text, Span(0.4 * i, 0.4 * i + 0.3)) for i, text in enumerate(SAID.split()))
ONCE_RENDERED = seen(Features(), face=0.9, motion=0.02, loudness_range=4.0)


def describe(features: Features | None, *, words: tuple[Word, ...] = WORDS) -> PostText:
    spoken = Spoken(1, 0, 1, SPAN, words, features)
    return BasicCaptioner().describe(Brief("Why Bridges Fall"), [spoken])[1]


def again(text: PostText, features: Features) -> PostText:
    return rescored(text, features, seconds=SPAN.duration)


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
    assert names(before) == ["hook", "completeness", "pace"]
    assert names(after) == [*names(before), "picture", "sound"]


def test_reasons_say_what_was_measured() -> None:
    features = replace(
        ONCE_RENDERED,
        opening_words=5,
        words_per_second=2.54,
        silence=0.1,
        opens=True,
        closes=False,
        opening_hooks=1,
    )
    assert [part.reason for part in judged(features, 30.4)] == [
        "5 words in the first 3 s, with a question or a phrase that hooks.",
        "The first word begins a sentence and the last is in the middle of a sentence; "
        "the reel lasts 30 s (15 to 45 are aimed at).",
        "2.5 words per second (2 to 3.3 are easy to follow), "
        "and 10% of the time lies in gaps of more than 1 s.",
        "A face is in the frame 90% of the time, and the picture changes by 2.0% in half a second.",
        "The loudness ranges over 4.0 LU (2 to 8 suit a phone).",
    ]


@pytest.mark.parametrize(
    ("features", "reason"),
    [
        (Features(), "There is no transcript; "),
        (Features(opening_words=5), "No sentence's begin or end can be told; "),
        (Features(opening_words=5, closes=True), "The last ends a sentence; "),
        (Features(opening_words=5, opens=False), "The first word is in the middle of a sentence; "),
    ],
)
def test_the_reason_for_completeness_is_what_was_found(features: Features, reason: str) -> None:
    assert judged(features, 20)[1].reason.startswith(reason)


def test_what_nobody_could_tell_is_neutral() -> None:
    hook, _, pace = judged(Features(), 30)
    assert hook.value == pace.value == NEUTRAL


def test_a_picture_of_which_one_thing_is_known_is_judged_by_it() -> None:
    assert judged(Features(face=1.0), 30)[-1].value == 100


@given(features=FEATURES, seconds=st.floats(3, 900))
def test_the_same_features_give_the_same_score_in_any_video(
    features: Features, seconds: float
) -> None:
    alone = Spoken(1, 0, 1, Span(0, seconds), WORDS, features)
    among = replace(alone, reel_id=2, index=3, count=4)
    quiet = Spoken(3, 1, 4, Span(50, 90), ())
    assert judge_all([alone])[1] == judge_all([quiet, among])[2]


def test_weights_are_in_one_place_and_cover_every_part() -> None:
    parts = with_interest(judged(ONCE_RENDERED, 30), 80, "A surprise.")
    assert [part.name for part in parts] == list(SHARES)
    total = sum(sum(shares.values()) for shares in SHARES.values())
    for part in parts:
        assert abs(part.weight - 100 * sum(SHARES[part.name].values()) / total) < 1


@given(value=st.integers(), reason=st.text(), twice=st.booleans())
def test_interest_is_a_part_beside_the_measured_ones(value: int, reason: str, twice: bool) -> None:
    measured = judged(ONCE_RENDERED, 30)
    before = with_interest(measured, 3, "Dull.") if twice else measured
    *others, interest = with_interest(before, value, reason)
    assert [(part.name, part.value, part.reason) for part in others] == [
        (part.name, part.value, part.reason) for part in measured
    ]
    assert interest.name == INTEREST
    assert interest.value == min(max(value, 0), 100)
    assert sum(part.weight for part in (*others, interest)) == 100
    assert interest.reason.endswith((*".!?…。！？؟।॥\"'”’»)]）」』*_",))
    assert 0 < len(interest.reason) <= 201


def test_a_reason_that_a_model_gave_mentions_nobody_and_is_one_line() -> None:
    *_, interest = with_interest((), 50, "good\nfor @ada #viral")
    assert interest.reason == "Good for ada viral."


def test_interest_stays_when_a_reel_is_scored_again() -> None:
    text = describe(None)
    text = replace(text, score_parts=with_interest(text.score_parts, 90, "Strong."))
    assert names(again(text, ONCE_RENDERED)) == list(SHARES)


def test_parts_of_the_former_names_go_when_a_reel_is_scored_again() -> None:
    old = tuple(ScorePart(name, 40, 10, "As it was.") for name in (*sorted(FORMER), "hook"))
    text = replace(describe(None), score_parts=old, quality_score=40)
    known = replace(ONCE_RENDERED, opening_words=3)
    assert again(text, known).score_parts == judged(known, SPAN.duration)


def test_pauses_count_in_a_reel_without_a_transcript() -> None:
    busy, quiet = (describe(Features(silence=share), words=()) for share in (0.0, 0.4))
    assert busy.quality_score > quiet.quality_score


@given(features=FEATURES)
def test_scoring_again_changes_nothing_that_is_posted(features: Features) -> None:
    text = describe(None)
    scored = again(text, features)
    assert replace(scored, score_parts=(), quality_score=0) == replace(
        text, score_parts=(), quality_score=0
    )
    assert scored.quality_score == quality(scored.score_parts)
    assert sum(part.weight for part in scored.score_parts) == 100
    assert again(scored, features) == scored


@pytest.mark.parametrize("words", [(), WORDS])
def test_scored_after_rendering_as_if_it_had_been_described_after_it(
    words: tuple[Word, ...],
) -> None:
    measured = measure_all([(SPAN, words)], pauses=())[0]
    known = seen(measured, face=0.4, motion=0.01, loudness_range=9.0)
    assert again(describe(measured, words=words), known) == describe(known, words=words)


def test_what_is_no_longer_known_is_no_part_any_more() -> None:
    text = again(describe(None), ONCE_RENDERED)
    assert names(again(text, Features())) == ["hook", "completeness", "pace"]


def test_a_text_that_nobody_judged_stays_as_it_is() -> None:
    text = replace(describe(None), score_parts=(), quality_score=7)
    assert again(text, ONCE_RENDERED) == text


def test_parts_that_another_provider_gave_are_kept() -> None:
    own = ScorePart("humour", 80, 100, "It made a stranger laugh.")
    text = again(replace(describe(None), score_parts=(own,), quality_score=80), ONCE_RENDERED)
    assert names(text)[0] == "humour"
    assert again(text, ONCE_RENDERED) == text


def test_a_reel_of_a_talk_in_which_nothing_is_said_has_no_hook() -> None:
    silent = measure_all([(SPAN, WORDS), (Span(30, 60), ())])[1]
    parts = {part.name: part.value for part in describe(silent, words=()).score_parts}
    assert parts["hook"] == parts["pace"] == 0


def test_weights_are_whole_and_rounded_where_it_matters_least() -> None:
    parts = weighed([ScorePart(name, 50, 0, "So.") for name in ("sound", "pace", "hook")])
    assert [(part.name, part.weight) for part in parts] == [
        ("hook", 36),
        ("pace", 50),
        ("sound", 14),
    ]


def test_equal_shares_give_weights_that_differ_by_one_at_most() -> None:
    parts = [ScorePart(name, 50, 1, "So.") for name in "abc"]
    assert [part.weight for part in weighed(parts)] == [34, 33, 33]
