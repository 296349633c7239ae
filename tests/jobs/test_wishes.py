"""Cancelling and trying again, with the video's own state following."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from gravix_core.errors import Cancelled, DiskFull, NotFound, ToolFailed
from gravix_core.handlers import settle
from gravix_core.jobs import queue, wishes
from gravix_core.jobs.runner import Context, Handler, Runner
from gravix_core.model import Job, JobStatus, JobType, NewJob, VideoStatus
from gravix_core.store.store import Store
from tests.jobs.conftest import add_video

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LONG = 20.0
"""Seconds after which a test has hung."""
KINDS = (JobType.YT_DOWNLOAD, JobType.VIDEO_CUTTING, JobType.REEL_CONVERSION, JobType.PREVIEW_PROXY)


def runner(store: Store, handler: Handler) -> Runner:
    return Runner(store, dict.fromkeys(KINDS, handler), settle=settle, alive=lambda pid: True)


def download(video_id: int) -> NewJob:
    return NewJob(JobType.YT_DOWNLOAD, f"download/{video_id}", video_id, {"n": 7}, priority=10)


def reel(video_id: int, key: str = "reel") -> NewJob:
    return NewJob(JobType.REEL_CONVERSION, key, video_id)


def proxy(video_id: int) -> NewJob:
    return NewJob(JobType.PREVIEW_PROXY, "proxy", video_id)


def nothing(ctx: Context) -> None:
    pass


def broken(ctx: Context) -> None:
    raise DiskFull("no room")


def chain(ctx: Context) -> None:
    """A download that a reel follows."""
    assert ctx.job.video_id is not None
    if ctx.job.job_type is JobType.YT_DOWNLOAD:
        ctx.then(reel(ctx.job.video_id))


def stored(store: Store, video_id: int) -> tuple[Job, ...]:
    with store.read() as tx:
        return queue.of_video(tx, video_id)


def states(store: Store, video_id: int) -> list[JobStatus]:
    return [job.status for job in stored(store, video_id)]


def state(store: Store, video_id: int) -> tuple[VideoStatus, str | None]:
    with store.read() as tx:
        video = tx.videos.get(video_id)
    return video.status, video.error_message


def log(store: Store, video_id: int) -> list[str]:
    with store.read() as tx:
        return [line.message for line in tx.logs.of_video(video_id)]


STOPPED = (VideoStatus.PENDING, "Stopped. Start it again to go on.")


def test_cancel_ends_what_waits_and_flags_what_runs(store: Store, video_id: int) -> None:
    jobs = runner(store, nothing)
    _, waiting = jobs.enqueue(download(video_id), reel(video_id))
    with store.begin() as tx:
        claimed = queue.claim(tx, "me", now=jobs.now())
        assert claimed is not None
        assert wishes.cancel(tx, video_id=video_id, now=NOON)[0].id == waiting.id
        assert queue.heartbeat(tx, claimed, now=NOON) is True
    assert states(store, video_id) == [JobStatus.PROCESSING, JobStatus.CANCELLED]


def test_cancel_leaves_other_videos_alone(store: Store, video_id: int) -> None:
    other = add_video(store)
    jobs = runner(store, nothing)
    jobs.enqueue(download(video_id), download(other))
    jobs.cancel(video_id)
    assert states(store, other) == [JobStatus.PENDING]


def test_a_cancelled_video_reads_as_stopped(store: Store, video_id: int) -> None:
    jobs = runner(store, nothing)
    jobs.enqueue(download(video_id), reel(video_id))
    jobs.cancel(video_id)
    assert state(store, video_id) == STOPPED


def test_cancelling_a_finished_video_changes_and_says_nothing(store: Store, video_id: int) -> None:
    jobs = runner(store, nothing)
    jobs.enqueue(reel(video_id))
    jobs.run_due()
    jobs.cancel(video_id)
    assert state(store, video_id) == (VideoStatus.COMPLETED, None)
    assert log(store, video_id) == ["All reels are ready."]


def test_one_job_is_cancelled_and_its_siblings_go_on(store: Store, video_id: int) -> None:
    jobs = runner(store, nothing)
    unwanted, _ = jobs.enqueue(reel(video_id, "a"), reel(video_id, "b"))
    jobs.cancel_job(unwanted.id)
    jobs.run_due()
    assert states(store, video_id) == [JobStatus.CANCELLED, JobStatus.COMPLETED]
    assert state(store, video_id) == STOPPED


@pytest.mark.parametrize("whole", [True, False], ids=["the video", "the job"])
def test_a_running_job_of_this_process_hears_of_its_cancel_at_once(
    store: Store, video_id: int, whole: bool
) -> None:
    heard: list[bool] = []

    def handler(ctx: Context) -> None:
        jobs.cancel(video_id) if whole else jobs.cancel_job(ctx.job.id)
        heard.append(ctx.should_stop())

    jobs = runner(store, handler)
    jobs.enqueue(reel(video_id))
    jobs.run_due()
    assert (heard, states(store, video_id)) == ([True], [JobStatus.CANCELLED])


def test_a_running_job_of_another_process_hears_of_its_cancel(store: Store, video_id: int) -> None:
    begun = threading.Event()

    def handler(ctx: Context) -> None:
        begun.set()
        assert ctx.stop.wait(LONG)
        raise Cancelled("heard it")

    here, there = runner(store, nothing), runner(store, handler)
    (job,) = there.enqueue(reel(video_id))
    there.start(1)
    begun.wait(LONG)
    here.cancel_job(job.id)
    here.follow(video_id, on_change=lambda jobs: None, until=lambda: False)
    there.stop()
    assert states(store, video_id) == [JobStatus.CANCELLED]


def test_cancelling_an_ended_job_leaves_it_as_it_is(store: Store, video_id: int) -> None:
    jobs = runner(store, nothing)
    (job,) = jobs.enqueue(reel(video_id))
    jobs.run_due()
    jobs.cancel_job(job.id)
    assert states(store, video_id) == [JobStatus.COMPLETED]


def test_cancelling_a_job_that_is_not_there_says_so(store: Store) -> None:
    with pytest.raises(NotFound):
        runner(store, nothing).cancel_job(7)


def test_nothing_follows_a_cancelled_download_until_it_is_tried_again(
    store: Store, video_id: int
) -> None:
    jobs = runner(store, chain)
    (job,) = jobs.enqueue(download(video_id))
    jobs.cancel_job(job.id)
    assert (jobs.run_due(), state(store, video_id)) == (0, STOPPED)
    assert jobs.retry(video_id) == 1
    assert (jobs.run_due(), state(store, video_id)) == (2, (VideoStatus.COMPLETED, None))


def test_trying_again_asks_for_what_failed_or_was_cancelled_alone(
    store: Store, video_id: int
) -> None:
    jobs = runner(store, nothing)
    jobs.enqueue(download(video_id))
    jobs.run_due()
    runner(store, broken).enqueue(reel(video_id, "fails"))
    runner(store, broken).run_due()
    jobs.enqueue(reel(video_id, "cancelled"))
    jobs.cancel(video_id)
    assert jobs.retry(video_id) == 2
    assert states(store, video_id) == [JobStatus.COMPLETED, JobStatus.PENDING, JobStatus.PENDING]


def test_what_was_cancelled_stays_so_where_the_failed_alone_are_tried_again(
    store: Store, video_id: int
) -> None:
    runner(store, broken).enqueue(reel(video_id, "fails"))
    runner(store, broken).run_due()
    jobs = runner(store, nothing)
    jobs.enqueue(reel(video_id, "cancelled"))
    jobs.cancel(video_id)
    assert jobs.retry(video_id, failed_alone=True) == 1
    assert states(store, video_id) == [JobStatus.PENDING, JobStatus.CANCELLED]


def test_one_job_is_tried_again_as_it_was_first_asked_for(store: Store, video_id: int) -> None:
    jobs = runner(store, broken)
    first, _ = jobs.enqueue(download(video_id), reel(video_id))
    jobs.run_due()
    assert jobs.retry(video_id, job_id=first.id) == 1
    again, other = stored(store, video_id)
    assert (again.key, again.args, again.attempts) == (first.key, first.args, 0)
    assert (again.error_message, other.status) == (None, JobStatus.FAILED)


def test_a_job_is_tried_again_in_the_name_of_its_own_video_alone(
    store: Store, video_id: int
) -> None:
    jobs = runner(store, broken)
    (job,) = jobs.enqueue(reel(video_id))
    jobs.run_due()
    assert jobs.retry(add_video(store), job_id=job.id) == 0
    assert states(store, video_id) == [JobStatus.FAILED]


def test_a_video_that_is_tried_again_waits_and_has_no_complaint(
    store: Store, video_id: int
) -> None:
    jobs = runner(store, broken)
    jobs.enqueue(reel(video_id))
    jobs.run_due()
    assert state(store, video_id)[0] is VideoStatus.FAILED
    jobs.retry(video_id)
    assert state(store, video_id) == (VideoStatus.PENDING, None)
    assert len(log(store, video_id)) == 1  # the failure is told once


def test_trying_again_where_all_is_well_changes_nothing(store: Store, video_id: int) -> None:
    jobs = runner(store, nothing)
    jobs.enqueue(reel(video_id))
    jobs.run_due()
    assert (jobs.retry(video_id), log(store, video_id)) == (0, ["All reels are ready."])


def test_a_failed_small_copy_is_logged_and_fails_no_video(store: Store, video_id: int) -> None:
    runner(store, nothing).enqueue(reel(video_id))
    runner(store, nothing).run_due()
    runner(store, broken).enqueue(proxy(video_id))
    runner(store, broken).run_due()
    assert state(store, video_id) == (VideoStatus.COMPLETED, None)
    assert log(store, video_id) == ["All reels are ready.", f"no room. {DiskFull.hint}"]


def test_a_small_copy_does_not_make_the_reels_ready_again(store: Store, video_id: int) -> None:
    jobs = runner(store, nothing)
    jobs.enqueue(reel(video_id))
    jobs.run_due()
    jobs.enqueue(proxy(video_id))
    jobs.run_due()
    assert log(store, video_id) == ["All reels are ready."]


def test_a_run_does_not_wait_for_a_small_copy(store: Store, video_id: int) -> None:
    jobs = runner(store, nothing)
    jobs.enqueue(proxy(video_id))
    with store.begin() as tx:
        assert queue.claim(tx, "somebody/else", now=jobs.now()) is not None
    jobs.enqueue(reel(video_id))
    jobs.run_video(video_id, workers=1, on_change=lambda jobs: None)
    assert states(store, video_id) == [JobStatus.PROCESSING, JobStatus.COMPLETED]


def test_counts_name_kinds_states_and_the_first_failure(store: Store, video_id: int) -> None:
    jobs = runner(store, broken)
    jobs.enqueue(proxy(video_id), reel(video_id, "a"), reel(video_id, "b"))
    jobs.run_due()
    jobs.enqueue(download(video_id))
    with store.read() as tx:
        found = queue.counts(tx, video_id)
    assert found.of(JobStatus.FAILED) == found.of(JobStatus.FAILED, JobType.REEL_CONVERSION) == 2
    assert (found.of(JobStatus.PENDING), found.first_failure) == (1, "no room")


def test_an_idle_look_at_the_table_locks_nothing(store: Store, video_id: int) -> None:
    jobs = runner(store, nothing)
    jobs.enqueue(reel(video_id))
    with store.read() as tx:
        assert queue.is_due(tx, now=jobs.now())
        assert not queue.is_due(tx, now=jobs.now(), video_id=video_id + 1)
    with store.begin() as tx:
        later = jobs.now() + timedelta(minutes=2)
        claimed = queue.claim(tx, "me", now=jobs.now())
        assert claimed is not None
        queue.fail(tx, claimed, ToolFailed("no"), now=jobs.now(), retry_in=60)
    with store.read() as tx:
        assert not queue.is_due(tx, now=jobs.now())
        assert queue.is_due(tx, now=later)


def test_what_was_not_published_is_not_tried_again_with_the_rest(
    store: Store, video_id: int
) -> None:
    jobs = runner(store, broken)
    post = NewJob(JobType.IG_PUBLISH, "publish/1", video_id, {"publication_id": 1})
    jobs.enqueue(post)
    with store.begin() as tx:
        job = queue.claim(tx, "elsewhere/1", now=jobs.now())
        assert job is not None
        queue.fail(tx, job, DiskFull("no room"), now=jobs.now(), retry_in=None)
        assert not wishes.may_retry(tx, video_id=video_id)
        assert wishes.retry(tx, video_id=video_id, now=jobs.now()) == ()
    assert states(store, video_id) == [JobStatus.FAILED]
