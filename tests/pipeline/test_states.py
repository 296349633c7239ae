"""What the jobs of a video say about it."""

from __future__ import annotations

from collections import Counter

import pytest

from gravix_core.handlers import state_of
from gravix_core.jobs.queue import Counts
from gravix_core.model import JobStatus, JobType, VideoStatus


def jobs(*states: JobStatus, proxy: JobStatus = JobStatus.COMPLETED) -> Counts:
    """Of the reels, and of the small copy that no reel waits for."""
    reels = Counter((JobType.REEL_CONVERSION, state) for state in states)
    return Counts({**reels, (JobType.PREVIEW_PROXY, proxy): 1}, first_failure="no room")


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


def test_a_stopped_video_with_a_failed_reel_says_both() -> None:
    status, message = state_of(jobs(JobStatus.FAILED, JobStatus.CANCELLED, JobStatus.COMPLETED))
    assert status is VideoStatus.PENDING
    said = "Stopped; 1 of 3 reels failed: no room. Start it again to go on."
    assert message == said


@pytest.mark.parametrize("proxy", list(JobStatus))
def test_no_reel_waits_for_the_small_copy(proxy: JobStatus) -> None:
    assert state_of(jobs(JobStatus.COMPLETED, proxy=proxy)) == (VideoStatus.COMPLETED, None)
