"""Small stand-ins that several folders of tests use."""

from __future__ import annotations

from datetime import UTC, datetime

from gravix_core.model import Job, JobStatus, JobType, Reel, ReviewStatus
from gravix_core.store import Transaction

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
REEL_JOB = Job(
    id=1,
    job_type=JobType.REEL_CONVERSION,
    video_id=1,
    status=JobStatus.COMPLETED,
    progress=100,
    key="reel/1",
    args={},
    attempts=1,
    fence=1,
    cancel_requested=False,
    created_at=NOON,
    updated_at=NOON,
)


class Quiet:
    """A watch that hears progress and never asks to stop."""

    def __init__(self) -> None:
        self.heard: list[float] = []

    def progress(self, percent: float) -> None:
        self.heard.append(percent)

    def should_stop(self) -> bool:
        return False


def approve(tx: Transaction, reel_id: int) -> Reel:
    """As the operator does who sees the reel as it is."""
    return tx.reels.decide(reel_id, ReviewStatus.APPROVED, seen=tx.reels.get(reel_id).version)
