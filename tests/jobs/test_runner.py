"""Handlers in threads over a real store."""

from __future__ import annotations

import os
import socket
import threading

from gravix_core.errors import Cancelled, DiskFull, ToolFailed, YouTubeError
from gravix_core.jobs import queue
from gravix_core.jobs.runner import Context, Handler, Runner
from gravix_core.model import Job, JobStatus, JobType, NewJob
from gravix_core.store.store import Store, Transaction
from tests.jobs.conftest import add_video

LONG = 20.0
"""Seconds after which a test has hung."""


def runner(store: Store, handler: Handler, settled: list[Job] | None = None) -> Runner:
    def settle(tx: Transaction, job: Job) -> None:
        if settled is not None:
            settled.append(job)

    handlers = {JobType.VIDEO_CUTTING: handler, JobType.REEL_CONVERSION: handler}
    return Runner(store, handlers, settle=settle, alive=lambda pid: pid == os.getpid())


def cut(video_id: int, key: str = "cut") -> NewJob:
    return NewJob(JobType.VIDEO_CUTTING, key, video_id)


def stored(store: Store, video_id: int) -> tuple[Job, ...]:
    with store.read() as tx:
        return queue.of_video(tx, video_id)


def wait_for_stop(ctx: Context) -> None:
    if not ctx.stop.wait(LONG):
        raise AssertionError("nobody asked to stop")
    raise Cancelled("asked to stop")


def test_a_job_runs_and_its_follow_up_after_it(store: Store, video_id: int) -> None:
    ran: list[str] = []

    def handler(ctx: Context) -> None:
        ran.append(ctx.job.key)
        if ctx.job.key == "cut":
            ctx.then(NewJob(JobType.REEL_CONVERSION, "reel", video_id))

    jobs = runner(store, handler)
    jobs.enqueue(cut(video_id))
    assert (jobs.run_due(), ran) == (2, ["cut", "reel"])


def test_the_settling_hears_of_every_beginning_and_end(store: Store, video_id: int) -> None:
    settled: list[Job] = []
    jobs = runner(store, lambda ctx: None, settled)
    jobs.enqueue(cut(video_id))
    jobs.run_due()
    assert [job.status for job in settled] == [JobStatus.PROCESSING, JobStatus.COMPLETED]


def test_an_error_that_may_pass_is_tried_again_later(store: Store, video_id: int) -> None:
    def handler(ctx: Context) -> None:
        raise ToolFailed("hiccup")

    jobs = runner(store, handler)
    jobs.enqueue(cut(video_id))
    jobs.run_due()
    (job,) = stored(store, video_id)
    assert (job.status, job.error_message) == (JobStatus.PENDING, "hiccup")


def test_an_error_that_stays_fails_at_once_with_its_hint(store: Store, video_id: int) -> None:
    def handler(ctx: Context) -> None:
        raise DiskFull("no room")

    jobs = runner(store, handler)
    jobs.enqueue(cut(video_id))
    jobs.run_due()
    (job,) = stored(store, video_id)
    assert (job.status, job.error_hint) == (JobStatus.FAILED, DiskFull.hint)


def test_a_bug_fails_its_job_and_shows_no_inside(store: Store, video_id: int) -> None:
    def handler(ctx: Context) -> None:
        raise RuntimeError("/secret/path")

    jobs = runner(store, handler)
    jobs.enqueue(cut(video_id))
    jobs.run_due()
    (job,) = stored(store, video_id)
    assert job.status is JobStatus.FAILED
    assert "/secret/path" not in f"{job.error_message}{job.error_hint}"


def test_a_failed_job_does_not_stop_its_siblings(store: Store, video_id: int) -> None:
    def handler(ctx: Context) -> None:
        if ctx.job.key == "bad":
            raise DiskFull("no room")

    jobs = runner(store, handler)
    jobs.enqueue(cut(video_id, "bad"), cut(video_id, "good"))
    ended = jobs.run_video(video_id, workers=2, on_change=lambda jobs: None)
    assert [job.status for job in ended] == [JobStatus.FAILED, JobStatus.COMPLETED]


def test_as_many_jobs_run_at_once_as_there_are_workers(store: Store, video_id: int) -> None:
    both = threading.Barrier(2, timeout=LONG)
    jobs = runner(store, lambda ctx: (both.wait(), None)[1])
    jobs.enqueue(cut(video_id, "a"), cut(video_id, "b"))
    ended = jobs.run_video(video_id, workers=2, on_change=lambda jobs: None)
    assert all(job.status is JobStatus.COMPLETED for job in ended)


def test_cancel_reaches_a_running_job_and_what_waits(store: Store, video_id: int) -> None:
    begun = threading.Event()

    def handler(ctx: Context) -> None:
        begun.set()
        wait_for_stop(ctx)

    jobs = runner(store, handler)
    jobs.enqueue(cut(video_id, "a"), cut(video_id, "b"))

    def cancel() -> None:
        begun.wait(LONG)
        jobs.cancel(video_id)

    canceller = threading.Thread(target=cancel)
    canceller.start()
    ended = jobs.run_video(video_id, workers=1, on_change=lambda jobs: None)
    canceller.join()
    assert [job.status for job in ended] == [JobStatus.CANCELLED, JobStatus.CANCELLED]


def test_a_job_that_cannot_be_stopped_ends_as_cancelled_and_nothing_follows(
    store: Store, video_id: int
) -> None:
    def handler(ctx: Context) -> None:
        jobs.cancel(video_id)
        ctx.then(cut(video_id, "next"))

    jobs = runner(store, handler)
    jobs.enqueue(cut(video_id))
    jobs.run_due()
    assert [job.status for job in stored(store, video_id)] == [JobStatus.CANCELLED]


def test_cancelling_what_only_waits_settles_the_video(store: Store, video_id: int) -> None:
    settled: list[Job] = []
    jobs = runner(store, lambda ctx: None, settled)
    jobs.enqueue(cut(video_id))
    jobs.cancel(video_id)
    assert [job.status for job in settled] == [JobStatus.CANCELLED]


def test_the_end_of_one_run_stops_no_job_of_another(store: Store, video_id: int) -> None:
    other = add_video(store)
    begun, ended = threading.Event(), threading.Event()

    def handler(ctx: Context) -> None:
        if ctx.job.video_id == other:
            begun.set()
            ended.wait(LONG)
            if ctx.should_stop():
                raise Cancelled("stopped by a stranger")

    jobs = runner(store, handler)
    jobs.enqueue(cut(other, "other"), cut(video_id))
    long = threading.Thread(target=lambda: jobs.run_video(other, workers=1, on_change=_quiet))
    long.start()
    begun.wait(LONG)
    jobs.run_video(video_id, workers=1, on_change=_quiet)
    ended.set()
    long.join(LONG)
    (job,) = stored(store, other)
    assert (job.status, job.attempts) == (JobStatus.COMPLETED, 1)


def _quiet(jobs: tuple[Job, ...]) -> None:
    pass


def test_closing_gives_running_jobs_back_to_the_queue(store: Store, video_id: int) -> None:
    closing = threading.Event()

    def handler(ctx: Context) -> None:
        closing.set()
        wait_for_stop(ctx)

    jobs = runner(store, handler)
    jobs.enqueue(cut(video_id))
    jobs.run_video(video_id, workers=1, on_change=lambda jobs: None, closing=closing)
    (job,) = stored(store, video_id)
    assert (job.status, job.attempts) == (JobStatus.PENDING, 0)


def test_progress_is_told_while_the_job_runs(store: Store, video_id: int) -> None:
    seen: set[int] = set()
    told = threading.Event()

    def handler(ctx: Context) -> None:
        ctx.progress(42.7)
        told.wait(LONG)

    def look(jobs: tuple[Job, ...]) -> None:
        seen.update(job.progress for job in jobs)
        if 42 in seen:
            told.set()

    jobs = runner(store, handler)
    jobs.enqueue(cut(video_id))
    jobs.run_video(video_id, workers=1, on_change=look)
    assert {42, 100} <= seen


def test_what_a_dead_process_has_left_is_taken_up_at_once(store: Store, video_id: int) -> None:
    dead = Runner(
        store, {}, settle=lambda tx, job: None, alive=lambda pid: True, owner=_owner(999_999_999)
    )
    dead.enqueue(cut(video_id))
    with store.begin() as tx:
        assert queue.claim(tx, _owner(999_999_999), now=dead.now()) is not None
    ended = runner(store, lambda ctx: None).run_video(
        video_id, workers=1, on_change=lambda jobs: None
    )
    assert [(job.status, job.attempts) for job in ended] == [(JobStatus.COMPLETED, 2)]


def test_what_a_live_process_holds_is_waited_for(store: Store, video_id: int) -> None:
    here, there = runner(store, lambda ctx: None), runner(store, lambda ctx: None)
    here.enqueue(cut(video_id))
    with store.begin() as tx:
        job = queue.claim(tx, _owner(os.getpid()), now=here.now())
    assert job is not None

    def finish(jobs: tuple[Job, ...]) -> None:
        with store.begin() as tx:
            queue.finish(tx, job, now=here.now())

    ended = there.run_video(video_id, workers=1, on_change=finish)
    assert [(one.status, one.attempts) for one in ended] == [(JobStatus.COMPLETED, 1)]


def _owner(pid: int) -> str:
    return f"{socket.gethostname()}/{pid}"


def test_no_more_of_a_kind_run_at_once_than_may_and_others_go_on_beside(
    store: Store, video_id: int
) -> None:
    beside, together, most = threading.Event(), 0, 0
    counting = threading.Lock()

    def handler(ctx: Context) -> None:
        nonlocal together, most
        if ctx.job.job_type is JobType.VIDEO_CUTTING:
            beside.set()
            return
        with counting:
            together += 1
            most = max(most, together)
        assert beside.wait(LONG)
        with counting:
            together -= 1

    handlers = {JobType.VIDEO_CUTTING: handler, JobType.REEL_CONVERSION: handler}
    jobs = Runner(
        store,
        handlers,
        settle=lambda tx, job: None,
        alive=lambda pid: pid == os.getpid(),
        limits={JobType.REEL_CONVERSION: 1},
    )
    reels = [NewJob(JobType.REEL_CONVERSION, f"reel/{n}", video_id, {}, n) for n in range(3)]
    jobs.enqueue(*reels, NewJob(JobType.VIDEO_CUTTING, "cut", video_id, {}, 900))
    ended = jobs.run_video(video_id, workers=3, on_change=lambda jobs: None)
    assert {job.status for job in ended} == {JobStatus.COMPLETED}
    assert (most, beside.is_set()) == (1, True)


def test_texts_wait_while_an_urgent_reel_is_rendered_but_not_for_any_other(
    store: Store, video_id: int
) -> None:
    begun: list[str] = []
    cut_has_run, text_has_run = threading.Event(), threading.Event()

    def handler(ctx: Context) -> None:
        begun.append(ctx.job.key)
        if ctx.job.key == "first":
            assert cut_has_run.wait(LONG)
        elif ctx.job.key == "later":
            assert text_has_run.wait(LONG)
        else:
            (cut_has_run if ctx.job.key == "cut" else text_has_run).set()

    kinds = (JobType.REEL_CONVERSION, JobType.AI_METADATA, JobType.VIDEO_CUTTING)
    jobs = Runner(
        store,
        dict.fromkeys(kinds, handler),
        settle=lambda tx, job: None,
        alive=lambda pid: pid == os.getpid(),
        gives_way={JobType.AI_METADATA: JobType.REEL_CONVERSION},
    )
    jobs.enqueue(
        NewJob(JobType.REEL_CONVERSION, "first", video_id, {}, queue.URGENT),
        NewJob(JobType.AI_METADATA, "text", video_id, {}, queue.URGENT + 5),
        NewJob(JobType.REEL_CONVERSION, "later", video_id, {}, 100),
        NewJob(JobType.VIDEO_CUTTING, "cut", video_id, {}, 900),
    )
    ended = jobs.run_video(video_id, workers=3, on_change=lambda jobs: None)
    assert {job.status for job in ended} == {JobStatus.COMPLETED}
    assert begun.index("cut") < begun.index("text")


# One job alone


def test_one_job_runs_alone_to_its_end_over_its_waits(store: Store, video_id: int) -> None:
    ran: list[str] = []

    def handler(ctx: Context) -> None:
        ran.append(ctx.job.key)
        if len(ran) < 3:
            raise YouTubeError("not yet", kind="wait", retry_after=0.01)

    jobs = runner(store, handler)
    _, wanted = jobs.enqueue(cut(video_id), cut(video_id, "wanted"))
    seen: list[JobStatus] = []
    done = jobs.run_job(
        wanted.id, on_change=lambda job: seen.append(job.status), until=lambda _: False
    )
    assert (done.id, done.status) == (wanted.id, JobStatus.COMPLETED)
    assert ran == ["wanted"] * 3
    assert seen[-1] is JobStatus.COMPLETED
    assert [job.status for job in stored(store, video_id)] == [
        JobStatus.PENDING,
        JobStatus.COMPLETED,
    ]


def test_whoever_turns_away_from_one_job_gives_it_back(store: Store, video_id: int) -> None:
    jobs = runner(store, wait_for_stop)
    (wanted,) = jobs.enqueue(cut(video_id))
    left = jobs.run_job(
        wanted.id, on_change=lambda _: None, until=lambda job: job.status is JobStatus.PROCESSING
    )
    assert left.status is JobStatus.PROCESSING
    (job,) = stored(store, video_id)
    assert (job.status, job.attempts) == (JobStatus.PENDING, 0)


def test_one_job_that_a_dead_process_left_is_taken_up(store: Store, video_id: int) -> None:
    dead = Runner(
        store,
        {JobType.VIDEO_CUTTING: lambda _: None},
        settle=lambda tx, job: None,
        alive=lambda _: True,
        owner=f"{socket.gethostname()}/{os.getpid() + 1}",
    )
    (wanted,) = dead.enqueue(cut(video_id))
    with store.begin() as tx:
        queue.claim(tx, f"{socket.gethostname()}/{os.getpid() + 1}", now=dead.now())
    done = runner(store, lambda _: None).run_job(
        wanted.id, on_change=lambda _: None, until=lambda _: False
    )
    assert done.status is JobStatus.COMPLETED


def test_one_job_is_followed_while_another_process_runs_it(store: Store, video_id: int) -> None:
    (wanted,) = runner(store, lambda _: None).enqueue(cut(video_id))
    worker = threading.Thread(target=runner(store, lambda _: None).run_due)
    seen = runner(store, lambda _: None).follow_job(
        wanted.id,
        on_change=lambda job: worker.start() if not worker.ident else None,
        until=lambda _: False,
    )
    worker.join(LONG)
    assert seen.status is JobStatus.COMPLETED
