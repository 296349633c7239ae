"""The dashboard's crew: it works for all videos, and only `stop` ends it."""

from __future__ import annotations

import logging
import os
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from gravix_core.errors import Cancelled, ToolFailed
from gravix_core.jobs import queue
from gravix_core.jobs.runner import STANDING, Context, Handler, Runner
from gravix_core.model import Job, JobStatus, JobType, NewJob
from gravix_core.store import engine
from gravix_core.store.store import Store
from tests.jobs.conftest import add_video

LONG = 20.0
"""Seconds after which a test has hung."""

Hire = Callable[[Handler], Runner]


@pytest.fixture
def hire(store: Store) -> Iterator[Hire]:
    """Makes runners whose crews are gone after the test."""
    made: list[Runner] = []

    def make(handler: Handler) -> Runner:
        handlers = {JobType.VIDEO_CUTTING: handler, JobType.REEL_CONVERSION: handler}
        made.append(Runner(store, handlers, settle=lambda tx, job: None, alive=lambda pid: True))
        return made[-1]

    yield make
    for runner in made:
        runner.stop()


def cut(video_id: int, key: str = "cut") -> NewJob:
    return NewJob(JobType.VIDEO_CUTTING, key, video_id)


def stored(store: Store, video_id: int) -> tuple[Job, ...]:
    with store.read() as tx:
        return queue.of_video(tx, video_id)


def until_ended(jobs: Runner, video_id: int) -> list[JobStatus]:
    patience = time.monotonic() + LONG
    ended = jobs.follow(
        video_id, on_change=lambda jobs: None, until=lambda: time.monotonic() > patience
    )
    return [job.status for job in ended]


def until_it_tries_again(caplog: pytest.LogCaptureFixture) -> None:
    patience = time.monotonic() + LONG
    while "tries again" not in caplog.text:
        assert time.monotonic() < patience
        time.sleep(0.01)


def threads() -> list[str]:
    ours = ("worker", "heartbeat")
    return [one.name for one in threading.enumerate() if one.name.startswith(ours)]


def nothing(ctx: Context) -> None:
    pass


class Stubborn:
    """A handler that says when it begins, and ends when it is told to stop, or let go."""

    def __init__(self) -> None:
        self.begun, self.free = threading.Event(), threading.Event()

    def __call__(self, ctx: Context) -> None:
        self.begun.set()
        if not ctx.stop.wait(LONG):
            raise AssertionError("nobody asked to stop")
        raise Cancelled("asked to stop")

    def deaf(self, ctx: Context) -> None:
        self.begun.set()
        self.free.wait(LONG)


def test_it_runs_the_jobs_of_all_videos(store: Store, hire: Hire) -> None:
    videos = [add_video(store), add_video(store)]
    jobs = hire(nothing)
    jobs.start(2)
    for video_id in videos:
        jobs.enqueue(cut(video_id, f"cut/{video_id}"))
    assert [until_ended(jobs, video_id) for video_id in videos] == [[JobStatus.COMPLETED]] * 2


def test_it_sees_what_another_process_asks_for(store: Store, hire: Hire, video_id: int) -> None:
    here, there = hire(nothing), hire(nothing)
    here.start(1)
    there.enqueue(cut(video_id))
    assert until_ended(there, video_id) == [JobStatus.COMPLETED]


def test_starting_twice_hires_once_and_stopping_twice_is_harmless(hire: Hire) -> None:
    jobs = hire(nothing)
    jobs.stop()
    jobs.start(2)
    jobs.start(2)
    assert sorted(threads()) == ["heartbeat", "worker-0", "worker-1"]
    jobs.stop()
    jobs.stop()
    assert threads() == []


def test_it_may_be_started_again(hire: Hire, video_id: int) -> None:
    jobs = hire(nothing)
    jobs.start(1)
    jobs.stop()
    jobs.start(1)
    jobs.enqueue(cut(video_id))
    assert until_ended(jobs, video_id) == [JobStatus.COMPLETED]


def test_stopping_gives_a_running_job_back(store: Store, hire: Hire, video_id: int) -> None:
    handler = Stubborn()
    jobs = hire(handler)
    jobs.enqueue(cut(video_id))
    jobs.start(1)
    handler.begun.wait(LONG)
    jobs.stop()
    (job,) = stored(store, video_id)
    assert (job.status, job.attempts, threads()) == (JobStatus.PENDING, 0, [])


def test_stopping_waits_for_no_job_that_does_not_listen(hire: Hire, video_id: int) -> None:
    handler = Stubborn()
    jobs = hire(handler.deaf)
    jobs.enqueue(cut(video_id))
    jobs.start(1)
    handler.begun.wait(LONG)
    before = time.monotonic()
    jobs.stop()
    taken = time.monotonic() - before
    handler.free.set()
    assert taken < 9  # promised are 2 s


def test_who_stops_second_waits_for_the_first(store: Store, hire: Hire, video_id: int) -> None:
    handler = Stubborn()
    jobs = hire(handler)
    jobs.enqueue(cut(video_id))
    jobs.start(1)
    handler.begun.wait(LONG)
    first = threading.Thread(target=jobs.stop)
    first.start()
    jobs.stop()
    assert stored(store, video_id)[0].status is JobStatus.PENDING
    first.join(LONG)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, empty_database: Path, tmp_path: Path) -> Path:
    """A database whose lock is waited for a moment only."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    return tmp_path / "gravix.db"


def test_a_locked_database_does_not_end_it(
    impatient: Path, store: Store, hire: Hire, video_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    jobs = hire(nothing)
    jobs.enqueue(cut(video_id))
    with closing(sqlite3.connect(impatient, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        jobs.start(2)
        until_it_tries_again(caplog)
        other.execute("ROLLBACK")
    assert until_ended(jobs, video_id) == [JobStatus.COMPLETED]


def test_a_database_that_was_out_of_reach_does_not_end_it(
    store: Store, hire: Hire, video_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    jobs = hire(nothing)
    jobs.enqueue(cut(video_id))
    rename(store, "jobs", "gone")
    jobs.start(1)
    until_it_tries_again(caplog)
    rename(store, "gone", "jobs")
    assert until_ended(jobs, video_id) == [JobStatus.COMPLETED]


def rename(store: Store, old: str, new: str) -> None:
    with store.begin() as tx:
        tx.session.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


def test_stopping_ends_the_wait_of_a_worker_in_trouble(
    store: Store, hire: Hire, caplog: pytest.LogCaptureFixture
) -> None:
    jobs = hire(nothing)
    rename(store, "jobs", "gone")
    jobs.start(1)
    until_it_tries_again(caplog)
    jobs.stop()
    assert threads() == []


@pytest.mark.parametrize("end", ["done", "cancelled", "failed", "broken"])
def test_a_job_that_was_deleted_while_it_ran_ends_quietly(
    store: Store, hire: Hire, video_id: int, end: str, caplog: pytest.LogCaptureFixture
) -> None:
    def handler(ctx: Context) -> None:
        if ctx.job.key == "cut":
            delete_jobs(store, video_id)
            ctx.then(cut(video_id, "follows"))
            raise_as(end)

    jobs = hire(handler)
    jobs.enqueue(cut(video_id), cut(add_video(store), "next"))
    with caplog.at_level(logging.WARNING):
        assert jobs.run_due() == 2
    assert (stored(store, video_id), caplog.records) == ((), [])


def delete_jobs(store: Store, video_id: int) -> None:
    with store.begin() as tx:
        tx.session.execute(text(f"DELETE FROM jobs WHERE video_id = {video_id}"))


def raise_as(end: str) -> None:
    errors = {"cancelled": Cancelled("c"), "failed": ToolFailed("f"), "broken": OSError("b")}
    if end in errors:
        raise errors[end]


def test_a_deleted_job_is_told_to_stop(store: Store, hire: Hire, video_id: int) -> None:
    handler = Stubborn()
    jobs = hire(handler)
    jobs.enqueue(cut(video_id))
    jobs.start(1)
    handler.begun.wait(LONG)
    delete_jobs(store, video_id)
    handler.begun.clear()
    jobs.enqueue(cut(video_id, "next"))
    assert handler.begun.wait(LONG)  # the one worker is free again


def left_by_a_crew(jobs: Runner, store: Store, video_id: int) -> None:
    """A job in the name of a dashboard that had our process id and was killed."""
    jobs.enqueue(cut(video_id))
    owner = f"{socket.gethostname()}/{os.getpid()}/{STANDING}"
    with store.begin() as tx:
        assert queue.claim(tx, owner, now=jobs.now()) is not None


def test_who_is_alone_takes_back_what_a_former_dashboard_has_left(
    store: Store, hire: Hire, video_id: int
) -> None:
    jobs = hire(nothing)
    left_by_a_crew(jobs, store, video_id)
    jobs.take_back_dead()
    assert stored(store, video_id)[0].status is JobStatus.PROCESSING
    jobs.take_back_dead(alone=True)
    assert stored(store, video_id)[0].status is JobStatus.PENDING


def test_who_is_alone_leaves_a_command_line_its_work(
    store: Store, hire: Hire, video_id: int
) -> None:
    jobs = hire(nothing)
    jobs.enqueue(cut(video_id))
    with store.begin() as tx:
        assert queue.claim(tx, f"{socket.gethostname()}/1", now=jobs.now()) is not None
    jobs.take_back_dead(alone=True)
    assert stored(store, video_id)[0].status is JobStatus.PROCESSING
