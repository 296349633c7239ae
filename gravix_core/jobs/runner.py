"""Wishes about jobs in; threads that work on the queue, and ended jobs, out."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from gravix_core.jobs import pause, queue, wishes
from gravix_core.jobs.crew import Crew
from gravix_core.jobs.worker import SAY_EVERY, Context, Handler, Settle, Worker
from gravix_core.model import Job, JobType, NewJob, Seconds
from gravix_core.store.store import Store, Transaction

__all__ = ["Context", "Handler", "Runner", "me", "still_open"]

MANY = 100
"""From so many jobs on they are looked at less often."""
STOP_WITHIN: Seconds = 1.8
"""What a crew has in hand after this long is left to whoever works here next."""
STANDING = "standing"
"""Marks the owner of what a standing crew has claimed: of those there is one per machine."""

Watcher = Callable[[tuple[Job, ...]], None]


def me() -> str:
    """This process, so that another on the same machine can see whether it lives."""
    return f"{socket.gethostname()}/{os.getpid()}"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Runner:
    """Runs due jobs in threads; the table is the only truth."""

    def __init__(
        self,
        store: Store,
        handlers: Mapping[JobType, Handler],
        *,
        settle: Settle,
        alive: Callable[[int], bool],
        clock: Callable[[], datetime] = _utc_now,
        owner: str | None = None,
        limits: Mapping[JobType, int] | None = None,
        gives_way: Mapping[JobType, JobType] | None = None,
    ) -> None:
        """
        Args:
            limits: Most jobs of a kind, in each of its lanes, that run at the same time in all
                processes; of a kind that is not named, as many as there are workers.
            gives_way: Kinds of which none begins while an urgent job of another kind runs anywhere.
            alive: Whether a process with this id runs on this machine; True when in doubt.
            handlers: One per job type that this process works on.
            settle: Called in the transaction that begins or ends a job, or makes it wait
                again, so that rows of the product change together with it.
        """
        self._store = store
        self._settle = settle
        self._alive = alive
        self._clock = clock
        self._owner = owner or me()
        self._worker = Worker(
            store,
            handlers,
            settle=settle,
            now=clock,
            limits=queue.Limits(limits or {}, gives_way or {}),
        )
        self._standing: Crew | None = None
        self._hiring = threading.Lock()

    def now(self) -> datetime:
        return self._clock()

    def enqueue(self, *jobs: NewJob) -> tuple[Job, ...]:
        with self._store.begin() as tx:
            rows = tuple(queue.enqueue(tx, job, now=self.now()) for job in jobs)
        self._notify()
        return rows

    def cancel(self, video_id: int) -> None:
        """Cancel all of a video's jobs; those of this process at once."""
        with self._store.begin() as tx:
            self._settled(tx, wishes.cancel(tx, video_id=video_id, now=self.now()))
        self._worker.beat()
        self._notify()

    def cancel_all(self) -> int:
        """Cancel every job of every video; say how many ended at once."""
        with self._store.begin() as tx:
            changed = wishes.cancel_all(tx, now=self.now())
            self._settled(tx, changed)
        self._worker.beat()
        self._notify()
        return len(changed)

    def pause(self) -> None:
        """Begin nothing any more, in no process that shares the database; what runs goes on.

        It lasts until `resume`, also over restarts.
        """
        self._set_paused(True)

    def resume(self) -> None:
        self._set_paused(False)

    def paused(self) -> bool:
        with self._store.read() as tx:
            return pause.is_paused(tx)

    def cancel_job(self, job_id: int) -> None:
        """Cancel one job, and so what would have followed from it; one that has ended stays.

        Raises:
            NotFound: There is no such job.
        """
        with self._store.begin() as tx:
            self._settled(tx, wishes.cancel_job(tx, job_id, now=self.now()))
        self._worker.beat()
        self._notify()

    def retry(self, video_id: int, *, job_id: int | None = None, failed_alone: bool = False) -> int:
        """Ask again for the failed and cancelled jobs of a video, or for some; say how many."""
        with self._store.begin() as tx:
            again = wishes.retry(
                tx, video_id=video_id, job_id=job_id, failed_alone=failed_alone, now=self.now()
            )
            self._settled(tx, again)
        self._notify()
        return len(again)

    def start(self, workers: int) -> None:
        """Hire a crew for the due jobs of all videos; it stays until `stop`.

        Trouble with the table does not end it: it waits a growing while and goes on.  While it
        is there, starting again changes nothing.
        """
        with self._hiring:
            if self._standing is None:
                crew = Crew(self._worker.bell, owner=f"{self._owner}/{STANDING}", standing=True)
                self._hire(crew, workers, None)
                self._standing = crew

    def stop(self) -> None:
        """End the crew of `start`: running jobs end their processes and go back to the queue.

        Takes `STOP_WITHIN` at most.  Without a crew it changes nothing.
        """
        with self._hiring:
            crew, self._standing = self._standing, None
            if crew is not None:
                crew.dismiss(within=STOP_WITHIN)

    def run_due(self, *, video_id: int | None = None) -> int:
        """Run what is due in this thread, one after the other; say how many."""
        count = 0
        crew = Crew(self._worker.bell, owner=self._owner)
        while self._worker.run_next(video_id, crew):
            count += 1
        return count

    def run_video(
        self,
        video_id: int,
        *,
        workers: int,
        on_change: Watcher,
        closing: threading.Event | None = None,
    ) -> tuple[Job, ...]:
        """Work on one video until no job that its reels wait for is open, whoever runs them.

        When it is interrupted, running jobs end their processes and go back to the queue.

        Args:
            workers: Jobs at once.
            on_change: Told all of the video's jobs, a few times a second.
            closing: Set by somebody else to end early.
        """
        self.take_back_dead()
        crew = Crew(self._worker.bell, owner=self._owner, closing=closing)
        self._hire(crew, workers, video_id)
        try:
            return self.follow(video_id, on_change=on_change, until=crew.closing.is_set)
        finally:
            crew.dismiss(within=STOP_WITHIN)
            if crew.trouble is not None:
                raise crew.trouble

    def follow(
        self, video_id: int, *, on_change: Watcher, until: Callable[[], bool]
    ) -> tuple[Job, ...]:
        """Watch one video until no job that its reels wait for is open, or `until` says so.

        Returns:
            All of its jobs, as they were last seen.
        """
        while True:
            with self._store.read() as tx:
                jobs = queue.of_video(tx, video_id)
            on_change(jobs)
            if until() or not still_open(jobs):
                return jobs
            with self._worker.bell:
                self._worker.bell.wait(timeout=SAY_EVERY * max(1, len(jobs) / MANY))

    def run_job(
        self, job_id: int, *, on_change: Callable[[Job], None], until: Callable[[Job], bool]
    ) -> Job:
        """Work on one job until it has ended, or `until` says so; raises and stops as `run_video`.

        Args:
            on_change: Told the job as it is, a few times a second.

        Returns:
            The job, as it was last seen.
        """
        self.take_back_dead()
        crew, worker = Crew(self._worker.bell, owner=self._owner), self._worker
        crew.hire(1, run_next=lambda: worker.run_next(None, crew, job_id=job_id), beat=worker.beat)
        try:
            return self.follow_job(
                job_id, on_change=on_change, until=lambda job: crew.closing.is_set() or until(job)
            )
        finally:
            crew.dismiss(within=STOP_WITHIN)
            if crew.trouble is not None:
                raise crew.trouble

    def follow_job(
        self, job_id: int, *, on_change: Callable[[Job], None], until: Callable[[Job], bool]
    ) -> Job:
        """Watch one job until it has ended, or `until` says so.  Raises NotFound."""
        while True:
            with self._store.read() as tx:
                job = queue.get(tx, job_id)
            on_change(job)
            if job.status not in queue.OPEN or until(job):
                return job
            with self._worker.bell:
                self._worker.bell.wait(timeout=SAY_EVERY)

    def take_back_dead(self, *, alone: bool = False) -> None:
        """Free at once what processes of this machine that are gone have left.

        Args:
            alone: No other process may have a standing crew now, and this one has none yet:
                what one of those has left is free, whatever its process id says.
        """
        with self._store.begin() as tx:
            dead = [owner for owner in queue.owners(tx) if self._is_dead(owner, alone=alone)]
            if dead:
                self._settled(tx, queue.take_back(tx, dead, now=self.now()))

    def _is_dead(self, owner: str, *, alone: bool) -> bool:
        host, pid, role = (*owner.split("/"), "", "")[:3]
        if host != socket.gethostname() or not pid.isdigit():
            return False
        return (alone and role == STANDING) or not self._alive(int(pid))

    def _hire(self, crew: Crew, workers: int, video_id: int | None) -> None:
        worker = self._worker
        crew.hire(workers, run_next=lambda: worker.run_next(video_id, crew), beat=worker.beat)

    def _settled(self, tx: Transaction, changed: tuple[Job, ...]) -> None:
        """One job stands for all of its video that ended alike; what no reel waits for has an end
        of its own."""
        alike: dict[tuple[object, ...], Job] = {}
        for job in reversed(changed):
            one_of_many = job.job_type not in queue.ASIDE
            alike[(job.video_id, job.status) if one_of_many else (job.id,)] = job
        for job in alike.values():
            self._settle(tx, job)

    def _set_paused(self, paused: bool) -> None:
        with self._store.begin() as tx:
            pause.set_paused(tx, paused, now=self.now())
        self._notify()

    def _notify(self) -> None:
        with self._worker.bell:
            self._worker.bell.notify_all()


def still_open(jobs: tuple[Job, ...]) -> bool:
    """Whether anything that reels wait for runs or waits to run."""
    return any(job.status in queue.OPEN and job.job_type not in queue.ASIDE for job in jobs)
