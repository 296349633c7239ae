"""The vocabulary of the house: what each thing between a file and a reel is called.  Pure.

Every type is frozen, so a value may cross threads, sit in a Streamlit cache or travel to
another process without a lock.  Units are the same everywhere: times are seconds from the
first presentation time stamp of the source, sizes are pixels as shown (after rotation and
sample aspect ratio), times of day are aware datetimes in UTC.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

Seconds = float

PORTRAIT = Fraction(9, 16)
"""Width over height of a reel."""

MIN_REEL: Seconds = 3.0
"""Shortest reel that Instagram takes.

Source: Graph API reference, IG User Media, reels specifications, read 2026-11-22.
"""
MAX_REEL: Seconds = 900.0
"""Longest reel that Instagram takes (15 minutes); same source."""


class VideoStatus(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


class ReviewStatus(StrEnum):
    TO_REVIEW = "to_review"
    APPROVED = "approved"
    REJECTED = "rejected"


class PublishStatus(StrEnum):
    PENDING = "pending"
    UPLOADED = "uploaded"
    PUBLISHED = "published"
    FAILED = "failed"
    UNSURE = "unsure"
    """It may be on Instagram; a person has to look."""


class JobType(StrEnum):
    YT_DOWNLOAD = "yt_download"
    """Bring the source into the house, from wherever it is: a file is copied."""
    SPEECH_RECOGNITION = "speech_recognition"
    """What is said in a source without a transcript; where that is set up."""
    VIDEO_CUTTING = "video_cutting"
    REEL_CONVERSION = "reel_conversion"
    AI_METADATA = "ai_metadata"
    AI_UPGRADE = "ai_upgrade"
    """Ask a provider for texts that it could not write before; no reel waits for it."""
    IG_PUBLISH = "ig_publish"
    TOKEN_REFRESH = "token_refresh"  # noqa: S105  a job's name, no secret
    PREVIEW_PROXY = "preview_proxy"
    """A small copy of a source that browsers cannot play; no reel waits for it."""


class JobStatus(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class LogLevel(StrEnum):
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of time, ``[start, end)``."""

    start: Seconds
    end: Seconds

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"span must satisfy 0 <= start < end, got {self.start}..{self.end}")

    @property
    def duration(self) -> Seconds:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Size:
    """Pixels."""

    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise ValueError(f"size must be positive, got {self.width}x{self.height}")

    @property
    def aspect(self) -> Fraction:
        return Fraction(self.width, self.height)

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


class Transfer(StrEnum):
    """How code values become light."""

    SDR = "sdr"
    PQ = "pq"
    HLG = "hlg"


@dataclass(frozen=True, slots=True)
class Picture:
    """The video stream that was picked."""

    stream: int
    """Index among all streams of the file."""
    codec: str
    size: Size
    """As shown: after rotation and sample aspect ratio, in square pixels."""
    stored: Size
    """As stored in the file."""
    rotation: int
    """Degrees clockwise that a player turns the stored picture: 0, 90, 180 or 270."""
    rate: Fraction
    """Average frames per second."""
    pixel_format: str
    transfer: Transfer
    matrix: str
    """FFmpeg's name of the YCbCr matrix, ``unknown`` where the file does not say."""
    interlaced: bool


@dataclass(frozen=True, slots=True)
class Sound:
    """The audio stream that was picked."""

    stream: int
    codec: str
    rate: int
    """Samples per second."""
    channels: int
    layout: str
    """FFmpeg's name, such as ``stereo`` or ``5.1``."""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a file holds."""

    container: str
    duration: Seconds
    """From the first time stamp of the file to the end of the last frame of `picture`."""
    start: Seconds
    """First time stamp of the file; 0 of our own time."""
    picture: Picture
    sound: Sound | None
    byte_size: int


@dataclass(frozen=True, slots=True)
class Word:
    """One timed word, without white space."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Cue:
    """One timed line of a transcript."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is said, ordered by time."""

    words: tuple[Word, ...]
    cues: tuple[Cue, ...]
    exact_words: bool = False
    """True when the words' times were measured, not spread over their cue."""
    language: str = ""
    """As its source names it, such as ``en`` or ``pt-BR``; empty when nobody said."""
    origin: str = ""
    """Where it is from: ``file``, ``captions``, ``automatic captions`` or ``recognition``."""

    def text(self) -> str:
        return " ".join(cue.text for cue in self.cues)

    def within(self, span: Span) -> tuple[Word, ...]:
        """The words whose middle lies in `span`."""
        begin = bisect_left(self.words, span.start - _LONGEST_WORD, key=_start)
        end = bisect_left(self.words, span.end, begin, key=_start)
        return tuple(
            word
            for word in self.words[begin:end]
            if span.start <= (word.span.start + word.span.end) / 2 < span.end
        )


_LONGEST_WORD: Seconds = 30.0
"""No word begins so long before its middle."""


def _start(word: Word) -> Seconds:
    return word.span.start


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One reason for a quality score."""

    name: str
    value: int
    """0..100."""
    weight: int
    """Share of the whole, in percent."""
    reason: str


@dataclass(frozen=True, slots=True)
class PostText:
    """The text of one post and what was thought of its reel."""

    title: str
    caption: str
    """Without the hashtags."""
    hashtags: tuple[str, ...]
    """Each with its leading ``#``."""
    topics: tuple[str, ...]
    quality_score: int
    """0..100, the weighted mean of the parts."""
    score_parts: tuple[ScorePart, ...]
    written_by: str
    """Name of the caption provider, or ``operator``."""


OPERATOR = "operator"
"""Wrote the text by hand: no provider writes over it."""
BASIC = "basic"
"""The caption provider without a model: any other may write over its text."""


def full_caption(caption: str, hashtags: tuple[str, ...]) -> str:
    """The caption as it is posted: text, a blank line, hashtags."""
    return "\n\n".join(part for part in (caption.strip(), " ".join(hashtags)) if part)


class RuleLevel(StrEnum):
    PASS = "pass"  # noqa: S105  a level's name, no secret
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One of Instagram's file rules, held against one file."""

    rule: str
    level: RuleLevel
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class AcceptReport:
    """All file rules, held against one file."""

    rules: tuple[RuleResult, ...]

    @property
    def accepted(self) -> bool:
        return all(rule.level is not RuleLevel.FAIL for rule in self.rules)


@dataclass(frozen=True, slots=True)
class RenderedReel:
    """A reel on disk, whole and probed."""

    file: Path
    cover: Path
    duration: Seconds
    byte_size: int
    sha256: str
    plan: str
    """Fingerprint of everything that decided the picture."""
    report: AcceptReport
    cover_cell: int | None = None
    """Which picture of its sheet, 0..8, looked best, whatever the operator has chosen."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the operator has settled about one reel's picture; None leaves it to Gravix."""

    layout: str | None = None
    """A name in `layouts.LAYOUTS`; None: as its video."""
    position: float | None = None
    """Where the crop window stands, 0 (left or top) .. 1; None: where the subject is."""
    subtitles: str | None = None
    """A name in `styles.STYLES`; None: as its video."""
    lines: tuple[Cue, ...] | None = None
    """What the subtitles say, at the times of the source; None: the transcript."""
    hook: str = ""
    """A line on screen for the first seconds."""
    cover_at: Seconds | None = None
    """The moment of the reel that is its cover; None: the best of the candidates."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A video that an adapter has made ready to be brought in."""

    file: Path
    title: str
    sha256: str
    info: MediaInfo
    transcript: Transcript | None
    notes: tuple[str, ...] = ()
    """Sentences for the video's log, such as why a transcript was left out."""


@dataclass(frozen=True, slots=True)
class CaptionTrack:
    """Captions that a site has for a video."""

    language: str
    """As the site names it, such as ``en`` or ``pt-BR``."""
    automatic: bool
    """By speech recognition; only these have the times of words."""
    url: str


@dataclass(frozen=True, slots=True)
class LinkProbe:
    """What YouTube says of one video; nothing of its picture or sound has been fetched."""

    youtube_id: str
    """Eleven characters."""
    title: str
    channel: str
    channel_id: str
    description: str
    duration: Seconds
    thumbnail_url: str
    height: int
    """Lines of the best picture on offer."""
    width: int
    byte_size: int | None
    """Estimated, of what would be fetched."""
    captions: tuple[CaptionTrack, ...]
    """Those worth fetching, best first."""
    language: str
    """Of the video, as the site names it; empty when it does not."""
    notes: tuple[str, ...]
    """Sentences for the operator, such as why only 360 lines are on offer."""
    info: Mapping[str, Any]
    """The downloader's own answer, for the download."""
    probed_at: datetime

    @property
    def url(self) -> str:
        return f"https://www.youtube.com/watch?v={self.youtube_id}"

    @property
    def whose(self) -> str:
        """The channel; the video itself where the site does not name one."""
        return whose(self.channel_id, self.url)


def whose(channel_id: str, youtube_url: str | None) -> str:
    """What a `Channel` is known by: `LinkProbe.whose`, also of what was imported long ago."""
    if youtube_url is None:
        return ""
    return channel_id or f"video:{youtube_url.rpartition('v=')[2]}"


@dataclass(frozen=True, slots=True)
class Channel:
    """Who made videos that a site gave, and what the operator has said of them."""

    id: str
    """As `LinkProbe.whose`."""
    name: str
    confirmed_at: datetime | None
    """When the operator said that they made this or may republish it; None: they have not, or
    have taken it back."""


@dataclass(frozen=True, slots=True)
class InstagramAccount:
    """A professional account that Gravix is connected to.  Holds no token."""

    id: int
    ig_user_id: str
    username: str
    name: str
    picture_url: str
    page_id: str
    page_name: str
    fb_user_id: str
    is_active: bool
    """Reels go to this one; at most one is."""
    expires_at: datetime | None
    """Of the connection; None for never."""
    data_until: datetime | None
    """When Meta stops to answer, whatever the connection does; None when it does not say."""
    scopes: tuple[str, ...]
    refreshed_at: datetime | None
    """When Gravix last tried to make the connection last longer."""
    trouble: str
    """Why it has to be connected again, or what went wrong at the last try; else empty."""
    needs_login: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Video:
    id: int
    title: str
    status: VideoStatus
    source_sha256: str
    source_name: str
    """Name of the file that the operator gave, without its folder."""
    layout: str
    chunk_duration: Seconds
    created_at: datetime
    updated_at: datetime
    subtitles: str = "clean"
    """A name in `styles.STYLES`."""
    best: int | None = None
    """So many of the best reels are rendered unasked; None: all."""
    youtube_url: str | None = None
    youtube_id: str | None = None
    """None for a file, and for a video that was imported again since."""
    channel_id: str = ""
    channel: str = ""
    description: str = ""
    duration: Seconds | None = None
    file: Path | None = None
    """The source in the house, once it has been brought in."""
    error_message: str | None = None

    @property
    def whose(self) -> str:
        """As `LinkProbe.whose`; empty for a file."""
        return whose(self.channel_id, self.youtube_url)


@dataclass(frozen=True, slots=True)
class Chunk:
    id: int
    video_id: int
    index: int
    span: Span
    file: Path | None = None
    """A copy of this stretch of the source, once somebody has asked for one."""


@dataclass(frozen=True, slots=True)
class Reel:
    id: int
    video_id: int
    chunk_id: int
    index: int
    chunk: Span
    """The stretch of the source that is this reel's; all of a video's partition the source."""
    span: Span
    """What the reel plays: inside `chunk` at first, anywhere in the source after an edit."""
    review_status: ReviewStatus
    publish_status: PublishStatus
    created_at: datetime
    rendered: RenderedReel | None = None
    text: PostText | None = None
    text_version: int = 0
    """Counts the changes of the text; a save names the one that it edited."""
    folder_version: str | None = None
    """The `version` that was last put into the folder."""
    look: Look = Look()
    edits: int = 0
    """Changes of span and look that can be undone."""
    text_is_chosen: bool = False
    """The operator took the text, whoever wrote it: no provider writes over it."""

    @property
    def version(self) -> str:
        """Names this picture with this text: what an approval is given to."""
        picture = self.rendered.sha256[:12] if self.rendered else "none"
        return f"{picture}.{self.text_version}"


@dataclass(frozen=True, slots=True)
class Job:
    id: int
    job_type: JobType
    video_id: int | None
    status: JobStatus
    progress: int
    """0..100."""
    key: str
    args: Mapping[str, Any]
    attempts: int
    """How often it was claimed."""
    fence: int
    cancel_requested: bool
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = None
    completed_at: datetime | None = None
    error_message: str | None = None
    error_hint: str | None = None
    priority: int = 100
    """Smaller goes first."""
    note: str = ""
    """How it gets on, beside the percent: ``3.1 MB/s, 20 s left``."""
    final: bool = False
    """It failed in a way that trying again does not change."""
    run_after: datetime | None = None
    """Not before; in the future while it waits to be tried again."""
    lane: str = ""
    """As `NewJob.lane`."""
    waited: Seconds = 0
    """How long it was told to wait, over all its tries since it was asked for."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to be written; asking twice for one `key` makes one job."""

    job_type: JobType
    key: str
    video_id: int | None
    args: Mapping[str, Any] = field(default_factory=dict)
    priority: int = 100
    """Smaller goes first."""
    lane: str = ""
    """Limits of a kind hold for each of its lanes by itself: an account, where each has its own."""
    delay: Seconds = 0.0
    """It becomes due so long after it was asked for."""


@dataclass(frozen=True, slots=True)
class LogLine:
    id: int
    video_id: int
    level: LogLevel
    message: str
    created_at: datetime
    job_id: int | None = None


class Watch(Protocol):
    """How a long step tells how far it is and learns that it should stop."""

    def progress(self, percent: float) -> None:
        """Say how much is done, 0..100."""
        ...

    def should_stop(self) -> bool:
        """True once somebody has asked for the step to end early."""
        ...


class Unwatched:
    """A watch for what is quick, or has nobody to tell."""

    def progress(self, percent: float) -> None:
        pass

    def should_stop(self) -> bool:
        return False
