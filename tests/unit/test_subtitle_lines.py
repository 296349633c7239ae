"""Timed words or typed text in; screens of at most two rows out."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gravix_core.model import Cue, Span, Word
from gravix_core.stages.render.fonts import text_width
from gravix_core.stages.render.letters import is_right_to_left
from gravix_core.stages.render.subtitle_lines import (
    SHORTEST,
    SubtitleLine,
    from_cues,
    row_text,
    subtitle_lines,
    to_cues,
)

calm = settings(deadline=None)
"""A busy machine is no failure."""

ROOM = 12.0
TEXTS = st.text("abcdefgh.,?!'\"{}\\漢字かな。ไทยमनАя مر", min_size=1, max_size=30).map(
    lambda text: text.replace(" ", "") or "x"
)


def width(text: str) -> float:
    return len(text) * 0.6


@st.composite
def spoken(draw: st.DrawFn) -> tuple[tuple[Word, ...], Span]:
    """Words with and without pauses, some over each other, some over the edges of the span."""
    at, words = 10.0, []
    for text in draw(st.lists(TEXTS, max_size=40)):
        at += draw(st.sampled_from([-0.1, 0.0, 0.05, 0.6, 2.0]))
        lasts = draw(st.sampled_from([0.01, 0.2, 0.5]))
        words.append(Word(text, Span(max(at, 0.0), max(at, 0.0) + lasts)))
        at += lasts
    start = draw(st.sampled_from([0.0, 9.0, 10.3]))
    return tuple(words), Span(start, max(at, start) + draw(st.sampled_from([0.1, 1.0, 5.0])))


def glued(lines: tuple[SubtitleLine, ...]) -> str:
    return "".join(part.text for line in lines for part in line.said)


def shown(words: tuple[Word, ...], span: Span) -> str:
    inside = [
        word for word in words if span.start <= (word.span.start + word.span.end) / 2 < span.end
    ]
    return "".join(word.text for word in sorted(inside, key=lambda word: word.span.start))


def said(text: str, *, pace: float = 0.3, pauses: dict[str, float] | None = None) -> list[Word]:
    at, words = 0.0, []
    for word in text.split():
        words.append(Word(word, Span(at, at + pace)))
        at += pace + 0.02 + (pauses or {}).get(word, 0.0)
    return words


@calm
@given(spoken())
def test_every_word_is_shown_once_and_in_order(case: tuple[tuple[Word, ...], Span]) -> None:
    words, span = case
    lines = subtitle_lines(words, span, room=ROOM, measure=width)
    assert glued(lines) == shown(words, span)


@calm
@given(spoken())
def test_no_screen_has_a_third_row_or_a_row_too_wide(
    case: tuple[tuple[Word, ...], Span],
) -> None:
    for line in subtitle_lines(*case, room=ROOM, measure=width):
        assert 1 <= len(line.rows) <= 2
        assert all(width(row_text(row)) <= ROOM + 1e-6 for row in line.rows)


@calm
@given(spoken())
def test_screens_lie_inside_the_span_without_overlap(
    case: tuple[tuple[Word, ...], Span],
) -> None:
    words, span = case
    lines = subtitle_lines(words, span, room=ROOM, measure=width)
    assert all(span.start <= line.span.start < line.span.end <= span.end for line in lines)
    assert all(before.span.end <= after.span.start for before, after in pairwise(lines))


@calm
@given(spoken())
def test_a_screen_stays_long_enough_where_the_next_lets_it(
    case: tuple[tuple[Word, ...], Span],
) -> None:
    words, span = case
    lines = subtitle_lines(words, span, room=ROOM, measure=width)
    ends = [*(line.span.start for line in lines[1:]), span.end]
    for line, end in zip(lines, ends, strict=False):
        assert line.span.duration >= min(SHORTEST, end - line.span.start) - 1e-6


@calm
@given(spoken())
def test_what_the_editor_shows_makes_the_same_screens(
    case: tuple[tuple[Word, ...], Span],
) -> None:
    words, span = case
    lines = subtitle_lines(words, span, room=ROOM, measure=width)
    again = from_cues(to_cues(lines), span, room=ROOM, measure=width)
    assert [(line.text, line.span) for line in again] == [(line.text, line.span) for line in lines]


@calm
@given(st.lists(st.text("ab .\n漢", max_size=80), max_size=6))
def test_typed_text_is_shown_whole_within_its_cue(texts: list[str]) -> None:
    cues = [Cue(text, Span(3.0 * at, 3.0 * at + 2.5)) for at, text in enumerate(texts)]
    span = Span(0.0, 30.0)
    lines = from_cues(cues, span, room=ROOM, measure=width)
    assert glued(lines) == "".join("".join(texts).split())
    assert all(len(line.rows) <= 2 for line in lines)
    assert all(width(row_text(row)) <= ROOM + 1e-6 for line in lines for row in line.rows)
    assert all(before.span.end <= after.span.start for before, after in pairwise(lines))


def test_a_screen_ends_with_its_sentence() -> None:
    words = said("Nobody knows. I spent twelve years on it, and then I left. Really.")
    texts = [line.text for line in subtitle_lines(words, Span(0, 9), room=14.0)]
    assert texts[0] == "Nobody knows."
    assert texts[-1] == "Really."


def test_a_screen_ends_at_a_pause_where_nothing_is_punctuated() -> None:
    words = said("one two three four five six", pauses={"three": 1.5})
    first, *_ = subtitle_lines(words, Span(0, 9), room=30.0)
    assert first.text == "one two three"


def test_a_screen_goes_soon_after_its_last_word_before_a_long_pause() -> None:
    words = said("one two three four", pauses={"two": 5.0})
    first, _ = subtitle_lines(words, Span(0, 9), room=ROOM)
    assert first.span.end == pytest.approx(words[1].span.end + 0.3)


def test_two_rows_are_of_much_the_same_width() -> None:
    (line,) = subtitle_lines(said("seven words that need two rows here"), Span(0, 9), room=14.0)
    upper, lower = (text_width(row_text(row)) for row in line.rows)
    assert abs(upper - lower) < 3.0


def test_words_without_blanks_are_broken_between_letters() -> None:
    text = "我今天想谈谈我们如何学习新的语言，因为这是一个非常重要的问题。"
    lines = subtitle_lines([Word(text, Span(0, 8))], Span(0, 8), room=9.0, measure=len)
    rows = [row_text(row) for line in lines for row in line.rows]
    assert "".join(rows) == text
    assert all(row[0] not in "，。" for row in rows)
    assert lines[0].span.end < 8


def test_an_overlong_word_is_torn_to_fit() -> None:
    (line,) = subtitle_lines([Word("x" * 30, Span(0, 2))], Span(0, 2), room=ROOM, measure=width)
    assert [len(row_text(row)) for row in line.rows] == [20, 10]


def test_an_emoji_is_not_torn() -> None:
    text = "👨‍👩‍👧👍🏽🇩🇪" * 4
    lines = subtitle_lines([Word(text, Span(0, 4))], Span(0, 4), room=5.0, measure=len)
    rows = [row_text(row) for line in lines for row in line.rows]
    assert all(row[0] in "👨👍🇩" for row in rows)


def test_a_typed_new_line_breaks_the_row() -> None:
    (line,) = from_cues([Cue("one\ntwo three four", Span(0, 2))], Span(0, 5), room=ROOM)
    assert line.text == "one\ntwo three four"
    assert line.span == Span(0, 2)


def test_typed_words_share_the_time_of_their_cue_by_length() -> None:
    (line,) = from_cues([Cue("aaaaaaa bbb", Span(0, 3))], Span(0, 5), room=ROOM)
    assert [part.span for part in line.said] == [Span(0, 2), Span(2, 3)]


def test_the_way_of_writing_is_that_of_most_letters() -> None:
    assert is_right_to_left("שלום world של עולם")
    assert not is_right_to_left("hello שלום world 12")
