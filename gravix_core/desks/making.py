"""A video whose first job was asked for in; all of its jobs ended, whoever ran them, out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event

from gravix_core.errors import GravixError, StatusConflict, Stopped
from gravix_core.jobs.runner import Runner, still_open
from gravix_core.jobs.seat import Seat
from gravix_core.media.files import sweep
from gravix_core.media.process import is_alive
from gravix_core.model import Job
from gravix_core.store.store import Store

PAUSED = (
    "Paused: nothing new begins until you resume it, on the Activity page or by "
    "`python -m gravix_core resume` on the same data directory."
)
RESUMED = "Resumed: the work goes on."


class Making:
    """The desk of the command line.

    Args:
        store: The database.
        jobs: Runs the jobs, where no dashboard does.
        seat: The dashboard's.
        workers: Jobs at once.
    """

    def __init__(self, store: Store, jobs: Runner, seat: Seat, *, workers: int) -> None:
        self._store = store
        self._jobs = jobs
        self._seat = seat
        self._workers = workers

    def make(
        self,
        video_id: int,
        *,
        on_change: Callable[[tuple[Job, ...]], None],
        on_note: Callable[[str], None],
        closing: Event,
    ) -> GravixError | None:
        """Have the reels of a video made: by the dashboard where there is one, else here.

        Args:
            on_change: Told the video's jobs a few times a second.
            on_note: Told in a sentence who does the work, if not this process, and when it is
                paused or resumed meanwhile.
            closing: Set to end early.

        Returns:
            Why the end was not reached; None when it was, or `closing` was set.
        """
        tell = self._with_pauses(on_change, on_note)
        try:
            if not self._follow(video_id, tell, on_note=on_note, closing=closing):
                self._work(video_id, tell, closing)
        except GravixError as error:
            return error
        return None

    def _with_pauses(
        self, on_change: Callable[[tuple[Job, ...]], None], on_note: Callable[[str], None]
    ) -> Callable[[tuple[Job, ...]], None]:
        """The same, which also notes once when the engine is paused, and once when it goes on."""
        was_paused = False

        def tell(jobs: tuple[Job, ...]) -> None:
            nonlocal was_paused
            on_change(jobs)
            if not still_open(jobs):
                return
            is_paused = self._jobs.paused()
            if is_paused is not was_paused:
                on_note(PAUSED if is_paused else RESUMED)
            was_paused = is_paused

        return tell

    def _work(
        self, video_id: int, on_change: Callable[[tuple[Job, ...]], None], closing: Event
    ) -> None:
        self._sweep(video_id)
        try:
            self._jobs.run_video(
                video_id, workers=self._workers, on_change=on_change, closing=closing
            )
        except KeyboardInterrupt:
            raise Stopped("stopped before all reels were made") from None
        finally:
            self._sweep(video_id)  # who was killed a moment before looked alive until now

    def _sweep(self, video_id: int) -> None:
        with suppress(OSError):  # what cannot be removed now harms nobody
            sweep(self._store.videos_dir / str(video_id), alive=is_alive)

    def _follow(
        self,
        video_id: int,
        on_change: Callable[[tuple[Job, ...]], None],
        *,
        on_note: Callable[[str], None],
        closing: Event,
    ) -> bool:
        """Watch the dashboard at work.  False when what is left is for this process."""
        led = self._seat.watched()
        if not led():
            return False
        if not self._seat.shares_database():
            raise StatusConflict(
                "a dashboard works on this data directory, and on another database",
                hint="Give both the same DATABASE_URL, or stop that dashboard.",
            )
        where = self._seat.address()
        on_note(f"Handed to the dashboard{f' at {where}' if where else ''}; following it.")
        try:
            jobs = self._jobs.follow(
                video_id, on_change=on_change, until=lambda: closing.is_set() or not led()
            )
        except KeyboardInterrupt:
            raise Stopped(
                "stopped following; the dashboard goes on",
                hint="Cancel it there, or run the same command again to follow it.",
            ) from None
        if closing.is_set() or not still_open(jobs):
            return True
        on_note("The dashboard has ended; this command goes on by itself.")
        return False
