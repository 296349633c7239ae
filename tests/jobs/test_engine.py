"""The whole engine: limits over processes, pause, cancel of everything, waits, gaps in time."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from gravix_core.errors import (
    Cancelled,
    DiskFull,
    GravixError,
    SourceRefused,
    ToolFailed,
    YouTubeError,
)
from gravix_core.handlers import GIVES_WAY, limits, settle
from gravix_core.jobs import queue, retries
from gravix_core.jobs.runner import Context, Handler, Runner
from gravix_core.jobs.worker import BEAT_EVERY, GRACE
from gravix_core.model import Job, JobStatus, JobType, NewJob, VideoStatus
from gravix_core.store import engine
from gravix_core.store.store import Store
from tests.jobs.conftest import add_video

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LONG = 20.0
"""Seconds after which a test has hung."""
RENDER, TEXT, PUBLISH = JobType.REEL_CONVERSION, JobType.AI_METADATA, JobType.IG_PUBLISH
LIMITS = queue.Limits(limits(renders=1), GIVES_WAY)


class Clock:
    """A time of day that goes only when it is told to."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time

    def go(self, **by: float) -> None:
        self.time += timedelta(**by)


def nothing(ctx: Context) -> None:
    pass


def runner(store: Store, handler: Handler, clock: Callable[[], datetime]) -> Runner:
    return Runner(
        store,
        dict.fromkeys(JobType, handler),
        settle=settle,
        alive=lambda pid: pid == os.getpid(),
        clock=clock,
        limits=LIMITS.at_once,
        gives_way=LIMITS.gives_way,
    )


def ask(store: Store, *jobs: NewJob) -> None:
    with store.begin() as tx:
        for job in jobs:
            queue.enqueue(tx, job, now=NOON)


def claim(store: Store, now: datetime = NOON, owner: str = "elsewhere/1") -> Job | None:
    with store.begin() as tx:
        return queue.claim(tx, owner, now=now, limits=LIMITS)


def claimed(store: Store, now: datetime = NOON) -> Job:
    job = claim(store, now)
    assert job is not None
    return job


def stored(store: Store, key: str) -> Job:
    with store.read() as tx:
        job = queue.find(tx, key)
    assert job is not None
    return job


@pytest.mark.parametrize(
    ("kind", "most"), [(RENDER, 1), (TEXT, 3), (JobType.YT_DOWNLOAD, 2), (PUBLISH, 1)]
)
def test_no_more_of_a_kind_is_claimed_than_may_run(
    store: Store, video_id: int, kind: JobType, most: int
) -> None:
    ask(store, *(NewJob(kind, f"{n}", video_id) for n in range(4)))
    assert [claim(store) is not None for _ in range(4)] == [n < most for n in range(4)]


def test_every_account_publishes_by_itself(store: Store, video_id: int) -> None:
    ask(store, *(NewJob(PUBLISH, f"{n}", video_id, lane=f"{n % 2}") for n in range(4)))
    assert [job and job.lane for job in (claim(store), claim(store), claim(store))] == [
        "0",
        "1",
        None,
    ]


def test_lane_is_free_again_when_its_job_has_ended(store: Store, video_id: int) -> None:
    ask(store, NewJob(RENDER, "a", video_id), NewJob(RENDER, "b", video_id))
    first = claimed(store)
    with store.begin() as tx:
        queue.finish(tx, first, now=NOON)
    assert claimed(store).key == "b"


def test_holder_that_comes_back_late_does_not_take_a_place_that_is_taken(
    store: Store, video_id: int
) -> None:
    ask(store, NewJob(RENDER, "a", video_id), NewJob(RENDER, "b", video_id, priority=1))
    with store.begin() as tx:
        queue.enqueue(tx, NewJob(RENDER, "b", video_id), now=NOON)
    first, late = claimed(store), NOON + timedelta(seconds=queue.LEASE + 1)
    with store.begin() as tx:
        tx.session.execute(text("UPDATE jobs SET priority = 1 WHERE status = 'pending'"))
    assert claimed(store, late).id != first.id
    with store.begin() as tx:
        assert queue.heartbeat(tx, first, now=late, limits=LIMITS) is None


def test_texts_wait_for_an_urgent_render_of_another_process(store: Store, video_id: int) -> None:
    ask(store, NewJob(RENDER, "best", video_id, priority=queue.URGENT))
    best = claimed(store)
    ask(store, NewJob(TEXT, "text", video_id, priority=1))
    assert claim(store) is None
    with store.begin() as tx:
        queue.finish(tx, best, now=NOON)
    assert claimed(store).key == "text"


def test_priority_goes_before_due_time_and_due_time_before_id(store: Store) -> None:
    with store.begin() as tx:
        for key, priority, minutes in (("c", 9, 0), ("b", 5, 2), ("a", 5, 1), ("d", 5, 2)):
            asked = NOON + timedelta(minutes=minutes)
            new = NewJob(JobType.VIDEO_CUTTING, key, None, {}, priority)
            queue.enqueue(tx, new, now=asked)
    later = NOON + timedelta(minutes=3)
    assert [claimed(store, later).key for _ in range(4)] == ["a", "b", "d", "c"]


def test_job_that_died_with_its_worker_again_and_again_runs_alone(
    store: Store, video_id: int
) -> None:
    ask(store, NewJob(JobType.VIDEO_CUTTING, "suspect", video_id))
    now = NOON
    for death in range(retries.MAX_TRIES):
        now = NOON + death * timedelta(minutes=1)
        assert claimed(store, now).key == "suspect"
    now += timedelta(minutes=1)
    ask(store, NewJob(JobType.YT_DOWNLOAD, "other", video_id, priority=1))
    other = claimed(store, now)
    assert other.key == "other"
    ask(store, NewJob(JobType.YT_DOWNLOAD, "later", video_id, priority=200))
    assert claim(store, now) is None  # what runs ends first, and nothing goes before the suspect
    with store.begin() as tx:
        assert queue.finish(tx, other, now=now)
    assert claimed(store, now).key == "suspect"
    assert claim(store, now) is None


def test_wait_is_told_in_the_log_once_for_the_same_reason(store: Store, video_id: int) -> None:
    clock = Clock()

    def handler(ctx: Context) -> None:
        raise wait_error(60)

    jobs = runner(store, handler, clock)
    jobs.enqueue(NewJob(RENDER, "a", video_id))
    for _ in range(3):
        assert jobs.run_due() == 1
        clock.go(hours=1)
    with store.read() as tx:
        assert [line.message for line in tx.logs.of_video(video_id)] == [
            "come back later. It is tried again by itself."
        ]


def test_nothing_begins_while_paused_and_all_goes_on_after(store: Store, video_id: int) -> None:
    clock = Clock()
    here, there = runner(store, nothing, clock), runner(store, nothing, clock)
    here.enqueue(NewJob(RENDER, "a", video_id))
    there.pause()
    assert (here.paused(), here.run_due(), claim(store)) == (True, 0, None)
    there.resume()
    assert (here.paused(), here.run_due()) == (False, 1)


def test_pause_lets_what_runs_end_and_its_follow_up_wait(store: Store, video_id: int) -> None:
    def handler(ctx: Context) -> None:
        jobs.pause()
        ctx.then(NewJob(TEXT, "text", video_id))

    jobs = runner(store, handler, Clock())
    jobs.enqueue(NewJob(RENDER, "a", video_id))
    assert jobs.run_due() == 1
    assert stored(store, "a").status is JobStatus.COMPLETED
    assert stored(store, "text").status is JobStatus.PENDING


def test_cancel_of_everything_reaches_every_video(store: Store, video_id: int) -> None:
    other = add_video(store)
    heard: list[bool] = []

    def handler(ctx: Context) -> None:
        assert jobs.cancel_all() == 1
        heard.append(ctx.should_stop())
        raise Cancelled("heard it")

    jobs = runner(store, handler, Clock())
    jobs.enqueue(NewJob(RENDER, "runs", video_id, priority=1), NewJob(RENDER, "waits", other))
    assert (jobs.run_due(), heard) == (1, [True])
    assert {stored(store, key).status for key in ("runs", "waits")} == {JobStatus.CANCELLED}
    with store.read() as tx:
        said = {tx.videos.get(one).error_message for one in (video_id, other)}
    assert said == {"Stopped. Start it again to go on."}


def test_what_a_dead_worker_left_after_its_cancel_is_not_run(store: Store, video_id: int) -> None:
    clock = Clock()
    jobs = runner(store, nothing, clock)
    jobs.enqueue(NewJob(RENDER, "a", video_id))
    claimed(store)
    jobs.cancel(video_id)
    clock.go(seconds=queue.LEASE + 1)
    for _ in range(3):
        assert jobs.run_due() == 0
        clock.go(seconds=GRACE / 2)
    assert (stored(store, "a").status, stored(store, "a").attempts) == (JobStatus.CANCELLED, 1)


def wait_error(seconds: float) -> YouTubeError:
    return YouTubeError("come back later", kind="wait", retry_after=seconds)


def test_job_that_is_told_to_wait_waits_more_often_than_it_may_fail(
    store: Store, video_id: int
) -> None:
    clock, tries = Clock(), 0

    def handler(ctx: Context) -> None:
        nonlocal tries
        tries += 1
        if tries <= 2 * retries.MAX_TRIES:
            raise wait_error(600)

    jobs = runner(store, handler, clock)
    jobs.enqueue(NewJob(JobType.YT_DOWNLOAD, "a", video_id))
    for _ in range(2 * retries.MAX_TRIES):
        assert jobs.run_due() == 1
        clock.go(seconds=599)
        assert jobs.run_due() == 0
        clock.go(seconds=200)
    jobs.run_due()
    assert stored(store, "a").status is JobStatus.COMPLETED


def test_job_does_not_wait_for_ever(store: Store, video_id: int) -> None:
    def handler(ctx: Context) -> None:
        raise wait_error(retries.LONGEST_STAY / 4)

    clock = Clock()
    jobs = runner(store, handler, clock)
    jobs.enqueue(NewJob(JobType.YT_DOWNLOAD, "a", video_id))
    ran = 0
    while stored(store, "a").status is JobStatus.PENDING:
        ran += jobs.run_due()
        clock.go(hours=8)
    assert 4 <= ran <= 5
    assert stored(store, "a").error_message == "come back later"


def test_a_full_disk_is_waited_for_but_told_at_once_to_who_waits_at_a_terminal() -> None:
    job = Job(1, RENDER, None, JobStatus.PROCESSING, 0, "k", {}, 9, 1, False, NOON, NOON)
    waits = retries.retry_of(DiskFull("no room"), job, chance=0.5, standing=True)
    assert waits is not None
    assert not waits.counts
    assert 0 < waits.after <= 60
    assert retries.retry_of(DiskFull("no room"), job, chance=0.5, standing=False) is None


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (SourceRefused("no"), [None, None, None]),
        (wait_error(5), [5.0, 5.0, 6.0]),
        (ToolFailed("no"), [1.6, 2.0, 2.4]),
    ],
)
def test_waits_are_never_shorter_than_said_and_permanent_errors_have_none(
    error: GravixError, expected: list[float | None]
) -> None:
    job = Job(1, RENDER, None, JobStatus.PROCESSING, 0, "k", {}, 1, 1, False, NOON, NOON)
    found = [
        retries.retry_of(error, job, chance=chance, standing=True) for chance in (0.0, 0.5, 1.0)
    ]
    after = [one and one.after for one in found]
    assert after == expected


JUMPS = [{"minutes": 5}, {"minutes": -5}, {"hours": 9}, {"hours": -9}]


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_who_slept_or_whose_clock_was_set_keeps_what_it_holds(
    store: Store, video_id: int, jump: dict[str, float]
) -> None:
    """Both wake at the same moment, and the one without the job looks first."""
    clock, begun, go_on = Clock(), threading.Event(), threading.Event()

    def handler(ctx: Context) -> None:
        begun.set()
        assert go_on.wait(LONG)
        assert not ctx.should_stop()

    here, there = runner(store, handler, clock), runner(store, nothing, clock)
    here.enqueue(NewJob(RENDER, "a", video_id))
    here.start(1)
    assert begun.wait(LONG)
    assert there.run_due() == 0
    clock.go(**jump)
    assert there.run_due() == 0
    here._worker.beat()
    clock.go(seconds=GRACE)
    assert there.run_due() == 0
    go_on.set()
    here.follow(video_id, on_change=lambda jobs: None, until=lambda: False)
    here.stop()
    job = stored(store, "a")
    assert (job.status, job.attempts, job.fence) == (JobStatus.COMPLETED, 1, 1)


def test_what_nobody_renews_after_a_sleep_is_taken_over(store: Store, video_id: int) -> None:
    clock = Clock()
    jobs = runner(store, nothing, clock)
    jobs.enqueue(NewJob(RENDER, "a", video_id))
    claimed(store)
    assert jobs.run_due() == 0
    clock.go(hours=3)
    assert jobs.run_due() == 0
    clock.go(seconds=GRACE / 2)
    assert jobs.run_due() == 0
    clock.go(seconds=GRACE / 2)
    assert jobs.run_due() == 1


def test_five_sleeps_bury_nobody(store: Store, video_id: int) -> None:
    ask(store, NewJob(RENDER, "a", video_id))
    with store.begin() as tx:
        tx.session.execute(text(f"UPDATE jobs SET attempts = {queue.MAX_CLAIMS - 1}"))
    clock = Clock()
    holder, jobs = claimed(store), runner(store, nothing, clock)
    jobs.run_due()
    clock.go(hours=3)
    jobs.enqueue(NewJob(JobType.VIDEO_CUTTING, "other", video_id))
    assert jobs.run_due() == 0  # what was begun so often runs alone
    with store.begin() as tx:
        assert queue.heartbeat(tx, holder, now=clock(), limits=LIMITS) is False


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_job_that_was_due_is_due_whatever_happens_to_the_clock(
    store: Store, video_id: int, jump: dict[str, float]
) -> None:
    clock = Clock()
    jobs = runner(store, nothing, clock)
    jobs.enqueue(NewJob(RENDER, "a", video_id))
    clock.go(**jump)
    assert jobs.run_due() == 1


def test_wish_of_while_it_ran_survives_a_clock_that_was_put_back(
    store: Store, video_id: int
) -> None:
    ask(store, NewJob(RENDER, "a", video_id))
    job = claimed(store)
    before = NOON - timedelta(minutes=5)
    with store.begin() as tx:
        queue.enqueue(tx, NewJob(RENDER, "a", video_id), now=before, again=True)
        queue.finish(tx, job, now=before)
    assert stored(store, "a").status is JobStatus.PENDING


def test_sleep_makes_no_burst(store: Store, video_id: int) -> None:
    clock, together = Clock(), set[int]()

    def handler(ctx: Context) -> None:
        together.add(len(running(store, video_id)))
        if ctx.job.attempts == 1:
            raise ToolFailed("hiccup")

    jobs = runner(store, handler, clock)
    jobs.enqueue(*(NewJob(RENDER, f"{n}", video_id) for n in range(5)))
    assert jobs.run_due() == 5
    clock.go(hours=8)
    assert (jobs.run_due(), together) == (5, {1})
    with store.read() as tx:
        assert tx.videos.get(video_id).status is VideoStatus.COMPLETED


def running(store: Store, video_id: int) -> list[Job]:
    with store.read() as tx:
        return [job for job in queue.of_video(tx, video_id) if job.status is JobStatus.PROCESSING]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, empty_database: Path, tmp_path: Path) -> Path:
    """A database whose lock is waited for a moment only."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    return tmp_path / "gravix.db"


@pytest.mark.parametrize("trouble", ["locked", "full"])
def test_heartbeat_that_cannot_write_loses_no_job(
    impatient: Path,
    store: Store,
    video_id: int,
    trouble: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """For 20 s by the clock: longer than a lease."""
    clock, begun, go_on = Clock(), threading.Event(), threading.Event()

    def handler(ctx: Context) -> None:
        begun.set()
        assert go_on.wait(LONG)

    here, there = runner(store, handler, clock), runner(store, nothing, clock)
    here.enqueue(NewJob(RENDER, "a", video_id))
    here.start(1)
    assert begun.wait(LONG)
    there.run_due()
    with closing(sqlite3.connect(impatient, isolation_level=None)) as other:
        begin_trouble(other, trouble)
        for _ in range(5):
            clock.go(seconds=4)
            here._worker.beat()
            with suppress(GravixError, IntegrityError):
                there.run_due()
        end_trouble(other, trouble)
    assert "the heartbeat could not be written" in caplog.text
    assert there.run_due() == 0  # it looks first
    clock.go(seconds=BEAT_EVERY)
    here._worker.beat()
    clock.go(seconds=BEAT_EVERY)
    assert there.run_due() == 0
    go_on.set()
    here.follow(video_id, on_change=lambda jobs: None, until=lambda: False)
    here.stop()
    job = stored(store, "a")
    assert (job.status, job.attempts, job.fence) == (JobStatus.COMPLETED, 1, 1)


def begin_trouble(other: sqlite3.Connection, trouble: str) -> None:
    if trouble == "locked":
        other.execute("BEGIN IMMEDIATE")
    else:  # what a disk without room does to every write of a lease
        other.execute(
            "CREATE TRIGGER full BEFORE UPDATE OF lease_until ON jobs"
            " BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )


def end_trouble(other: sqlite3.Connection, trouble: str) -> None:
    other.execute("ROLLBACK" if trouble == "locked" else "DROP TRIGGER full")
