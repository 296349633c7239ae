"""How long jobs took in; how long what waits will take out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from statistics import median

from sqlalchemy import func, select

from gravix_core.model import JobStatus, JobType, Seconds
from gravix_core.store.store import Transaction
from gravix_core.store.tables import JobRow

RECENT = 30
"""Runs of a kind that are looked at: those before were on other films."""
SHORTEST: Seconds = 1.0
"""A shorter render found its reel made already, and tells nothing."""
SURE = 5
"""Percent of a run from which on it tells how long all of it takes."""
COUNTED = (
    JobType.SPEECH_RECOGNITION,
    JobType.VIDEO_CUTTING,
    JobType.REEL_CONVERSION,
    JobType.AI_METADATA,
)
SHARED = frozenset({JobType.REEL_CONVERSION})
"""Those of all videos take turns, by how good each reel is."""


def time_left(
    tx: Transaction, video_id: int, *, now: datetime, at_once: Mapping[JobType, int]
) -> Seconds | None:
    """Until the reels of a video are there, by what jobs took lately.

    Args:
        at_once: Most jobs of a kind that run at the same time; one where none is named.

    Returns:
        None while that cannot be known: before the video is cut, or when no job of a kind that
        waits has ever ended.
    """
    waiting, is_cut = _waiting(tx, video_id), _is_cut(tx, video_id)
    running = _running(tx, video_id, now)
    if not is_cut or not (waiting or running):
        return None
    left = 0.0
    for kind, count in waiting.items():
        usual = usually(tx, kind)
        usual = usual if usual is not None else running.get(kind, (None, None))[1]
        if usual is None:
            return None
        left += count * usual / max(1, at_once.get(kind, 1))
    rest = [remaining for remaining, _ in running.values() if remaining is not None]
    return left + max(rest, default=0.0)


def usually(tx: Transaction, kind: JobType) -> Seconds | None:
    """The median of the last runs that ended well."""
    query = (
        select(JobRow.started_at, JobRow.completed_at)
        .where(JobRow.job_type == kind, JobRow.status == JobStatus.COMPLETED)
        .order_by(JobRow.completed_at.desc())
        .limit(RECENT)
    )
    took = [
        (ended - began).total_seconds()
        for began, ended in tx.session.execute(query)
        if began is not None and ended is not None
    ]
    if kind is JobType.REEL_CONVERSION:
        took = [seconds for seconds in took if seconds >= SHORTEST]
    return median(took) if took else None


def _waiting(tx: Transaction, video_id: int) -> dict[JobType, int]:
    """By kind: those of this video, or of all where they take turns."""
    found = {}
    for kind in COUNTED:
        query = select(func.count()).where(
            JobRow.job_type == kind, JobRow.status == JobStatus.PENDING
        )
        mine = query.where(JobRow.video_id == video_id)
        if tx.session.scalar(mine):
            found[kind] = int(tx.session.scalar(query if kind in SHARED else mine) or 0)
    return found


def _running(
    tx: Transaction, video_id: int, now: datetime
) -> dict[JobType, tuple[Seconds | None, Seconds | None]]:
    """By kind: how long the longest still takes, and how long all of it, by its own progress."""
    query = select(JobRow).where(
        JobRow.video_id == video_id,
        JobRow.status == JobStatus.PROCESSING,
        JobRow.job_type.in_(COUNTED),
    )
    return {
        JobType(row.job_type): _by_progress(row, now) for row in _slowest(tx.session.scalars(query))
    }


def _slowest(rows: Iterable[JobRow]) -> list[JobRow]:
    """The furthest first, so that of each kind the one with most to do remains."""
    return sorted(rows, key=lambda row: -row.progress)


def _by_progress(row: JobRow, now: datetime) -> tuple[Seconds | None, Seconds | None]:
    if row.started_at is None or row.progress < SURE:
        return None, None
    ran = max(0.0, (now - row.started_at).total_seconds())
    whole = ran * 100 / row.progress
    return whole - ran, whole


def _is_cut(tx: Transaction, video_id: int) -> bool:
    query = select(JobRow.id).where(
        JobRow.video_id == video_id, JobRow.job_type == JobType.REEL_CONVERSION
    )
    return tx.session.scalar(query.limit(1)) is not None
