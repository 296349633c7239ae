"""What was given in, the source in the house out."""

from __future__ import annotations

from gravix_core.errors import SourceRefused
from gravix_core.model import LogLevel, SourceFile, Video, Watch
from gravix_core.pipeline.known import is_whole
from gravix_core.stages.source.base import LinkSource, Source, Tell
from gravix_core.store.store import Store


def download(video_id: int, given: str, *, store: Store, source: Source, watch: Watch) -> Video:
    """Bring the source into the house.

    Raises:
        SourceRefused: The file is not the one that was looked at when the video was added; what
            an address leads to is not looked at before.
        SourceError, MediaUnreadable, DiskFull, Cancelled: As `Source.fetch`.
    """
    with store.read() as tx:
        video, info = tx.videos.get(video_id), tx.videos.info(video_id)
    if info is not None and is_whole(video.file, info.byte_size):
        return video
    found = source.fetch(given, folder=store.videos_dir / str(video_id), watch=watch)
    if video.source_sha256 and found.sha256 != video.source_sha256:
        raise SourceRefused(
            f"{video.source_name} has changed since it was added", hint="Add it again."
        )
    return _stored(video_id, found, store)


def download_link(
    video_id: int, youtube_id: str, *, store: Store, site: LinkSource, watch: Watch, tell: Tell
) -> Video:
    """Bring in what a link leads to, as it was probed.

    Raises:
        SourceRefused, SourceError, MediaUnreadable, DiskFull, Cancelled: As `LinkSource.fetch`.
    """
    with store.read() as tx:
        video, info = tx.videos.get(video_id), tx.videos.info(video_id)
        probe = tx.links.probe(youtube_id)
    if info is not None and is_whole(video.file, info.byte_size):
        return video
    if probe is None:
        probe = site.probe(youtube_id, watch=watch)
        with store.begin() as tx:
            tx.links.keep(probe)
    found = site.fetch(probe, folder=store.videos_dir / str(video_id), watch=watch, tell=tell)
    return _stored(video_id, found, store)


def _stored(video_id: int, found: SourceFile, store: Store) -> Video:
    with store.begin() as tx:
        for note in found.notes:
            tx.logs.add(video_id, note, LogLevel.WARNING)
        return tx.videos.store_source(
            video_id,
            file=found.file,
            info=found.info,
            transcript=found.transcript,
            sha256=found.sha256,
        )
