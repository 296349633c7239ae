"""Reels with their words in, the parts of each one's score that can be measured out.  Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gravix_core.model import ScorePart
from gravix_core.stages.caption.base import Spoken
from gravix_core.stages.caption.features import completed, measure
from gravix_core.stages.caption.score import judged
from gravix_core.stages.caption.sentences import manner_of


def judge_all(reels: Sequence[Spoken]) -> Mapping[int, tuple[ScorePart, ...]]:
    """By reel id, whoever writes the texts.  What `Spoken.features` lack is measured here.

    The weights of each reel's parts add up to 100; no model's interest is among them.
    """
    words = [word for reel in reels for word in reel.words]
    manner = manner_of(words) if any(word.text.strip() for word in words) else None
    parts = {}
    for reel in reels:
        features = completed(reel.features, measure(reel.span, reel.words, manner=manner))
        parts[reel.reel_id] = judged(features, reel.span.duration)
    return parts
