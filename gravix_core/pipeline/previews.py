"""A source in, what only previews need out: its picture, a proxy, copies of chunks."""

from __future__ import annotations

from pathlib import Path

from gravix_core.media.files import chunk_file, proxy_file, thumbnail_file
from gravix_core.model import Watch
from gravix_core.pipeline.known import source_of
from gravix_core.stages.cut.copy import copy_ending, copy_span
from gravix_core.stages.render.proxy import make_proxy
from gravix_core.stages.render.thumbnail import make_thumbnail
from gravix_core.store.store import Store


def take_picture(video_id: int, *, store: Store, ffmpeg: Path, watch: Watch) -> Path:
    """Choose the picture by which a video is known, once.

    Raises:
        NotFound: The source is not in the house.
        ToolError, DiskFull, Cancelled: As `make_thumbnail`.
    """
    with store.read() as tx:
        source, info = source_of(tx, video_id)
    target = thumbnail_file(store.videos_dir, video_id)
    if not target.is_file():
        make_thumbnail(source, info, ffmpeg=ffmpeg, target=target, watch=watch)
    return target


def proxy(video_id: int, *, store: Store, ffmpeg: Path, watch: Watch) -> Path:
    """Make the small copy that browsers play, once.

    Raises:
        NotFound: The source is not in the house.
        ToolError, DiskFull, Cancelled: As `make_proxy`.
    """
    with store.read() as tx:
        source, info = source_of(tx, video_id)
    target = proxy_file(store.videos_dir, video_id)
    if not target.is_file():
        make_proxy(source, info, ffmpeg=ffmpeg, target=target, watch=watch)
    return target


def copy_chunk(chunk_id: int, *, store: Store, ffmpeg: Path, watch: Watch) -> Path:
    """Copy a chunk's stretch of the source into a file of its own, unless that is there.

    Raises:
        NotFound: There is no such chunk, or the source is not in the house.
        MediaUnreadable, ToolError, DiskFull, Cancelled: As `copy_span`.
    """
    with store.read() as tx:
        chunk = tx.reels.chunk(chunk_id)
        if chunk.file is not None and chunk.file.is_file():
            return chunk.file
        source, info = source_of(tx, chunk.video_id)
    target = chunk_file(store.videos_dir, chunk.video_id, chunk_id, copy_ending(info))
    copy_span(source, info, chunk.span, ffmpeg=ffmpeg, target=target, watch=watch)
    with store.begin() as tx:
        tx.reels.set_chunk_file(chunk_id, target)
    return target
