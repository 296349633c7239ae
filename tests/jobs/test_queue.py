"""The queue's statements, driven by hand: no thread, no waiting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gravix_core.errors import ToolFailed
from gravix_core.jobs import queue, wishes
from gravix_core.model import Job, JobStatus, JobType, NewJob
from gravix_core.store.store import Store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOON + timedelta(seconds=queue.LEASE + 1)


def ask(store: Store, key: str = "a", *, priority: int = 100, video_id: int | None = None) -> Job:
    with store.begin() as tx:
        new = NewJob(JobType.VIDEO_CUTTING, key, video_id, {"n": 1}, priority)
        return queue.enqueue(tx, new, now=NOON)


def claim(store: Store, now: datetime = NOON, owner: str = "me") -> Job | None:
    with store.begin() as tx:
        return queue.claim(tx, owner, now=now)


def taken(store: Store, now: datetime = NOON) -> Job:
    job = claim(store, now)
    assert job is not None
    return job


def status(store: Store, job: Job) -> JobStatus:
    with store.read() as tx:
        return queue.get(tx, job.id).status


def test_asking_twice_for_one_key_makes_one_job(store: Store) -> None:
    assert ask(store).id == ask(store).id


def test_a_running_job_is_left_alone_when_it_is_asked_for_again(store: Store) -> None:
    ask(store)
    job = taken(store)
    ask(store)
    assert status(store, job) is JobStatus.PROCESSING


def test_an_ended_job_runs_again_when_it_is_asked_for_again(store: Store) -> None:
    ask(store)
    with store.begin() as tx:
        queue.fail(tx, taken(store), ToolFailed("no"), now=NOON, retry_in=None)
    again = ask(store)
    assert (again.status, again.attempts, again.error_message) == (JobStatus.PENDING, 0, None)


def test_a_claimed_job_is_not_given_to_another(store: Store) -> None:
    ask(store)
    assert claim(store) is not None
    assert claim(store) is None


def test_the_smaller_priority_goes_first(store: Store) -> None:
    ask(store, "bulk", priority=100)
    ask(store, "first", priority=10)
    assert taken(store).key == "first"


def test_a_job_of_a_dead_worker_is_taken_over_and_its_late_answer_is_ignored(store: Store) -> None:
    ask(store)
    zombie = taken(store)
    heir = taken(store, LATER)
    with store.begin() as tx:
        assert not queue.finish(tx, zombie, now=LATER)
        assert not queue.set_progress(tx, zombie, 50, now=LATER)
        assert queue.heartbeat(tx, zombie, now=LATER) is None
        assert queue.finish(tx, heir, now=LATER)


def test_a_heartbeat_keeps_the_lease(store: Store) -> None:
    ask(store)
    with store.begin() as tx:
        queue.heartbeat(tx, taken(store), now=LATER - timedelta(seconds=2))
    assert claim(store, LATER) is None


def test_follow_ups_are_written_together_with_the_end(store: Store) -> None:
    ask(store)
    job = taken(store)
    with store.begin() as tx:
        queue.finish(tx, job, now=NOON, follow_ups=[NewJob(JobType.AI_METADATA, "next", None)])
    assert taken(store).key == "next"


def test_a_zombie_asks_for_nothing(store: Store) -> None:
    ask(store)
    zombie = taken(store)
    taken(store, LATER)
    with store.begin() as tx:
        queue.finish(tx, zombie, now=LATER, follow_ups=[NewJob(JobType.AI_METADATA, "n", None)])
    assert claim(store, LATER) is None


def test_a_job_that_may_be_tried_again_waits_for_its_time(store: Store) -> None:
    ask(store)
    with store.begin() as tx:
        queue.fail(tx, taken(store), ToolFailed("no"), now=NOON, retry_in=8)
    assert claim(store, NOON + timedelta(seconds=7)) is None
    assert claim(store, NOON + timedelta(seconds=8)) is not None


def test_a_failed_job_says_what_happened_and_what_to_do(store: Store) -> None:
    ask(store)
    job = taken(store)
    with store.begin() as tx:
        queue.fail(tx, job, ToolFailed("it refused"), now=NOON, retry_in=None)
        failed = queue.get(tx, job.id)
    assert (failed.error_message, failed.error_hint) == ("it refused", ToolFailed.hint)


def test_a_released_job_does_not_count_as_tried(store: Store) -> None:
    ask(store)
    with store.begin() as tx:
        queue.release(tx, taken(store), now=NOON)
    assert taken(store).attempts == 1


def test_jobs_of_a_worker_known_to_be_dead_are_free_at_once(store: Store) -> None:
    ask(store)
    claim(store, owner="host/1")
    with store.begin() as tx:
        assert queue.owners(tx) == ("host/1",)
        assert len(queue.take_back(tx, ["host/1"], now=NOON)) == 1
    assert claim(store) is not None


def test_a_job_that_kills_its_process_each_time_ends_as_failed(store: Store) -> None:
    ask(store)
    now = NOON
    for _ in range(queue.MAX_CLAIMS):
        taken(store, now)
        now += timedelta(seconds=queue.LEASE + 1)
    with store.begin() as tx:
        (buried,) = queue.bury(tx, now=now)
    assert buried.status is JobStatus.FAILED
    assert buried.error_message == "the worker died each time"
    assert claim(store, now) is None


SOON = NOON + timedelta(seconds=3)


def ask_again(store: Store) -> None:
    with store.begin() as tx:
        new = NewJob(JobType.REEL_CONVERSION, "a", None)
        queue.enqueue(tx, new, now=SOON, again=True)


def end(store: Store, job: Job, how: str) -> None:
    with store.begin() as tx:
        if how == "done":
            assert queue.finish(tx, job, now=SOON)
        elif how == "failed":
            assert queue.fail(tx, job, ToolFailed("no"), now=SOON, retry_in=None)
        else:
            assert queue.mark_cancelled(tx, job, now=SOON)


@pytest.mark.parametrize("how", ["done", "failed", "cancelled"])
def test_job_whose_matter_changed_while_it_ran_runs_once_more(store: Store, how: str) -> None:
    ask(store)
    job = taken(store)
    ask_again(store)
    assert status(store, job) is JobStatus.PROCESSING
    end(store, job, how)
    assert status(store, job) is JobStatus.PENDING
    end(store, taken(store, SOON), "done")
    assert status(store, job) is JobStatus.COMPLETED


def test_cancel_after_the_change_is_the_last_word(store: Store) -> None:
    ask(store)
    job = taken(store)
    ask_again(store)
    with store.begin() as tx:
        wishes.cancel_job(tx, job.id, now=SOON)
    end(store, job, "done")
    assert status(store, job) is JobStatus.CANCELLED


def test_waiting_job_keeps_the_more_urgent_of_two_priorities(store: Store) -> None:
    ask(store, priority=5)
    assert ask(store, priority=100).id == ask(store, "b", priority=50).id - 1
    assert taken(store).key == "a"
