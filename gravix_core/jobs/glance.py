"""The `jobs` table in; what runs now, and what went wrong and why, out.  Reads only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from gravix_core.jobs.rows import as_job
from gravix_core.model import Job, JobStatus, JobType
from gravix_core.store.store import Transaction
from gravix_core.store.tables import JobRow


@dataclass(frozen=True, slots=True)
class Trouble:
    """Jobs of one kind and one video that failed for one reason."""

    job_type: JobType
    message: str
    hint: str
    count: int
    final: bool = False
    """No further try changes it."""


def running(tx: Transaction) -> tuple[Job, ...]:
    """Of all videos, in the order in which they were begun."""
    query = select(JobRow).where(JobRow.status == JobStatus.PROCESSING)
    found = tx.session.scalars(query.order_by(JobRow.started_at, JobRow.id))
    return tuple(as_job(row) for row in found)


def put_off(tx: Transaction, video_id: int) -> tuple[Job, ...]:
    """What has failed and waits to be tried again, the next one first."""
    query = (
        select(JobRow)
        .where(JobRow.video_id == video_id, JobRow.status == JobStatus.PENDING)
        .where(JobRow.error_message.is_not(None))
        .order_by(JobRow.run_after, JobRow.id)
    )
    return tuple(as_job(row) for row in tx.session.scalars(query))


def troubles(tx: Transaction, video_ids: Collection[int]) -> dict[int, tuple[Trouble, ...]]:
    """By video, the most frequent first; a video without failed jobs is absent."""
    same = (
        *(JobRow.video_id, JobRow.job_type),
        *(JobRow.error_message, JobRow.error_hint, JobRow.final),
    )
    query = (
        select(*same, func.count())
        .where(JobRow.video_id.in_(video_ids), JobRow.status == JobStatus.FAILED)
        .group_by(*same)
        .order_by(func.count().desc(), func.min(JobRow.id))
    )
    found: dict[int, tuple[Trouble, ...]] = {}
    for video_id, job_type, message, hint, final, count in tx.session.execute(query):
        trouble = Trouble(JobType(job_type), message or "", hint or "", count, final)
        found[video_id or 0] = (*found.get(video_id or 0, ()), trouble)
    return found
