"""What the jobs of a video say about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gravix_core.handlers import state_of
from gravix_core.model import Job, JobStatus, VideoStatus
from tests.support import REEL_JOB

REEL = replace(REEL_JOB, error_message="no room")


def jobs(*states: JobStatus) -> tuple[Job, ...]:
    return tuple(replace(REEL, id=n, status=state) for n, state in enumerate(states))


@pytest.mark.parametrize("other", list(JobStatus))
def test_a_video_is_at_work_as_long_as_one_job_is(other: JobStatus) -> None:
    assert state_of(jobs(other, JobStatus.PROCESSING)) == (VideoStatus.PROCESSING, None)


def test_a_video_waits_when_a_job_waits_and_none_is_at_work() -> None:
    assert state_of(jobs(JobStatus.FAILED, JobStatus.PENDING)) == (VideoStatus.PENDING, None)


def test_a_video_is_done_when_every_job_is() -> None:
    assert state_of(jobs(JobStatus.COMPLETED, JobStatus.COMPLETED))[0] is VideoStatus.COMPLETED


def test_a_failed_reel_is_counted_and_explained() -> None:
    status, message = state_of(jobs(JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.COMPLETED))
    assert (status, message) == (VideoStatus.FAILED, "1 of 3 reels failed: no room")


def test_a_stopped_video_says_how_to_go_on() -> None:
    status, message = state_of(jobs(JobStatus.COMPLETED, JobStatus.CANCELLED))
    assert status is VideoStatus.PENDING
    assert message is not None
    assert "go on" in message
