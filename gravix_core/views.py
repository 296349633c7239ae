"""What pages read: rows joined, counted and paged.  Frozen values; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Generic, TypeVar

from gravix_core.model import (
    Channel,
    Chunk,
    Cue,
    Job,
    JobStatus,
    Look,
    MediaInfo,
    Reel,
    ReviewStatus,
    Seconds,
    Size,
    Span,
    Video,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """One page of a longer list."""

    items: tuple[T, ...]
    total: int
    """How many there are on all pages."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work on one video is."""

    percent: int = 0
    """0..100 of all that is known to be needed; never falls while a run goes on."""
    by_status: Mapping[JobStatus, int] = field(default_factory=dict)
    """Number of jobs."""

    @property
    def active(self) -> bool:
        """Something runs or waits to run."""
        return bool(self.jobs(JobStatus.PENDING) + self.jobs(JobStatus.PROCESSING))

    def jobs(self, status: JobStatus) -> int:
        return self.by_status.get(status, 0)


@dataclass(frozen=True, slots=True)
class ReelCounts:
    """The reels of one video, or of all."""

    total: int = 0
    rendered: int = 0
    to_review: int = 0
    """Rendered, and nobody has looked at them."""
    approved: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class VideoItem:
    """A video as the library lists it."""

    video: Video
    progress: Progress
    reels: ReelCounts


class ChunkState(StrEnum):
    NOT_MADE = "not_made"
    """Nobody has asked for its reel."""
    WAITING = "waiting"
    AT_WORK = "at_work"
    FAILED = "failed"
    TO_REVIEW = "to_review"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ChunkItem:
    """A chunk and what became of it."""

    chunk: Chunk
    reel: Reel
    job: Job | None
    """The last run that renders the reel."""

    @property
    def state(self) -> ChunkState:
        """What the operator sees of it at a glance."""
        if self.job is not None and self.job.status is JobStatus.PROCESSING:
            return ChunkState.AT_WORK
        if self.job is not None and self.job.status is JobStatus.FAILED:
            return ChunkState.FAILED
        if self.reel.rendered is None:
            return ChunkState.NOT_MADE if self.job is None else ChunkState.WAITING
        return ChunkState(self.reel.review_status.value)


@dataclass(frozen=True, slots=True)
class ReelItem:
    """A reel as the review lists it."""

    reel: Reel
    video: Video
    channel: Channel | None
    """Who made the video, where YouTube gave it."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """A reel and the last run that renders it."""

    reel: Reel
    job: Job | None
    there: bool
    """The reel was made, and its file is on the disk."""

    @property
    def active(self) -> bool:
        """It is being made, or waits to be; what was made before is there all the while."""
        return self.job is not None and self.job.status in {
            JobStatus.PENDING,
            JobStatus.PROCESSING,
        }


@dataclass(frozen=True, slots=True)
class Edit:
    """What decides a reel's picture and can be changed by hand."""

    span: Span
    look: Look


@dataclass(frozen=True, slots=True)
class EditItem:
    """All that the page on which one reel's picture is edited shows at once."""

    reel: Reel
    video: Video
    job: Job | None
    """The last run that renders the reel."""
    duration: Seconds
    """Of the source."""
    size: Size | None
    """Of the source's picture; None until it has been brought in."""
    said: tuple[Cue, ...]
    """What the subtitles say by the transcript, in the edit that was asked about."""
    has_words: bool
    """There is a transcript."""
    earlier: Seconds | None
    """Where a reel begins that takes in one sentence more; None where there is none."""
    later: Seconds | None
    """Where it ends likewise."""
    undoes: Edit | None
    """What it was before the last edit; None where there is nothing to undo."""
    automatic: Edit
    """As Gravix made it."""
    covers: tuple[Seconds, ...]
    """Moments of the reel that the sheet shows, in its order; none where there is no sheet."""

    @property
    def edit(self) -> Edit:
        """As it was saved last."""
        return Edit(self.reel.span, self.reel.look)


@dataclass(frozen=True, slots=True)
class VideoDetail:
    """All that the page of one video shows at once."""

    item: VideoItem
    chunks: tuple[ChunkItem, ...]
    """By index; empty until the video is cut."""
    cues: tuple[Cue, ...]
    """The lines of the transcript; empty where there is none."""
    info: MediaInfo | None
    """What the source holds; None until it has been brought in."""
    proxy: Job | None
    """The last run that makes the copy for browsers, where one was asked for."""


class PreviewState(StrEnum):
    READY = "ready"
    NEEDS_PROXY = "needs_proxy"
    """Browsers cannot play this source, and there is no copy that they can."""
    AT_WORK = "at_work"
    """The copy is being made."""
    FAILED = "failed"
    NO_SOURCE = "no_source"
    """It has not been brought in yet, or is gone."""


@dataclass(frozen=True, slots=True)
class Preview:
    """Whether and how a browser can play a source."""

    state: PreviewState
    percent: int = 0
    """Of the copy."""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file that a signed address leads to."""

    path: Path
    media_type: str
    name: str | None = None
    """Under which it is downloaded; None: it is shown in the page."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of an edit."""

    reel: Reel
    """As it is now."""
    kept: bool
    """False: somebody else changed the text meanwhile; `reel` has theirs, and it stays."""


@dataclass(frozen=True, slots=True)
class DiskUse:
    """Bytes."""

    sources: int
    reels: int
    previews: int
    """Proxies, thumbnails and copies of chunks: made again when they are needed."""
    uploads: int
    """Came in, and are not part of a video yet."""
    database: int
    free: int


class ReelOrder(StrEnum):
    STORY = "story"
    """Newest video first, and its reels as they follow each other."""
    SCORE = "score"
    """Best score first."""


@dataclass(frozen=True, slots=True)
class ReelFilter:
    """Which rendered reels the review lists."""

    video_id: int | None = None
    states: tuple[ReviewStatus, ...] = ()
    """None of them means all."""
    order: ReelOrder = ReelOrder.STORY


@dataclass(frozen=True, slots=True)
class Overview:
    """What the database holds, in numbers."""

    videos: int
    reels: ReelCounts
    jobs_active: int
    """Pending or running."""
    recent: tuple[VideoItem, ...] = ()
    """Newest first, ten at most."""
