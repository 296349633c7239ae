"""Several real processes on one database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, select

from gravix_core.handlers import settle
from gravix_core.jobs import queue
from gravix_core.jobs.runner import Runner
from gravix_core.model import JobStatus, JobType, NewJob
from gravix_core.store.store import Store
from gravix_core.store.tables import JobRow
from tests.jobs.hand import KEY

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
LONG = 30.0
"""Seconds after which a test has hung."""
PROCESSES = 4

Hire = Callable[[str], subprocess.Popen[str]]


@pytest.fixture
def hire(tmp_path: Path) -> Iterator[Hire]:
    """Starts processes that are ready to begin, and gone after the test."""
    with ExitStack() as stack:

        def start(deed: str) -> subprocess.Popen[str]:
            words = [sys.executable, "-m", "tests.jobs.hand", str(tmp_path / "gravix.db"), deed]
            pipe = subprocess.PIPE
            process = subprocess.Popen(words, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
            stack.enter_context(process)
            stack.callback(process.kill)
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            return process

        yield start


def begin(*processes: subprocess.Popen[str]) -> list[int]:
    """Let them all go at once, and wait for their ends."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [process.wait(LONG) for process in processes]


def until(what: Callable[[], bool], *, within: float = LONG) -> float:
    """Wait for it, and say how long that took."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < within
        time.sleep(0.01)
    return time.monotonic() - began


def renders(folder: Path) -> list[int]:
    """The processes that carry the folder's name in their title."""
    mark, found = f"title={folder}\0".encode(), list[int]()
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:  # gone meanwhile
            continue
    return found


needs_proc = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks into /proc")


def runner(store: Store) -> Runner:
    return Runner(store, {}, settle=settle, alive=lambda pid: True)


def test_same_key_from_many_threads_and_processes_makes_one_row(
    store: Store, video_id: int, hire: Hire
) -> None:
    assert begin(*(hire("ask") for _ in range(PROCESSES))) == [0] * PROCESSES
    with store.read() as tx:
        assert tx.session.scalars(select(JobRow.key)).all() == [KEY]


def test_limits_hold_over_processes(
    store: Store, video_id: int, hire: Hire, tmp_path: Path
) -> None:
    new = [NewJob(JobType.REEL_CONVERSION, f"{n}", video_id) for n in range(12)]
    runner(store).enqueue(*new)
    assert begin(hire("work"), hire("work")) == [0, 0]
    assert (tmp_path / "said").read_text() == "+-" * len(new)
    with store.read() as tx:
        most = tx.session.scalar(select(func.max(JobRow.attempts)))
        states = {job.status for job in queue.of_video(tx, video_id)}
    assert (most, states) == (1, {JobStatus.COMPLETED})


@needs_proc
def test_cancel_ends_the_subprocess_of_another_process_within_a_second(
    store: Store, video_id: int, hire: Hire, tmp_path: Path
) -> None:
    jobs = runner(store)
    jobs.enqueue(NewJob(JobType.REEL_CONVERSION, "a", video_id))
    hire("stand")
    until(lambda: bool(renders(tmp_path)))
    jobs.cancel_all()
    taken = until(lambda: not renders(tmp_path))
    assert taken < 3, "promised is 1 s"
    jobs.follow(video_id, on_change=lambda jobs: None, until=lambda: False)
    with store.read() as tx:
        assert [job.status for job in queue.of_video(tx, video_id)] == [JobStatus.CANCELLED]


@needs_proc
@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_gives_the_work_back_and_leaves_no_process_and_no_log(
    store: Store, video_id: int, hire: Hire, tmp_path: Path, number: signal.Signals
) -> None:
    runner(store).enqueue(NewJob(JobType.REEL_CONVERSION, "a", video_id))
    store.close()  # the last one to leave empties the log
    process = hire("stand")
    until(lambda: bool(renders(tmp_path)))
    began = time.monotonic()
    process.send_signal(number)
    assert process.wait(LONG) == 0
    taken = time.monotonic() - began
    assert taken < 9, "promised are 3 s"
    assert renders(tmp_path) == []
    log = tmp_path / "gravix.db-wal"
    assert not log.exists() or log.stat().st_size == 0
    opened = Store.open(f"sqlite:///{tmp_path / 'gravix.db'}", tmp_path / "videos")
    with opened.read() as tx:
        (job,) = queue.of_video(tx, video_id)
    opened.close()
    assert (job.status, job.attempts) == (JobStatus.PENDING, 0)
