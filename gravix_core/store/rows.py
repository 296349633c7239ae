"""Rows in, the model's frozen values out.  Nothing here touches the database."""

from __future__ import annotations

from gravix_core.model import (
    Chunk,
    LogLevel,
    LogLine,
    PostText,
    PublishStatus,
    Reel,
    RenderedReel,
    ReviewStatus,
    Span,
    Video,
    VideoStatus,
)
from gravix_core.store import documents
from gravix_core.store.shelf import Shelf
from gravix_core.store.tables import ChunkRow, LogRow, ReelRow, VideoRow


def video(row: VideoRow, shelf: Shelf) -> Video:
    return Video(
        id=row.id,
        title=row.title,
        status=VideoStatus(row.status),
        source_sha256=row.source_sha256,
        source_name=row.source_name,
        layout=row.layout,
        chunk_duration=row.chunk_duration,
        subtitles=row.subtitles,
        best=row.best,
        created_at=row.created_at,
        updated_at=row.updated_at,
        youtube_url=row.youtube_url,
        youtube_id=row.youtube_video_id,
        channel_id=row.channel_id,
        channel=row.channel_name,
        description=row.description,
        duration=row.duration,
        file=None if row.download_path is None else shelf.file(row.download_path),
        error_message=row.error_message,
    )


def chunk(row: ChunkRow, shelf: Shelf) -> Chunk:
    return Chunk(
        id=row.id,
        video_id=row.video_id,
        index=row.chunk_index,
        span=Span(row.start_time, row.end_time),
        file=None if row.file_path is None else shelf.file(row.file_path),
    )


def reel(row: ReelRow, shelf: Shelf) -> Reel:
    return Reel(
        id=row.id,
        video_id=row.video_id,
        chunk_id=row.chunk_id,
        index=row.chunk_index,
        chunk=Span(row.chunk.start_time, row.chunk.end_time),
        span=Span(row.reel_start, row.reel_end),
        review_status=ReviewStatus(row.review_status),
        publish_status=PublishStatus(row.publish_status),
        created_at=row.created_at,
        rendered=_rendered(row, shelf),
        text=text(row),
        text_version=row.text_version,
        text_is_chosen=row.text_is_chosen,
        folder_version=row.folder_version,
        look=documents.look(row.look or {}),
        edits=len(row.edits or ()),
    )


def _rendered(row: ReelRow, shelf: Shelf) -> RenderedReel | None:
    """None until the reel has been rendered: its columns are filled all at once."""
    if row.file_path is None:
        return None
    return RenderedReel(
        file=shelf.file(row.file_path),
        cover=shelf.file(row.cover_path or ""),
        duration=row.duration or 0.0,
        byte_size=row.byte_size or 0,
        sha256=row.sha256 or "",
        plan=row.plan or "",
        report=documents.accept_report(row.accept_report or ()),
        cover_cell=row.cover_cell,
    )


def text(row: ReelRow) -> PostText | None:
    """None until the reel has a text: its columns are filled all at once."""
    if row.written_by is None:
        return None
    return PostText(
        title=row.title or "",
        caption=row.caption or "",
        hashtags=tuple(row.hashtags or ()),
        topics=tuple(row.topics or ()),
        quality_score=row.quality_score or 0,
        score_parts=documents.score_parts(row.score_parts or ()),
        written_by=row.written_by,
    )


def log_line(row: LogRow) -> LogLine:
    return LogLine(
        id=row.id,
        video_id=row.video_id,
        level=LogLevel(row.level),
        message=row.message,
        created_at=row.created_at,
        job_id=row.job_id,
    )
