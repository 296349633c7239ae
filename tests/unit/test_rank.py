"""Which of a video's reels are good, by what was measured of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gravix_core.features import Features
from gravix_core.stages.caption.rank import ranked, worth

SHARE = st.none() | st.floats(0, 1)
COUNT = st.none() | st.integers(0, 40)
FEATURES = st.builds(
    Features,
    opening_words=COUNT,
    words_per_second=st.none() | st.floats(0, 10),
    silence=SHARE,
    opens=st.none() | st.booleans(),
    closes=st.none() | st.booleans(),
    opening_hooks=COUNT,
    hooks=COUNT,
    questions=COUNT,
    loudness_range=st.none() | st.floats(0, 40),
    face=SHARE,
    motion=SHARE,
)
GOOD = Features(
    opening_words=9,
    words_per_second=2.5,
    silence=0.0,
    opens=True,
    closes=True,
    opening_hooks=1,
    hooks=2,
    questions=1,
)


@given(features=FEATURES)
def test_worth_lies_between_0_and_1(features: Features) -> None:
    assert 0 <= worth(features) <= 1


@given(features=st.lists(FEATURES, max_size=12))
def test_ranking_holds_every_reel_once_and_never_rises(features: list[Features]) -> None:
    order = ranked(features)
    assert sorted(order) == list(range(len(features)))
    values = [worth(features[index]) for index in order]
    assert values == sorted(values, reverse=True)


def test_reels_of_the_same_worth_stay_in_story_order() -> None:
    assert ranked([Features(), GOOD, Features(), GOOD]) == (1, 3, 0, 2)


def test_with_nothing_known_the_story_decides() -> None:
    assert ranked([Features()] * 5) == (0, 1, 2, 3, 4)


def test_a_reel_of_which_little_is_known_does_not_beat_a_good_one() -> None:
    assert worth(Features(silence=0.0)) < worth(GOOD)
    assert worth(Features(face=1.0)) < worth(GOOD)


@given(features=FEATURES, less=st.floats(0, 1), more=st.floats(0, 1))
def test_more_silence_never_raises_worth(features: Features, less: float, more: float) -> None:
    less, more = sorted((less, more))
    assert worth(replace(features, silence=more)) <= worth(replace(features, silence=less))


@given(features=FEATURES, less=st.floats(0, 1), more=st.floats(0, 1))
def test_more_of_a_face_never_lowers_worth(features: Features, less: float, more: float) -> None:
    less, more = sorted((less, more))
    assert worth(replace(features, face=less)) <= worth(replace(features, face=more))


@pytest.mark.parametrize(
    "worse",
    [
        replace(GOOD, opening_words=1),
        replace(GOOD, opening_hooks=0),
        replace(GOOD, words_per_second=6.0),
        replace(GOOD, silence=0.3),
        replace(GOOD, opens=False),
        replace(GOOD, closes=False),
        replace(GOOD, face=0.0),
        replace(GOOD, motion=0.0),
        replace(GOOD, loudness_range=20.0),
    ],
)
def test_each_measure_tells_better_from_worse(worse: Features) -> None:
    assert ranked([worse, GOOD]) == (1, 0)


def test_a_hook_that_comes_later_counts_less_than_an_early_one_and_more_than_none() -> None:
    late = replace(GOOD, opening_hooks=0)
    none = replace(late, hooks=0, questions=0)
    assert worth(none) < worth(late) < worth(GOOD)
