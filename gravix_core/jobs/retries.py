"""An error and the job that it ended in; when the job is tried again out.  Pure.

An error is of one of three classes.  *Permanent*: never again.  *Transient*: up to `MAX_TRIES`
claims, with waits that double and vary.  *Wait until*: its source has said when (`retry_after`), so
this try does not count; there may be any number of them, until the waits add up to `LONGEST_STAY`.
A disk that is full is waited for likewise, since room is made by somebody: a queue of a week does
not fail for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from gravix_core.errors import DiskFull, GravixError
from gravix_core.model import Job, JobType, Seconds

MAX_TRIES = 3
LONGEST_WAIT: Seconds = 600
LONGEST_STAY: Seconds = 86_400
"""A job that was told to wait for so long in all ends as failed, with what it was told last."""
LOOK_FOR_ROOM: Seconds = 30
SPREAD = (0.8, 1.2)
"""So that jobs that failed together do not come back together."""


PATIENT = frozenset({JobType.IG_PUBLISH})
"""Kinds that wait for as long as they are told: the row that they work on says when it is over."""


@dataclass(frozen=True, slots=True)
class Retry:
    after: Seconds
    counts: bool = True
    """Whether the try that failed is one of `MAX_TRIES`."""


def retry_of(error: GravixError, job: Job, *, chance: float, standing: bool) -> Retry | None:
    """
    Args:
        chance: Where in `SPREAD` the wait lies, 0..1.
        standing: The crew stays, and the operator looks in now and then.  Who waits at a terminal
            is told at once what only they can mend.

    Returns:
        None for never.
    """
    low, high = SPREAD
    spread = low + chance * (high - low)
    known = error.retry_after if error.retryable else None
    if standing and isinstance(error, DiskFull):
        known = LOOK_FOR_ROOM
    if known is not None:
        # Never before the time that was said.
        wait = Retry(known * max(1.0, spread), counts=False)
        return wait if job.waited < LONGEST_STAY or job.job_type in PATIENT else None
    if not error.retryable:
        return None
    if job.attempts >= MAX_TRIES:
        return None
    return Retry(min(LONGEST_WAIT, 2.0**job.attempts) * spread)
