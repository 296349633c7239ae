"""A source in the house without a transcript in; its transcript in the store out."""

from __future__ import annotations

from pathlib import Path

from gravix_core.model import Watch
from gravix_core.pipeline.known import source_of
from gravix_core.stages.source.recognition import Recognition
from gravix_core.store.store import Store


def recognise(
    video_id: int, *, store: Store, recognition: Recognition, ffmpeg: Path, watch: Watch
) -> None:
    """Recognise what is said, unless that is known.

    Raises:
        NotFound: The source is not in the house.
        SourceError, ToolError, DiskFull, Cancelled: As `Recognition.transcribe`.
    """
    with store.read() as tx:
        known = tx.videos.transcript(video_id)
        source, info = source_of(tx, video_id)
    if known is not None:
        return
    found = recognition.transcribe(
        source, info, folder=store.videos_dir / str(video_id), ffmpeg=ffmpeg, watch=watch
    )
    with store.begin() as tx:
        if tx.videos.transcript(video_id) is None:
            tx.videos.set_transcript(video_id, found)
