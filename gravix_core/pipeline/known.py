"""A video's id in; where its source lies and what that holds, out.  Inside a transaction."""

from __future__ import annotations

from pathlib import Path

from gravix_core.errors import NotFound
from gravix_core.model import MediaInfo, Video
from gravix_core.store.store import Transaction


def source_of(tx: Transaction, video_id: int) -> tuple[Path, MediaInfo]:
    info = known(tx.videos.info(video_id), video_id)
    return present(tx.videos.get(video_id)), info


def known(info: MediaInfo | None, video_id: int) -> MediaInfo:
    if info is None:
        raise NotFound(f"the source of video {video_id} has not been brought in")
    return info


def present(video: Video) -> Path:
    if video.file is None or not video.file.is_file():
        raise NotFound(
            f"the source of video {video.id} is gone from the data directory",
            hint="Give the same file again; the reels that are there are kept.",
        )
    return video.file


def is_whole(file: Path | None, byte_size: int) -> bool:
    return file is not None and file.is_file() and file.stat().st_size == byte_size
