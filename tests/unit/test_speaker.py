"""Mouths in, turns out."""

from __future__ import annotations

from itertools import pairwise

import pytest

from gravix_core.framing import Box
from gravix_core.model import Span
from gravix_core.stages.reframe.seen import Look, Person, Talk
from gravix_core.stages.reframe.speaker import shares, turns

SHOT = Span(10, 22)


def mouth(*talks: Span, level: float = 3.0, idle: float = 0.1, seen: Span = SHOT) -> Person:
    times = [seen.start + n / 15 for n in range(int(seen.duration * 15))]
    talk = tuple(
        Talk(at, level if any(t.start <= at < t.end for t in talks) else idle) for at in times
    )
    return Person(tuple(Look(at, Box(0.2, 0.2, 0.1, 0.2), 0.27) for at in times[::4]), talk)


def told(*people: Person) -> list[tuple[int, float]]:
    return [(turn.person, turn.span.start) for turn in turns(people, SHOT)]


def test_turns_partition_the_shot() -> None:
    found = turns([mouth(Span(10, 16)), mouth(Span(16, 22))], SHOT)
    assert (found[0].span.start, found[-1].span.end) == (SHOT.start, SHOT.end)
    assert all(a.span.end == b.span.start for a, b in pairwise(found))


def test_a_turn_begins_where_the_mouth_began_to_move() -> None:
    (first, _), (second, at) = told(mouth(Span(10, 16)), mouth(Span(16, 22)))
    assert (first, second) == (0, 1)
    assert at == pytest.approx(16, abs=0.4)


def test_who_talks_first_is_shown_first() -> None:
    assert told(mouth(Span(15, 22)), mouth(Span(10, 15)))[0] == (1, SHOT.start)


def test_a_laugh_takes_nobodys_turn() -> None:
    assert len(told(mouth(Span(10, 22)), mouth(Span(15, 15.4), level=5.0))) == 1


def test_a_quick_word_back_and_forth_does_not_make_the_picture_flicker() -> None:
    quick = [Span(10 + n, 10.5 + n) for n in range(12)]
    others = [Span(10.5 + n, 11 + n) for n in range(12)]
    assert len(told(mouth(*quick), mouth(*others))) <= 2


def test_nobody_talking_changes_nothing() -> None:
    assert len(told(mouth(), mouth())) == 1


def test_one_who_leaves_hands_the_word_on() -> None:
    found = told(mouth(Span(10, 14), seen=Span(10, 14)), mouth())
    assert [who for who, _ in found] == [0, 1]
    assert found[1][1] == pytest.approx(15, abs=0.5)


def test_one_alone_has_the_word_all_the_time() -> None:
    alone = Person((Look(12.0, Box(0.2, 0.2, 0.1, 0.2), 0.27),))
    assert told(alone) == [(0, SHOT.start)]


def test_shares_tell_who_talks_how_much() -> None:
    found = shares([mouth(Span(10, 19)), mouth(Span(19, 22)), mouth()], SHOT)
    assert found == pytest.approx((0.75, 0.25, 0.0), abs=0.05)
