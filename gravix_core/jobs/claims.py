"""The `jobs` table and the limits in; the next job with its lease, kept or taken back, out.

On PostgreSQL whoever claims holds the engine's row, on SQLite the whole database, so what is
counted here cannot change before the claim is written; the statements are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, update

from gravix_core.jobs import pause
from gravix_core.jobs.retries import MAX_TRIES
from gravix_core.jobs.rows import LEASE, as_new, change, ended, mine
from gravix_core.model import Job, JobStatus, JobType
from gravix_core.store.store import Transaction
from gravix_core.store.tables import JobRow

MAX_CLAIMS = 5
"""A job that was begun so often and never ended kills its process."""
SUSPECT = MAX_TRIES
"""Claims of a job that waits: errors of its own would have ended it, so a worker has died with it.
It runs alone from now on, so that no other job is blamed for its next death."""
URGENT = 25
"""Priority of a film's best reel: before the texts, which a film of hours has many of."""

Turn = tuple[int, datetime, int]
"""Priority, due time, id: the smallest goes first."""
IN_TURN = (JobRow.priority, JobRow.run_after, JobRow.id)


@dataclass(frozen=True, slots=True)
class Limits:
    """What may run at the same time in all processes that share the database."""

    at_once: Mapping[JobType, int] = field(default_factory=dict)
    """Most jobs of a kind in each of its lanes; of a kind that is not named, any number."""
    gives_way: Mapping[JobType, JobType] = field(default_factory=dict)
    """Kinds of which none begins while an urgent job of another kind runs."""


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class _Begun:
    """A job that somebody has claimed."""

    turn: Turn
    attempts: int
    kind: JobType
    lane: str
    video_id: int | None
    is_live: bool


def is_due(
    tx: Transaction,
    *,
    now: datetime,
    video_id: int | None = None,
    job_id: int | None = None,
    limits: Limits = NO_LIMITS,
    take_over: bool = True,
) -> bool:
    """Whether `claim` may find something.  Reads only, so that an idle worker locks nothing."""
    if pause.is_paused(tx):
        return False
    return _next(tx, now, (video_id, job_id), limits, take_over=take_over) is not None


def claim(
    tx: Transaction,
    owner: str,
    *,
    now: datetime,
    video_id: int | None = None,
    job_id: int | None = None,
    limits: Limits = NO_LIMITS,
    take_over: bool = True,
) -> Job | None:
    """Take the next job that is due, or that a dead worker has left behind.

    Args:
        owner: Who takes it.
        video_id: Only of this video.
        job_id: Only this one.
        limits: What runs under a live lease anywhere counts.
        take_over: Also what is held under a lease that has run out.

    Returns:
        The job with its new fence; None when there is nothing to do, or the engine is paused.
    """
    if pause.is_paused(tx, hold=True):
        return None
    first = _next(tx, now, (video_id, job_id), limits, take_over=take_over)
    if first is None:
        return None
    taken = change(
        tx,
        (JobRow.id == first) & or_(JobRow.status == JobStatus.PENDING, _left_behind(now)),
        status=JobStatus.PROCESSING,
        owner=owner,
        lease_until=now + timedelta(seconds=LEASE),
        started_at=now,
        updated_at=now,
        fence=JobRow.fence + 1,
        attempts=JobRow.attempts + 1,
        again=False,
    )
    return taken[0] if taken else None


def heartbeat(
    tx: Transaction, job: Job, *, now: datetime, limits: Limits = NO_LIMITS
) -> bool | None:
    """Renew the lease, also one that has run out, unless the job or its place is taken.

    Returns:
        Whether the job should be cancelled; None when the lease is lost: stop, write nothing.
    """
    unwanted = _renew(tx, mine(job) & (JobRow.lease_until >= now), now)
    if unwanted is None and _has_room(tx, job, limits, now):
        return _renew(tx, mine(job), now)
    return unwanted


def listen(tx: Transaction, job: Job) -> bool | None:
    """As `heartbeat`, without renewing anything: reads only."""
    return tx.session.scalar(select(JobRow.cancel_requested).where(mine(job)))


def take_back(tx: Transaction, dead_owners: Collection[str], *, now: datetime) -> tuple[Job, ...]:
    """Free the jobs of workers that are known to be gone, without waiting for their leases.

    Returns:
        Them as they are now: waiting, or ended as `bury` ends them.
    """
    left = (JobRow.status == JobStatus.PROCESSING) & JobRow.owner.in_(dead_owners)
    buried = _bury(tx, left, now)
    return buried + change(tx, left, status=JobStatus.PENDING, **ended(now))


def bury(tx: Transaction, *, now: datetime) -> tuple[Job, ...]:
    """End what was left behind and shall not be taken up.

    Cancelled: as cancelled, or asked for anew.  What has killed its worker each time: as failed.
    """
    left = _left_behind(now)
    if tx.session.scalar(select(JobRow.id).where(left).limit(1)) is None:
        return ()
    return _bury(tx, left, now)


def owners(tx: Transaction) -> tuple[str, ...]:
    """Who holds a lease now."""
    found = tx.session.scalars(
        select(JobRow.owner).where(JobRow.status == JobStatus.PROCESSING).distinct()
    )
    return tuple(owner for owner in found if owner)


def _next(
    tx: Transaction,
    now: datetime,
    only: tuple[int | None, int | None],
    limits: Limits,
    *,
    take_over: bool,
) -> int | None:
    """
    Args:
        only: Of this video; this job.
    """
    video_id, job_id = only
    # Who takes over nothing presumes nobody dead: what has lost its lease keeps its place, too.
    begun = _begun(tx, now, presumed=not take_over)
    live = [one for one in begun if one.is_live]
    if any(one.attempts > SUSPECT for one in live):
        return None
    full, waits = _closed(begun, limits)
    ready = [
        JobRow.status == JobStatus.PENDING,
        # What was due when it was written is due, also when the clock was put back since.
        or_(JobRow.run_after <= now, JobRow.run_after <= JobRow.updated_at),
        *(not_(and_(JobRow.job_type == kind, JobRow.lane == lane)) for kind, lane in full),
        *(JobRow.job_type != kind for kind in waits),
    ]
    if video_id is not None:
        ready.append(JobRow.video_id == video_id)
    if job_id is not None:
        ready.append(JobRow.id == job_id)
    turns = [
        (one.turn, one.attempts)
        for one in begun
        if not one.is_live
        and (one.kind, one.lane) not in full
        and one.kind not in waits
        and video_id in {None, one.video_id}
        and job_id in {None, one.turn[2]}
    ]
    query = select(*IN_TURN, JobRow.attempts).where(*ready).order_by(*IN_TURN).limit(1)
    turns += [((row[0], row[1], row[2]), row[3]) for row in tx.session.execute(query)]
    if not turns:
        return None
    (_, _, first), attempts = min(turns)
    # What runs may end first; meanwhile nothing else is begun, or a suspect would never run.
    return None if attempts >= SUSPECT and live else first


def _begun(tx: Transaction, now: datetime, *, presumed: bool = False) -> list[_Begun]:
    """All of them: they are never more than there are workers.

    Args:
        presumed: Whether those whose lease has run out pass for live.
    """
    query = select(
        *IN_TURN,
        JobRow.attempts,
        JobRow.job_type,
        JobRow.lane,
        JobRow.video_id,
        JobRow.lease_until,
    ).where(JobRow.status == JobStatus.PROCESSING)
    return [
        _Begun((a, b, c), tries, JobType(kind), lane, video_id, presumed or (lease or now) >= now)
        for a, b, c, tries, kind, lane, video_id, lease in tx.session.execute(query)
    ]


def _closed(begun: list[_Begun], limits: Limits) -> tuple[set[tuple[JobType, str]], set[JobType]]:
    """The lanes that are full, and the kinds that wait for an urgent job."""
    held = Counter((one.kind, one.lane) for one in begun if one.is_live)
    full = {at for at, count in held.items() if count >= limits.at_once.get(at[0], count + 1)}
    urgent = {one.kind for one in begun if one.is_live and one.turn[0] <= URGENT}
    return full, {kind for kind, other in limits.gives_way.items() if other in urgent}


def _has_room(tx: Transaction, job: Job, limits: Limits, now: datetime) -> bool:
    if job.job_type not in limits.at_once:
        return True
    pause.is_paused(tx, hold=True)
    return (job.job_type, job.lane) not in _closed(_begun(tx, now), limits)[0]


def _renew(tx: Transaction, which: ColumnElement[bool], now: datetime) -> bool | None:
    return tx.session.scalar(
        update(JobRow)
        .where(which)
        .values(lease_until=now + timedelta(seconds=LEASE), updated_at=JobRow.updated_at)
        .returning(JobRow.cancel_requested)
    )


def _left_behind(now: datetime) -> ColumnElement[bool]:
    return and_(JobRow.status == JobStatus.PROCESSING, JobRow.lease_until < now)


def _bury(tx: Transaction, left: ColumnElement[bool], now: datetime) -> tuple[Job, ...]:
    unwanted = left & JobRow.cancel_requested
    cancelled = {"status": JobStatus.CANCELLED, "completed_at": now, **ended(now)}
    failed = {
        "status": JobStatus.FAILED,
        "completed_at": now,
        "error_message": func.coalesce(JobRow.error_message, "the worker died each time"),
        "error_hint": "Open the log; the source may be damaged in a way that ends the process.",
        **ended(now),
    }
    return (
        *change(tx, unwanted & JobRow.again, **as_new(now)),
        *change(tx, unwanted, **cancelled),
        *change(tx, left & (JobRow.attempts >= MAX_CLAIMS), **failed),
    )
