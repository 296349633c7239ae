"""A video's facts in, `Video` values out; its probe and transcript are kept to the last digit."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from gravix_core.errors import NotFound, StatusConflict
from gravix_core.model import (
    Cue,
    JobStatus,
    LinkProbe,
    MediaInfo,
    Seconds,
    Transcript,
    Video,
    VideoStatus,
)
from gravix_core.store import documents, rows
from gravix_core.store.shelf import Shelf
from gravix_core.store.tables import ChunkRow, JobRow, LogRow, ReelRow, ReelTextRow, VideoRow

DEFAULT_STYLE = "clean"
"""As the column's own default."""


class Videos:
    """The videos, inside one transaction.

    Every method that takes an id raises `NotFound` when there is no such video, and every
    one that changes a video returns it as it is then.
    """

    def __init__(self, session: Session, shelf: Shelf) -> None:
        self._session = session
        self._shelf = shelf

    @property
    def root(self) -> Path:
        """The videos directory."""
        return self._shelf.root

    def add(
        self,
        *,
        title: str,
        source_name: str,
        source_sha256: str,
        layout: str,
        chunk_duration: Seconds,
        subtitles: str = DEFAULT_STYLE,
        best: int | None = None,
    ) -> Video:
        """Write a pending video.  The same source may be added again: see `find`."""
        row = VideoRow(
            title=title,
            source_name=source_name,
            source_sha256=source_sha256,
            layout=layout,
            chunk_duration=chunk_duration,
            subtitles=subtitles,
            best=best,
        )
        self._session.add(row)
        return self._written(row)

    def add_link(
        self,
        probe: LinkProbe,
        *,
        layout: str,
        chunk_duration: Seconds,
        subtitles: str = DEFAULT_STYLE,
        best: int | None = None,
    ) -> Video:
        """Write a pending video that is still to be fetched.

        One that was made of the same link before keeps all that it has, but is no longer the one
        that `of_youtube` finds.
        """
        self._session.execute(
            update(VideoRow)
            .where(VideoRow.youtube_video_id == probe.youtube_id)
            .values(youtube_video_id=None)
        )
        row = VideoRow(
            title=probe.title,
            source_name=probe.url,
            source_sha256="",
            layout=layout,
            chunk_duration=chunk_duration,
            subtitles=subtitles,
            best=best,
            youtube_url=probe.url,
            youtube_video_id=probe.youtube_id,
            source_id=f"youtube:{probe.youtube_id}",
            channel_id=probe.channel_id,
            channel_name=probe.channel,
            description=probe.description,
            duration=probe.duration,
            thumbnail_url=probe.thumbnail_url,
        )
        self._session.add(row)
        return self._written(row)

    def of_youtube(self, youtube_id: str) -> Video | None:
        """The video that was made of it last."""
        row = self._session.scalar(select(VideoRow).where(VideoRow.youtube_video_id == youtube_id))
        return None if row is None else rows.video(row, self._shelf)

    def get(self, video_id: int) -> Video:
        return rows.video(self._row(video_id), self._shelf)

    def find(self, *, source_sha256: str, chunk_duration: Seconds) -> Video | None:
        """The newest video made of these bytes with this length of chunks, if any."""
        row = self._session.scalar(
            select(VideoRow)
            .where(
                VideoRow.source_sha256 == source_sha256,
                VideoRow.chunk_duration == chunk_duration,
            )
            .order_by(VideoRow.id.desc())
            .limit(1)
        )
        return None if row is None else rows.video(row, self._shelf)

    def recent(self, limit: int = 10, offset: int = 0) -> tuple[Video, ...]:
        """Newest first."""
        found = self._session.scalars(
            select(VideoRow).order_by(VideoRow.id.desc()).limit(limit).offset(offset)
        )
        return tuple(rows.video(row, self._shelf) for row in found)

    def store_source(
        self,
        video_id: int,
        *,
        file: Path,
        info: MediaInfo,
        transcript: Transcript | None,
        sha256: str | None = None,
    ) -> Video:
        """Keep what was learned while the source was brought into the house.

        Args:
            video_id: The video that `file` is the source of.
            file: In the videos directory, as a rule; any other place is kept as it is.
            info: What `file` holds.
            transcript: Replaces the one before, also when it is None.
            sha256: Of `file`, when it was not known before.
        """
        row = self._row(video_id)
        if sha256 is not None:
            row.source_sha256 = sha256
        row.download_path = self._shelf.label(file)
        row.duration = info.duration
        row.probe = documents.media_document(info)
        _keep_transcript(row, transcript)
        return self._written(row)

    def set_transcript(self, video_id: int, transcript: Transcript | None) -> Video:
        row = self._row(video_id)
        _keep_transcript(row, transcript)
        return self._written(row)

    def set_layout(self, video_id: int, layout: str) -> Video:
        row = self._row(video_id)
        row.layout = layout
        return self._written(row)

    def set_subtitles(self, video_id: int, style: str) -> Video:
        row = self._row(video_id)
        row.subtitles = style
        return self._written(row)

    def set_best(self, video_id: int, count: int | None) -> Video:
        """Say how many of the best reels are rendered unasked; None: all."""
        row = self._row(video_id)
        row.best = count
        return self._written(row)

    def set_status(
        self, video_id: int, status: VideoStatus, error_message: str | None = None
    ) -> Video:
        """An error message of before is gone unless it is given again."""
        row = self._row(video_id)
        row.status = status
        row.error_message = error_message
        return self._written(row)

    def delete(self, video_id: int) -> None:
        """Remove the video with its reels, chunks, jobs and log.  Its files are not touched.

        Raises:
            StatusConflict: One of its jobs runs.
        """
        row = self._row(video_id)
        at_work = select(JobRow.id).where(
            JobRow.video_id == video_id, JobRow.status == JobStatus.PROCESSING
        )
        if self._session.scalar(at_work.limit(1)) is not None:
            raise StatusConflict(
                f"{row.title} is still at work", hint="Cancel its jobs, wait a moment, try again."
            )
        reels = select(ReelRow.id).where(ReelRow.video_id == video_id)
        self._session.execute(delete(ReelTextRow).where(ReelTextRow.reel_id.in_(reels)))
        for table in (LogRow, JobRow, ReelRow, ChunkRow):
            self._session.execute(delete(table).where(table.video_id == video_id))
        self._session.delete(row)
        self._session.flush()

    def transcript(self, video_id: int) -> Transcript | None:
        text = self._row(video_id).transcript
        return None if text is None else documents.transcript(text)

    def cues(self, video_id: int) -> tuple[Cue, ...]:
        """The lines of the transcript, without its words; empty where there is none."""
        text = self._row(video_id).transcript
        return () if text is None else documents.cues(text)

    def info(self, video_id: int) -> MediaInfo | None:
        """What the source holds; None until it has been brought in."""
        document = self._row(video_id).probe
        return None if document is None else documents.media_info(document)

    def _row(self, video_id: int) -> VideoRow:
        row = self._session.get(VideoRow, video_id)
        if row is None:
            raise NotFound(f"there is no video {video_id}")
        return row

    def _written(self, row: VideoRow) -> Video:
        self._session.flush()
        return rows.video(row, self._shelf)


def _keep_transcript(row: VideoRow, transcript: Transcript | None) -> None:
    row.transcript = None if transcript is None else documents.transcript_document(transcript)
