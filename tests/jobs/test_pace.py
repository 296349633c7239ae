"""How long the rest will take, by what jobs took lately."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gravix_core.jobs.pace import time_left, usually
from gravix_core.model import JobStatus, JobType, Seconds
from gravix_core.store.store import Store, Transaction
from gravix_core.store.tables import JobRow
from tests.jobs.conftest import add_video

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
RENDER, TEXT, CUT = JobType.REEL_CONVERSION, JobType.AI_METADATA, JobType.VIDEO_CUTTING
ONE = {RENDER: 1}


def add(
    tx: Transaction,
    video_id: int,
    kind: JobType = RENDER,
    *,
    took: Seconds | None = None,
    runs: tuple[Seconds, int] | None = None,
) -> None:
    """A job that took so long, or runs for so long and is so far, or waits."""
    count = tx.session.query(JobRow).count()
    row = JobRow(key=f"job/{count}", job_type=kind, video_id=video_id)
    if took is not None:
        row.status = JobStatus.COMPLETED
        row.started_at, row.completed_at = NOW - timedelta(hours=1, seconds=took), NOW
        row.completed_at = row.started_at + timedelta(seconds=took)
    if runs is not None:
        row.status, row.progress = JobStatus.PROCESSING, runs[1]
        row.started_at = NOW - timedelta(seconds=runs[0])
    tx.session.add(row)
    tx.session.flush()


def left(tx: Transaction, video_id: int, at_once: dict[JobType, int] = ONE) -> Seconds | None:
    return time_left(tx, video_id, now=NOW, at_once=at_once)


def test_what_waits_takes_as_long_as_it_took_lately(store: Store, video_id: int) -> None:
    with store.begin() as tx:
        for took in (10, 12, 300):
            add(tx, video_id, took=took)
        add(tx, video_id)
        add(tx, video_id)
        assert left(tx, video_id) == pytest.approx(24)
        assert left(tx, video_id, {RENDER: 2}) == pytest.approx(12)


def test_what_runs_takes_what_is_left_of_it(store: Store, video_id: int) -> None:
    with store.begin() as tx:
        add(tx, video_id, took=10)
        add(tx, video_id, runs=(6, 60))
        assert left(tx, video_id) == pytest.approx(4)
        add(tx, video_id)
        assert left(tx, video_id) == pytest.approx(14)


def test_the_first_render_of_all_tells_how_long_the_others_take(
    store: Store, video_id: int
) -> None:
    with store.begin() as tx:
        add(tx, video_id, runs=(5, 50))
        add(tx, video_id)
        assert left(tx, video_id) == pytest.approx(15)


def test_nothing_is_said_before_it_can_be_known(store: Store, video_id: int) -> None:
    with store.begin() as tx:
        assert left(tx, video_id) is None
        add(tx, video_id, CUT, runs=(5, 50))
        assert left(tx, video_id) is None
        add(tx, video_id)
        assert left(tx, video_id) is None


def test_renders_of_other_videos_take_their_turns_and_their_texts_do_not(
    store: Store, video_id: int
) -> None:
    other = add_video(store)
    with store.begin() as tx:
        add(tx, video_id, took=10)
        add(tx, video_id, TEXT, took=2)
        add(tx, video_id)
        add(tx, other)
        add(tx, other, TEXT)
        assert left(tx, video_id) == pytest.approx(20)


def test_renders_that_found_their_reel_made_tell_nothing(store: Store, video_id: int) -> None:
    with store.begin() as tx:
        for _ in range(5):
            add(tx, video_id, took=0.1)
        add(tx, video_id, took=10)
        assert usually(tx, RENDER) == pytest.approx(10)
