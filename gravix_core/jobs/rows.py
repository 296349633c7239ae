"""Rows of the `jobs` table in; jobs, and what every statement of the queue shares, out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Update, and_, update

from gravix_core.model import Job, JobStatus, JobType, Seconds
from gravix_core.store.store import Transaction
from gravix_core.store.tables import JobRow

LEASE: Seconds = 15
OPEN = (JobStatus.PENDING, JobStatus.PROCESSING)


def as_new(now: datetime) -> dict[str, Any]:
    """The columns of a job that is asked for, whatever became of it before."""
    nothing = ("owner", "lease_until", "result", "started_at", "completed_at")
    return {
        **dict.fromkeys((*nothing, "error_message", "error_hint")),
        **dict.fromkeys(("progress", "attempts", "waited"), 0),
        **dict.fromkeys(("cancel_requested", "again", "final"), False),
        "status": JobStatus.PENDING,
        "run_after": now,
        "updated_at": now,
    }


def ended(now: datetime) -> dict[str, Any]:
    """The columns of a job that nobody holds any more."""
    return {"owner": None, "lease_until": None, "note": "", "updated_at": now}


def mine(job: Job) -> ColumnElement[bool]:
    """The row, as long as nobody else has claimed it."""
    return and_(
        JobRow.id == job.id, JobRow.fence == job.fence, JobRow.status == JobStatus.PROCESSING
    )


def write(tx: Transaction, job: Job, **values: Any) -> bool:
    """Change the row of who holds it; False when the lease is lost."""
    return count(tx, update(JobRow).where(mine(job)).values(**values)) == 1


def count(tx: Transaction, statement: Update) -> int:
    """Run it and say how many rows it changed."""
    result = tx.session.execute(statement)
    return result.rowcount if isinstance(result, CursorResult) else 0


def change(tx: Transaction, which: ColumnElement[bool], **values: Any) -> tuple[Job, ...]:
    """Change rows and give them as they are now."""
    rows = tx.session.scalars(
        update(JobRow)
        .where(which)
        .values(**values)
        .returning(JobRow)
        .execution_options(populate_existing=True)
    )
    return tuple(as_job(row) for row in rows)


def as_job(row: JobRow) -> Job:
    return Job(
        id=row.id,
        job_type=JobType(row.job_type),
        video_id=row.video_id,
        status=JobStatus(row.status),
        progress=row.progress,
        key=row.key,
        args=dict(row.args or {}),
        attempts=row.attempts,
        fence=row.fence,
        cancel_requested=row.cancel_requested,
        created_at=row.created_at,
        updated_at=row.updated_at,
        started_at=row.started_at,
        completed_at=row.completed_at,
        error_message=row.error_message,
        error_hint=row.error_hint,
        priority=row.priority,
        note=row.note,
        final=row.final,
        run_after=row.run_after,
        lane=row.lane,
        waited=row.waited,
    )
