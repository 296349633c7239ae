"""A clock that is set, a database that is locked, a heartbeat that cannot write: nothing is lost.

The command line renders one film, and a dashboard beside it has another one waiting.  The render
gets no further until the trouble is over.  Then its process sleeps for a moment longer, so that the
dashboard is the first to look.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crash import ledger
from tests.crash.engines import COMMAND_LINE, DASHBOARD, Engine, Yard, at_work
from tests.crash.films import make_film
from tests.crash.storm import AT_REST, WHOLE_WITHIN
from tests.crash.timepiece import Timepiece
from tests.media.processes import children, wait_until
from tests.web.workshop import studio_on

pytestmark = pytest.mark.slow

LARGE = {
    "CHUNK_DURATION": "60",
    "REEL_WIDTH": "540",
    "REEL_HEIGHT": "960",
    "GRAVIX_CUT": "fixed",
    "GRAVIX_RENDERS": "1",
}
"""One reel of a film, and only one is rendered at a time."""
LOCKED = 20.0
LEASE = 15.0
FIVE_MINUTES = 300.0
LOOKS = 2.0
"""Seconds in which a worker that has nothing to do has looked at the queue."""
RENDERS = "SELECT count(*) FROM jobs WHERE job_type = 'reel_conversion' AND status = ?"
DEAF = """CREATE TRIGGER deaf BEFORE UPDATE OF lease_until ON jobs
    WHEN OLD.lease_until IS NOT NULL AND NEW.lease_until IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"""


@dataclass(frozen=True)
class Pair:
    """Two processes at work on one data directory, by one clock."""

    yard: Yard
    clock: Timepiece
    renders: Engine
    programs: frozenset[int]
    """What it has started, held."""
    waits: Engine

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """The one that renders does nothing, until the other has looked; then it does so, too."""
        self.renders.process.send_signal(signal.SIGSTOP)
        try:
            yield
            until_passed(LOOKS)
        finally:
            self.renders.process.send_signal(signal.SIGCONT)
        until_passed(LOOKS)

    def until_done(self) -> None:
        go_on(self.programs)
        done = [(0,)]
        wait_until(lambda: self.yard.rows(AT_REST) == done, "all is done", within=WHOLE_WITHIN)
        assert self.renders.process.wait(30) == 0, self.renders.said()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    yard = Yard(tmp_path, make_film(tmp_path / "film.mp4", seconds=24), LARGE)
    clock = Timepiece(tmp_path / "clock")
    with at_work(yard, COMMAND_LINE, more=clock.variables) as first:
        programs = held(first)
        with at_work(yard, DASHBOARD, more=clock.variables) as second:
            second.until_healthy()
            other = make_film(tmp_path / "other.mp4", seconds=3.5)
            with studio_on(yard.data) as studio:
                studio.intake.add(str(other), chunk_duration=60)
            wait_until(lambda: yard.rows(RENDERS, "pending") == [(1,)], "another one waits")
            yield Pair(yard, clock, first, programs, second)


def until_passed(seconds: float) -> None:
    until = time.monotonic() + seconds
    wait_until(lambda: time.monotonic() > until, "so much time has passed")


def held(engine: Engine) -> frozenset[int]:
    """Ids of the programs of a render that gets no further."""

    def is_rendered() -> bool:
        return any(".mp4." in draft.name for draft in engine.yard.drafts("reels"))

    wait_until(is_rendered, "a reel is rendered")
    programs = frozenset(children(engine.process.pid))
    for pid in programs:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    assert is_rendered()
    return programs


def go_on(programs: frozenset[int]) -> None:
    for pid in programs:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def assert_each_was_begun_once(yard: Yard, *, reels: int) -> None:
    jobs = yard.rows("SELECT key, status, fence, attempts FROM jobs")
    assert [job for job in jobs if job[1:] != ("completed", 1, 1)] == []
    assert [ledger.unplayable(reel) for reel in yard.reels()] == [""] * reels
    assert yard.drafts() == []


def test_a_clock_that_is_set_by_five_minutes_costs_no_job_and_delays_none(pair: Pair) -> None:
    began = time.monotonic()
    with pair.asleep():
        pair.clock.step(FIVE_MINUTES)
    with pair.asleep():
        pair.clock.step(-2 * FIVE_MINUTES)
    pair.until_done()
    assert time.monotonic() - began < FIVE_MINUTES / 2
    assert_each_was_begun_once(pair.yard, reels=2)


def test_a_database_that_was_locked_for_20_seconds_costs_no_job(pair: Pair) -> None:
    with locked(pair.yard):
        until_passed(LOCKED)
        assert pair.waits.server.is_healthy()
        pair.renders.process.send_signal(signal.SIGSTOP)
    with pair.asleep():
        """It does not hear at once that it may go on."""
    pair.until_done()
    assert_each_was_begun_once(pair.yard, reels=2)


@contextmanager
def locked(yard: Yard) -> Iterator[None]:
    with closing(sqlite3.connect(yard.data / "gravix.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_heartbeat_that_cannot_write_costs_no_job(tmp_path: Path) -> None:
    """For longer than a lease; the crew of the same dashboard looks for work meanwhile."""
    clock = Timepiece(tmp_path / "clock")
    yard = Yard(tmp_path, make_film(tmp_path / "film.mp4", seconds=24), LARGE)
    with at_work(yard, DASHBOARD, more=clock.variables) as engine:
        engine.until_healthy()
        with studio_on(yard.data) as studio:
            studio.intake.add(str(yard.film), chunk_duration=60)
        programs = held(engine)
        change(yard, DEAF)
        clock.step(0, faster=3)
        ends = clock.off() + LEASE
        wait_until(lambda: clock.off() > ends, "a lease has run out, by far")
        clock.step(0)
        change(yard, "DROP TRIGGER deaf")
        go_on(programs)
        wait_until(lambda: yard.rows(AT_REST) == [(0,)], "all is done", within=WHOLE_WITHIN)
        assert "the heartbeat could not be written" in engine.said()
        assert_each_was_begun_once(yard, reels=1)


def change(yard: Yard, statement: str) -> None:
    with closing(sqlite3.connect(yard.data / "gravix.db", timeout=30)) as connection:
        connection.execute(statement)
        connection.commit()
