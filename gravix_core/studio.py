"""The front desk: settings in, one object that does all deeds out.

The only file that knows which adapters exist, and the only reader of the settings.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gravix_core import pipeline
from gravix_core.errors import SourceRefused
from gravix_core.jobs import queue
from gravix_core.jobs.runner import Context, Runner
from gravix_core.layouts import DEFAULT, LAYOUTS
from gravix_core.media.files import sweep
from gravix_core.media.process import ffmpeg_program, is_alive
from gravix_core.model import (
    Job,
    JobStatus,
    JobType,
    LogLevel,
    NewJob,
    Overview,
    Reel,
    Size,
    SourceFile,
    Video,
    VideoStatus,
)
from gravix_core.settings import Settings
from gravix_core.stages.caption.base import Captioner
from gravix_core.stages.caption.basic import BasicCaptioner
from gravix_core.stages.publish.base import Posted
from gravix_core.stages.publish.folder import FolderPublisher
from gravix_core.stages.render.accept import check_file
from gravix_core.stages.render.filtergraph import Canvas
from gravix_core.stages.source.address import refuse_address
from gravix_core.stages.source.base import Source
from gravix_core.stages.source.upload import UploadSource
from gravix_core.store.store import Store, Transaction

__all__ = ["Outcome", "Studio", "check_file", "close_shared_studio", "shared_studio", "state_of"]

BATCH = 10
"""Reels that are described together."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one video."""

    video: Video
    reels: tuple[Reel, ...]
    jobs: tuple[Job, ...]
    delivered: dict[int, Posted]
    """By reel id, where a folder was asked for."""

    @property
    def failures(self) -> tuple[Job, ...]:
        return tuple(job for job in self.jobs if job.status is JobStatus.FAILED)


class Studio:
    """One per process.  Any number of threads may use it."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        *,
        sources: tuple[Source, ...] = (UploadSource(),),
        captioner: Captioner | None = None,
    ) -> None:
        self.settings = settings
        self.store = store
        self._sources = sources
        self._captioner = captioner or BasicCaptioner()
        self._canvas = Canvas(
            Size(settings.reel_width, settings.reel_height), settings.gravix_reel_fps
        )
        handlers = {
            JobType.YT_DOWNLOAD: self._download,
            JobType.VIDEO_CUTTING: self._cut,
            JobType.REEL_CONVERSION: self._convert,
            JobType.AI_METADATA: self._describe,
        }
        self.jobs = Runner(store, handlers, settle=self._settle, alive=is_alive)

    @classmethod
    def open(cls, settings: Settings) -> Studio:
        """Open the database, migrating it where needed.

        Raises:
            StoreTooNew, StoreUnusable, DiskFull: As `Store.open`.
        """
        url = settings.database_url.get_secret_value()
        return cls(settings, Store.open(url, settings.videos_dir))

    def close(self) -> None:
        self.store.close()

    def overview(self) -> Overview:
        with self.store.read() as tx:
            return tx.overview()

    def look(self, given: str) -> SourceFile:
        """Say what a path or an address is; change nothing.

        Raises:
            SourceRefused, SourceError, MediaUnreadable: It cannot become reels.
        """
        return self._source(given).look(given, watch=_Patient())

    def add(self, given: str, *, layout: str | None = None) -> Video:
        """Take a video in and ask for the first step; the same file again goes on where it was.

        Args:
            layout: Of `layouts.LAYOUTS`; None keeps what the video has, or takes the default.

        Raises:
            SourceRefused, SourceError, MediaUnreadable: As `look`; nothing was written.
        """
        if layout is not None and layout not in LAYOUTS:
            raise SourceRefused(
                f"there is no layout {layout!r}", hint=f"Choose one of: {', '.join(LAYOUTS)}."
            )
        found = self.look(given)
        with self.store.begin() as tx:
            video = self._known_or_new(tx, found, layout)
        self._ask(
            JobType.YT_DOWNLOAD, f"video/{video.id}/download", video.id, given=str(found.file)
        )
        return video

    def process(
        self,
        given: str,
        *,
        layout: str | None = None,
        out: Path | None = None,
        on_change: Callable[[tuple[Job, ...]], None],
        closing: threading.Event | None = None,
    ) -> Outcome:
        """The main job: a source in, finished reels out, in this process.

        Args:
            given: Path of a video.
            layout: As `add`.
            out: Folder that gets mp4, cover and caption text of every finished reel.
            on_change: Told the video's jobs a few times a second.
            closing: Set to end early; what is done stays, the rest goes back to the queue.

        Raises:
            SourceRefused, SourceError, MediaUnreadable: Nothing was begun.
            PublishError: `out` is not a folder that can be written to.
            ToolMissing: There is no ffmpeg.
        """
        publisher = FolderPublisher(out) if out is not None else None
        self._ffmpeg()
        video = self.add(given, layout=layout)
        if publisher is not None:
            publisher.check()
        sweep(self.store.videos_dir / str(video.id), alive=is_alive)
        jobs = self.jobs.run_video(
            video.id,
            workers=self.settings.gravix_workers,
            on_change=on_change,
            closing=closing,
        )
        with self.store.read() as tx:
            video, reels = tx.videos.get(video.id), tx.reels.of_video(video.id)
        delivered = {
            reel.id: pipeline.deliver(reel, video, publisher=publisher, watch=_Patient())
            for reel in reels
            if publisher is not None and reel.rendered is not None and reel.text is not None
        }
        return Outcome(video, reels, jobs, delivered)

    def _source(self, given: str) -> Source:
        refuse_address(given)
        for source in self._sources:
            if source.takes(given):
                return source
        raise SourceRefused("there is no source for this kind of address")

    def _known_or_new(self, tx: Transaction, found: SourceFile, layout: str | None) -> Video:
        length = self.settings.chunk_duration
        video = tx.videos.find(source_sha256=found.sha256, chunk_duration=length)
        if video is None:
            return tx.videos.add(
                title=found.title,
                source_name=found.file.name,
                source_sha256=found.sha256,
                layout=layout or DEFAULT.name,
                chunk_duration=length,
            )
        if found.transcript is not None:
            tx.videos.set_transcript(video.id, found.transcript)
        return tx.videos.set_layout(video.id, layout or video.layout)

    def _ask(self, job_type: JobType, key: str, video_id: int, **args: object) -> None:
        self.jobs.enqueue(
            NewJob(job_type, key, video_id, {"video_id": video_id, **args}, priority=10)
        )

    def _ffmpeg(self) -> Path:
        return ffmpeg_program(self.settings.ffmpeg_path)

    def _download(self, ctx: Context) -> None:
        video_id, given = int(ctx.job.args["video_id"]), str(ctx.job.args["given"])
        pipeline.download(video_id, given, store=self.store, source=self._source(given), watch=ctx)
        key = f"video/{video_id}/cut"
        ctx.then(NewJob(JobType.VIDEO_CUTTING, key, video_id, {"video_id": video_id}, priority=20))

    def _cut(self, ctx: Context) -> None:
        video_id = int(ctx.job.args["video_id"])
        reels = pipeline.cut(video_id, store=self.store)
        for first in range(0, len(reels), BATCH):
            ids = [reel.id for reel in reels[first : first + BATCH]]
            args = {"video_id": video_id, "reel_ids": ids}
            key = f"video/{video_id}/describe/{first}"
            ctx.then(NewJob(JobType.AI_METADATA, key, video_id, args, priority=30))
        for reel in reels:
            key, args = f"reel/{reel.id}/convert", {"reel_id": reel.id}
            priority = 100 + min(reel.index, 1000)
            ctx.then(NewJob(JobType.REEL_CONVERSION, key, video_id, args, priority))

    def _convert(self, ctx: Context) -> None:
        pipeline.convert(
            int(ctx.job.args["reel_id"]),
            store=self.store,
            ffmpeg=self._ffmpeg(),
            canvas=self._canvas,
            watch=ctx,
        )

    def _describe(self, ctx: Context) -> None:
        video_id, reel_ids = int(ctx.job.args["video_id"]), list(ctx.job.args["reel_ids"])
        pipeline.describe(video_id, reel_ids, store=self.store, captioner=self._captioner)

    def _settle(self, tx: Transaction, job: Job) -> None:
        """The video's state and log follow its jobs, in the same transaction."""
        if job.video_id is None:
            return
        if job.status is JobStatus.FAILED:
            said = f"{job.error_message}. {job.error_hint}"
            tx.logs.add(job.video_id, said, LogLevel.ERROR, job_id=job.id)
        status, message = state_of(queue.of_video(tx, job.video_id))
        tx.videos.set_status(job.video_id, status, message)
        if status is VideoStatus.COMPLETED:
            tx.logs.add(job.video_id, "All reels are ready.", job_id=job.id)


class _Patient:
    """A watch for what is quick, or has nobody to tell."""

    def progress(self, percent: float) -> None:
        pass

    def should_stop(self) -> bool:
        return False


def state_of(jobs: tuple[Job, ...]) -> tuple[VideoStatus, str | None]:
    """What the jobs of a video say about it, with a sentence when not all is well.  Pure."""
    if any(job.status in queue.OPEN for job in jobs):
        return VideoStatus.PROCESSING, None
    failed = [job for job in jobs if job.status is JobStatus.FAILED]
    if failed:
        reels = [job for job in jobs if job.job_type is JobType.REEL_CONVERSION]
        broken = sum(job in failed for job in reels)
        head = f"{broken} of {len(reels)} reels failed: " if broken else ""
        return VideoStatus.FAILED, f"{head}{failed[0].error_message}"
    if any(job.status is JobStatus.CANCELLED for job in jobs):
        return VideoStatus.PENDING, "Stopped. Start it again to go on."
    return VideoStatus.COMPLETED, None


_shared: Studio | None = None
_shared_lock = threading.Lock()


def shared_studio() -> Studio:
    """The one Studio of this process, made at the first call.

    Raises:
        SettingsError, StoreError, DiskFull: It cannot be opened; the next call tries again.
    """
    global _shared  # noqa: PLW0603  one per process is the point
    with _shared_lock:
        if _shared is None:
            _shared = Studio.open(Settings.load())
        return _shared


def close_shared_studio() -> None:
    """Close it, if it was opened; the next call of `shared_studio` opens another."""
    global _shared  # noqa: PLW0603
    with _shared_lock:
        if _shared is not None:
            _shared.close()
            _shared = None
