"""One reel and what is said in it in, a quality score with its reasons out.  Pure.

Every part is measured and says what was measured; what could not be judged is neutral.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from gravix_core.model import ScorePart, Seconds
from gravix_core.stages.caption.base import Spoken
from gravix_core.stages.caption.sentences import Manner, Sentence
from gravix_core.stages.caption.wording import is_closed, joined
from gravix_core.stages.caption.wordlists import HOOKS, QUESTION_WORDS

NEUTRAL = 50
OPENING: Seconds = 3.0
"""In which a viewer decides to stay."""
BRISK_OPENING = 7
"""Words in `OPENING`."""
SILENCE: Seconds = 1.0
"""A gap that is longer is dead air."""

Curve = tuple[tuple[float, float], ...]
"""Points (measured, value) joined by straight lines; flat outside."""
PACE: Curve = ((0.3, 0), (2.0, 100), (3.3, 100), (6.0, 20))
"""Words per second.  Easy speech lies between two and a bit over three."""
LENGTH: Curve = ((3, 20), (15, 100), (45, 100), (90, 70), (900, 0))
"""Seconds.  The outer bounds are Instagram's, see `MIN_REEL` and `MAX_REEL`."""
DEAD_AIR: Curve = ((0.0, 100), (0.5, 0))
"""Share of the reel."""


def quality(parts: Sequence[ScorePart]) -> int:
    """0..100, the weighted mean; the weights add up to 100."""
    return round(sum(part.value * part.weight for part in parts) / 100)


def parts_with_words(
    reel: Spoken, sentences: Sequence[Sentence], manner: Manner
) -> tuple[ScorePart, ...]:
    """For a reel in which something is said."""
    return (
        _hook(reel, sentences),
        _pace(reel),
        _dead_air(reel),
        _clean_start(reel, sentences, manner),
        _clean_end(reel, sentences, manner),
        _length(reel, weight=15),
    )


def parts_without_words(reel: Spoken, title: str, why: str) -> tuple[ScorePart, ...]:
    """For a reel of which only its length and its video's clean title are known."""
    count = len(title.split())
    value = 80 if 2 <= count <= 12 else 60 if count else 20
    reason = f"The video's title has {_number(count, 'word')} that can be used."
    speech = f"{why[:1].upper()}{why[1:]}, so what is said could not be judged."
    return (
        ScorePart("speech", NEUTRAL, 30, speech),
        ScorePart("title", value, 30, reason),
        _length(reel, weight=40),
    )


def is_hook(sentence: Sentence) -> bool:
    """True for a question and for a phrase that makes one listen."""
    text = f" {joined(sentence.texts).casefold().replace('’', chr(39))} "
    asks = sentence.asks or text.split(maxsplit=1)[0] in QUESTION_WORDS
    return asks or any(f" {hook}" in text for hook in HOOKS)


def _hook(reel: Spoken, sentences: Sequence[Sentence]) -> ScorePart:
    until = reel.span.start + OPENING
    count = sum(word.span.start < until for word in reel.words)
    opening = [sentence for sentence in sentences if sentence.words[0].span.start < until]
    hooks = any(map(is_hook, opening))
    value = min(100, round(60 * min(1, count / BRISK_OPENING)) + (40 if hooks else 0))
    how = "with a question or a phrase that hooks" if hooks else "without a question or a hook"
    reason = f"{_number(count, 'word')} in the first {OPENING:g} s, {how}."
    return ScorePart("hook", value, 25, reason)


def _pace(reel: Spoken) -> ScorePart:
    pace = len(reel.words) / reel.span.duration
    reason = f"{pace:.1f} words per second; 2 to 3.3 are easy to follow."
    return ScorePart("pace", _read(PACE, pace), 20, reason)


def _dead_air(reel: Spoken) -> ScorePart:
    share = sum(gap for gap in _silences(reel) if gap > SILENCE) / reel.span.duration
    reason = f"{share:.0%} of the reel lies in gaps of more than {SILENCE:g} s without a word."
    return ScorePart("dead air", _read(DEAD_AIR, share), 15, reason)


def _silences(reel: Spoken) -> list[Seconds]:
    """Gaps between words, the head and the tail of the reel included."""
    gaps, heard = [], reel.span.start
    for word in reel.words:
        gaps.append(min(word.span.start, reel.span.end) - heard)
        heard = max(heard, min(word.span.end, reel.span.end))
    return [*gaps, reel.span.end - heard]


def _clean_start(reel: Spoken, sentences: Sequence[Sentence], manner: Manner) -> ScorePart:
    delay = max(0.0, reel.words[0].span.start - reel.span.start)
    when = f"The first word comes after {delay:.1f} s"
    if not (manner.punctuated and manner.cased and sentences):
        reason = f"{when}; the transcript does not show where sentences begin."
        return ScorePart("clean start", NEUTRAL, 10, reason)
    opens = sentences[0].opens
    reason = f"{when} and {'begins' if opens else 'is in the middle of'} a sentence."
    return ScorePart("clean start", 100 if opens else 10, 10, reason)


def _clean_end(reel: Spoken, sentences: Sequence[Sentence], manner: Manner) -> ScorePart:
    left = max(0.0, reel.span.end - reel.words[-1].span.end)
    when = f"The last word comes {left:.1f} s before the end"
    if not (manner.punctuated and sentences):
        reason = f"{when}; the transcript does not show where sentences end."
        return ScorePart("clean end", NEUTRAL, 15, reason)
    closes = is_closed(sentences[-1].texts[-1])
    reason = f"{when} and {'ends' if closes else 'is in the middle of'} a sentence."
    return ScorePart("clean end", 100 if closes else 10, 15, reason)


def _length(reel: Spoken, *, weight: int) -> ScorePart:
    seconds = reel.span.duration
    reason = f"The reel lasts {seconds:.0f} s; 15 to 45 s are aimed at."
    return ScorePart("length", _read(LENGTH, seconds), weight, reason)


def _read(curve: Curve, measured: float) -> int:
    for (left, low), (right, high) in pairwise(curve):
        if measured <= right:
            share = max(0.0, measured - left) / (right - left)
            return round(low + (high - low) * share)
    return round(curve[-1][1])


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
