"""A way to run the next job in; threads that run one after the other, and a heartbeat, out."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from gravix_core.errors import GravixError
from gravix_core.model import Seconds

log = logging.getLogger(__name__)

LISTEN_EVERY: Seconds = 0.25
"""Reads cancels, so that one of another process is heard within this time."""
LOOK_EVERY: Seconds = 1.0
"""How soon a job that another process has asked for is seen."""
SHORTEST_PAUSE: Seconds = 0.5
LONGEST_PAUSE: Seconds = 5
"""A worker of a standing crew that cannot go on tries again after so long, at last."""


class Crew:
    """The threads of one run, from `hire` to `dismiss`."""

    def __init__(
        self,
        bell: threading.Condition,
        *,
        owner: str,
        standing: bool = False,
        closing: threading.Event | None = None,
    ) -> None:
        """
        Args:
            bell: Rung when there may be something new to do.
            owner: In whose name its jobs are claimed.
            standing: Goes on when the table could not be read or written for a while; any
                other crew ends with its `trouble`.
            closing: Set, also by somebody else, to end it.
        """
        self.owner = owner
        self.closing = closing or threading.Event()
        self.trouble: GravixError | None = None
        self.standing = standing
        self._bell = bell
        self._threads: list[threading.Thread] = []
        self._stops: dict[int, threading.Event] = {}

    def hire(self, workers: int, *, run_next: Callable[[], bool], beat: Callable[[], None]) -> None:
        """
        Args:
            workers: Jobs at once.
            run_next: Runs a job, if there is one; says whether there was.
            beat: Called every `LISTEN_EVERY`; must not raise.
        """

        def pulse() -> None:
            while not self.closing.wait(LISTEN_EVERY):
                beat()

        def work() -> None:
            self._work(run_next)

        self._threads = [threading.Thread(target=pulse, name="heartbeat", daemon=True)]
        self._threads += [
            threading.Thread(target=work, name=f"worker-{n}", daemon=True) for n in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def dismiss(self, *, within: Seconds) -> None:
        """Tell every running job to stop, and wait until the threads have ended, or so long."""
        self.closing.set()
        with self._bell:
            for stop in self._stops.values():
                stop.set()
            self._bell.notify_all()
        patience = time.monotonic() + within
        for thread in self._threads:
            thread.join(timeout=max(0.0, patience - time.monotonic()))

    def begin(self, job_id: int, stop: threading.Event) -> None:
        """Note that a job runs, and what tells it to stop."""
        with self._bell:
            self._stops[job_id] = stop
            if self.closing.is_set():
                stop.set()

    def end(self, job_id: int) -> None:
        with self._bell:
            self._stops.pop(job_id, None)
            self._bell.notify_all()

    def _work(self, run_next: Callable[[], bool]) -> None:
        pause = SHORTEST_PAUSE
        while not self.closing.is_set():
            try:
                if not run_next():
                    self._rest()
                pause = SHORTEST_PAUSE
            except Exception as error:
                if not self.standing:
                    log.exception("a worker could not go on")
                    self.trouble = unforeseen(error)
                    self.closing.set()
                    return
                log.warning(
                    "a worker could not go on, and tries again in %g s: %s",
                    pause,
                    error,
                    exc_info=not isinstance(error, GravixError),
                )
                self.closing.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def _rest(self) -> None:
        with self._bell:
            if not self.closing.is_set():
                self._bell.wait(timeout=LOOK_EVERY)


def unforeseen(error: Exception) -> GravixError:
    """What the operator is told; the text of an error that nobody foresaw may hold a path."""
    if isinstance(error, GravixError):
        return error
    said = f"something unexpected happened: {type(error).__name__}"
    return GravixError(said, hint="This is a bug; please report the log.")
