"""The steps, in order: download, cut, convert, describe, deliver; then what only previews need.

Each takes ids and hands frozen values from one room to the next.  Each may be run again at any
time: it recognises what it has already made.  No transaction is open while a step works.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from gravix_core.errors import NotFound, SourceRefused
from gravix_core.media.files import (
    chunk_file,
    cover_file,
    hash_file,
    proxy_file,
    reel_file,
    thumbnail_file,
)
from gravix_core.model import (
    OPERATOR,
    LogLevel,
    MediaInfo,
    Reel,
    RenderedReel,
    Transcript,
    Video,
    Watch,
    full_caption,
)
from gravix_core.stages.caption.base import Captioner, Spoken
from gravix_core.stages.cut.copy import copy_ending, copy_span
from gravix_core.stages.cut.plan import plan_chunks
from gravix_core.stages.publish.base import Post, Posted, Publisher
from gravix_core.stages.render.encode import RenderPlan, fingerprint, render
from gravix_core.stages.render.filtergraph import Canvas
from gravix_core.stages.render.proxy import make_proxy
from gravix_core.stages.render.sound import measure
from gravix_core.stages.render.stretches import still_path
from gravix_core.stages.render.thumbnail import make_thumbnail
from gravix_core.stages.source.base import Source
from gravix_core.store.store import Store, Transaction


def download(video_id: int, given: str, *, store: Store, source: Source, watch: Watch) -> Video:
    """Bring the source into the house.

    Raises:
        SourceRefused: The file is not the one that was looked at when the video was added.
        SourceError, MediaUnreadable, DiskFull, Cancelled: As `Source.fetch`.
    """
    with store.read() as tx:
        video, info = tx.videos.get(video_id), tx.videos.info(video_id)
    if info is not None and _is_whole(video.file, info.byte_size):
        return video
    found = source.fetch(given, folder=store.videos_dir / str(video_id), watch=watch)
    if found.sha256 != video.source_sha256:
        raise SourceRefused(
            f"{video.source_name} has changed since it was added", hint="Add it again."
        )
    with store.begin() as tx:
        for note in found.notes:
            tx.logs.add(video_id, note, LogLevel.WARNING)
        return tx.videos.store_source(
            video_id, file=found.file, info=found.info, transcript=found.transcript
        )


def cut(video_id: int, *, store: Store) -> tuple[Reel, ...]:
    """Plan the chunks; each gets a pending reel that plays all of it."""
    with store.begin() as tx:
        video, info = tx.videos.get(video_id), _known(tx.videos.info(video_id), video_id)
        spans = plan_chunks(info.duration, video.chunk_duration)
        return tx.reels.plan(video_id, spans, plays=spans)


def convert(
    reel_id: int, *, store: Store, ffmpeg: Path, canvas: Canvas, watch: Watch
) -> RenderedReel:
    """Render one reel, unless the very same one is there already.

    Raises:
        NotAccepted, ToolError, DiskFull, Cancelled: As `render`; what was there before stays.
    """
    with store.read() as tx:
        reel = tx.reels.get(reel_id)
        video = tx.videos.get(reel.video_id)
        source, info = _source(tx, video.id)
    wishes = {"layout": video.layout}
    mark = fingerprint(video.source_sha256, info, reel.span, canvas, wishes=wishes)
    if made := _made(reel.rendered, mark):
        return made
    plan = RenderPlan(
        source=source,
        info=info,
        span=reel.span,
        canvas=canvas,
        crop_path=still_path(video.layout, reel.span, frame=info.picture.size, canvas=canvas.size),
        loudness=measure(source, info, reel.span, ffmpeg=ffmpeg, watch=watch),
    )
    rendered = render(
        plan,
        ffmpeg=ffmpeg,
        mark=mark,
        reel=reel_file(store.videos_dir, video.id, reel_id),
        cover=cover_file(store.videos_dir, video.id, reel_id),
        watch=watch,
    )
    with store.begin() as tx:
        tx.reels.set_rendered(reel_id, rendered)
    return rendered


def describe(video_id: int, reel_ids: Sequence[int], *, store: Store, captioner: Captioner) -> None:
    """Write the text of some reels of one video, but never over the operator's.

    Raises:
        CaptionError: The provider failed.
    """
    with store.read() as tx:
        video, transcript = tx.videos.get(video_id), tx.videos.transcript(video_id)
        reels = tx.reels.of_video(video_id)
    asked = [
        _spoken(reel, len(reels), transcript)
        for reel in reels
        if reel.id in reel_ids and (reel.text is None or reel.text.written_by != OPERATOR)
    ]
    texts = captioner.describe(video.title, asked)
    with store.begin() as tx:
        for reel_id, text in texts.items():
            tx.reels.set_text(reel_id, text)


def deliver(reel: Reel, video: Video, *, publisher: Publisher, watch: Watch) -> Posted:
    """Hand a finished reel to a target that needs no account.

    Raises:
        NotFound: The reel is not rendered, or has no text yet.
        PublishError, DiskFull, Cancelled: As `Publisher.publish`.
    """
    if reel.rendered is None or reel.text is None:
        raise NotFound(
            f"reel {reel.index + 1} is not finished",
            hint="Write a title and a caption for it, or try its texts again in Activity.",
        )
    post = Post(
        name=f"{_slug(video.title)}-{_mark(video)}-{reel.index + 1:02d}",
        file=reel.rendered.file,
        cover=reel.rendered.cover,
        caption=full_caption(reel.text.caption, reel.text.hashtags),
    )
    return publisher.publish(post, watch=watch)


def take_picture(video_id: int, *, store: Store, ffmpeg: Path, watch: Watch) -> Path:
    """Choose the picture by which a video is known, once.

    Raises:
        NotFound: The source is not in the house.
        ToolError, DiskFull, Cancelled: As `make_thumbnail`.
    """
    with store.read() as tx:
        source, info = _source(tx, video_id)
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
        source, info = _source(tx, video_id)
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
        source, info = _source(tx, chunk.video_id)
    target = chunk_file(store.videos_dir, chunk.video_id, chunk_id, copy_ending(info))
    copy_span(source, info, chunk.span, ffmpeg=ffmpeg, target=target, watch=watch)
    with store.begin() as tx:
        tx.reels.set_chunk_file(chunk_id, target)
    return target


def _source(tx: Transaction, video_id: int) -> tuple[Path, MediaInfo]:
    info = _known(tx.videos.info(video_id), video_id)
    return _present(tx.videos.get(video_id)), info


def _known(info: MediaInfo | None, video_id: int) -> MediaInfo:
    if info is None:
        raise NotFound(f"the source of video {video_id} has not been brought in")
    return info


def _present(video: Video) -> Path:
    if video.file is None or not video.file.is_file():
        raise NotFound(
            f"the source of video {video.id} is gone from the data directory",
            hint="Give the same file again; the reels that are there are kept.",
        )
    return video.file


def _is_whole(file: Path | None, byte_size: int) -> bool:
    return file is not None and file.is_file() and file.stat().st_size == byte_size


def _made(rendered: RenderedReel | None, plan: str) -> RenderedReel | None:
    """What was rendered, when it is by the same plan and still as it was written."""
    if rendered is None or rendered.plan != plan or not rendered.cover.is_file():
        return None
    whole = _is_whole(rendered.file, rendered.byte_size)
    return rendered if whole and hash_file(rendered.file) == rendered.sha256 else None


def _spoken(reel: Reel, count: int, transcript: Transcript | None) -> Spoken:
    words = transcript.within(reel.span) if transcript else ()
    return Spoken(reel_id=reel.id, index=reel.index, count=count, span=reel.span, words=words)


def _mark(video: Video) -> str:
    """The same for the same bytes cut the same way, so that no two films share a name."""
    made_of = f"{video.source_sha256} {video.chunk_duration:g}"
    return hashlib.sha256(made_of.encode()).hexdigest()[:6]


def _slug(title: str) -> str:
    """A short file name that every system takes."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:40].strip("-") or "video"
