"""What runs, what went wrong and why, as the Activity page asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gravix_core.errors import DiskFull
from gravix_core.jobs import glance, queue
from gravix_core.model import JobStatus, JobType
from gravix_core.settings import Settings
from gravix_core.studio import Studio
from tests.pages.houses import add_video
from tests.pages.works import add_job, add_work, download, render

WAITS, RUNS, DONE = JobStatus.PENDING, JobStatus.PROCESSING, JobStatus.COMPLETED
FAILED, CANCELLED = JobStatus.FAILED, JobStatus.CANCELLED
FULL = DiskFull("ffmpeg had no room to write")


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = Studio.open(Settings.load(data_dir=tmp_path, env_file=None))
    yield studio
    studio.close()


def test_what_runs_is_named_by_the_number_of_its_reel(studio: Studio) -> None:
    with studio.store.begin() as tx:
        add_work(tx, "Bridges", [DONE, RUNS, WAITS], progress=42)
    (work,) = studio.activity.work(limit=10).items
    assert [(one.reel_number, one.job.progress) for one in work.running] == [(2, 42)]


def test_what_runs_for_one_video_is_not_told_of_another(studio: Studio) -> None:
    with studio.store.begin() as tx:
        add_work(tx, "Bridges", [RUNS])
        add_work(tx, "Kitchen", [WAITS])
    found = {one.item.video.title: one for one in studio.activity.work(limit=10).items}
    assert (len(found["Bridges"].running), len(found["Kitchen"].running)) == (1, 0)


def test_one_reason_is_told_once_with_its_count(studio: Studio) -> None:
    with studio.store.begin() as tx:
        _, reels = add_video(tx, reels=4, rendered=False)
        for reel, error in zip(reels, [None, FULL, FULL, FULL], strict=True):
            add_job(tx, render(reel), FAILED, error=error)
        found = glance.troubles(tx, [reels[0].video_id])[reels[0].video_id]
    assert [(one.count, one.message) for one in found] == [
        (3, "ffmpeg had no room to write"),
        (1, "ffmpeg ended with code 1"),
    ]
    assert found[0] == glance.Trouble(JobType.REEL_CONVERSION, str(FULL), FULL.hint, 3)


@pytest.mark.parametrize("status", [WAITS, RUNS, DONE, CANCELLED])
def test_what_did_not_fail_is_no_trouble(studio: Studio, status: JobStatus) -> None:
    with studio.store.begin() as tx:
        add_work(tx, "Bridges", [status])
    (work,) = studio.activity.work(limit=10).items
    assert work.troubles == ()


def test_jobs_are_listed_with_the_numbers_of_their_reels(studio: Studio) -> None:
    with studio.store.begin() as tx:
        video, _ = add_work(tx, "Bridges", [DONE, WAITS])
    found = [(one.job.job_type, one.reel_number) for one in studio.activity.jobs(video.id)]
    assert found == [
        (JobType.YT_DOWNLOAD, None),
        (JobType.VIDEO_CUTTING, None),
        (JobType.REEL_CONVERSION, 1),
        (JobType.REEL_CONVERSION, 2),
    ]


def test_videos_are_counted_over_all_pages(studio: Studio) -> None:
    with studio.store.begin() as tx:
        for title in "ABC":
            add_job(tx, download(add_video(tx, title)[0]), DONE)
    listed = studio.activity.work(limit=2, offset=2)
    assert ([one.item.video.title for one in listed.items], listed.total) == (["A"], 3)


def test_videos_at_work_keep_their_places_while_they_get_on(studio: Studio) -> None:
    with studio.store.begin() as tx:
        _, jobs = add_work(tx, "A", [RUNS])
        add_work(tx, "B", [RUNS])
        queue.set_progress(tx, jobs[0], 50, now=datetime.now(UTC))
    listed = studio.activity.work(limit=10)
    assert [one.item.video.title for one in listed.items] == ["B", "A"]
