"""What the operator asks of jobs that are there: cancel, try again.

Like `queue`: every statement runs in the transaction that it is given.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, true, update

from gravix_core.jobs import queue
from gravix_core.jobs.rows import change
from gravix_core.model import Job, JobStatus, JobType
from gravix_core.store.store import Transaction
from gravix_core.store.tables import JobRow

ENDED_BADLY = (JobStatus.FAILED, JobStatus.CANCELLED)


def cancel(tx: Transaction, *, video_id: int, now: datetime) -> tuple[Job, ...]:
    """Cancel all of a video: what waits at once, what runs at its worker's next heartbeat.

    Returns:
        The jobs that ended by it.
    """
    return _cancel(tx, JobRow.video_id == video_id, now)


def cancel_all(tx: Transaction, *, now: datetime) -> tuple[Job, ...]:
    """As `cancel`, for every video."""
    return _cancel(tx, true(), now)


def cancel_job(tx: Transaction, job_id: int, *, now: datetime) -> tuple[Job, ...]:
    """As `cancel`, for one job; one that has ended stays as it is.

    Raises:
        NotFound: There is no such job.
    """
    queue.get(tx, job_id)
    return _cancel(tx, JobRow.id == job_id, now)


def retry(
    tx: Transaction,
    *,
    video_id: int,
    job_id: int | None = None,
    failed_alone: bool = False,
    now: datetime,
) -> tuple[Job, ...]:
    """Ask again for what failed or was cancelled, under the same keys with the same arguments;
    not for what no further try changes, nor for publishing.

    Args:
        job_id: Only this one of the video.
        failed_alone: What was cancelled stays so.

    Returns:
        The jobs that wait again by it.
    """
    which = JobRow.video_id == video_id
    if job_id is not None:
        which &= JobRow.id == job_id
    if failed_alone:
        which &= JobRow.status == JobStatus.FAILED
    return change(tx, which & _may_retry(), **queue.as_new(now))


def may_retry(tx: Transaction, *, video_id: int) -> bool:
    """Whether `retry` would find anything."""
    asked = select(JobRow.id).where(JobRow.video_id == video_id, _may_retry()).limit(1)
    return tx.session.scalar(asked) is not None


def _may_retry() -> ColumnElement[bool]:
    """What is posted again is so by a yes to that one reel, on Publish."""
    may = JobRow.status.in_(ENDED_BADLY) & JobRow.final.is_(False)
    return may & (JobRow.job_type != JobType.IG_PUBLISH)


def _cancel(tx: Transaction, which: ColumnElement[bool], now: datetime) -> tuple[Job, ...]:
    runs = which & (JobRow.status == JobStatus.PROCESSING)
    # Whoever asked for it again before this does not get it.
    stopped = {"cancel_requested": True, "again": False}
    tx.session.execute(update(JobRow).where(runs).values(**stopped))
    waits = which & (JobRow.status == JobStatus.PENDING)
    ended = {"status": JobStatus.CANCELLED, "completed_at": now, "updated_at": now}
    return change(tx, waits, **ended)
