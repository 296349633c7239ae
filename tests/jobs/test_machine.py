"""The queue as a state machine: owners that die and come back, a clock that jumps, zombies.

Whatever is done to the table is done on `paper` as well, and after each deed both hold the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

from gravix_core.errors import DiskFull, GravixError, SourceRefused, ToolFailed, YouTubeError
from gravix_core.jobs import pause, queue, retries, wishes
from gravix_core.model import Job, JobType, NewJob
from gravix_core.store.store import Store
from gravix_core.store.tables import JobRow
from tests.jobs.conftest import add_video
from tests.jobs.paper import (
    CLAIMS,
    DONE,
    FAILED,
    RUNS,
    URGENT,
    WAITS,
    Fault,
    Line,
    Paper,
    Rules,
    waits,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OWNERS = ("a", "b", "c")
RENDER, TEXT, PUBLISH = JobType.REEL_CONVERSION, JobType.AI_METADATA, JobType.IG_PUBLISH
LIMITS = queue.Limits(
    {RENDER: 1, JobType.YT_DOWNLOAD: 2, PUBLISH: 1, JobType.VIDEO_CUTTING: 3}, {TEXT: RENDER}
)
RULES = Rules(
    {"reel_conversion": 1, "yt_download": 2, "ig_publish": 1, "video_cutting": 3},
    {"ai_metadata": "reel_conversion"},
)
KINDS = (
    (RENDER, ""),
    (JobType.YT_DOWNLOAD, ""),
    (PUBLISH, "one"),
    (PUBLISH, "two"),
    (TEXT, ""),
    (JobType.VIDEO_CUTTING, ""),
    (JobType.PREVIEW_PROXY, ""),
)
PRIORITIES = (URGENT, URGENT + 1, 100)
FAULTS: dict[str, tuple[GravixError, Fault]] = {
    "passes": (ToolFailed("hiccup"), Fault("hiccup", passes=True)),
    "stays": (SourceRefused("no film"), Fault("no film", passes=False)),
    "final": (
        YouTubeError("removed", kind="permanent"),
        Fault("removed", passes=False, final=True),
    ),
    "no room": (DiskFull("full"), Fault("full", passes=True, told=30)),
    "told": (
        YouTubeError("in 8 s", kind="wait", retry_after=8),
        Fault("in 8 s", passes=True, told=8),
    ),
    "told of a day": (
        YouTubeError("tomorrow", kind="wait", retry_after=86_400),
        Fault("tomorrow", passes=True, told=86_400),
    ),
}
kinds, numbers = st.sampled_from(KINDS), st.integers(0, 2)
priorities = st.sampled_from(PRIORITIES)


class Machine(RuleBasedStateMachine):
    """Every rule does what a worker, an operator or time may do, in any order."""

    def __init__(self, store: Store, videos: tuple[int, int]) -> None:
        super().__init__()
        self.store, self.videos = store, videos
        self.now = NOON
        self.clock_was_put_back = False
        self.paper = Paper(RULES)
        self.fences: dict[int, int] = {}
        self.tokens: list[Job] = []
        with store.begin() as tx:
            tx.session.execute(delete(JobRow))
            pause.set_paused(tx, False, now=NOON)

    # What is asked for.

    @initialize(asked=st.lists(st.tuples(kinds, numbers, priorities), min_size=3, max_size=9))
    def begin(self, asked: list[tuple[tuple[JobType, str], int, int]]) -> None:
        for kind, number, priority in asked:
            self.enqueue(kind, number, priority, again=False)

    @rule(kind=kinds, number=numbers, priority=priorities, again=st.booleans())
    def enqueue(self, kind: tuple[JobType, str], number: int, priority: int, again: bool) -> None:
        new = self.new(kind, number, priority)
        with self.store.begin() as tx:
            job = queue.enqueue(tx, new, now=self.now, again=again)
        self.paper.ask(self.line(job.id, new), again=again)

    @precondition(lambda self: self.tokens)
    @rule(data=st.data(), priority=priorities, again=st.booleans(), ended=st.booleans())
    def ask_for_what_somebody_has_begun(
        self, data: st.DataObject, priority: int, again: bool, ended: bool
    ) -> None:
        token = data.draw(st.sampled_from(self.tokens)) if ended else self.token(data)
        number = int(token.key.rpartition("/")[2])
        self.enqueue((token.job_type, token.lane), number, priority, again=again)

    def new(self, kind: tuple[JobType, str], number: int, priority: int) -> NewJob:
        job_type, lane = kind
        key = f"{job_type}/{lane}/{number}"
        return NewJob(job_type, key, self.videos[number % 2], {}, priority=priority, lane=lane)

    def line(self, job_id: int, new: NewJob) -> Line:
        assert new.video_id is not None
        kind, lane = new.job_type.value, new.lane
        own = (job_id, new.key, kind, lane, new.video_id, new.priority)
        return Line(*own, run_after=self.now, written=self.now)

    # What workers do.

    @rule(
        owner=st.sampled_from(OWNERS),
        take_over=st.booleans(),
        video=st.sampled_from((None, None, 0, 1)),
        count=st.integers(1, 3),
    )
    def claim(self, owner: str, take_over: bool, video: int | None, count: int) -> None:
        video_id = None if video is None else self.videos[video]
        for _ in range(count):
            self.take(owner, take_over=take_over, video_id=video_id)

    def take(self, owner: str, **asked: Any) -> None:
        if asked["take_over"]:
            self.bury()
        rules = {"now": self.now, "limits": LIMITS, **asked}
        with self.store.begin() as tx:
            due = queue.is_due(tx, **rules)
            job = queue.claim(tx, owner, **rules)
        turn = self.paper.next(self.now, **asked)
        assert (job and job.id) == (turn and turn.id)
        assert due == (job is not None)
        if job is not None and turn is not None:
            assert job.fence > self.fences.get(job.id, 0)
            self.paper.claim(turn, owner, self.now)
            self.tokens.append(job)

    def bury(self) -> None:
        with self.store.begin() as tx:
            buried = queue.bury(tx, now=self.now)
        assert {job.id for job in buried} == self.paper.bury(self.now)

    @precondition(lambda self: self.tokens)
    @rule(data=st.data())
    def heartbeat(self, data: st.DataObject) -> None:
        self.beat(self.token(data))

    @precondition(lambda self: self.holders())
    @rule(
        data=st.data(),
        owner=st.sampled_from(OWNERS),
        number=st.sampled_from((None, 0, 1, 2)),
        take_over=st.booleans(),
    )
    def sleeper_wakes_when_another_may_have_its_place(
        self, data: st.DataObject, owner: str, number: int | None, take_over: bool
    ) -> None:
        token = data.draw(st.sampled_from(self.holders()))
        self.time_goes(16)
        if number is not None:
            self.enqueue((token.job_type, token.lane), number, 0, again=False)
        self.claim(owner, take_over=take_over, video=None, count=3)
        self.beat(token)

    def holders(self) -> list[Job]:
        """Of what there may be but so many of at once."""
        held = [one for one in self.tokens if self.paper.holder(one.id, one.fence)]
        return [one for one in held if one.job_type in LIMITS.at_once]

    def beat(self, token: Job) -> None:
        expected = self.paper.beat(token.id, token.fence, self.now)
        with self.store.begin() as tx:
            assert queue.heartbeat(tx, token, now=self.now, limits=LIMITS) == expected

    @precondition(lambda self: self.tokens)
    @rule(data=st.data(), percent=st.integers(0, 100))
    def tell_progress(self, data: st.DataObject, percent: int) -> None:
        token = self.token(data)
        with self.store.begin() as tx:
            done = queue.set_progress(tx, token, percent, note="half", now=self.now)
            heard = queue.listen(tx, token)
        line = self.paper.holder(token.id, token.fence)
        assert done == (line is not None)
        assert heard == (None if line is None else line.cancel_requested)
        if line is not None:
            line.progress = percent

    @precondition(lambda self: self.tokens)
    @rule(data=st.data(), priority=priorities)
    def finish(self, data: st.DataObject, priority: int) -> None:
        self.end_well(self.token(data), priority)

    def end_well(self, token: Job, priority: int) -> None:
        follow_up = self.new((TEXT, ""), 2, priority)
        with self.store.begin() as tx:
            done = queue.finish(tx, token, now=self.now, follow_ups=[follow_up])
            made = queue.find(tx, follow_up.key)
        line = self.paper.holder(token.id, token.fence)
        assert done == (line is not None)
        if line is not None:
            number = 0 if made is None else made.id
            self.paper.finish(line, [self.line(number, follow_up)], self.now)

    @precondition(lambda self: self.tokens)
    @rule(
        data=st.data(),
        how=st.sampled_from((*FAULTS, "passes", "passes")),
        chance=st.sampled_from((0.0, 0.5, 1.0)),
    )
    def fail(self, data: st.DataObject, how: str, chance: float) -> None:
        self.end_badly(self.token(data), how, chance)

    def end_badly(self, token: Job, how: str, chance: float) -> None:
        error, fault = FAULTS[how]
        retry = retries.retry_of(error, token, chance=chance, standing=True)
        after, counts = (None, True) if retry is None else (retry.after, retry.counts)
        with self.store.begin() as tx:
            done = queue.fail(tx, token, error, now=self.now, retry_in=after, counts=counts)
        line = self.paper.holder(token.id, token.fence)
        assert done == (line is not None)
        if line is None:
            return
        expected = waits(line, fault)
        assert (after is None) == (expected is None)
        if after is not None and expected is not None:
            assert expected[0] <= after <= expected[1]
        self.paper.fail(line, fault, now=self.now, wait=after)

    @precondition(lambda self: self.tokens)
    @rule(data=st.data(), cancelled=st.booleans())
    def stop(self, data: st.DataObject, cancelled: bool) -> None:
        """As a worker does that was told to: by the operator, or by the end of its process."""
        token = self.token(data)
        with self.store.begin() as tx:
            asked = queue.is_unwanted(tx, token) or cancelled
            deed = queue.mark_cancelled if asked else queue.release
            done = deed(tx, token, now=self.now)
        line = self.paper.holder(token.id, token.fence)
        assert done == (line is not None)
        if line is not None and (line.cancel_requested or cancelled):
            self.paper.stop(line, self.now)
        elif line is not None:
            self.paper.give_back(line, self.now)

    def token(self, data: st.DataObject) -> Job:
        """What somebody has claimed; now and then one that is not theirs any more."""
        held = [one for one in self.tokens if self.paper.holder(one.id, one.fence)]
        late = not held or data.draw(st.integers(0, 3)) == 0
        return data.draw(st.sampled_from(self.tokens if late else held))

    @rule(owner=st.sampled_from(OWNERS), times=st.integers(1, CLAIMS), slowly=st.booleans())
    def owner_dies_of_it_again_and_again(self, owner: str, times: int, slowly: bool) -> None:
        """And is seen to be dead, or only not heard of any more."""
        for _ in range(times):
            self.claim(owner, take_over=True, video=None, count=1)
            if slowly:
                self.time_goes(16)
            else:
                self.owner_dies(owner)
        self.claim(owner, take_over=True, video=None, count=2)

    @precondition(lambda self: self.holders())
    @rule(
        data=st.data(),
        cancelled=st.booleans(),
        again=st.booleans(),
        end=st.sampled_from(("well", "dies", "lapses", *FAULTS)),
        chance=st.sampled_from((0.0, 0.5, 1.0)),
    )
    def something_else_is_wanted_before_it_ends(
        self, data: st.DataObject, cancelled: bool, again: bool, end: str, chance: float
    ) -> None:
        token = data.draw(st.sampled_from(self.holders()))
        if cancelled:
            with self.store.begin() as tx:
                wishes.cancel_job(tx, token.id, now=self.now)
            self.paper.cancel(lambda line: line.id == token.id, self.now)
        if again:
            number = int(token.key.rpartition("/")[2])
            self.enqueue((token.job_type, token.lane), number, token.priority, again=True)
        if end == "well":
            self.end_well(token, URGENT)
        elif end == "dies":
            self.owner_dies(self.paper.lines[token.id].owner or "")
        elif end == "lapses":
            self.time_goes(16)
            self.bury()
        else:
            self.end_badly(token, end, chance)
        self.claim(OWNERS[0], take_over=True, video=None, count=2)

    @rule(owner=st.sampled_from(OWNERS))
    def owner_dies(self, owner: str) -> None:
        with self.store.begin() as tx:
            left = queue.take_back(tx, [owner], now=self.now)
            assert owner not in queue.owners(tx)
        assert {job.id for job in left} == self.paper.take_back(owner, self.now)

    # What the operator does, and time.

    @rule(
        which=st.sampled_from(("one", "one", "one", "a video", "everything")),
        place=st.integers(0, 99),
    )
    def cancel(self, which: str, place: int) -> None:
        running = [line.id for line in self.paper.lines.values() if line.runs]
        ids = (place % 3 and running) or sorted(self.paper.lines) or [0]
        job_id, video_id = ids[place % len(ids)], self.videos[place % 2]
        with self.store.begin() as tx:
            if which == "everything":
                ended = wishes.cancel_all(tx, now=self.now)
            elif which == "a video":
                ended = wishes.cancel(tx, video_id=video_id, now=self.now)
            elif self.paper.lines:
                ended = wishes.cancel_job(tx, job_id, now=self.now)
            else:
                ended = ()
        self.has_cancelled(
            ended,
            lambda line: (
                which == "everything"
                or (which == "a video" and line.video_id == video_id)
                or (which == "one" and line.id == job_id)
            ),
        )

    def has_cancelled(self, ended: Iterable[Job], which: Callable[[Line], bool]) -> None:
        assert {job.id for job in ended} == self.paper.cancel(which, self.now)

    @rule(which=st.integers(0, 1))
    def retry(self, which: int) -> None:
        video_id = self.videos[which]
        with self.store.begin() as tx:
            may = wishes.may_retry(tx, video_id=video_id)
            again = wishes.retry(tx, video_id=video_id, now=self.now)
        expected = self.paper.retry(lambda line: line.video_id == video_id, self.now)
        assert {job.id for job in again} == expected
        assert may == bool(expected)

    @precondition(lambda self: self.tokens)
    @rule(data=st.data(), surely=st.integers(0, 3))
    def delete(self, data: st.DataObject, surely: int) -> None:
        job_id = self.token(data).id
        if surely:  # or there is soon nothing left
            return
        with self.store.begin() as tx:
            tx.session.execute(delete(JobRow).where(JobRow.id == job_id))
        self.paper.lines.pop(job_id, None)

    @rule(owner=st.sampled_from(OWNERS), for_long=st.integers(0, 3))
    def pause_or_resume(self, owner: str, for_long: int) -> None:
        for paused in (True, False)[: 1 if for_long == 3 else 2]:
            with self.store.begin() as tx:
                pause.set_paused(tx, paused, now=self.now)
            self.paper.paused = paused
            self.take(owner, take_over=True, video_id=None)

    @rule(seconds=st.sampled_from((1, 2, 5, 15, 16, 16, 3600, -300)))
    def time_goes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.clock_was_put_back |= seconds < 0

    @rule(place=st.integers(0, 99))
    def time_goes_to_the_very_edge(self, place: int) -> None:
        """Of a lease or of a wait: where one second more would change something."""
        lines = self.paper.lines.values()
        edges = [line.lease_until for line in lines if line.lease_until is not None]
        edges += [line.run_after for line in lines if line.status == WAITS]
        ahead = sorted(edge for edge in edges if edge > self.now)
        if ahead:
            self.now = ahead[place % len(ahead)]

    # What holds at any time.

    @invariant()
    def the_table_is_as_it_is_on_paper(self) -> None:
        with self.store.read() as tx:
            rows = list(tx.session.scalars(select(JobRow).order_by(JobRow.id)))
        assert [seen(row) for row in rows] == [
            written(line) for _, line in sorted(self.paper.lines.items())
        ]
        found = {row.id: row.fence for row in rows}
        assert all(fence >= self.fences.get(job_id, 0) for job_id, fence in found.items())
        self.fences |= found

    @invariant()
    def limits_hold(self) -> None:
        if not self.clock_was_put_back:  # which may call back a lease that had run out
            live = [line for line in self.paper.lines.values() if line.is_live(self.now)]
            for (kind, _), count in Counter((one.kind, one.lane) for one in live).items():
                assert count <= RULES.most.get(kind, count)

    @invariant()
    def no_two_who_claimed_have_the_same_right_to_write(self) -> None:
        assert len({(one.id, one.fence) for one in self.tokens}) == len(self.tokens)


def seen(row: JobRow) -> dict[str, Any]:
    names = "id key lane video_id priority run_after status attempts fence owner lease_until"
    more = "cancel_requested again final progress"
    found = {name: getattr(row, name) for name in f"{names} {more}".split()}
    ended = row.completed_at is not None
    error = row.error_message if row.status == FAILED else None
    return {**found, "kind": row.job_type, "waited": row.waited, "ended": ended, "error": error}


def written(line: Line) -> dict[str, Any]:
    found = {name: getattr(line, name) for name in Line.__dataclass_fields__ if name != "written"}
    assert line.attempts <= CLAIMS
    ended = line.status not in {RUNS, WAITS}
    assert line.progress == 100 or line.status != DONE
    return {**found, "ended": ended, "error": line.error if line.status == FAILED else None}


def test_the_queue_keeps_its_promises_whatever_happens(store: Store) -> None:
    videos = (add_video(store), add_video(store))
    run_state_machine_as_test(
        cast(type[RuleBasedStateMachine], lambda: Machine(store, videos)),
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a failure is told at once
            suppress_health_check=list(HealthCheck),
        ),
    )
