"""Nothing in, the six tables of the product out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    _instagram_settings()
    _videos()
    _jobs()
    _video_chunks()
    _processing_logs()
    _reels()


def _instagram_settings() -> None:
    op.create_table(
        "instagram_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fb_page_id", sa.String()),
        sa.Column("fb_page_name", sa.Text()),
        sa.Column("fb_user_id", sa.String()),
        sa.Column("ig_user_id", sa.String()),
        sa.Column("long_lived_access_token", sa.Text()),
        sa.Column("token_expires_at", sa.DateTime(timezone=True)),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_instagram_settings"),
        sa.UniqueConstraint("fb_page_id", name="uq_instagram_settings_fb_page_id"),
        sa.UniqueConstraint("ig_user_id", name="uq_instagram_settings_ig_user_id"),
    )


def _videos() -> None:
    op.create_table(
        "videos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("youtube_url", sa.Text()),
        sa.Column("youtube_video_id", sa.String()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("thumbnail_url", sa.Text()),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_sha256", sa.String(), nullable=False),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("chunk_duration", sa.Double(), nullable=False),
        sa.Column("duration", sa.Double()),
        sa.Column("download_path", sa.String()),
        sa.Column("probe", sa.JSON()),
        sa.Column("transcript", sa.Text()),
        sa.Column("transcript_data", sa.Text()),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("error_message", sa.Text()),
        sa.Column("instagram_account_id", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["instagram_account_id"],
            ["instagram_settings.id"],
            name="fk_videos_instagram_account_id_instagram_settings",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_videos"),
        sa.UniqueConstraint("youtube_video_id", name="uq_videos_youtube_video_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_videos_instagram_account_id", "videos", ["instagram_account_id"])
    op.create_index("ix_videos_source_sha256", "videos", ["source_sha256"])
    op.create_index("ix_videos_status", "videos", ["status"])


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_type", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("video_id", sa.Integer()),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String()),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON()),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
        sa.Column("error_message", sa.Text()),
        sa.Column("error_hint", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["video_id"], ["videos.id"], name="fk_jobs_video_id_videos"),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("key", name="uq_jobs_key"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_jobs_status_run_after_priority", "jobs", ["status", "run_after", "priority"]
    )
    op.create_index("ix_jobs_video_id", "jobs", ["video_id"])


def _video_chunks() -> None:
    op.create_table(
        "video_chunks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("chunk_index", sa.Integer(), nullable=False),
        sa.Column("start_time", sa.Double(), nullable=False),
        sa.Column("end_time", sa.Double(), nullable=False),
        sa.Column("duration", sa.Double(), nullable=False),
        sa.Column("file_path", sa.String()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["video_id"], ["videos.id"], name="fk_video_chunks_video_id_videos"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_video_chunks"),
        sa.UniqueConstraint("video_id", "chunk_index", name="uq_video_chunks_video_id_chunk_index"),
        sqlite_autoincrement=True,
    )


def _processing_logs() -> None:
    op.create_table(
        "processing_logs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer()),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name="fk_processing_logs_job_id_jobs", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["video_id"], ["videos.id"], name="fk_processing_logs_video_id_videos"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_processing_logs"),
    )
    op.create_index("ix_processing_logs_job_id", "processing_logs", ["job_id"])
    op.create_index("ix_processing_logs_video_id", "processing_logs", ["video_id"])


def _reels() -> None:
    op.create_table(
        "reels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("chunk_id", sa.Integer(), nullable=False),
        sa.Column("chunk_index", sa.Integer(), nullable=False),
        sa.Column("reel_start", sa.Double(), nullable=False),
        sa.Column("reel_end", sa.Double(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("caption", sa.Text()),
        sa.Column("hashtags", sa.JSON()),
        sa.Column("topics", sa.JSON()),
        sa.Column("quality_score", sa.Integer()),
        sa.Column("score_parts", sa.JSON()),
        sa.Column("written_by", sa.String()),
        sa.Column("file_path", sa.String()),
        sa.Column("cover_path", sa.String()),
        sa.Column("duration", sa.Double()),
        sa.Column("byte_size", sa.Integer()),
        sa.Column("sha256", sa.String()),
        sa.Column("plan", sa.String()),
        sa.Column("accept_report", sa.JSON()),
        sa.Column("review_status", sa.String(), nullable=False),
        sa.Column("ig_media_id", sa.String()),
        sa.Column("publish_status", sa.String(), nullable=False),
        sa.Column("publish_error", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chunk_id"], ["video_chunks.id"], name="fk_reels_chunk_id_video_chunks"
        ),
        sa.ForeignKeyConstraint(["video_id"], ["videos.id"], name="fk_reels_video_id_videos"),
        sa.PrimaryKeyConstraint("id", name="pk_reels"),
        sa.UniqueConstraint("chunk_id", name="uq_reels_chunk_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reels_publish_status", "reels", ["publish_status"])
    op.create_index("ix_reels_review_status", "reels", ["review_status"])
    op.create_index("ix_reels_video_id", "reels", ["video_id"])
