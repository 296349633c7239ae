"""A video and some of its reels in, what a caption provider is told of them out."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from gravix_core.features import Features
from gravix_core.model import Reel, Transcript
from gravix_core.stages.caption.base import Brief, Spoken
from gravix_core.stages.caption.learned import rules_of
from gravix_core.store.store import Transaction
from gravix_core.texts import Rule, Voice

EXAMPLES = 5
LEARNED_OF = 200
"""Pairs, the newest, that rules are made of."""
VOICE, RULES_OFF = "voice", "rules_off"
"""Names of preferences."""


def brief_for(tx: Transaction, video_id: int, asked: Collection[int]) -> Brief:
    """What the texts of the reels that are asked for have in common.

    Raises:
        NotFound: There is no such video.
    """
    video, transcript = tx.videos.get(video_id), tx.videos.transcript(video_id)
    others = [reel for reel in tx.reels.of_video(video_id) if reel.id not in asked]
    return Brief(
        title=video.title,
        description=video.description,
        credit=video.channel,
        cues=transcript.cues if transcript else (),
        language=transcript.language if transcript else "",
        voice=voice_of(tx),
        rules=tuple(rule for rule in rules_in(tx) if rule.is_on),
        examples=tx.learned.examples(EXAMPLES),
        taken=frozenset(reel.text.title for reel in others if reel.text and reel.text.title),
    )


def spoken_of(tx: Transaction, video_id: int, asked: Collection[int]) -> tuple[Spoken, ...]:
    """What is said in the reels that are asked for, by their place in the video."""
    transcript, features = tx.videos.transcript(video_id), tx.reels.features_of(video_id)
    reels = tx.reels.of_video(video_id)
    return tuple(
        _spoken(reel, len(reels), transcript, features.get(reel.id))
        for reel in reels
        if reel.id in asked
    )


def voice_of(tx: Transaction) -> Voice:
    """As the operator gave it; nothing settled at first."""
    told = tx.preferences.get(VOICE) or {}
    return Voice(
        language=told.get("language", ""),
        tone=told.get("tone", ""),
        audience=told.get("audience", ""),
        forbidden=tuple(told.get("forbidden", ())),
        hashtags=tuple(told.get("hashtags", ())),
        call_to_action=told.get("call_to_action", ""),
    )


def voice_document(voice: Voice) -> dict[str, Any]:
    return {
        "language": voice.language,
        "tone": voice.tone,
        "audience": voice.audience,
        "forbidden": list(voice.forbidden),
        "hashtags": list(voice.hashtags),
        "call_to_action": voice.call_to_action,
    }


def rules_in(tx: Transaction) -> tuple[Rule, ...]:
    """All that was learned, on or off."""
    off = (tx.preferences.get(RULES_OFF) or {}).get("keys", ())
    return rules_of(tx.learned.pairs(LEARNED_OF), off=off)


def _spoken(
    reel: Reel, count: int, transcript: Transcript | None, features: Features | None
) -> Spoken:
    return Spoken(
        reel_id=reel.id,
        index=reel.index,
        count=count,
        span=reel.span,
        words=transcript.within(reel.span) if transcript else (),
        features=features,
    )
