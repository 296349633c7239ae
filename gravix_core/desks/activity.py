"""What the operator asks of the work in; the jobs by video, cancelled or tried again, out."""

from __future__ import annotations

from gravix_core.jobs import queue
from gravix_core.jobs.runner import Runner
from gravix_core.model import Job, LogLine
from gravix_core.store.store import Store
from gravix_core.views import Listed, VideoItem


class Activity:
    """The desk of the Activity page."""

    def __init__(self, store: Store, jobs: Runner) -> None:
        self._store = store
        self._jobs = jobs

    def videos(self, *, limit: int, offset: int = 0) -> Listed[VideoItem]:
        """Those at work first, then those that were at work last."""
        with self._store.read() as tx:
            return tx.reports.worked_on(limit=limit, offset=offset)

    def is_active(self) -> bool:
        """Whether anything runs or waits to run."""
        with self._store.read() as tx:
            return tx.reports.jobs_active() > 0

    def jobs(self, video_id: int) -> tuple[Job, ...]:
        """All jobs of a video, in the order in which they were first asked for."""
        with self._store.read() as tx:
            return queue.of_video(tx, video_id)

    def log(
        self, video_id: int, *, job_id: int | None = None, limit: int = 200
    ) -> tuple[LogLine, ...]:
        """The last lines of a video, or of one of its jobs, oldest first."""
        with self._store.read() as tx:
            return tx.logs.of_video(video_id, limit, job_id=job_id)

    def cancel(self, video_id: int) -> None:
        """Cancel all that waits or runs for a video; what is done stays."""
        self._jobs.cancel(video_id)

    def cancel_job(self, job_id: int) -> None:
        """Cancel one job, and so what would have followed from it.  Raises NotFound."""
        self._jobs.cancel_job(job_id)

    def retry(self, video_id: int, *, job_id: int | None = None) -> int:
        """Ask again for what failed or was cancelled; says how many jobs that are."""
        return self._jobs.retry(video_id, job_id=job_id)
