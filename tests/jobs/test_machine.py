"""The queue as a state machine: owners that die and come back, a clock that jumps, zombies."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import cast

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

from gravix_core.errors import ToolFailed
from gravix_core.jobs import pause, queue, wishes
from gravix_core.model import Job, JobStatus, JobType, NewJob
from gravix_core.store.store import Store
from gravix_core.store.tables import JobRow
from tests.jobs.conftest import add_video

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OWNERS = ("a", "b", "c")
LIMITS = queue.Limits(
    {JobType.REEL_CONVERSION: 1, JobType.YT_DOWNLOAD: 2, JobType.IG_PUBLISH: 1},
    {JobType.AI_METADATA: JobType.REEL_CONVERSION},
)
KINDS = (
    (JobType.REEL_CONVERSION, ""),
    (JobType.YT_DOWNLOAD, ""),
    (JobType.IG_PUBLISH, "one"),
    (JobType.IG_PUBLISH, "two"),
    (JobType.AI_METADATA, ""),
)
ENDED = (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED)


class Machine(RuleBasedStateMachine):
    """Every rule does what a worker, an operator or time may do, in any order."""

    def __init__(self, store: Store, video_id: int) -> None:
        super().__init__()
        self.store, self.video_id = store, video_id
        self.now = NOON
        self.clock_was_put_back = False
        self.fences: dict[int, int] = {}
        self.tokens: list[Job] = []
        with store.begin() as tx:
            tx.session.execute(delete(JobRow))
            pause.set_paused(tx, False, now=NOON)

    def new(self, kind: int, number: int) -> NewJob:
        job_type, lane = KINDS[kind]
        key = f"{job_type}/{lane}/{number}"
        return NewJob(job_type, key, self.video_id, {}, priority=20 + 30 * number, lane=lane)

    def stored(self) -> list[JobRow]:
        with self.store.read() as tx:
            return list(tx.session.scalars(select(JobRow)))

    def row(self, job: Job) -> Job | None:
        with self.store.read() as tx:
            return queue.get(tx, job.id)

    @rule(kind=st.integers(0, 4), number=st.integers(0, 3), again=st.booleans())
    def enqueue(self, kind: int, number: int, again: bool) -> None:
        with self.store.begin() as tx:
            queue.enqueue(tx, self.new(kind, number), now=self.now, again=again)

    @rule(owner=st.sampled_from(OWNERS), take_over=st.booleans())
    def claim(self, owner: str, take_over: bool) -> None:
        with self.store.begin() as tx:
            if take_over:
                queue.bury(tx, now=self.now)
            paused = pause.is_paused(tx)
            due = queue.is_due(tx, now=self.now, limits=LIMITS, take_over=take_over)
            job = queue.claim(tx, owner, now=self.now, limits=LIMITS, take_over=take_over)
        assert due == (job is not None)
        if job is None:
            return
        assert not paused
        assert job.attempts <= queue.MAX_CLAIMS
        assert job.fence > self.fences.get(job.id, 0)
        self.tokens.append(job)
        most = LIMITS.at_once.get(job.job_type, 99)
        assert self.live()[job.job_type, job.lane] <= most

    def live(self) -> Counter[tuple[str, str]]:
        held = JobStatus.PROCESSING
        return Counter(
            (row.job_type, row.lane)
            for row in self.stored()
            if row.status == held and row.lease_until is not None and row.lease_until >= self.now
        )

    def holds(self, token: Job) -> bool:
        row = self.row(token)
        return row is not None and (row.fence, row.status) == (token.fence, JobStatus.PROCESSING)

    @precondition(lambda self: self.tokens)
    @rule(data=st.data())
    def heartbeat(self, data: st.DataObject) -> None:
        token = data.draw(st.sampled_from(self.tokens))
        held = self.holds(token)
        with self.store.begin() as tx:
            kept = queue.heartbeat(tx, token, now=self.now, limits=LIMITS)
        assert held or kept is None

    @precondition(lambda self: self.tokens)
    @rule(data=st.data(), deed=st.sampled_from(("progress", "finish", "fail", "wait", "release")))
    def write(self, data: st.DataObject, deed: str) -> None:
        token = data.draw(st.sampled_from(self.tokens))
        held, before = self.holds(token), self.row(token)
        error = ToolFailed("no")
        with self.store.begin() as tx:
            if deed == "progress":
                done = queue.set_progress(tx, token, 50, now=self.now)
            elif deed == "finish":
                ups = [self.new(4, 3)]
                done = queue.finish(tx, token, now=self.now, follow_ups=ups)
            elif deed == "release":
                done = queue.release(tx, token, now=self.now)
            else:
                counts = deed == "fail"
                done = queue.fail(tx, token, error, now=self.now, retry_in=8, counts=counts)
        after = self.row(token)
        assert done == held
        if not held:
            assert after == before
        if before is not None and after is not None and held and before.cancel_requested:
            assert after.status is not JobStatus.COMPLETED

    @precondition(lambda self: self.tokens)
    @rule(data=st.data())
    def cancel_one(self, data: st.DataObject) -> None:
        token = data.draw(st.sampled_from(self.tokens))
        with self.store.begin() as tx:
            wishes.cancel_job(tx, token.id, now=self.now)

    @rule()
    def cancel_all(self) -> None:
        with self.store.begin() as tx:
            wishes.cancel_all(tx, now=self.now)
        assert all(row.status != JobStatus.PENDING for row in self.stored())

    @rule()
    def retry(self) -> None:
        with self.store.begin() as tx:
            wishes.retry(tx, video_id=self.video_id, now=self.now)

    @rule(owner=st.sampled_from(OWNERS))
    def owner_dies(self, owner: str) -> None:
        with self.store.begin() as tx:
            queue.take_back(tx, [owner], now=self.now)
            assert owner not in queue.owners(tx)

    @rule(paused=st.booleans())
    def pause_or_resume(self, paused: bool) -> None:
        with self.store.begin() as tx:
            pause.set_paused(tx, paused, now=self.now)

    @rule(seconds=st.sampled_from((1, 5, 16, 16, 3600, -300)))
    def time_goes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.clock_was_put_back |= seconds < 0

    @invariant()
    def one_row_per_key(self) -> None:
        keys = [row.key for row in self.stored()]
        assert len(keys) == len(set(keys))

    @invariant()
    def fences_only_grow(self) -> None:
        found = {row.id: row.fence for row in self.stored()}
        assert all(found[job_id] >= fence for job_id, fence in self.fences.items())
        self.fences = found

    @invariant()
    def limits_hold(self) -> None:
        if not self.clock_was_put_back:  # which may call back a lease that had run out
            for (kind, _), count in self.live().items():
                assert count <= LIMITS.at_once.get(JobType(kind), 99)

    @invariant()
    def what_is_held_has_a_holder_and_what_has_ended_an_end(self) -> None:
        for row in self.stored():
            runs = row.status == JobStatus.PROCESSING
            assert (row.owner is not None) == (row.lease_until is not None) == runs
            assert (row.completed_at is not None) == (row.status in ENDED)
            assert row.attempts <= queue.MAX_CLAIMS

    @invariant()
    def only_one_token_of_a_job_can_write(self) -> None:
        holders = Counter(token.id for token in self.tokens if self.holds(token))
        assert all(count == 1 for count in holders.values())


def test_the_queue_keeps_its_promises_whatever_happens(store: Store) -> None:
    video_id = add_video(store)
    run_state_machine_as_test(
        cast(type[RuleBasedStateMachine], lambda: Machine(store, video_id)),
        settings=settings(
            max_examples=25,
            stateful_step_count=40,
            deadline=None,
            phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a failure is told at once
            suppress_health_check=list(HealthCheck),
        ),
    )
