"""Sentences about a video in, `LogLine` values out.  Append-only; nothing is decided by it."""

from __future__ import annotations

import logging

from sqlalchemy import select
from sqlalchemy.orm import Session

from gravix_core.model import LogLevel, LogLine
from gravix_core.store import rows
from gravix_core.store.tables import LogRow

log = logging.getLogger(__name__)

_LEVELS = {
    LogLevel.INFO: logging.INFO,
    LogLevel.WARNING: logging.WARNING,
    LogLevel.ERROR: logging.ERROR,
}


class Logs:
    """The logs of the videos, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        video_id: int,
        message: str,
        level: LogLevel = LogLevel.INFO,
        job_id: int | None = None,
    ) -> LogLine:
        row = LogRow(video_id=video_id, message=message, level=level, job_id=job_id)
        self._session.add(row)
        self._session.flush()
        log.log(_LEVELS[level], "%s", message, extra={"video": video_id, "job": job_id})
        return rows.log_line(row)

    def add_once(
        self,
        video_id: int,
        message: str,
        level: LogLevel = LogLevel.INFO,
        job_id: int | None = None,
    ) -> None:
        """As `add`, unless the video's log says it already."""
        said = select(LogRow.id).where(LogRow.video_id == video_id, LogRow.message == message)
        if self._session.scalar(said.limit(1)) is None:
            self.add(video_id, message, level, job_id)

    def of_video(
        self, video_id: int, limit: int = 200, *, job_id: int | None = None
    ) -> tuple[LogLine, ...]:
        """The last `limit` lines, oldest first; only those of one job where it is named."""
        query = select(LogRow).where(LogRow.video_id == video_id)
        if job_id is not None:
            query = query.where(LogRow.job_id == job_id)
        found = self._session.scalars(query.order_by(LogRow.id.desc()).limit(limit)).all()
        return tuple(rows.log_line(row) for row in reversed(found))
