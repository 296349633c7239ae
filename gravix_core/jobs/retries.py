"""An error and the job that it ended in; when the job is tried again out.  Pure.

An error is of one of three classes.  *Permanent*: never again.  *Transient*: up to `MAX_TRIES`
claims, with waits that double and vary.  *Wait until*: its source has said when (`retry_after`), so
this try does not count; there may be any number of them, until the waits add up to `LONGEST_STAY`.
"""

from __future__ import annotations

from dataclasses import dataclass

from gravix_core.errors import GravixError
from gravix_core.model import Job, Seconds

MAX_TRIES = 3
LONGEST_WAIT: Seconds = 600
LONGEST_STAY: Seconds = 86_400
"""A job that was told to wait for so long in all ends as failed, with what it was told last."""
SPREAD = (0.8, 1.2)
"""So that jobs that failed together do not come back together."""


@dataclass(frozen=True, slots=True)
class Retry:
    after: Seconds
    counts: bool = True
    """Whether the try that failed is one of `MAX_TRIES`."""


def retry_of(error: GravixError, job: Job, *, chance: float) -> Retry | None:
    """
    Args:
        chance: Where in `SPREAD` the wait lies, 0..1.

    Returns:
        None for never.
    """
    if not error.retryable:
        return None
    low, high = SPREAD
    spread = low + chance * (high - low)
    if error.retry_after is not None:
        # Never before the time that was said.
        wait = Retry(error.retry_after * max(1.0, spread), counts=False)
        return wait if job.waited < LONGEST_STAY else None
    if job.attempts >= MAX_TRIES:
        return None
    return Retry(min(LONGEST_WAIT, 2.0**job.attempts) * spread)
