"""What was measured of a video's reels in, which of them are good out.  Pure."""

from __future__ import annotations

from collections.abc import Sequence

from gravix_core.features import Features
from gravix_core.stages.caption.score import NEUTRAL, SHARES, judged

MEASURED = ("hook", "pace", "dead air", "clean start", "clean end", "face", "motion", "loudness")
"""Parts of the score by which reels are told apart, whoever writes their texts."""


def worth(features: Features) -> float:
    """0..1.  What is not known counts as neutral, so that little known is neither good nor bad."""
    values = {part.name: part.value for part in judged(features)}
    total = sum(SHARES[name] for name in MEASURED)
    return sum(SHARES[name] * values.get(name, NEUTRAL) for name in MEASURED) / total / 100


def ranked(features: Sequence[Features]) -> tuple[int, ...]:
    """Indices, best first; those that are worth the same stay in the order of the story."""
    return tuple(sorted(range(len(features)), key=lambda index: -worth(features[index])))
