"""Times the queue at 100 and 10,000 waiting jobs, and a crew that waits; writes a table.

    python -m benchmarks.jobs [--rounds 200] [--idle 10]

The jobs are those of videos with twenty reels each; a finish settles its video, as in the product,
a claim does not.  Also: a text that is due behind renders that wait for a render, which is the
worst case of a claim.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import insert

from gravix_core.handlers import GIVES_WAY, limits, settle
from gravix_core.jobs import queue
from gravix_core.jobs.rows import as_new
from gravix_core.jobs.runner import Context, Runner
from gravix_core.media.process import is_alive
from gravix_core.model import Job, JobType, NewJob, Seconds
from gravix_core.store.store import Store
from gravix_core.store.tables import JobRow

T = TypeVar("T")

RESULTS = Path(__file__).resolve().parent / "results"
SIZES = (100, 10_000)
REELS = 20
CREW = 2
CLAIM_WITHIN, GROWS_WITHIN, IDLE_WITHIN = 5.0, 2.0, 1.0
"""Milliseconds, times, percent of a core: promised in docs/architecture.md."""
LIMITS = queue.Limits(limits(renders=1), GIVES_WAY)


@dataclass(frozen=True, slots=True)
class Costs:
    """Medians in milliseconds with so many jobs waiting."""

    waiting: int
    enqueue: float
    look: float
    """Whether there is anything: before every claim, and all that an idle worker does."""
    claim: float
    finish: float
    look_when_full: float
    """Nothing may begin, since every waiting render waits for the one that runs."""
    claim_behind: float
    """Of a text, behind all renders."""
    bytes_per_job: float


@dataclass(frozen=True, slots=True)
class Idle:
    percent_of_a_core: float
    threads: int
    bytes_grown: int


def main() -> None:
    options = _options()
    costs = [_in_house(partial(_costs, waiting=size, rounds=options.rounds)) for size in SIZES]
    idle = _in_house(lambda store: _idle(store, options.idle))
    _write(costs, idle)


def _in_house(measure: Callable[[Store], T]) -> T:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/gravix.db", Path(folder) / "videos")
        try:
            return measure(store)
        finally:
            store.close()


def _fill(store: Store, waiting: int) -> list[int]:
    now, videos = datetime.now(UTC), list[int]()
    with store.begin() as tx:
        for number in range(max(1, waiting // REELS)):
            video = tx.videos.add(
                title="t",
                source_name="t.mp4",
                source_sha256=f"{number}",
                layout="fit",
                chunk_duration=35,
            )
            videos.append(video.id)
        rows = [
            {
                **as_new(now),
                "job_type": JobType.REEL_CONVERSION,
                "key": f"reel/{n}/convert",
                "video_id": videos[n // REELS % len(videos)],
                "args": {"reel_id": n},
                "priority": 100 + n % REELS,
                "created_at": now,
            }
            for n in range(waiting)
        ]
        tx.session.execute(insert(JobRow), rows)
    return videos


def _costs(store: Store, *, waiting: int, rounds: int) -> Costs:
    size_before = _bytes(store)
    videos = _fill(store, waiting)
    grown = (_bytes(store) - size_before) / waiting
    asked, looked, taken, done = list[float](), list[float](), list[float](), list[float]()
    for n in range(rounds):
        new = NewJob(JobType.REEL_CONVERSION, f"new/{n}", videos[n % len(videos)])
        asked.append(_timed(partial(_enqueue, store, new))[0])
        looked.append(_timed(partial(_look, store))[0])
        cost, job = _timed(partial(_claim, store))
        taken.append(cost)
        if job is not None:
            done.append(_timed(partial(_finish, store, job))[0])
    held = _claim(store)
    looks = [_timed(partial(_look, store))[0] for _ in range(rounds)]
    behind = list[float]()
    for n in range(rounds):
        _enqueue(store, NewJob(JobType.AI_METADATA, f"text/{n}", videos[0], priority=9000))
        cost, job = _timed(partial(_claim, store))
        behind.append(cost)
        if job is None or held is None or job.job_type is not JobType.AI_METADATA:
            raise SystemExit("the limits do not hold")
        _finish(store, job)
    return Costs(
        waiting,
        enqueue=_median(asked),
        look=_median(looked),
        claim=_median(taken),
        finish=_median(done),
        look_when_full=_median(looks),
        claim_behind=_median(behind),
        bytes_per_job=round(grown),
    )


def _median(costs: list[float]) -> float:
    return round(statistics.median(costs), 2)


def _enqueue(store: Store, new: NewJob) -> None:
    with store.begin() as tx:
        queue.enqueue(tx, new, now=datetime.now(UTC))


def _look(store: Store) -> bool:
    with store.read() as tx:
        return queue.is_due(tx, now=datetime.now(UTC), limits=LIMITS)


def _claim(store: Store) -> Job | None:
    now = datetime.now(UTC)
    with store.begin() as tx:
        queue.bury(tx, now=now)
        return queue.claim(tx, "benchmark/1", now=now, limits=LIMITS)


def _finish(store: Store, job: Job) -> None:
    with store.begin() as tx:
        queue.finish(tx, job, now=datetime.now(UTC))
        settle(tx, queue.get(tx, job.id))


def _idle(store: Store, seconds: Seconds) -> Idle:
    """A crew over a table of jobs that are all done."""
    _fill(store, 1)
    jobs = Runner(
        store,
        dict.fromkeys(JobType, _nothing),
        settle=settle,
        alive=is_alive,
        limits=LIMITS.at_once,
        gives_way=LIMITS.gives_way,
    )
    jobs.run_due()
    threads, size = threading.active_count(), _bytes(store)
    jobs.start(CREW)
    time.sleep(1)
    before, began = time.process_time(), time.monotonic()
    time.sleep(seconds)
    used = (time.process_time() - before) / (time.monotonic() - began)
    hired = threading.active_count() - threads
    jobs.stop()
    return Idle(round(100 * used, 2), hired, _bytes(store) - size)


def _nothing(ctx: Context) -> None:
    pass


def _timed(deed: Callable[[], T]) -> tuple[float, T]:
    """In milliseconds."""
    began = time.perf_counter()
    result = deed()
    return 1000 * (time.perf_counter() - began), result


def _bytes(store: Store) -> int:
    file = store.file
    if file is None:
        return 0
    files = (file, file.with_name(f"{file.name}-wal"))
    return sum(one.stat().st_size for one in files if one.exists())


def _write(costs: list[Costs], idle: Idle) -> None:
    small, large = costs[0], costs[-1]
    growth = large.claim / small.claim
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    kept = {
        "claim": large.claim < CLAIM_WITHIN,
        "growth": growth < GROWS_WITHIN,
        "idle": idle.percent_of_a_core < IDLE_WITHIN,
    }
    told = {
        "machine": machine,
        "costs_ms": [asdict(one) for one in costs],
        "claim_growth": round(growth, 2),
        "idle": asdict(idle),
        "kept": kept,
    }
    (RESULTS / "jobs.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    lines = [
        "# The queue",
        "",
        f"`make bench-jobs` on {machine}. Medians in milliseconds, each a transaction.",
        "",
        "| Waiting | Enqueue | Look | Claim | Finish | Look, full | Claim behind | Bytes a job |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(
            f"| {one.waiting:,} | {one.enqueue} | {one.look} | {one.claim} | {one.finish}"
            f" | {one.look_when_full} | {one.claim_behind} | {one.bytes_per_job:.0f} |"
            for one in costs
        ),
        "",
        f"Promised: a claim under {CLAIM_WITHIN:g} ms, growth within {GROWS_WITHIN:g} times"
        f" (found {growth:.2f}), idle under {IDLE_WITHIN:g} % of a core.",
        "",
        f"A crew of {CREW} that waits: {idle.percent_of_a_core} % of a core, {idle.threads} threads"
        f" with the heartbeat, the database grew by {idle.bytes_grown} bytes.",
        "",
    ]
    text = "\n".join(lines)
    (RESULTS / "jobs.md").write_text(text, encoding="utf-8")
    print(text)
    if not all(kept.values()):
        raise SystemExit(f"not kept: {', '.join(name for name, ok in kept.items() if not ok)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--idle", type=float, default=10, help="seconds")
    return parser.parse_args()


if __name__ == "__main__":
    main()
