"""What is to wait waits over restarts; what is cancelled ends, whatever its state."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import pytest

from gravix_core.model import Job
from tests.crash import ledger
from tests.crash.engines import COMMAND_LINE, Yard, at_work
from tests.crash.films import make_film
from tests.crash.scripted import WAIT
from tests.crash.troupe import Troupe
from tests.media.processes import command, wait_until
from tests.web.workshop import studio_on

pytestmark = pytest.mark.slow

SECONDS = 18.0
HEARD_WITHIN = 3.0
"""Three times the second within which a cancel ends what runs."""


def due(job: Job) -> datetime:
    assert job.run_after is not None
    return job.run_after


def until_it_waits(troupe: Troupe, job: Job) -> Job:
    """Until its first try has failed and the next one has its time."""
    query = "SELECT 1 FROM jobs WHERE id = ? AND status = 'pending' AND error_message NOT NULL"
    wait_until(lambda: bool(troupe.yard.rows(query, job.id)), "it waits for its next try")
    return troupe.job(job)


def until_the_queue_has_moved_on(troupe: Troupe) -> None:
    """Something asked for later is done, so what was due before has had its turn."""
    troupe.until(troupe.add(f"plain-{time.monotonic_ns()}.mp4"), "completed")


def test_a_delayed_job_runs_once_over_a_restart_and_not_before_its_time(troupe: Troupe) -> None:
    job = troupe.add("later-1.mp4")
    with troupe.ready() as player:
        waiting = until_it_waits(troupe, job)
        player.kill()
    with troupe.ready():
        troupe.until(job, "completed")
        until_the_queue_has_moved_on(troupe)
    first, second = troupe.runs("later-1.mp4")
    assert second.at >= due(waiting).timestamp() >= first.at + 0.8 * WAIT


def test_a_delay_that_passed_while_nobody_worked_is_made_up_for_once(troupe: Troupe) -> None:
    job = troupe.add("later-1.mp4")
    with troupe.ready() as player:
        until_it_waits(troupe, job)
        player.kill()
    wait_until(lambda: time.time() > due(troupe.job(job)).timestamp(), "its time has passed")
    with troupe.ready():
        troupe.until(job, "completed")
        until_the_queue_has_moved_on(troupe)
    assert len(troupe.runs("later-1.mp4")) == 2


def test_a_job_cancelled_while_it_waits_never_begins(troupe: Troupe) -> None:
    job = troupe.add("hold-1.mp4")
    troupe.cancel(job)
    assert troupe.job(job).status == "cancelled"
    with troupe.ready():
        until_the_queue_has_moved_on(troupe)
    assert troupe.runs("hold-1.mp4") == []


@pytest.mark.parametrize("where", ["in this process", "from another"])
def test_a_job_cancelled_while_it_runs_ends_at_once(troupe: Troupe, where: str) -> None:
    job = troupe.add("hold-1.mp4")
    with troupe.ready() as player:
        troupe.until_begun("hold-1.mp4")
        asked = time.monotonic()
        if where == "from another":
            troupe.cancel(job)
        else:
            player.cancel(job)
        troupe.until(job, "cancelled")
        assert time.monotonic() - asked < HEARD_WITHIN
        until_the_queue_has_moved_on(troupe)
    assert len(troupe.runs("hold-1.mp4")) == 1


def test_a_job_cancelled_while_it_waits_for_its_next_try_has_none(troupe: Troupe) -> None:
    job = troupe.add("later-1.mp4")
    with troupe.ready():
        waiting = until_it_waits(troupe, job)
        troupe.cancel(job)
        assert troupe.job(job).status == "cancelled"
        wait_until(lambda: time.time() > due(waiting).timestamp(), "its time has passed")
        until_the_queue_has_moved_on(troupe)
    assert len(troupe.runs("later-1.mp4")) == 1
    assert troupe.job(job).status == "cancelled"


@pytest.mark.parametrize(("name", "end"), [("plain-1.mp4", "completed"), ("fail-1.mp4", "failed")])
def test_a_job_cancelled_when_it_has_ended_stays_as_it_is(
    troupe: Troupe, name: str, end: str
) -> None:
    job = troupe.add(name)
    with troupe.ready():
        ended = troupe.until(job, end)
        troupe.cancel(job)
        until_the_queue_has_moved_on(troupe)
    assert troupe.job(job) == ended


def test_a_job_cancelled_while_all_is_paused_does_not_begin_afterwards(troupe: Troupe) -> None:
    job = troupe.add("hold-1.mp4")
    with studio_on(troupe.yard.data) as studio:
        studio.activity.pause()
    with troupe.ready():
        troupe.cancel(job)
        assert troupe.job(job).status == "cancelled"
        with studio_on(troupe.yard.data) as studio:
            studio.activity.resume()
        until_the_queue_has_moved_on(troupe)
    assert troupe.runs("hold-1.mp4") == []


def test_a_job_cancelled_after_its_process_was_killed_does_not_run_again(troupe: Troupe) -> None:
    job = troupe.add("hold-1.mp4")
    with troupe.ready() as player:
        troupe.until_begun("hold-1.mp4")
        player.kill()
    troupe.cancel(job)
    with troupe.ready():
        troupe.until(job, "cancelled")
        until_the_queue_has_moved_on(troupe)
    assert len(troupe.runs("hold-1.mp4")) == 1


def test_a_cancel_ends_the_render_of_another_process_and_keeps_what_is_made(
    tmp_path: Path,
) -> None:
    yard = Yard(tmp_path, make_film(tmp_path / "film.mp4", seconds=SECONDS))
    with at_work(yard, COMMAND_LINE) as engine:
        renders = engine.until_another_reel()
        with studio_on(yard.data) as studio:
            asked = time.monotonic()
            studio.activity.cancel(1)
            wait_until(lambda: not any(map(command, renders)), "ffmpeg is gone")
        assert time.monotonic() - asked < HEARD_WITHIN
        assert engine.process.wait(30) == 1
    assert yard.drafts() == []
    made = yard.recorded(yard.rows)
    assert made
    with at_work(yard, COMMAND_LINE) as again:
        assert again.process.wait(60) == 0
    assert {name: yard.stamps()[name] for name in made} == made
    assert ledger.complaints(yard, seconds=SECONDS) == []
