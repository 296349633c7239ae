"""The front desk: settings in, one object that does all deeds out.

The only file that knows which adapters exist, and the only reader of the settings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Lock

from gravix_core import pipeline
from gravix_core.desks.activity import Activity
from gravix_core.desks.files import Files
from gravix_core.desks.library import Library
from gravix_core.desks.review import Review
from gravix_core.errors import GravixError, SourceRefused, StatusConflict, Stopped
from gravix_core.handlers import Handlers, settle
from gravix_core.jobs import queue
from gravix_core.jobs.runner import Runner
from gravix_core.layouts import DEFAULT, LAYOUTS
from gravix_core.media.files import sweep
from gravix_core.media.process import ffmpeg_program, is_alive
from gravix_core.model import (
    Job,
    JobStatus,
    JobType,
    NewJob,
    Reel,
    Size,
    SourceFile,
    Unwatched,
    Video,
)
from gravix_core.settings import Settings
from gravix_core.signing import Signer
from gravix_core.stages.caption.base import Captioner
from gravix_core.stages.caption.basic import BasicCaptioner
from gravix_core.stages.publish.base import Posted, Publisher
from gravix_core.stages.publish.folder import FolderPublisher
from gravix_core.stages.render.accept import check_file
from gravix_core.stages.render.filtergraph import Canvas
from gravix_core.stages.source.address import refuse_address
from gravix_core.stages.source.base import Source
from gravix_core.stages.source.upload import UploadSource
from gravix_core.store.store import Store, Transaction

__all__ = ["Outcome", "Studio", "check_file", "close_shared_studio", "shared_studio"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one video."""

    video: Video
    reels: tuple[Reel, ...]
    jobs: tuple[Job, ...]
    delivered: Mapping[int, Posted] = field(default_factory=dict)
    """By reel id, where a folder was asked for."""
    notes: tuple[str, ...] = ()
    """What the operator should know although it stopped nothing."""
    trouble: GravixError | None = None
    """Why the finished reels could not be put into the folder, or the rest not be made."""

    @property
    def failures(self) -> tuple[Job, ...]:
        return tuple(job for job in self.jobs if job.status is JobStatus.FAILED)

    @property
    def made(self) -> tuple[Reel, ...]:
        """The reels that are as they were asked for; an older picture of a reel is none."""
        done = {
            job.args.get("reel_id")
            for job in self.jobs
            if job.job_type is JobType.REEL_CONVERSION and job.status is JobStatus.COMPLETED
        }
        return tuple(reel for reel in self.reels if reel.rendered is not None and reel.id in done)


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
        handlers = Handlers(
            store,
            source_of=self._source,
            captioner=captioner or BasicCaptioner(),
            ffmpeg=self._ffmpeg,
            canvas=Canvas(
                Size(settings.reel_width, settings.reel_height), settings.gravix_reel_fps
            ),
        )
        self.jobs = Runner(store, handlers.by_type(), settle=settle, alive=is_alive)
        self.library = Library(store, self.jobs)
        self.review = Review(store, folder=settings.gravix_folder_dir)
        self.activity = Activity(store, self.jobs)
        self.files = Files(store, Signer(), copy_chunk=self._copy_chunk)

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

    def look(self, given: str) -> SourceFile:
        """Say what a path or an address is; change nothing.

        Raises:
            SourceRefused, SourceError, MediaUnreadable: It cannot become reels.
        """
        return self._source(given).look(given, watch=Unwatched())

    def add(self, given: str, *, layout: str | None = None) -> Video:
        """Take a video in and ask for the first step; the same file again goes on where it was.

        Args:
            layout: Of `layouts.LAYOUTS`; None keeps what the video has, or takes the default.

        Raises:
            SourceRefused, SourceError, MediaUnreadable: As `look`; nothing was written.
        """
        return self._take(self.look(given), layout)

    def process(
        self,
        given: str,
        *,
        layout: str | None = None,
        out: Path | None = None,
        on_change: Callable[[tuple[Job, ...]], None],
        closing: Event | None = None,
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
        found = self.look(given)
        if publisher is not None:
            publisher.check()
        video = self._take(found, layout)
        trouble = self._work(video, on_change, closing)
        with self.store.read() as tx:
            video, reels = tx.videos.get(video.id), tx.reels.of_video(video.id)
            jobs = queue.of_video(tx, video.id)
        outcome = Outcome(video, reels, jobs, notes=found.notes, trouble=trouble)
        return outcome if publisher is None else _deliver(outcome, publisher)

    def _work(
        self, video: Video, on_change: Callable[[tuple[Job, ...]], None], closing: Event | None
    ) -> GravixError | None:
        """Run the video's jobs to their end; say why when that was not reached."""
        folder = self.store.videos_dir / str(video.id)
        sweep(folder, alive=is_alive)
        try:
            self.jobs.run_video(
                video.id,
                workers=self.settings.gravix_workers,
                on_change=on_change,
                closing=closing,
            )
        except KeyboardInterrupt:
            return Stopped("stopped before all reels were made")
        except GravixError as error:
            return error
        return None

    def _source(self, given: str) -> Source:
        refuse_address(given)
        for source in self._sources:
            if source.takes(given):
                return source
        raise SourceRefused("there is no source for this kind of address")

    def _take(self, found: SourceFile, layout: str | None) -> Video:
        """Find or write the video, and ask for its first job."""
        if layout is not None and layout not in LAYOUTS:
            raise SourceRefused(
                f"there is no layout {layout!r}", hint=f"Choose one of: {', '.join(LAYOUTS)}."
            )
        self.jobs.take_back_dead()
        with self.store.begin() as tx:
            video = self._known_or_new(tx, found, layout)
        args = {"video_id": video.id, "given": str(found.file)}
        key = f"video/{video.id}/download"
        self.jobs.enqueue(NewJob(JobType.YT_DOWNLOAD, key, video.id, args, priority=10))
        return video

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
        if layout in {None, video.layout}:
            return video
        if any(job.status is JobStatus.PROCESSING for job in queue.of_video(tx, video.id)):
            raise StatusConflict(
                f"video {video.id} is at work in layout {video.layout}",
                hint="Wait until it has ended, or stop it; then ask for the other layout.",
            )
        return tx.videos.set_layout(video.id, str(layout))

    def _copy_chunk(self, chunk_id: int) -> Path:
        return pipeline.copy_chunk(
            chunk_id, store=self.store, ffmpeg=self._ffmpeg(), watch=Unwatched()
        )

    def _ffmpeg(self) -> Path:
        return ffmpeg_program(self.settings.ffmpeg_path)


def _deliver(outcome: Outcome, publisher: Publisher) -> Outcome:
    """Hand out what is finished; where that fails, what is there stays and the reason is told."""
    done: dict[int, Posted] = {}
    try:
        for reel in outcome.made:
            if reel.text is not None:
                done[reel.id] = pipeline.deliver(
                    reel, outcome.video, publisher=publisher, watch=Unwatched()
                )
    except GravixError as error:
        return replace(outcome, delivered=done, trouble=outcome.trouble or error)
    return replace(outcome, delivered=done)


_shared: Studio | None = None
_shared_lock = Lock()


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
