"""When the operator was last at the dashboard in; what has ended since out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from gravix_core.jobs.pause import THE_ROW
from gravix_core.jobs.queue import OPEN
from gravix_core.model import JobStatus, JobType
from gravix_core.store.store import Transaction
from gravix_core.store.tables import EngineRow, JobRow

ENDED = (JobStatus.COMPLETED, JobStatus.FAILED)
MADE = (JobType.YT_DOWNLOAD, JobType.VIDEO_CUTTING, JobType.REEL_CONVERSION)
"""Kinds whose end the operator waits for."""


def seen_at(tx: Transaction) -> datetime | None:
    """None before the first time."""
    return tx.session.scalar(select(EngineRow.seen_at).where(THE_ROW))


def mark_seen(tx: Transaction, *, now: datetime) -> None:
    tx.session.execute(update(EngineRow).where(THE_ROW).values(seen_at=now))


def ended_since(tx: Transaction, moment: datetime) -> tuple[int, ...]:
    """Ids of the videos whose work has ended after a moment and of which none waits, by id."""
    at_work = select(JobRow.video_id).where(JobRow.status.in_(OPEN), JobRow.job_type.in_(MADE))
    query = (
        select(JobRow.video_id)
        .where(JobRow.job_type.in_(MADE), JobRow.status.in_(ENDED))
        .where(JobRow.video_id.is_not(None), JobRow.video_id.not_in(at_work))
        .group_by(JobRow.video_id)
        .having(func.max(JobRow.completed_at) > moment)
        .order_by(JobRow.video_id)
    )
    return tuple(int(found) for found in tx.session.scalars(query) if found is not None)
