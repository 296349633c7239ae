"""What was measured of a video's reels in, which of them are good out.  Pure."""

from __future__ import annotations

from collections.abc import Sequence

from gravix_core.features import Features
from gravix_core.stages.caption.score import INTEREST, NEUTRAL, SHARES, measured

MEASURED = {
    name: share
    for part, shares in SHARES.items()
    for name, share in shares.items()
    if part != INTEREST and name != "length"
}
"""Shares of the measures by which reels are told apart, whoever writes their texts."""


def worth(features: Features) -> float:
    """0..1.  What is not known counts as neutral, so that little known is neither good nor bad."""
    values = measured(features)
    total = sum(share * values.get(name, NEUTRAL) for name, share in MEASURED.items())
    return total / sum(MEASURED.values()) / 100


def ranked(features: Sequence[Features]) -> tuple[int, ...]:
    """Indices, best first; those that are worth the same stay in the order of the story."""
    return tuple(sorted(range(len(features)), key=lambda index: -worth(features[index])))
