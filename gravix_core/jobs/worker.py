"""The next job that is due in; run, and its end written, out."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypedDict

from gravix_core.errors import Cancelled, GravixError
from gravix_core.jobs import pause, queue
from gravix_core.jobs.crew import Crew, unforeseen
from gravix_core.jobs.retries import retry_of
from gravix_core.model import Job, JobType, LogLevel, NewJob, Seconds
from gravix_core.store.store import Store, Transaction

log = logging.getLogger(__name__)

SAY_EVERY: Seconds = 0.25
"""Progress is written no more often than this."""
END_AGAIN: tuple[Seconds, ...] = (0.1, 0.5, 2, 5)
"""Waits between the tries to write how a job ended."""
BEAT_EVERY: Seconds = 3
"""Renews the leases, five times in each."""
GAP: Seconds = 5
"""Nobody looked for so long: the machine slept, the clock was set, or the table was locked."""
GRACE: Seconds = 2 * BEAT_EVERY
"""After a gap, whoever still lives renews its leases within this time."""


class Context:
    """What a handler gets: how to tell its progress, and how it learns to stop."""

    def __init__(self, job: Job, say: Callable[[Job, int, str], None]) -> None:
        self.job = job
        self.follow_ups: list[NewJob] = []
        self.stop = threading.Event()
        self._say = say
        self._said, self._at = (0, ""), 0.0
        self._whole, self._note = 0, ""

    def progress(self, percent: float) -> None:
        self._whole = max(self._whole, min(100, int(percent)))
        self._tell_all()

    def tell(self, note: str) -> None:
        """Say how it gets on, beside the percent: ``3.1 MB/s, 20 s left``."""
        self._note = note
        self._tell_all()

    def _tell_all(self) -> None:
        now = (self._whole, self._note)
        if now != self._said and time.monotonic() - self._at >= SAY_EVERY:
            self._said, self._at = now, time.monotonic()
            self._say(self.job, *now)

    def should_stop(self) -> bool:
        return self.stop.is_set()

    def then(self, new: NewJob) -> None:
        """Ask for a job that is written in the transaction that ends this one."""
        self.follow_ups.append(new)


Handler = Callable[[Context], None]
Settle = Callable[[Transaction, Job], None]
Write = Callable[[Transaction, datetime], bool]


class _Only(TypedDict):
    """None: of all."""

    video_id: int | None
    job_id: int | None


class _Rules(TypedDict):
    limits: queue.Limits
    take_over: bool


class Worker:
    """What every thread of a crew does.  Any number of threads may share one."""

    def __init__(
        self,
        store: Store,
        handlers: Mapping[JobType, Handler],
        *,
        settle: Settle,
        now: Callable[[], datetime],
        limits: queue.Limits,
    ) -> None:
        self.bell = threading.Condition()
        """Rung when there may be something new to do, or to see."""
        self._store = store
        self._handlers = handlers
        self._settle = settle
        self._now = now
        self._limits = limits
        self._claiming = threading.Lock()
        self._running: dict[int, Context] = {}
        self._looked: datetime | None = None
        self._beaten: datetime | None = None
        self._patient_until: datetime | None = None

    def run_next(self, video_id: int | None, crew: Crew, *, job_id: int | None = None) -> bool:
        """Run the next job that is due, of one video or of all, to its end.

        Args:
            job_id: Only this one.

        Returns:
            False when nothing is due, or as much of its kind runs as may run at once.

        Raises:
            StoreError, DiskFull: The table cannot be read, or the end not be written.
        """
        with self._claiming:  # so that two threads do not both see room for one more
            job = self._claim({"video_id": video_id, "job_id": job_id}, crew)
            if job is None:
                return False
            context = Context(job, self._say)
            with self.bell:
                self._running[job.id] = context
        crew.begin(job.id, context.stop)
        try:
            self._run(job, context, crew)
        finally:
            with self.bell:
                self._running.pop(job.id, None)
            crew.end(job.id)
        return True

    def _claim(self, only: _Only, crew: Crew) -> Job | None:
        self._feel_time()
        with self._store.read() as tx:
            if not queue.is_due(tx, now=self._now(), **only, **self._rules()):
                return None
        before = self._now()
        try:
            with self._store.begin() as tx:
                pause.is_paused(tx, hold=True)  # takes the lock, which may last
                self._feel_time(since=before)
                return self._take(tx, only, crew)
        except Exception:
            self._be_patient()
            raise

    def _take(self, tx: Transaction, only: _Only, crew: Crew) -> Job | None:
        self._renew(tx)  # or what this process runs looks left behind
        rules = self._rules()
        if rules["take_over"]:
            self._settle_all(tx, queue.bury(tx, now=self._now()))
        job = queue.claim(tx, crew.owner, now=self._now(), **only, **rules)
        if job is not None:
            self._settle(tx, job)
        return job

    def _rules(self) -> _Rules:
        until = self._patient_until
        return {"limits": self._limits, "take_over": until is None or self._now() >= until}

    def _feel_time(self, since: datetime | None = None) -> None:
        """After a gap take over nothing for a while: its holder may only not have got to it."""
        now, last = self._now(), since or self._looked
        if last is not None and abs((now - last).total_seconds()) > GAP:
            self._be_patient()
        self._looked = now

    def _be_patient(self) -> None:
        self._patient_until = self._now() + timedelta(seconds=GRACE)

    def _settle_all(self, tx: Transaction, changed: tuple[Job, ...]) -> None:
        for job in changed:
            self._settle(tx, job)

    def _run(self, job: Job, context: Context, crew: Crew) -> None:
        try:
            if context.should_stop() or job.cancel_requested:
                raise Cancelled("stopped before it began")
            self._handlers[job.job_type](context)
        except Cancelled:
            self._end(job, crew, lambda tx, now: _stopped(tx, job, now))
        except Exception as error:
            self._failed(job, crew, error)
        else:
            ups = context.follow_ups
            self._end(job, crew, lambda tx, now: queue.finish(tx, job, now=now, follow_ups=ups))

    def _failed(self, job: Job, crew: Crew, error: Exception) -> None:
        told = unforeseen(error)
        chance = random.random()  # noqa: S311
        retry = retry_of(told, job, chance=chance, standing=crew.standing)
        after, counts = (None, True) if retry is None else (retry.after, retry.counts)

        def write(tx: Transaction, now: datetime) -> bool:
            kept = queue.fail(tx, job, told, now=now, retry_in=after, counts=counts)
            if kept and after is not None and str(told) != job.error_message:
                _log_wait(tx, job, told)
            return kept

        if self._end(job, crew, write):
            trace = error if told is not error else None
            log.warning("job %d (%s) failed: %s", job.id, job.job_type, told, exc_info=trace)

    def _end(self, job: Job, crew: Crew, write: Write) -> bool:
        """A full or locked disk may pass, and what was done must not be lost for it.

        Returns:
            False when the lease was lost: another has the job, or it was deleted.
        """
        for wait in (*END_AGAIN, None):
            try:
                return self._write_end(job, write)
            except GravixError:
                log.exception("the end of job %d could not be written", job.id)
                if wait is None:
                    raise
                crew.closing.wait(wait)
        return False

    def _write_end(self, job: Job, write: Write) -> bool:
        with self._store.begin() as tx:
            if write(tx, self._now()):
                self._settle(tx, queue.get(tx, job.id))
                return True
        log.info("job %d (%s) is not ours any more", job.id, job.job_type)
        return False

    def _say(self, job: Job, percent: int, note: str) -> None:
        """Progress that cannot be written is no reason to end the work."""
        try:
            with self._store.begin() as tx:
                queue.set_progress(tx, job, percent, note=note, now=self._now())
        except GravixError:
            log.warning("the progress of job %d could not be written", job.id)

    def beat(self) -> None:
        """Tell what was cancelled to stop, and renew the leases of what runs when it is time.

        It does not raise: without it every lease would be lost.
        """
        self._feel_time()
        running = self._runs()
        if not running:
            return
        try:
            with self._store.read() as tx:
                ends = [one for one in running if queue.listen(tx, one.job) is not False]
            for context in ends:
                context.stop.set()
            if self._is_time():
                with self._store.begin() as tx:
                    self._renew(tx)
        except Exception:
            self._beaten = None  # at the next beat, before others lose their patience
            log.exception("the heartbeat could not be written; trying again")

    def _is_time(self) -> bool:
        """Whether to renew; also after the clock was set back, and after a try that failed."""
        now, last = self._now(), self._beaten
        due = last is None or abs((now - last).total_seconds()) >= BEAT_EVERY
        if due:
            self._beaten = now
        return due

    def _renew(self, tx: Transaction) -> None:
        for context in self._runs():
            kept = queue.heartbeat(tx, context.job, now=self._now(), limits=self._limits)
            if kept is not False:
                context.stop.set()

    def _runs(self) -> list[Context]:
        with self.bell:
            return list(self._running.values())


def _log_wait(tx: Transaction, job: Job, error: GravixError) -> None:
    """Once, however often the same error makes the job wait again."""
    if job.video_id is not None:
        said = f"{str(error).rstrip('.')}. It is tried again by itself."
        tx.logs.add(job.video_id, said, LogLevel.WARNING, job_id=job.id)


def _stopped(tx: Transaction, job: Job, now: datetime) -> bool:
    """By the operator: cancelled.  By the end of the process: back to the queue."""
    if queue.is_unwanted(tx, job):
        return queue.mark_cancelled(tx, job, now=now)
    return queue.release(tx, job, now=now)
