"""The `jobs` table as the queue: enqueue, claim, lease, fence, finish.

Every statement runs in the transaction that it is given.  Whoever has claimed a job names the
fence that it got; after somebody else has claimed the job, or it was deleted, its writes change
no row.  What the operator asks of jobs that are there stands in `wishes`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Select, Update, and_, func, or_, select, update

from gravix_core.errors import GravixError, NotFound
from gravix_core.model import Job, JobStatus, JobType, NewJob, Seconds
from gravix_core.store.store import Transaction
from gravix_core.store.tables import JobRow

LEASE: Seconds = 15
MAX_CLAIMS = 5
"""A job that was begun so often and never ended kills its process."""
OPEN = (JobStatus.PENDING, JobStatus.PROCESSING)
URGENT = 25
"""Priority of a film's best reel: before the texts, which a film of hours has many of."""
ASIDE = frozenset({JobType.PREVIEW_PROXY})
"""Kinds of job that no reel waits for: neither a video's state nor a run depends on them."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many jobs of a video there are."""

    by: Mapping[tuple[JobType, JobStatus], int]
    first_failure: str | None = None
    """What happened to the first of the failed jobs that reels wait for."""

    def of(self, status: JobStatus, job_type: JobType | None = None) -> int:
        """Those in one state, of one kind or of all kinds that reels wait for."""
        return sum(
            count
            for (kind, state), count in self.by.items()
            if state is status and (kind is job_type if job_type else kind not in ASIDE)
        )


def enqueue(tx: Transaction, new: NewJob, *, now: datetime, again: bool = False) -> Job:
    """Ask for a job.  One row per key: a running one is left alone, an ended one runs again.

    Running again is cheap: every step recognises what it has already made.

    Args:
        again: What it works on has changed: a running one runs once more when it has ended,
            however it ends, unless it is cancelled after this.
    """
    row = tx.session.scalar(select(JobRow).where(JobRow.key == new.key))
    if row is None:
        row = JobRow(key=new.key, job_type=new.job_type, video_id=new.video_id, created_at=now)
        tx.session.add(row)
    elif row.status == JobStatus.PROCESSING:
        if again:
            row.run_after = now  # later than its start, which tells `_asked_again`
            tx.session.flush()
        return as_job(row)
    waits = row.status == JobStatus.PENDING and row.priority is not None
    row.priority = min(row.priority, new.priority) if waits else new.priority
    row.args = dict(new.args)
    for name, value in as_new(now).items():
        setattr(row, name, value)
    tx.session.flush()
    return as_job(row)


def as_new(now: datetime) -> dict[str, Any]:
    """The columns of a job that is asked for, whatever became of it before."""
    nothing = ("owner", "lease_until", "result", "started_at", "completed_at")
    return {
        **dict.fromkeys((*nothing, "error_message", "error_hint")),
        **dict.fromkeys(("progress", "attempts"), 0),
        "final": False,
        "status": JobStatus.PENDING,
        "run_after": now,
        "updated_at": now,
        "cancel_requested": False,
    }


def is_due(
    tx: Transaction,
    *,
    now: datetime,
    video_id: int | None = None,
    without: Collection[JobType] = (),
) -> bool:
    """Whether `claim` may find something.  Reads only, so that an idle worker locks nothing."""
    return tx.session.scalar(_due(now, video_id, without).limit(1)) is not None


def claim(
    tx: Transaction,
    owner: str,
    *,
    now: datetime,
    video_id: int | None = None,
    without: Collection[JobType] = (),
) -> Job | None:
    """Take the next job that is due, or that a dead worker has left behind.

    Args:
        owner: Who takes it.
        video_id: Only of this video.
        without: Not of these kinds.

    Returns:
        The job with its new fence; None when there is nothing to do.
    """
    in_turn = (JobRow.priority, JobRow.run_after, JobRow.id)
    pick = _due(now, video_id, without).order_by(*in_turn).limit(1)
    if tx.session.get_bind().dialect.name == "postgresql":
        pick = pick.with_for_update(skip_locked=True)
    job_id = tx.session.scalar(pick)
    if job_id is None:
        return None
    row = tx.session.scalars(
        update(JobRow)
        .where(JobRow.id == job_id)
        .values(
            status=JobStatus.PROCESSING,
            owner=owner,
            lease_until=now + timedelta(seconds=LEASE),
            started_at=now,
            updated_at=now,
            fence=JobRow.fence + 1,
            attempts=JobRow.attempts + 1,
        )
        .returning(JobRow)
        .execution_options(populate_existing=True)
    ).one()
    return as_job(row)


def heartbeat(tx: Transaction, job: Job, *, now: datetime) -> bool | None:
    """Renew the lease.

    Returns:
        Whether the job should be cancelled; None when the lease is lost: stop, write nothing.
    """
    return tx.session.scalar(
        update(JobRow)
        .where(_mine(job))
        .values(lease_until=now + timedelta(seconds=LEASE))
        .returning(JobRow.cancel_requested)
    )


def is_unwanted(tx: Transaction, job: Job) -> bool:
    """Whether the operator has asked for its end.  False when the lease is lost."""
    return bool(tx.session.scalar(select(JobRow.cancel_requested).where(_mine(job))))


def set_progress(tx: Transaction, job: Job, percent: int, *, note: str = "", now: datetime) -> bool:
    """False when the lease is lost."""
    return _write(tx, job, progress=percent, note=note, updated_at=now)


def finish(tx: Transaction, job: Job, *, now: datetime, follow_ups: Sequence[NewJob] = ()) -> bool:
    """Complete the job and ask for what follows, together.  False when the lease is lost.

    A job that was to be cancelled and could not be stopped in time ends as cancelled, and nothing
    follows it.
    """
    if is_unwanted(tx, job):
        return mark_cancelled(tx, job, now=now)
    done = {"status": JobStatus.COMPLETED, "progress": 100, "completed_at": now, **_ended(now)}
    if not _write(tx, job, **(as_new(now) if _asked_again(tx, job) else done)):
        return False
    for new in follow_ups:
        enqueue(tx, new, now=now)
    return True


def fail(
    tx: Transaction, job: Job, error: GravixError, *, now: datetime, retry_in: Seconds | None
) -> bool:
    """End the job as failed, or give it back for later.

    Args:
        retry_in: When to try again; None for never.
    """
    said: dict[str, Any] = {"error_message": str(error), "error_hint": error.hint}
    if _asked_again(tx, job):
        return _write(tx, job, **as_new(now))
    if retry_in is None:
        failed = {"status": JobStatus.FAILED, "completed_at": now, "final": error.final}
        return _write(tx, job, **failed, **said, **_ended(now))
    later = now + timedelta(seconds=retry_in)
    return _write(tx, job, status=JobStatus.PENDING, run_after=later, **said, **_ended(now))


def release(tx: Transaction, job: Job, *, now: datetime) -> bool:
    """Give the job back as if it had never been claimed."""
    return _write(
        tx, job, status=JobStatus.PENDING, attempts=JobRow.attempts - 1, progress=0, **_ended(now)
    )


def mark_cancelled(tx: Transaction, job: Job, *, now: datetime) -> bool:
    """End it as the operator asked, unless it was asked for again since.  False: no lease."""
    if _asked_again(tx, job):
        return _write(tx, job, **as_new(now))
    return _write(tx, job, status=JobStatus.CANCELLED, completed_at=now, **_ended(now))


def take_back(tx: Transaction, dead_owners: Collection[str], *, now: datetime) -> int:
    """Free the jobs of workers that are known to be gone, without waiting for their leases."""
    return _rows(
        tx,
        update(JobRow)
        .where(JobRow.status == JobStatus.PROCESSING, JobRow.owner.in_(dead_owners))
        .values(status=JobStatus.PENDING, owner=None, lease_until=None, updated_at=now),
    )


def bury_poison(tx: Transaction, *, now: datetime) -> tuple[Job, ...]:
    """End as failed what has killed its worker every time."""
    rows = tx.session.scalars(
        update(JobRow)
        .where(_free(now), JobRow.attempts >= MAX_CLAIMS)
        .values(
            status=JobStatus.FAILED,
            completed_at=now,
            error_message=func.coalesce(JobRow.error_message, "the worker died each time"),
            error_hint="Open the log; the source may be damaged in a way that ends the process.",
            **_ended(now),
        )
        .returning(JobRow)
        .execution_options(populate_existing=True)
    )
    return tuple(as_job(row) for row in rows)


def owners(tx: Transaction) -> tuple[str, ...]:
    """Who holds a lease now."""
    found = tx.session.scalars(
        select(JobRow.owner).where(JobRow.status == JobStatus.PROCESSING).distinct()
    )
    return tuple(owner for owner in found if owner)


def get(tx: Transaction, job_id: int) -> Job:
    """Raises NotFound."""
    row = tx.session.get(JobRow, job_id, populate_existing=True)
    if row is None:
        raise NotFound(f"there is no job {job_id}")
    return as_job(row)


def find(tx: Transaction, key: str) -> Job | None:
    """The last run under a key, if it was ever asked for."""
    row = tx.session.scalar(select(JobRow).where(JobRow.key == key))
    return None if row is None else as_job(row)


def of_video(tx: Transaction, video_id: int) -> tuple[Job, ...]:
    """In the order in which they were first asked for."""
    query = select(JobRow).where(JobRow.video_id == video_id).order_by(JobRow.id)
    return tuple(as_job(row) for row in tx.session.scalars(query))


def counts(tx: Transaction, video_id: int) -> Counts:
    """In one pass over the index, however many jobs there are."""
    mine = JobRow.video_id == video_id
    groups = select(JobRow.job_type, JobRow.status, func.count()).where(mine)
    found = {
        (JobType(kind), JobStatus(state)): int(count)
        for kind, state, count in tx.session.execute(
            groups.group_by(JobRow.job_type, JobRow.status)
        )
    }
    if not Counts(found).of(JobStatus.FAILED):
        return Counts(found)
    failed = and_(mine, JobRow.status == JobStatus.FAILED, JobRow.job_type.not_in(ASIDE))
    first = select(JobRow.error_message).where(failed).order_by(JobRow.id).limit(1)
    return Counts(found, tx.session.scalar(first))


def _free(now: datetime) -> ColumnElement[bool]:
    """Held by nobody, or by somebody whose lease has run out."""
    return or_(
        JobRow.status == JobStatus.PENDING,
        and_(JobRow.status == JobStatus.PROCESSING, JobRow.lease_until < now),
    )


def _due(now: datetime, video_id: int | None, without: Collection[JobType]) -> Select[int]:
    query = select(JobRow.id).where(_free(now), JobRow.run_after <= now)
    if without:
        query = query.where(JobRow.job_type.not_in(without))
    return query if video_id is None else query.where(JobRow.video_id == video_id)


def _mine(job: Job) -> ColumnElement[bool]:
    return and_(
        JobRow.id == job.id, JobRow.fence == job.fence, JobRow.status == JobStatus.PROCESSING
    )


def _asked_again(tx: Transaction, job: Job) -> bool:
    later = select(JobRow.run_after > JobRow.started_at).where(_mine(job))
    return bool(tx.session.scalar(later))


def _write(tx: Transaction, job: Job, **values: Any) -> bool:
    return _rows(tx, update(JobRow).where(_mine(job)).values(**values)) == 1


def _rows(tx: Transaction, statement: Update) -> int:
    """Run it and say how many rows it changed."""
    result = tx.session.execute(statement)
    return result.rowcount if isinstance(result, CursorResult) else 0


def _ended(now: datetime) -> dict[str, Any]:
    return {"owner": None, "lease_until": None, "note": "", "updated_at": now}


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
    )
