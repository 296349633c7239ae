"""The wish to publish a reel in; its end, or until when it waits, out, whoever does the work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gravix_core.desks.making import PAUSED, RESUMED
from gravix_core.desks.publishing import Publishing, PublishItem
from gravix_core.errors import NotFound, StatusConflict, Stopped
from gravix_core.jobs.runner import Runner
from gravix_core.jobs.seat import Seat
from gravix_core.model import Job, JobStatus, Seconds
from gravix_core.publications import Publication

PATIENCE: Seconds = 90
"""Who waits at a terminal is not kept for longer waits, as for a quota; Instagram's usual ones
are shorter."""


@dataclass(frozen=True, slots=True)
class Posting:
    """What became of it."""

    publication: Publication
    goes_on_at: datetime | None = None
    """When it waits: not before."""
    told: str = ""
    """Why it waits."""


class Poster:
    """The desk of ``python -m gravix_core publish``.

    Args:
        desk: Where it is asked for.
        jobs: Runs the job, where no dashboard does.
        seat: The dashboard's.
    """

    def __init__(self, desk: Publishing, jobs: Runner, seat: Seat) -> None:
        self._desk = desk
        self._jobs = jobs
        self._seat = seat

    def post(
        self,
        reel_id: int,
        *,
        again: bool = False,
        on_change: Callable[[Job], None],
        on_note: Callable[[str], None],
    ) -> Posting:
        """Publish a reel: by the dashboard where there is one, else here.

        One that is on its way already is followed.

        Args:
            again: Although the same stretch was posted before.
            on_change: Told the job a few times a second.
            on_note: Told in a sentence who does the work, and when it is paused or resumed.

        Raises:
            Stopped: The operator ended it; it goes on where it was when it is asked for again.
            StatusConflict: As `Publishing.publish`; also when a dashboard works on this data
                directory and on another database.
            StoreError, DiskFull: It could not go on.
        """
        led = self._seat.watched()
        if led() and not self._seat.shares_database():
            raise StatusConflict(
                "a dashboard works on this data directory, and on another database",
                hint="Give both the same DATABASE_URL, or stop that dashboard.",
            )
        row = self._under_way(reel_id)
        if row is None:
            row = self._desk.publish(reel_id, again=again)
        else:
            on_note("It is on its way already; going on with it.")
        job = self._desk.get(row.id).job
        if job is not None:
            tell = self._with_pauses(on_change, on_note)
            self._see_through(job.id, tell, on_note=on_note, led=led)
        return self._outcome(row.id)

    def _under_way(self, reel_id: int) -> Publication | None:
        """As the reel is now: another version is another wish."""
        account = self._desk.account()
        for item in self._desk.under_way():
            what = item.publication.what
            is_this = item.reel is not None and item.reel.version == what.reel_version
            is_there = account is not None and account.ig_user_id == what.ig_user_id
            if what.reel_id == reel_id and is_this and is_there and item.job and _is_open(item.job):
                return item.publication
        return None

    def _see_through(
        self,
        job_id: int,
        tell: Callable[[Job], None],
        *,
        on_note: Callable[[str], None],
        led: Callable[[], bool],
    ) -> None:
        try:
            if led():
                where = self._seat.address()
                on_note(f"Handed to the dashboard{f' at {where}' if where else ''}; following it.")
                job = self._follow(job_id, tell, led)
                if led() or not self._is_to_do(job):
                    return
                on_note("The dashboard has ended; this command goes on by itself.")
            self._work(job_id, tell)
        except NotFound:
            return  # deleted with its video: the publication says what became of it

    def _follow(self, job_id: int, tell: Callable[[Job], None], led: Callable[[], bool]) -> Job:
        try:
            return self._jobs.follow_job(
                job_id, on_change=tell, until=lambda job: not led() or self._waits_long(job)
            )
        except KeyboardInterrupt:
            raise Stopped(
                "stopped following; the dashboard goes on",
                hint="Look at its Publish page, or run the same command again to follow it.",
            ) from None

    def _work(self, job_id: int, tell: Callable[[Job], None]) -> None:
        try:
            self._jobs.run_job(job_id, on_change=tell, until=self._waits_long)
        except KeyboardInterrupt:
            raise Stopped(
                "stopped before the end was known",
                hint="Run the same command again to go on where it was; it is posted once.",
            ) from None

    def _is_to_do(self, job: Job) -> bool:
        return _is_open(job) and not self._waits_long(job)

    def _waits_long(self, job: Job) -> bool:
        if job.status is not JobStatus.PENDING or job.run_after is None:
            return False
        return job.run_after - self._jobs.now() > timedelta(seconds=PATIENCE)

    def _with_pauses(
        self, on_change: Callable[[Job], None], on_note: Callable[[str], None]
    ) -> Callable[[Job], None]:
        """The same, which also notes when the engine is paused, and when it goes on."""
        was_paused = False

        def tell(job: Job) -> None:
            nonlocal was_paused
            on_change(job)
            is_paused = _is_open(job) and self._jobs.paused()
            if _is_open(job) and is_paused is not was_paused:
                on_note(PAUSED if is_paused else RESUMED)
                was_paused = is_paused

        return tell

    def _outcome(self, publication_id: int) -> Posting:
        item: PublishItem = self._desk.get(publication_id)
        job = item.job
        if not item.publication.is_under_way or job is None or not self._waits_long(job):
            return Posting(item.publication)
        return Posting(item.publication, job.run_after, job.error_message or "")


def _is_open(job: Job) -> bool:
    return job.status in {JobStatus.PENDING, JobStatus.PROCESSING}
