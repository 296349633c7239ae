"""What the operator asks of the work in; the jobs by video, cancelled or tried again, out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gravix_core.errors import NotFound
from gravix_core.jobs import away, glance, queue, wishes
from gravix_core.jobs.glance import Trouble
from gravix_core.jobs.pace import time_left
from gravix_core.jobs.runner import Runner
from gravix_core.model import Job, JobStatus, JobType, LogLine, Seconds
from gravix_core.store.store import Store, Transaction
from gravix_core.views import Listed, VideoItem

SEEN_EVERY = timedelta(minutes=1)
STAGES = (
    JobType.YT_DOWNLOAD,
    JobType.SPEECH_RECOGNITION,
    JobType.VIDEO_CUTTING,
    JobType.REEL_CONVERSION,
    JobType.AI_METADATA,
)
"""In the order of the work."""
SOMETIMES = frozenset({JobType.SPEECH_RECOGNITION})
"""Stages that not every video has."""


@dataclass(frozen=True, slots=True)
class JobItem:
    """A job, and the reel that it renders."""

    job: Job
    reel_number: int | None = None
    """Counted from 1 in its video; None for a job of all of them."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The jobs of one kind of a video."""

    job_type: JobType
    done: int
    known: int
    """0 before it is known how many there will be."""


@dataclass(frozen=True, slots=True)
class Retries:
    """Jobs of a video that failed and wait to be tried again."""

    count: int
    first: Job
    """The one whose turn comes first."""
    last_at: datetime
    """When the turn of the last one comes."""


@dataclass(frozen=True, slots=True)
class VideoWork:
    """A video, and the work on it."""

    item: VideoItem
    running: tuple[JobItem, ...]
    """What runs at this moment, the eldest first."""
    troubles: tuple[Trouble, ...]
    """Why jobs have failed, the most frequent first."""
    left: Seconds | None = None
    """Until its reels are there, by what jobs took lately; None while that is not known."""
    stages: tuple[Stage, ...] = ()
    """In the order of the work; none when nothing runs or waits."""
    retries: Retries | None = None
    """None as well while something of it runs."""


class Activity:
    """The desk of the Activity page."""

    def __init__(self, store: Store, jobs: Runner, *, at_once: Mapping[JobType, int]) -> None:
        """
        Args:
            at_once: Most jobs of a kind that run at the same time.
        """
        self._store = store
        self._jobs = jobs
        self._at_once = at_once

    def videos(self, *, limit: int, offset: int = 0) -> Listed[VideoItem]:
        """Those at work first, then those that were at work last."""
        with self._store.read() as tx:
            return tx.reports.worked_on(limit=limit, offset=offset)

    def work(self, *, limit: int, offset: int = 0) -> Listed[VideoWork]:
        """As `videos`, with what runs and what went wrong.

        Costs a few statements, and some for each video at work and each job that runs, however
        many jobs there are.  Of a video that only waits, all jobs are read.
        """
        with self._store.read() as tx:
            listed = tx.reports.worked_on(limit=limit, offset=offset)
            ids = [item.video.id for item in listed.items]
            troubles = glance.troubles(tx, ids)
            running = [_item(tx, job) for job in glance.running(tx) if job.video_id in ids]
            return Listed(
                tuple(
                    self._work(
                        tx,
                        item,
                        tuple(one for one in running if one.job.video_id == item.video.id),
                        troubles.get(item.video.id, ()),
                    )
                    for item in listed.items
                ),
                listed.total,
            )

    def _work(
        self,
        tx: Transaction,
        item: VideoItem,
        running: tuple[JobItem, ...],
        troubles: tuple[Trouble, ...],
    ) -> VideoWork:
        video_id = item.video.id
        if not item.progress.active:
            return VideoWork(item, running, troubles)
        now, stages = self._jobs.now(), _stages(queue.counts(tx, video_id))
        retries = None if running else _retries(glance.put_off(tx, video_id))
        left = time_left(tx, video_id, now=now, at_once=self._at_once)
        if left is not None and retries is not None:
            left = max(left, (retries.last_at - now).total_seconds())
        return VideoWork(item, running, troubles, left, stages, retries)

    def is_active(self) -> bool:
        """Whether anything runs or waits to run."""
        with self._store.read() as tx:
            return tx.reports.jobs_active() > 0

    def while_away(self) -> tuple[VideoItem, ...]:
        """Videos whose work has ended since the operator was here last; now they are here."""
        with self._store.begin() as tx:
            before = away.seen_at(tx)
            away.mark_seen(tx, now=self._jobs.now())
            ids = () if before is None else away.ended_since(tx, before)
            return tuple(tx.reports.item(tx.videos.get(video_id)) for video_id in ids)

    def seen(self) -> None:
        """The operator is here; written once in `SEEN_EVERY` at most."""
        now = self._jobs.now()
        with self._store.read() as tx:
            before = away.seen_at(tx)
        if before is None or now - before > SEEN_EVERY:
            with self._store.begin() as tx:
                away.mark_seen(tx, now=now)

    def jobs(self, video_id: int) -> tuple[JobItem, ...]:
        """All jobs of a video, in the order in which they were first asked for."""
        with self._store.read() as tx:
            numbers = {reel.id: reel.index + 1 for reel in tx.reels.of_video(video_id)}
            jobs = queue.of_video(tx, video_id)
        return tuple(JobItem(job, numbers.get(_reel_id(job))) for job in jobs)

    def troubles(self, video_ids: Collection[int]) -> Mapping[int, tuple[Trouble, ...]]:
        """Why jobs of videos have failed, the most frequent first; those without are absent."""
        with self._store.read() as tx:
            return glance.troubles(tx, video_ids)

    def log(
        self, video_id: int, *, job_id: int | None = None, limit: int = 200
    ) -> tuple[LogLine, ...]:
        """The last lines of a video, or of one of its jobs, oldest first."""
        with self._store.read() as tx:
            return tx.logs.of_video(video_id, limit, job_id=job_id)

    def cancel(self, video_id: int) -> None:
        """Cancel all that waits or runs for a video; what is done stays."""
        self._jobs.cancel(video_id)

    def cancel_all(self) -> int:
        """Cancel all that waits or runs for any video; says how many jobs ended at once."""
        return self._jobs.cancel_all()

    def pause(self) -> None:
        """Begin nothing any more until `resume`, also after a restart; what runs goes on."""
        self._jobs.pause()

    def resume(self) -> None:
        self._jobs.resume()

    def is_paused(self) -> bool:
        return self._jobs.paused()

    def cancel_job(self, job_id: int) -> None:
        """Cancel one job, and so what would have followed from it.  Raises NotFound."""
        self._jobs.cancel_job(job_id)

    def may_retry(self, video_id: int) -> bool:
        """Whether anything has failed or was cancelled that may work when it is tried again."""
        with self._store.read() as tx:
            return wishes.may_retry(tx, video_id=video_id)

    def retry(self, video_id: int, *, job_id: int | None = None) -> int:
        """Ask again for what failed or was cancelled; says how many jobs that are."""
        return self._jobs.retry(video_id, job_id=job_id)

    def retry_failed(self, video_id: int) -> int:
        """As `retry`, but what was cancelled stays so."""
        return self._jobs.retry(video_id, failed_alone=True)


def _stages(jobs: queue.Counts) -> tuple[Stage, ...]:
    found = (
        Stage(
            kind,
            done=jobs.of(JobStatus.COMPLETED, kind),
            known=sum(jobs.of(status, kind) for status in JobStatus),
        )
        for kind in STAGES
    )
    return tuple(one for one in found if one.known or one.job_type not in SOMETIMES)


def _retries(jobs: Sequence[Job]) -> Retries | None:
    if not jobs:
        return None
    return Retries(len(jobs), jobs[0], jobs[-1].run_after or jobs[-1].created_at)


def _item(tx: Transaction, job: Job) -> JobItem:
    if job.job_type is not JobType.REEL_CONVERSION:
        return JobItem(job)
    try:
        return JobItem(job, tx.reels.get(_reel_id(job)).index + 1)
    except NotFound:  # deleted while it was rendered
        return JobItem(job)


def _reel_id(job: Job) -> int:
    """0 for a job that is not of one reel; no row has that id."""
    return int(job.args.get("reel_id", 0))
