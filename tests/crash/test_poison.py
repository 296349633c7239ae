"""A job that ends its process each time is given up, and the others go on."""

from __future__ import annotations

import pytest

from gravix_core.jobs.queue import MAX_CLAIMS
from gravix_core.model import Job
from tests.crash.scripted import DIED
from tests.crash.troupe import Troupe
from tests.media.processes import wait_until

pytestmark = pytest.mark.slow


ENDED = "SELECT 1 FROM videos WHERE id = ? AND status IN ('completed', 'failed')"


def deaths(troupe: Troupe, *jobs: Job, workers: int = 1) -> int:
    """Start a studio until one lives to see all these videos ended; how many did not."""

    def have_ended() -> bool:
        return all(troupe.yard.rows(ENDED, job.video_id) for job in jobs)

    for count in range(3 * MAX_CLAIMS):
        with troupe.at_work(workers=workers) as player:
            wait_until(lambda: player.process.poll() is not None or have_ended(), "an end")
            if player.process.poll() is None:
                return count
            assert player.process.returncode == DIED
    raise AssertionError("it dies for ever")


def test_a_job_that_kills_its_process_is_given_up_and_the_queue_moves_on(troupe: Troupe) -> None:
    poison, good = troupe.add("die-1.mp4"), troupe.add("plain-1.mp4")
    assert deaths(troupe, poison, good) == MAX_CLAIMS
    ended = troupe.job(poison)
    assert (ended.status, ended.error_message) == ("failed", "the worker died each time")
    assert ended.error_hint
    assert len(troupe.runs("die-1.mp4")) == MAX_CLAIMS
    assert troupe.job(good).status == "completed"


def test_what_only_ran_beside_a_poison_is_not_given_up_with_it(troupe: Troupe) -> None:
    poison, good = troupe.add("drag-1.mp4"), troupe.add("slow-1.mp4")
    deaths(troupe, poison, good, workers=2)
    assert troupe.job(poison).status == "failed"
    ended = troupe.job(good)
    assert (ended.status, ended.error_message) == ("completed", None)
