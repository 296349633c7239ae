"""Rules from what the operator always takes out."""

from __future__ import annotations

import pytest

from gravix_core.stages.caption.learned import OFTEN, rules_of
from gravix_core.texts import Pair, RuleKind, Words


def pair(
    *, tags: tuple[str, ...] = (), caption: str = "", kept: tuple[str, ...] = (), then: str = ""
) -> Pair:
    return Pair(Words("A title", caption, tags), Words("A title", then, kept))


def test_hashtag_that_is_taken_out_each_time_becomes_a_rule() -> None:
    (rule,) = rules_of([pair(tags=("#viral", "#bridges"), kept=("#bridges",))] * OFTEN)
    assert (rule.kind, rule.text, rule.times, rule.is_on) == (RuleKind.HASHTAG, "#viral", 3, True)


def test_less_often_is_no_habit() -> None:
    assert rules_of([pair(tags=("#viral",))] * (OFTEN - 1)) == ()


def test_what_was_kept_once_becomes_no_rule() -> None:
    pairs = [pair(tags=("#viral",))] * 9 + [pair(tags=("#viral",), kept=("#Viral",))]
    assert rules_of(pairs) == ()


def test_what_the_operator_added_becomes_no_rule() -> None:
    assert rules_of([pair(kept=("#mine",), then="Mine.")] * 5) == ()


def test_case_and_blanks_make_no_other_hashtag_or_sentence() -> None:
    pairs = [
        pair(tags=("#Viral",), caption="Follow  me!"),
        pair(tags=("#viral",), caption="follow me!"),
        pair(tags=("#VIRAL",), caption="Follow me!\n"),
    ]
    assert [(rule.text, rule.times) for rule in rules_of(pairs)] == [
        ("#Viral", 3),
        ("Follow me!", 3),
    ]


def test_sentence_that_is_always_deleted_becomes_a_rule() -> None:
    pairs = [
        pair(caption=f"Bridge {n} stands. Follow for more!", then=f"Bridge {n} stands.")
        for n in range(4)
    ]
    (rule,) = rules_of(pairs)
    assert (rule.kind, rule.text, rule.times) == (RuleKind.SENTENCE, "Follow for more!", 4)


def test_sentence_that_went_into_another_one_was_kept() -> None:
    written = pair(caption="Follow me", then="So follow me, please.")
    assert rules_of([written] * 5) == ()


def test_hashtag_inside_the_caption_counts_as_kept() -> None:
    assert rules_of([pair(tags=("#arch",), then="An #arch, of course.")] * 5) == ()


@pytest.mark.parametrize("off", [True, False])
def test_rule_that_is_switched_off_is_still_listed(off: bool) -> None:
    pairs = [pair(tags=("#viral",))] * 3
    (known,) = rules_of(pairs)
    (rule,) = rules_of(pairs, off=[known.key] if off else [])
    assert rule.is_on is not off


def test_what_is_taken_out_most_comes_first() -> None:
    pairs = [pair(tags=("#a", "#b"))] * 3 + [pair(tags=("#b",))] * 2
    assert [rule.text for rule in rules_of(pairs)] == ["#b", "#a"]
