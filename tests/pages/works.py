"""Jobs in every state for the tests of the pages, written as the queue would; nothing runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from gravix_core.errors import GravixError, ToolFailed
from gravix_core.handlers import settle
from gravix_core.jobs import queue
from gravix_core.model import Job, JobStatus, JobType, NewJob, Reel, Video
from gravix_core.store.store import Transaction
from tests.pages.houses import add_video

LATER = timedelta(days=1)
"""What waits is not due before, so that it is not taken in place of another."""


def add_job(
    tx: Transaction,
    new: NewJob,
    status: JobStatus,
    *,
    progress: int = 0,
    error: GravixError | None = None,
) -> Job:
    """Ask for a job, and bring it into a state.  The video's state and log follow."""
    now = datetime.now(UTC)
    job = queue.enqueue(tx, new, now=now + LATER if status is JobStatus.PENDING else now)
    if status is not JobStatus.PENDING:
        claimed = queue.claim(tx, "elsewhere/1", now=now, video_id=new.video_id)
        assert claimed is not None
        assert claimed.id == job.id
        queue.set_progress(tx, job := claimed, progress, now=now)
    if status is JobStatus.COMPLETED:
        queue.finish(tx, job, now=now)
    elif status is JobStatus.CANCELLED:
        queue.mark_cancelled(tx, job, now=now)
    elif status is JobStatus.FAILED:
        error = error or ToolFailed("ffmpeg ended with code 1")
        queue.fail(tx, job, error, now=now, retry_in=None)
    settle(tx, job := queue.get(tx, job.id))
    return job


def render(reel: Reel) -> NewJob:
    args = {"reel_id": reel.id}
    return NewJob(JobType.REEL_CONVERSION, f"reel/{reel.id}/convert", reel.video_id, args)


def download(video: Video) -> NewJob:
    return NewJob(JobType.YT_DOWNLOAD, f"video/{video.id}/download", video.id)


def cut(video: Video) -> NewJob:
    return NewJob(JobType.VIDEO_CUTTING, f"video/{video.id}/cut", video.id)


def add_work(
    tx: Transaction,
    title: str,
    states: Sequence[JobStatus],
    *,
    progress: int = 0,
    error: GravixError | None = None,
) -> tuple[Video, tuple[Job, ...]]:
    """A video with one reel, and the job that renders it, for every state."""
    video, reels = add_video(tx, title, reels=len(states), rendered=False)
    add_job(tx, download(video), JobStatus.COMPLETED)
    add_job(tx, cut(video), JobStatus.COMPLETED)
    jobs = tuple(
        add_job(tx, render(reel), status, progress=progress, error=error)
        for reel, status in zip(reels, states, strict=True)
    )
    return tx.videos.get(video.id), jobs
