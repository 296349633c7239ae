"""What was measured of a reel in, a quality score with its reasons out.  Pure.

A score has named parts, and a part one or more measures.  What was looked at and could not be
judged is neutral, so that scores of different videos can be compared; what nobody has looked at
yet, such as the picture before it is rendered, is left out and the other parts weigh more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from gravix_core.features import Features
from gravix_core.model import PostText, ScorePart, Seconds
from gravix_core.stages.caption.sentences import Sentence
from gravix_core.stages.caption.wording import clip, has_cjk, is_closed, joined, plain
from gravix_core.stages.caption.wordlists import HOOKS, QUESTION_WORDS

NEUTRAL = 50
OPENING: Seconds = 3.0
"""In which a viewer decides to stay."""
BRISK_OPENING = 7
"""Words in `OPENING`."""
SILENCE: Seconds = 1.0
"""A gap that is longer is dead air."""
INTEREST = "interest"
"""The part that only a model can judge."""
LONGEST_REASON = 200
"""Characters of one that a model gave."""

SHARES: Mapping[str, Mapping[str, int]] = {
    "hook": {"hook": 25},
    "completeness": {"start": 10, "end": 15, "length": 10},
    "pace": {"speed": 20, "dead air": 15},
    "picture": {"face": 20, "motion": 10},
    "sound": {"loudness": 10},
    INTEREST: {INTEREST: 30},
}
"""How much each measure of each part counts beside the others: the one place for it."""
OF_ANOTHER = 10
"""Share of a part that only the provider who gave it knows."""
FORMER = frozenset(
    {"speech", "title", "dead air", "clean start", "clean end"}
    | {"length", "face", "motion", "loudness"}
)
"""Names that parts had before 2026-12: stored texts may still have them."""

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


def measured(features: Features) -> Mapping[str, int]:
    """0..100 for each measure of `SHARES` that these features know, but for the length."""
    words, edges = features.opening_words is not None, {True: 100, False: 10, None: NEUTRAL}
    known = {
        "hook": _hook_value(features) if words else None,
        "start": edges[features.opens] if words else None,
        "end": edges[features.closes] if words else None,
        "speed": _read(PACE, features.words_per_second),
        "dead air": _read(DEAD_AIR, features.silence),
        "face": _read(FACE, features.face),
        "motion": _read(MOTION, features.motion),
        "loudness": _read(LOUDNESS, features.loudness_range),
    }
    return {name: value for name, value in known.items() if value is not None}


def judged(features: Features, seconds: Seconds) -> tuple[ScorePart, ...]:
    """The parts that can be measured of a reel that lasts `seconds`, weighed."""
    values = {**measured(features), "length": _on(LENGTH, seconds)}
    reasons = {
        "hook": _hook_reason(features),
        "completeness": _completeness_reason(features, seconds),
        "pace": _pace_reason(features),
        "picture": _picture_reason(features),
        "sound": _sound_reason(features),
    }
    return weighed(
        [
            ScorePart(name, _mean(name, values), 0, reason)
            for name, reason in reasons.items()
            if reason
        ]
    )


def with_interest(parts: Sequence[ScorePart], value: int, reason: str) -> tuple[ScorePart, ...]:
    """The parts and, in place of an earlier one, what a model thinks of the reel.

    Args:
        parts: As `judged` gives them.
        value: 0..100; what lies outside counts as the nearest.
        reason: One sentence, as a stranger may have written it.
    """
    told = clip(plain(reason), LONGEST_REASON) or "The model gave no reason."
    told = told if is_closed(told) else f"{told}."
    interest = ScorePart(INTEREST, min(max(value, 0), 100), 0, told[:1].upper() + told[1:])
    return weighed([*(part for part in parts if part.name != INTEREST), interest])


def rescored(text: PostText, features: Features, *, seconds: Seconds) -> PostText:
    """`text` with its score as of these features; nothing that is posted changes.

    What features decide is judged again; a part that only its provider could judge, such as the
    interest, stays.  A text without parts was never judged and stays as it is.
    """
    if not text.score_parts:
        return text
    fresh = judged(features, seconds)
    decided = FORMER | set(SHARES) - {INTEREST}
    kept = [part for part in text.score_parts if part.name not in decided]
    parts = weighed([*kept, *fresh])
    return replace(text, score_parts=parts, quality_score=quality(parts))


def weighed(parts: Sequence[ScorePart]) -> tuple[ScorePart, ...]:
    """The parts in the order of `SHARES`, with whole weights that add up to 100.

    A part that `SHARES` does not name comes first, with a share of `OF_ANOTHER`.
    """
    order = list(SHARES)
    parts = sorted(parts, key=lambda part: order.index(part.name) if part.name in SHARES else -1)
    shares = [sum(SHARES.get(part.name, {"": OF_ANOTHER}).values()) for part in parts]
    total = sum(shares) or 1
    weights = [share * 100 // total for share in shares]
    by_rest = sorted(range(len(parts)), key=lambda i: -(shares[i] * 100 % total))
    for i in by_rest[: 100 - sum(weights)]:
        weights[i] += 1
    return tuple(replace(part, weight=weights[i]) for i, part in enumerate(parts))


def _mean(part: str, values: Mapping[str, int]) -> int:
    """Of a part's measures.  Those of what is said are neutral where nobody could tell."""
    shares = SHARES[part]
    if part in ("picture", "sound"):
        shares = {name: share for name, share in shares.items() if name in values}
    worth = sum(share * values.get(name, NEUTRAL) for name, share in shares.items())
    return round(worth / sum(shares.values()))


def is_hook(sentence: Sentence) -> bool:
    """True for a question and for a phrase that makes one listen."""
    asks = sentence.asks or _folded(sentence).split(maxsplit=1)[0] in QUESTION_WORDS
    return asks or count_hooks(sentence) > 0


def count_hooks(sentence: Sentence) -> int:
    """Of the phrases that make one listen, how many it holds."""
    text = _folded(sentence)
    return sum((hook if has_cjk(hook) else f" {hook}") in text for hook in HOOKS)


def _folded(sentence: Sentence) -> str:
    return f" {joined(sentence.texts).casefold().replace('’', chr(39))} "


def _hook_value(features: Features) -> int:
    later = (features.hooks or 0) + (features.questions or 0)
    value = round(60 * min(1, (features.opening_words or 0) / BRISK_OPENING))
    return value + (40 if features.opening_hooks else min(15, 5 * later))


def _hook_reason(features: Features) -> str:
    if features.opening_words is None:
        return "There is no transcript, so nobody could tell how the reel begins."
    how = "without a question or a hook"
    if features.opening_hooks:
        how = "with a question or a phrase that hooks"
    elif features.hooks or features.questions:
        how = "and a question or a hook only later"
    return f"{_number(features.opening_words, 'word')} in the first {OPENING:g} s, {how}."


def _completeness_reason(features: Features, seconds: Seconds) -> str:
    lasts = f"the reel lasts {seconds:.0f} s (15 to 45 are aimed at)."
    if features.opening_words is None:
        return f"There is no transcript; {lasts}"
    edges = {True: "{}s a sentence", False: "is in the middle of a sentence", None: ""}
    first, last = edges[features.opens].format("begin"), edges[features.closes].format("end")
    told = [f"the first word {first}" if first else "", f"the last {last}" if last else ""]
    said = " and ".join(filter(None, told)) or "no sentence's begin or end can be told"
    return f"{said[:1].upper()}{said[1:]}; {lasts}"


def _pace_reason(features: Features) -> str:
    speed, silence = features.words_per_second, features.silence
    told = (
        f"{speed:.1f} words per second (2 to 3.3 are easy to follow)"
        if speed is not None
        else "How fast is spoken could not be measured"
    )
    if silence is None:
        return f"{told}."
    return f"{told}, and {silence:.0%} of the time lies in gaps of more than {SILENCE:g} s."


def _picture_reason(features: Features) -> str:
    """Empty while nobody has looked."""
    face = f"a face is in the frame {features.face or 0:.0%} of the time"
    motion = f"the picture changes by {features.motion or 0:.1%} in half a second"
    told = [face] * (features.face is not None) + [motion] * (features.motion is not None)
    said = ", and ".join(told)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _sound_reason(features: Features) -> str:
    """Empty while nobody has listened."""
    if features.loudness_range is None:
        return ""
    return f"The loudness ranges over {features.loudness_range:.1f} LU (2 to 8 suit a phone)."


def _read(curve: Curve, value: float | None) -> int | None:
    return None if value is None else _on(curve, value)


def _on(curve: Curve, value: float) -> int:
    """0..100, what a curve gives for a measured number."""
    for (left, low), (right, high) in pairwise(curve):
        if value <= right:
            share = max(0.0, value - left) / (right - left)
            return round(low + (high - low) * share)
    return round(curve[-1][1])


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
