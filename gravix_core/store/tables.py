"""The six tables of the product as typed rows.  Rows stay inside the store and the queue.

Columns may be added, by a migration, and are never renamed or dropped.  Only portable types:
the same tables stand in SQLite and in PostgreSQL.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, MetaData, String, Text, UniqueConstraint, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from gravix_core.model import JobStatus, LogLevel, PublishStatus, ReviewStatus, VideoStatus
from gravix_core.store.columns import CleanText, UtcDateTime, utc_now

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name, so that a later migration can speak of it."""

NEVER_REUSED = {"sqlite_autoincrement": True}
"""Files and keys are named after ids: the id of a deleted row must not come back."""


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012  read once by SQLAlchemy
        str: CleanText,
        datetime: UtcDateTime,
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
    }


class InstagramSettingsRow(Base):
    __tablename__ = "instagram_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    fb_page_id: Mapped[str | None] = mapped_column(String, unique=True)
    fb_page_name: Mapped[str | None]
    fb_user_id: Mapped[str | None] = mapped_column(String)
    ig_user_id: Mapped[str | None] = mapped_column(String, unique=True)
    long_lived_access_token: Mapped[str | None] = mapped_column(Text)
    """Sealed."""
    page_access_token: Mapped[str | None] = mapped_column(Text)
    """Sealed."""
    token_expires_at: Mapped[datetime | None]
    data_until: Mapped[datetime | None]
    refreshed_at: Mapped[datetime | None]
    scopes: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    ig_username: Mapped[str] = mapped_column(default="", server_default="")
    ig_name: Mapped[str] = mapped_column(default="", server_default="")
    picture_url: Mapped[str] = mapped_column(default="", server_default="")
    trouble: Mapped[str] = mapped_column(default="", server_default="")
    needs_login: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class ConnectAttemptRow(Base):
    """One way to Facebook's dialog and back."""

    __tablename__ = "connect_attempts"

    state_hash: Mapped[str] = mapped_column(String, primary_key=True)
    cookie_hash: Mapped[str] = mapped_column(String)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """It works once."""
    outcome: Mapped[str] = mapped_column(String, default="")
    """A name in `desks.connection.OUTCOMES`; empty while it is under way."""
    message: Mapped[str] = mapped_column(default="")
    hint: Mapped[str] = mapped_column(default="")
    grant: Mapped[str | None] = mapped_column(Text)
    """The sealed token, while the operator chooses among accounts."""


class PublicationRow(Base):
    """The ledger: one version of a reel on one account, whatever becomes of reel and account."""

    __tablename__ = "publications"
    __table_args__ = (UniqueConstraint("ig_user_id", "reel_key"), NEVER_REUSED)

    id: Mapped[int] = mapped_column(primary_key=True)
    turn: Mapped[int] = mapped_column(default=0)
    """Counts the changes; a change names the one before."""
    ig_user_id: Mapped[str] = mapped_column(String)
    username: Mapped[str]
    reel_key: Mapped[str] = mapped_column(String)
    """Of reel and version."""
    reel_id: Mapped[int] = mapped_column(index=True)
    """No foreign key: the row outlives the reel, and ids are never reused."""
    video_id: Mapped[int]
    reel_version: Mapped[str] = mapped_column(String)
    title: Mapped[str]
    caption: Mapped[str]
    source: Mapped[str] = mapped_column(String, index=True)
    span_start: Mapped[float]
    span_end: Mapped[float]
    file_sha256: Mapped[str] = mapped_column(String)
    file_size: Mapped[int]
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    step: Mapped[str] = mapped_column(String, index=True)
    transport: Mapped[str] = mapped_column(String)
    containers: Mapped[int] = mapped_column(default=0)
    container_id: Mapped[str] = mapped_column(String, default="")
    upload_uri: Mapped[str] = mapped_column(default="")
    bytes_sent: Mapped[int] = mapped_column(default=0)
    sends: Mapped[int] = mapped_column(default=0)
    refusals: Mapped[int] = mapped_column(default=0)
    stalls: Mapped[int] = mapped_column(default=0)
    media_id: Mapped[str] = mapped_column(String, default="", index=True)
    permalink: Mapped[str] = mapped_column(default="")
    dismissed: Mapped[list[Any]] = mapped_column(default=list)
    trouble: Mapped[str] = mapped_column(default="")
    hint: Mapped[str] = mapped_column(default="")
    fault: Mapped[str] = mapped_column(String, default="")
    claimed_at: Mapped[datetime]
    container_at: Mapped[datetime | None]
    uploaded_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class PublishingStopRow(Base):
    """An account to which nothing is published until the operator says so."""

    __tablename__ = "publishing_stops"

    ig_user_id: Mapped[str] = mapped_column(String, primary_key=True)
    reason: Mapped[str]
    stopped_at: Mapped[datetime]


class VideoRow(Base):
    __tablename__ = "videos"
    __table_args__ = (NEVER_REUSED,)

    id: Mapped[int] = mapped_column(primary_key=True)
    youtube_url: Mapped[str | None]
    youtube_video_id: Mapped[str | None] = mapped_column(String, unique=True)
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    thumbnail_url: Mapped[str | None]
    channel_id: Mapped[str] = mapped_column(String, default="", server_default="")
    channel_name: Mapped[str] = mapped_column(default="", server_default="")
    source_id: Mapped[str] = mapped_column(String, default="", server_default="", index=True)
    """``youtube:<id>``: where it is from, also of videos that were imported again since."""
    source_name: Mapped[str]
    source_sha256: Mapped[str] = mapped_column(String, index=True)
    """Empty until what a link leads to has been fetched."""
    layout: Mapped[str] = mapped_column(String)
    chunk_duration: Mapped[float]
    subtitles: Mapped[str] = mapped_column(String, default="clean", server_default="clean")
    best: Mapped[int | None]
    """So many reels are rendered unasked; null: all."""
    duration: Mapped[float | None]
    """Seconds."""
    download_path: Mapped[str | None] = mapped_column(String)
    """Relative to the videos directory when inside it."""
    probe: Mapped[dict[str, Any] | None]
    transcript: Mapped[str | None] = mapped_column(Text, deferred=True)
    """The whole transcript with its times, as JSON; long, so it is loaded when asked for."""
    transcript_data: Mapped[str | None] = mapped_column(Text, deferred=True)
    """Null; up to revision 0003 what `transcript` holds now."""
    status: Mapped[str] = mapped_column(String, default=VideoStatus.PENDING, index=True)
    error_message: Mapped[str | None]
    instagram_account_id: Mapped[int | None] = mapped_column(
        ForeignKey("instagram_settings.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class LinkProbeRow(Base):
    """What a site said of a video that may become one here."""

    __tablename__ = "link_probes"

    youtube_id: Mapped[str] = mapped_column(String, primary_key=True)
    document: Mapped[str] = mapped_column(Text)
    probed_at: Mapped[datetime]


class ChannelRow(Base):
    """A channel whose videos the operator made, or may publish."""

    __tablename__ = "channels"

    channel_id: Mapped[str] = mapped_column(String, primary_key=True)
    name: Mapped[str]
    confirmed_at: Mapped[datetime]


class ChunkRow(Base):
    __tablename__ = "video_chunks"
    __table_args__ = (UniqueConstraint("video_id", "chunk_index"), NEVER_REUSED)

    id: Mapped[int] = mapped_column(primary_key=True)
    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id"))
    chunk_index: Mapped[int]
    start_time: Mapped[float]
    end_time: Mapped[float]
    duration: Mapped[float]
    file_path: Mapped[str | None] = mapped_column(String)
    """Filled when somebody exports the chunk; a chunk is a span, not a file."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class ReelRow(Base):
    __tablename__ = "reels"
    __table_args__ = (NEVER_REUSED,)

    id: Mapped[int] = mapped_column(primary_key=True)
    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id"), index=True)
    chunk_id: Mapped[int] = mapped_column(ForeignKey("video_chunks.id"), unique=True)
    chunk_index: Mapped[int]
    reel_start: Mapped[float]
    reel_end: Mapped[float]
    look: Mapped[dict[str, Any] | None]
    """Null as long as nobody has edited the picture."""
    edits: Mapped[list[Any] | None]
    """What span and look were before each edit, oldest first."""
    features: Mapped[dict[str, Any] | None]
    """What was measured of it."""
    title: Mapped[str | None]
    caption: Mapped[str | None]
    hashtags: Mapped[list[Any] | None]
    topics: Mapped[list[Any] | None]
    quality_score: Mapped[int | None]
    score_parts: Mapped[list[Any] | None]
    written_by: Mapped[str | None] = mapped_column(String)
    """Null as long as the reel has no text."""
    text_version: Mapped[int] = mapped_column(default=0, server_default="0")
    """Counts the changes of the text."""
    text_is_chosen: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The operator took it, whoever wrote it: no provider writes over it."""
    text_declined: Mapped[int | None]
    """The `text_version` for which a provider was asked in vain."""
    folder_version: Mapped[str | None] = mapped_column(String)
    """`Reel.version` of what was last put into the folder."""
    file_path: Mapped[str | None] = mapped_column(String)
    """Null as long as the reel is not rendered; relative like `videos.download_path`."""
    cover_path: Mapped[str | None] = mapped_column(String)
    cover_cell: Mapped[int | None]
    duration: Mapped[float | None]
    """Seconds of the file."""
    byte_size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String)
    plan: Mapped[str | None] = mapped_column(String)
    accept_report: Mapped[list[Any] | None]
    review_status: Mapped[str] = mapped_column(String, default=ReviewStatus.TO_REVIEW, index=True)
    ig_media_id: Mapped[str | None] = mapped_column(String)
    publish_status: Mapped[str] = mapped_column(String, default=PublishStatus.PENDING, index=True)
    publish_error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)

    chunk: Mapped[ChunkRow] = relationship(lazy="joined", innerjoin=True)


class ReelTextRow(Base):
    """A text that a reel has, or had."""

    __tablename__ = "reel_texts"
    __table_args__ = (NEVER_REUSED,)

    id: Mapped[int] = mapped_column(primary_key=True)
    reel_id: Mapped[int] = mapped_column(ForeignKey("reels.id"), index=True)
    title: Mapped[str]
    caption: Mapped[str]
    hashtags: Mapped[list[Any]]
    topics: Mapped[list[Any]]
    quality_score: Mapped[int]
    score_parts: Mapped[list[Any]]
    written_by: Mapped[str] = mapped_column(String)
    instruction: Mapped[str] = mapped_column(default="")
    restores: Mapped[int | None]
    """The row whose text this is once more: it came by going back."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class AcceptedTextRow(Base):
    """What was written for a reel and what the operator made of it; it outlives the reel."""

    __tablename__ = "accepted_texts"

    reel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """No foreign key: ids are never reused."""
    written_by: Mapped[str] = mapped_column(String)
    written_title: Mapped[str]
    written_caption: Mapped[str]
    written_hashtags: Mapped[list[Any]]
    title: Mapped[str]
    caption: Mapped[str]
    hashtags: Mapped[list[Any]]
    accepted_at: Mapped[datetime] = mapped_column(index=True)


class ProviderUsageRow(Base):
    """A request to a caption provider; it outlives the video."""

    __tablename__ = "provider_usage"

    id: Mapped[int] = mapped_column(primary_key=True)
    video_id: Mapped[int | None] = mapped_column(index=True)
    """No foreign key: ids are never reused."""
    month: Mapped[str] = mapped_column(String, index=True)
    """As ``2026-11``, in UTC."""
    model: Mapped[str] = mapped_column(String)
    requests: Mapped[int]
    input_tokens: Mapped[int]
    output_tokens: Mapped[int]
    cost: Mapped[float | None]
    """US dollars; null where the price is not known."""
    asked_at: Mapped[datetime] = mapped_column(default=utc_now)


class PreferenceRow(Base):
    """Something that the operator has settled, or that all processes should know."""

    __tablename__ = "preferences"

    name: Mapped[str] = mapped_column(String, primary_key=True)
    value: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class JobRow(Base):
    """One run of a step; the table is the queue and the only truth about it."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index(None, "status", "priority", "run_after", "id", "job_type", "lane"),
        Index(None, "video_id", "status"),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job_type: Mapped[str] = mapped_column(String)
    key: Mapped[str] = mapped_column(String, unique=True)
    video_id: Mapped[int | None] = mapped_column(ForeignKey("videos.id"))
    status: Mapped[str] = mapped_column(String, default=JobStatus.PENDING)
    progress: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(default="", server_default="")
    """How it gets on, beside the percent."""
    priority: Mapped[int] = mapped_column(default=100)
    """Smaller goes first."""
    run_after: Mapped[datetime] = mapped_column(default=utc_now)
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=3)
    waited: Mapped[float] = mapped_column(default=0.0, server_default="0")
    """Seconds that it was told to wait, over all its tries."""
    lane: Mapped[str] = mapped_column(String, default="", server_default="")
    """Within its kind; limits hold for each lane by itself."""
    again: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Asked for anew while it runs: it runs once more when it has ended."""
    owner: Mapped[str | None] = mapped_column(String)
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    args: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[dict[str, Any] | None]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    error_message: Mapped[str | None]
    error_hint: Mapped[str | None]
    final: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It failed in a way that trying again does not change."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class EngineRow(Base):
    """The one row about the whole engine; who claims holds it, so that claims never overlap."""

    __tablename__ = "engine"

    id: Mapped[int] = mapped_column(primary_key=True)
    paused: Mapped[bool] = mapped_column(default=False, server_default=false())
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)
    seen_at: Mapped[datetime | None]
    """When the operator was last at the dashboard; null before the first time."""


class LogRow(Base):
    """Append-only; never read to decide anything."""

    __tablename__ = "processing_logs"
    __table_args__ = (Index(None, "video_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id"))
    job_id: Mapped[int | None] = mapped_column(
        ForeignKey("jobs.id", ondelete="SET NULL"), index=True
    )
    level: Mapped[str] = mapped_column(String, default=LogLevel.INFO)
    message: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
