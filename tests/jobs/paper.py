"""What is done to the queue in; what an operator who keeps it on paper expects, out.  Pure.

Knows nothing of `gravix_core.jobs`: its rules and numbers are written down a second time, so that a
change of either is noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LEASE = timedelta(seconds=15)
CLAIMS = 5
TRIES = 3
SUSPECT = 3
"""A job that was begun so often and waits has seen a worker die; it is begun alone."""
URGENT = 25
DAY = 86_400

WAITS, RUNS = "pending", "processing"
DONE, FAILED, CANCELLED = "completed", "failed", "cancelled"


@dataclass
class Line:
    """A job, as it must be found in the table."""

    id: int
    key: str
    kind: str
    lane: str
    video_id: int
    priority: int
    run_after: datetime
    written: datetime
    """When it last came to wait: what was due then is due, wherever the clock is put."""
    status: str = WAITS
    attempts: int = 0
    fence: int = 0
    owner: str | None = None
    lease_until: datetime | None = None
    cancel_requested: bool = False
    again: bool = False
    waited: float = 0.0
    final: bool = False
    progress: int = 0
    error: str | None = None

    @property
    def runs(self) -> bool:
        return self.status == RUNS

    def is_live(self, now: datetime) -> bool:
        return self.runs and self.lease_until is not None and self.lease_until >= now

    def ask_anew(self, now: datetime) -> None:
        """As if it had never been asked for before, but for its fence."""
        self._let_go(WAITS, now)
        self.run_after, self.attempts, self.waited, self.progress = now, 0, 0.0, 0
        self.cancel_requested = self.again = self.final = False
        self.error = None

    def end(self, status: str, now: datetime, error: str | None = None) -> None:
        self._let_go(status, now)
        self.error = error or self.error

    def wait(self, now: datetime) -> None:
        self._let_go(WAITS, now)

    def _let_go(self, status: str, now: datetime) -> None:
        self.status, self.written = status, now
        self.owner = self.lease_until = None


@dataclass(frozen=True)
class Fault:
    """What a try ended in."""

    said: str
    passes: bool
    told: float | None = None
    """When its source wants to be asked again, in seconds; such a try does not count."""
    final: bool = False
    """The operator's wish changes nothing either."""


@dataclass
class Rules:
    """What may run at the same time."""

    most: dict[str, int]
    gives_way: dict[str, str]


@dataclass
class Paper:
    """All jobs by their ids, and whether the engine is paused."""

    rules: Rules
    lines: dict[int, Line] = field(default_factory=dict)
    paused: bool = False

    def line(self, key: str) -> Line | None:
        return next((one for one in self.lines.values() if one.key == key), None)

    def ask(self, new: Line, *, again: bool = False) -> None:
        """For the job of a new line, of which the id counts only where the key is new."""
        line, now = self.line(new.key), new.run_after
        if line is None:
            self.lines[new.id] = new
        elif line.runs:
            line.again |= again
        else:
            more_urgent = min(line.priority, new.priority)
            line.priority = more_urgent if line.status == WAITS else new.priority
            line.ask_anew(now)

    def next(self, now: datetime, *, video_id: int | None, take_over: bool) -> Line | None:
        """Whose turn it is.

        Args:
            take_over: Else nobody is presumed dead: who has lost the lease keeps the place, too.
        """

        def passes_for_live(one: Line) -> bool:
            return one.is_live(now) or (one.runs and not take_over)

        live = [one for one in self.lines.values() if passes_for_live(one)]
        may = [
            one
            for one in self.lines.values()
            if (_is_due(one, now) or (one.runs and one not in live))
            and video_id in {None, one.video_id}
            and self._has_room(one, live)
            and not self._gives_way(one, live)
        ]
        if not may or self.paused:
            return None
        first = min(may, key=lambda one: (one.priority, one.run_after, one.id))
        if any(one.attempts > SUSPECT for one in live) or (live and first.attempts >= SUSPECT):
            return None
        return first

    def claim(self, line: Line, owner: str, now: datetime) -> None:
        line.status, line.owner, line.lease_until = RUNS, owner, now + LEASE
        line.fence, line.attempts, line.again = line.fence + 1, line.attempts + 1, False

    def holder(self, job_id: int, fence: int) -> Line | None:
        """The job, if whoever claimed it as the `fence`-th still has it."""
        line = self.lines.get(job_id)
        return line if line is not None and line.runs and line.fence == fence else None

    def beat(self, job_id: int, fence: int, now: datetime) -> bool | None:
        line = self.holder(job_id, fence)
        live = [one for one in self.lines.values() if one.is_live(now)]
        if line is None or not (line in live or self._has_room(line, live)):
            return None
        line.lease_until = now + LEASE
        return line.cancel_requested

    def finish(self, line: Line, follow_ups: Iterable[Line], now: datetime) -> None:
        if line.cancel_requested:
            self.stop(line, now)
            return
        if line.again:
            line.ask_anew(now)
        else:
            line.end(DONE, now)
            line.progress = 100
        for new in follow_ups:
            self.ask(new)

    def fail(self, line: Line, error: Fault, *, now: datetime, wait: float | None) -> None:
        if line.cancel_requested:
            self.stop(line, now)
        elif line.again:
            line.ask_anew(now)
        elif wait is None:
            line.end(FAILED, now, error.said)
            line.final = error.final
        else:
            line.wait(now)
            line.error = error.said
            line.run_after = now + timedelta(seconds=wait)
            if error.told is not None:
                line.attempts, line.waited = line.attempts - 1, line.waited + wait

    def give_back(self, line: Line, now: datetime) -> None:
        line.wait(now)
        line.attempts, line.progress = line.attempts - 1, 0

    def stop(self, line: Line, now: datetime) -> None:
        if line.again:
            line.ask_anew(now)
        else:
            line.end(CANCELLED, now)

    def cancel(self, which: Callable[[Line], bool], now: datetime) -> set[int]:
        """Ids of those that ended by it."""
        ended = {one.id for one in self.lines.values() if which(one) and one.status == WAITS}
        for one in filter(which, self.lines.values()):
            if one.status == WAITS:
                one.end(CANCELLED, now)
            elif one.runs:
                one.cancel_requested, one.again = True, False
        return ended

    def retry(self, which: Callable[[Line], bool], now: datetime) -> set[int]:
        """Ids of those that wait again by it."""
        ended = [one for one in self.lines.values() if one.status in {FAILED, CANCELLED}]
        may = [one for one in ended if which(one) and one.kind != "ig_publish"]
        again = [one for one in may if not one.final]
        for one in again:
            one.ask_anew(now)
        return {one.id for one in again}

    def bury(self, now: datetime) -> set[int]:
        """What has lost its lease and shall not run again, ended."""
        left = [one for one in self.lines.values() if one.runs and not one.is_live(now)]
        return {one.id for one in left if self._ends(one, now)}

    def take_back(self, owner: str, now: datetime) -> set[int]:
        """What a dead worker has left, ended or waiting again."""
        left = [one for one in self.lines.values() if one.runs and one.owner == owner]
        for one in left:
            if not self._ends(one, now):
                one.wait(now)
        return {one.id for one in left}

    def _ends(self, line: Line, now: datetime) -> bool:
        if line.cancel_requested:
            self.stop(line, now)
        elif line.attempts >= CLAIMS:
            line.end(FAILED, now, line.error or "the worker died each time")
        return not line.runs

    def _has_room(self, line: Line, live: list[Line]) -> bool:
        same = [one for one in live if (one.kind, one.lane) == (line.kind, line.lane)]
        return len(same) < self.rules.most.get(line.kind, len(same) + 1)

    def _gives_way(self, line: Line, live: list[Line]) -> bool:
        to = self.rules.gives_way.get(line.kind)
        return any(one.kind == to and one.priority <= URGENT for one in live)


def waits(line: Line, error: Fault) -> tuple[float, float] | None:
    """The shortest and the longest wait until the next try, in seconds; None when there is none."""
    if not error.passes:
        return None
    if error.told is not None:
        return (error.told, 1.2 * error.told) if line.waited < DAY else None
    if line.attempts >= TRIES:
        return None
    wait = min(600.0, 2.0**line.attempts)
    return 0.8 * wait, 1.2 * wait


def _is_due(line: Line, now: datetime) -> bool:
    return line.status == WAITS and line.run_after <= max(now, line.written)
