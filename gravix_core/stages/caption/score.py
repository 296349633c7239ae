"""What was measured of a reel in, a quality score with its reasons out.  Pure.

Every part says what was measured.  What was looked at and could not be judged is neutral; what
nobody has looked at yet, such as the picture before it is rendered, is left out and the other
parts weigh more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from gravix_core.features import Features
from gravix_core.model import PostText, ScorePart, Seconds
from gravix_core.stages.caption.base import Spoken
from gravix_core.stages.caption.sentences import Sentence
from gravix_core.stages.caption.wording import joined
from gravix_core.stages.caption.wordlists import HOOKS, QUESTION_WORDS

NEUTRAL = 50
OPENING: Seconds = 3.0
"""In which a viewer decides to stay."""
BRISK_OPENING = 7
"""Words in `OPENING`."""
SILENCE: Seconds = 1.0
"""A gap that is longer is dead air."""

SHARES = {
    "speech": 15,
    "title": 10,
    "hook": 25,
    "pace": 20,
    "dead air": 15,
    "clean start": 10,
    "clean end": 15,
    "length": 15,
    "face": 20,
    "motion": 10,
    "loudness": 10,
}
"""How much each part counts beside the others; the weights of those that are there come from it."""
ONCE_RENDERED = ("face", "motion", "loudness")
"""Parts that are known after the others, in their order."""

Curve = tuple[tuple[float, float], ...]
"""Points (measured, value) joined by straight lines; flat outside."""
PACE: Curve = ((0.3, 0), (2.0, 100), (3.3, 100), (6.0, 20))
"""Words per second.  Easy speech lies between two and a bit over three."""
LENGTH: Curve = ((3, 20), (15, 100), (45, 100), (90, 70), (900, 0))
"""Seconds.  The outer bounds are Instagram's, see `MIN_REEL` and `MAX_REEL`."""
DEAD_AIR: Curve = ((0.0, 100), (0.5, 0))
"""Share of the reel."""
FACE: Curve = ((0.0, 30), (0.8, 100))
"""Share of the time.  A reel without people can be good, so it does not begin at 0."""
MOTION: Curve = ((0.0, 10), (0.01, 60), (0.04, 100))
"""As `Features.motion`.  Only a picture that stands still costs much: a clip of a turning globe
on black has 0.007, one of a webcam 0.014, a drawn film 0.04."""
LOUDNESS: Curve = ((0.0, 60), (2.0, 100), (8.0, 100), (20.0, 20))
"""LU.  TC Electronic's manual of the System 6000 advises to stay below 8 for mobile TV and below
20 for HDTV (page 114, read 2026-11-26); the range of less than a minute is a rough figure, so a
flat one costs little."""


def quality(parts: Sequence[ScorePart]) -> int:
    """0..100, the weighted mean; the weights add up to 100."""
    return round(sum(part.value * part.weight for part in parts) / 100)


def parts_with_words(reel: Spoken, features: Features) -> tuple[ScorePart, ...]:
    """For a reel in which something is said."""
    return weighed([*judged(features), _length(reel)])


def parts_without_words(
    reel: Spoken, features: Features, *, title: str, why: str
) -> tuple[ScorePart, ...]:
    """For a reel of which its length, its video's clean title and perhaps the picture are known."""
    count = len(title.split())
    value = 80 if 2 <= count <= 12 else 60 if count else 20
    speech = f"{why[:1].upper()}{why[1:]}, so what is said could not be judged."
    named = f"The video's title has {_number(count, 'word')} that can be used."
    wordless = replace(features, opening_words=None, words_per_second=None)
    return weighed(
        [
            _part("speech", NEUTRAL, speech),
            _part("title", value, named),
            *judged(wordless),
            _length(reel),
        ]
    )


def rescored(text: PostText, features: Features) -> PostText:
    """`text` with its score as of these features; nothing that is posted changes.

    Parts that features decide are judged again, those of the picture and the sound come and go
    with what is known, all others stay.  A text without parts was never judged and stays as it is.
    """
    if not text.score_parts:
        return text
    fresh = {part.name: part for part in judged(features)}
    kept = [
        fresh.get(part.name, part) for part in text.score_parts if part.name not in ONCE_RENDERED
    ]
    parts = weighed([*kept, *(fresh[name] for name in ONCE_RENDERED if name in fresh)])
    return replace(text, score_parts=parts, quality_score=quality(parts))


def weighed(parts: Sequence[ScorePart]) -> tuple[ScorePart, ...]:
    """The parts in the order of `SHARES`, with whole weights that add up to 100.

    A part that `SHARES` does not name comes first and keeps its weight beside the others.
    """
    order = list(SHARES)
    parts = sorted(parts, key=lambda part: order.index(part.name) if part.name in SHARES else -1)
    shares = [SHARES.get(part.name, max(part.weight, 1)) for part in parts]
    total = sum(shares) or 1
    weights = [share * 100 // total for share in shares]
    by_rest = sorted(range(len(parts)), key=lambda i: -(shares[i] * 100 % total))
    for i in by_rest[: 100 - sum(weights)]:
        weights[i] += 1
    return tuple(replace(part, weight=weights[i]) for i, part in enumerate(parts))


def judged(features: Features) -> Iterator[ScorePart]:
    """A part for each thing that these features know, not yet weighed."""
    if features.opening_words is not None:
        yield _hook(features, features.opening_words)
    if features.words_per_second is not None:
        pace = features.words_per_second
        reason = f"{pace:.1f} words per second; 2 to 3.3 are easy to follow."
        yield _part("pace", read(PACE, pace), reason)
    if features.silence is not None:
        reason = (
            f"{features.silence:.0%} of the reel lies in gaps of more than {SILENCE:g} s "
            "without speech."
        )
        yield _part("dead air", read(DEAD_AIR, features.silence), reason)
    if features.opening_words is not None:
        yield _clean("start", features.opens)
        yield _clean("end", features.closes)
    yield from _once_rendered(features)


def _once_rendered(features: Features) -> Iterator[ScorePart]:
    if features.face is not None:
        reason = f"A face is in the frame {features.face:.0%} of the time."
        yield _part("face", read(FACE, features.face), reason)
    if features.motion is not None:
        reason = f"The picture changes by {features.motion:.1%} in half a second."
        yield _part("motion", read(MOTION, features.motion), reason)
    if features.loudness_range is not None:
        reason = f"The loudness ranges over {features.loudness_range:.1f} LU; 2 to 8 suit a phone."
        yield _part("loudness", read(LOUDNESS, features.loudness_range), reason)


def is_hook(sentence: Sentence) -> bool:
    """True for a question and for a phrase that makes one listen."""
    asks = sentence.asks or _folded(sentence).split(maxsplit=1)[0] in QUESTION_WORDS
    return asks or count_hooks(sentence) > 0


def count_hooks(sentence: Sentence) -> int:
    """Of the phrases that make one listen, how many it holds."""
    text = _folded(sentence)
    return sum(f" {hook}" in text for hook in HOOKS)


def _folded(sentence: Sentence) -> str:
    return f" {joined(sentence.texts).casefold().replace('’', chr(39))} "


def _hook(features: Features, count: int) -> ScorePart:
    later = (features.hooks or 0) + (features.questions or 0)
    value = round(60 * min(1, count / BRISK_OPENING))
    how = "without a question or a hook"
    if features.opening_hooks:
        value, how = value + 40, "with a question or a phrase that hooks"
    elif later:
        value, how = value + min(15, 5 * later), "and a question or a hook only later"
    reason = f"{_number(count, 'word')} in the first {OPENING:g} s, {how}."
    return _part("hook", value, reason)


def _clean(edge: str, whole: bool | None) -> ScorePart:
    name = f"clean {edge}"
    if whole is None:
        reason = f"The transcript does not show where sentences {edge}."
        return _part(name, NEUTRAL, reason)
    word = "first" if edge == "start" else "last"
    reason = f"The {word} word {f'{edge}s' if whole else 'is in the middle of'} a sentence."
    return _part(name, 100 if whole else 10, reason)


def _length(reel: Spoken) -> ScorePart:
    seconds = reel.span.duration
    reason = f"The reel lasts {seconds:.0f} s; 15 to 45 s are aimed at."
    return _part("length", read(LENGTH, seconds), reason)


def _part(name: str, value: int, reason: str) -> ScorePart:
    return ScorePart(name, value, SHARES[name], reason)


def read(curve: Curve, measured: float) -> int:
    """0..100, what a curve gives for a measured number."""
    for (left, low), (right, high) in pairwise(curve):
        if measured <= right:
            share = max(0.0, measured - left) / (right - left)
            return round(low + (high - low) * share)
    return round(curve[-1][1])


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
