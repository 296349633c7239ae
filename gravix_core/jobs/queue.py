"""The `jobs` table as the queue: enqueue, claim (`claims`), progress, finish.

Every statement runs in the transaction that it is given.  Whoever has claimed a job names the
fence that it got; after somebody else has claimed the job, or it was deleted, its writes change
no row.  What the operator asks of jobs that are there stands in `wishes`, of the engine in `pause`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.exc import IntegrityError

from gravix_core.errors import GravixError, NotFound
from gravix_core.jobs.claims import (
    MAX_CLAIMS,
    NO_LIMITS,
    URGENT,
    Limits,
    bury,
    claim,
    heartbeat,
    is_due,
    listen,
    owners,
    take_back,
)
from gravix_core.jobs.rows import LEASE, OPEN, as_job, as_new, ended, mine, write
from gravix_core.model import Job, JobStatus, JobType, NewJob, Seconds
from gravix_core.store.store import Transaction
from gravix_core.store.tables import JobRow

__all__ = [
    "ASIDE",
    "LEASE",
    "MAX_CLAIMS",
    "NO_LIMITS",
    "OPEN",
    "URGENT",
    "Counts",
    "Limits",
    "as_job",
    "as_new",
    "bury",
    "claim",
    "counts",
    "enqueue",
    "fail",
    "find",
    "finish",
    "get",
    "heartbeat",
    "is_due",
    "is_unwanted",
    "listen",
    "mark_cancelled",
    "of_video",
    "owners",
    "release",
    "set_progress",
    "take_back",
]

ASIDE = frozenset({JobType.PREVIEW_PROXY, JobType.IG_PUBLISH, JobType.AI_UPGRADE})
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
    row = _row(tx, new.key)
    if row is None:
        made = _insert(tx, new, now)
        if made is not None:
            return as_job(made)
        row = _row(tx, new.key)
    if row is None:
        raise NotFound(f"the job {new.key} was deleted while it was asked for")
    if row.status == JobStatus.PROCESSING:
        row.again = row.again or again
    else:
        asked = _asked(new, now)
        if row.status == JobStatus.PENDING:
            asked["priority"] = min(row.priority, new.priority)
        for name, value in asked.items():
            setattr(row, name, value)
    tx.session.flush()
    return as_job(row)


def is_unwanted(tx: Transaction, job: Job) -> bool:
    """Whether the operator has asked for its end.  False when the lease is lost."""
    return bool(listen(tx, job))


def set_progress(tx: Transaction, job: Job, percent: int, *, note: str = "", now: datetime) -> bool:
    """False when the lease is lost."""
    return write(tx, job, progress=percent, note=note, updated_at=now)


def finish(tx: Transaction, job: Job, *, now: datetime, follow_ups: Sequence[NewJob] = ()) -> bool:
    """Complete the job and ask for what follows, together.  False when the lease is lost.

    A job that was to be cancelled and could not be stopped in time ends as cancelled, and nothing
    follows it.
    """
    if is_unwanted(tx, job):
        return mark_cancelled(tx, job, now=now)
    done = {"status": JobStatus.COMPLETED, "progress": 100, "completed_at": now, **ended(now)}
    if not write(tx, job, **(as_new(now) if _asked_again(tx, job) else done)):
        return False
    for new in follow_ups:
        enqueue(tx, new, now=now)
    return True


def fail(
    tx: Transaction,
    job: Job,
    error: GravixError,
    *,
    now: datetime,
    retry_in: Seconds | None,
    counts: bool = True,
) -> bool:
    """End the job as failed, or give it back for later; one that is unwanted ends as cancelled.

    Args:
        retry_in: When to try again; None for never.
        counts: Whether this was a try; else it is added to what it has waited.
    """
    if is_unwanted(tx, job):
        return mark_cancelled(tx, job, now=now)
    said: dict[str, Any] = {"error_message": str(error), "error_hint": error.hint}
    if _asked_again(tx, job):
        return write(tx, job, **as_new(now))
    if retry_in is None:
        failed = {"status": JobStatus.FAILED, "completed_at": now, "final": error.final}
        return write(tx, job, **failed, **said, **ended(now))
    if not counts:
        said |= {"attempts": JobRow.attempts - 1, "waited": JobRow.waited + retry_in}
    later = now + timedelta(seconds=retry_in)
    return write(tx, job, status=JobStatus.PENDING, run_after=later, **said, **ended(now))


def release(tx: Transaction, job: Job, *, now: datetime) -> bool:
    """Give the job back as if it had never been claimed."""
    return write(
        tx, job, status=JobStatus.PENDING, attempts=JobRow.attempts - 1, progress=0, **ended(now)
    )


def mark_cancelled(tx: Transaction, job: Job, *, now: datetime) -> bool:
    """End it as the operator asked, unless it was asked for again since.  False: no lease."""
    if _asked_again(tx, job):
        return write(tx, job, **as_new(now))
    return write(tx, job, status=JobStatus.CANCELLED, completed_at=now, **ended(now))


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


def _insert(tx: Transaction, new: NewJob, now: datetime) -> JobRow | None:
    """None when another transaction was faster with the same key."""
    row = JobRow(key=new.key, job_type=new.job_type, video_id=new.video_id, created_at=now)
    for name, value in _asked(new, now).items():
        setattr(row, name, value)
    try:
        with tx.session.begin_nested():
            tx.session.add(row)
    except IntegrityError:
        if _row(tx, new.key) is None:
            raise
        return None
    return row


def _row(tx: Transaction, key: str) -> JobRow | None:
    query = select(JobRow).where(JobRow.key == key).with_for_update()
    return tx.session.scalar(query.execution_options(populate_existing=True))


def _asked(new: NewJob, now: datetime) -> dict[str, Any]:
    wish = {"priority": new.priority, "args": dict(new.args), "lane": new.lane}
    return {**wish, **as_new(now), "run_after": now + timedelta(seconds=new.delay)}


def _asked_again(tx: Transaction, job: Job) -> bool:
    return bool(tx.session.scalar(select(JobRow.again).where(mine(job))))
