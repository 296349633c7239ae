"""Threads that work on the queue: handlers in, ended jobs out."""

from __future__ import annotations

import logging
import os
import random
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from gravix_core.errors import Cancelled, GravixError
from gravix_core.jobs import queue
from gravix_core.model import Job, JobType, NewJob, Seconds
from gravix_core.store.store import Store, Transaction

log = logging.getLogger(__name__)

BEAT_EVERY: Seconds = 1.0
"""Renews leases and reads cancels, so a cancel is heard within this time."""
LOOK_EVERY: Seconds = 0.5
"""How soon a job that another process has asked for is seen."""
SAY_EVERY: Seconds = 0.25
"""Progress is written no more often than this."""
END_AGAIN: tuple[Seconds, ...] = (0.1, 0.5, 2, 5)
"""Waits between the tries to write how a job ended."""
MAX_TRIES = 3
MANY = 100
"""From so many jobs on they are looked at less often."""
LONGEST_WAIT: Seconds = 600


class Context:
    """What a handler gets: how to tell its progress, and how it learns to stop."""

    def __init__(self, job: Job, say: Callable[[Job, int], None]) -> None:
        self.job = job
        self.follow_ups: list[NewJob] = []
        self.stop = threading.Event()
        self._say = say
        self._said, self._at = 0, 0.0

    def progress(self, percent: float) -> None:
        whole = max(0, min(100, int(percent)))
        if whole > self._said and time.monotonic() - self._at >= SAY_EVERY:
            self._said, self._at = whole, time.monotonic()
            self._say(self.job, whole)

    def should_stop(self) -> bool:
        return self.stop.is_set()

    def then(self, new: NewJob) -> None:
        """Ask for a job that is written in the transaction that ends this one."""
        self.follow_ups.append(new)


Handler = Callable[[Context], None]
Settle = Callable[[Transaction, Job], None]


@dataclass
class _Crew:
    """The threads of one run."""

    threads: list[threading.Thread] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    running: dict[int, Context] = field(default_factory=dict)
    trouble: GravixError | None = None
    """Why it could not go on: the table cannot be written."""


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
    ) -> None:
        """
        Args:
            alive: Whether a process with this id runs on this machine; True when in doubt.
            handlers: One per job type that this process works on.
            settle: Called in the transaction that begins or ends a job, so that rows of the
                product change together with it.
        """
        self._store = store
        self._handlers = handlers
        self._settle = settle
        self._alive = alive
        self._clock = clock
        self._owner = owner or me()
        self._running: dict[int, Context] = {}
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._pause = threading.Event()

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
            for job in queue.cancel(tx, video_id=video_id, now=self.now())[-1:]:
                self._settle(tx, job)
        self._beat()

    def run_due(self, *, video_id: int | None = None) -> int:
        """Run what is due in this thread, one after the other; say how many."""
        count = 0
        crew = _Crew()
        while self._run_next(video_id, crew):
            count += 1
        return count

    def run_video(
        self,
        video_id: int,
        *,
        workers: int,
        on_change: Callable[[tuple[Job, ...]], None],
        closing: threading.Event | None = None,
    ) -> tuple[Job, ...]:
        """Work on one video until none of its jobs is open, whoever runs them.

        When it is interrupted, running jobs end their processes and go back to the queue.

        Args:
            workers: Jobs at once.
            on_change: Told all of the video's jobs, a few times a second.
            closing: Set by somebody else to end early.
        """
        self.take_back_dead()
        crew = _Crew(closing=closing or threading.Event())
        self._hire(crew, workers, video_id)
        try:
            while True:
                with self._store.read() as tx:
                    jobs = queue.of_video(tx, video_id)
                on_change(jobs)
                if crew.closing.is_set() or all(job.status not in queue.OPEN for job in jobs):
                    return jobs
                with self._changed:
                    self._changed.wait(timeout=SAY_EVERY * max(1, len(jobs) / MANY))
        finally:
            self._dismiss(crew)
            if crew.trouble is not None:
                raise crew.trouble

    def take_back_dead(self) -> None:
        """Free at once what processes of this machine that are gone have left."""
        with self._store.begin() as tx:
            dead = [owner for owner in queue.owners(tx) if self._is_dead(owner)]
            if dead:
                queue.take_back(tx, dead, now=self.now())

    def _is_dead(self, owner: str) -> bool:
        host, _, pid = owner.rpartition("/")
        return host == socket.gethostname() and pid.isdigit() and not self._alive(int(pid))

    def _hire(self, crew: _Crew, workers: int, video_id: int | None) -> None:
        def work() -> None:
            try:
                while not crew.closing.is_set():
                    if not self._run_next(video_id, crew):
                        with self._changed:
                            self._changed.wait(timeout=LOOK_EVERY)
            except Exception as error:
                log.exception("a worker could not go on")
                crew.trouble = error if isinstance(error, GravixError) else _bug(error)
                crew.closing.set()

        def beat() -> None:
            while not crew.closing.wait(BEAT_EVERY):
                self._beat()

        crew.threads = [threading.Thread(target=beat, name="heartbeat", daemon=True)]
        crew.threads += [
            threading.Thread(target=work, name=f"worker-{n}", daemon=True) for n in range(workers)
        ]
        for thread in crew.threads:
            thread.start()

    def _dismiss(self, crew: _Crew) -> None:
        crew.closing.set()
        with self._lock:
            for context in crew.running.values():
                context.stop.set()
            self._changed.notify_all()
        for thread in crew.threads:
            thread.join(timeout=10)

    def _run_next(self, video_id: int | None, crew: _Crew) -> bool:
        with self._store.begin() as tx:
            for dead in queue.bury_poison(tx, now=self.now()):
                self._settle(tx, dead)
            job = queue.claim(tx, self._owner, now=self.now(), video_id=video_id)
            if job is not None:
                self._settle(tx, job)
        if job is None:
            return False
        context = Context(job, self._say)
        with self._lock:
            self._running[job.id] = crew.running[job.id] = context
            if crew.closing.is_set():
                context.stop.set()
        try:
            self._run(job, context)
        finally:
            with self._changed:
                self._running.pop(job.id, None)
                crew.running.pop(job.id, None)
                self._changed.notify_all()
        return True

    def _run(self, job: Job, context: Context) -> None:
        try:
            if context.should_stop() or job.cancel_requested:
                raise Cancelled("stopped before it began")
            self._handlers[job.job_type](context)
        except Cancelled:
            self._end(job, lambda tx, now: self._stopped(tx, job, now))
        except GravixError as error:
            self._failed(job, error)
        except Exception as bug:
            log.exception("job %d (%s) broke", job.id, job.job_type)
            self._failed(job, _bug(bug))
        else:
            self._end(
                job,
                lambda tx, now: queue.finish(tx, job, now=now, follow_ups=context.follow_ups),
            )

    def _stopped(self, tx: Transaction, job: Job, now: datetime) -> bool:
        """By the operator: cancelled.  By the end of the process: back to the queue."""
        if queue.get(tx, job.id).cancel_requested:
            return queue.mark_cancelled(tx, job, now=now)
        return queue.release(tx, job, now=now)

    def _failed(self, job: Job, error: GravixError) -> None:
        again = error.retryable and job.attempts < MAX_TRIES
        wait = min(LONGEST_WAIT, 2.0**job.attempts) * random.uniform(0.8, 1.2)  # noqa: S311
        retry_in = wait if again else None
        log.warning("job %d (%s) failed: %s", job.id, job.job_type, error)
        self._end(job, lambda tx, now: queue.fail(tx, job, error, now=now, retry_in=retry_in))

    def _end(self, job: Job, write: Callable[[Transaction, datetime], bool]) -> None:
        """A full or locked disk may pass, and what was done must not be lost for it."""
        for wait in (*END_AGAIN, None):
            try:
                with self._store.begin() as tx:
                    if write(tx, self.now()):
                        self._settle(tx, queue.get(tx, job.id))
            except GravixError:
                log.exception("the end of job %d could not be written", job.id)
                if wait is None:
                    raise
                self._pause.wait(wait)
            else:
                return

    def _say(self, job: Job, percent: int) -> None:
        """Progress that cannot be written is no reason to end the work."""
        try:
            with self._store.begin() as tx:
                queue.set_progress(tx, job, percent, now=self.now())
        except GravixError:
            log.warning("the progress of job %d could not be written", job.id)

    def _beat(self) -> None:
        """Must not die: without it every lease would be lost."""
        with self._lock:
            running = list(self._running.values())
        try:
            with self._store.begin() as tx:
                for context in running:
                    if queue.heartbeat(tx, context.job, now=self.now()) is not False:
                        context.stop.set()
        except GravixError:
            log.exception("the heartbeat could not be written; trying again")

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()


def _bug(error: Exception) -> GravixError:
    """What the operator is told of an error that nobody foresaw; its text may hold a path."""
    said = f"something unexpected happened: {type(error).__name__}"
    return GravixError(said, hint="This is a bug; please report the log.")
