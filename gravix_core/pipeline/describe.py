"""What is said in some reels in, the texts of their posts out."""

from __future__ import annotations

from collections.abc import Sequence

from gravix_core.features import Features
from gravix_core.model import OPERATOR, Reel, Transcript
from gravix_core.stages.caption.base import Captioner, Spoken
from gravix_core.store.store import Store


def describe(video_id: int, reel_ids: Sequence[int], *, store: Store, captioner: Captioner) -> None:
    """Write the text of some reels of one video, but never over the operator's.

    Raises:
        CaptionError: The provider failed.
    """
    with store.read() as tx:
        video, transcript = tx.videos.get(video_id), tx.videos.transcript(video_id)
        reels, features = tx.reels.of_video(video_id), tx.reels.features_of(video_id)
    asked = [
        _spoken(reel, len(reels), transcript, features.get(reel.id))
        for reel in reels
        if reel.id in reel_ids and (reel.text is None or reel.text.written_by != OPERATOR)
    ]
    texts = captioner.describe(video.title, asked)
    with store.begin() as tx:
        for reel_id, text in texts.items():
            tx.reels.set_text(reel_id, text)


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
