"""Logs keep their order; the overview counts."""

from __future__ import annotations

from datetime import UTC

from gravix_core.model import (
    JobStatus,
    JobType,
    LogLevel,
    PostText,
    RenderedReel,
    Span,
    Video,
)
from gravix_core.store import Store
from gravix_core.store.tables import JobRow
from tests.support import approve

SPANS = (Span(0, 35), Span(35, 70), Span(70, 100))


def test_log_lines_come_back_oldest_first(store: Store, video: Video) -> None:
    with store.begin() as tx:
        first = tx.logs.add(video.id, "brought in")
        second = tx.logs.add(video.id, "no speech found", LogLevel.WARNING)
    with store.read() as tx:
        assert tx.logs.of_video(video.id) == (first, second)
    assert (first.level, second.level) == (LogLevel.INFO, LogLevel.WARNING)
    assert first.created_at.tzinfo is UTC


def test_limit_keeps_the_last_lines(store: Store, video: Video) -> None:
    with store.begin() as tx:
        for number in range(5):
            tx.logs.add(video.id, f"line {number}")
    with store.read() as tx:
        lines = tx.logs.of_video(video.id, limit=2)
    assert [line.message for line in lines] == ["line 3", "line 4"]


def test_line_outlives_its_job(store: Store, video: Video) -> None:
    with store.begin() as tx:
        job = JobRow(job_type=JobType.VIDEO_CUTTING, key="video/1/cut", video_id=video.id)
        tx.session.add(job)
        tx.session.flush()
        line = tx.logs.add(video.id, "cut", job_id=job.id)
        assert line.job_id == job.id
    with store.begin() as tx:
        tx.session.delete(tx.session.get_one(JobRow, line.job_id))
    with store.read() as tx:
        assert [line.job_id for line in tx.logs.of_video(video.id)] == [None]


def test_overview_counts_everything(
    store: Store, video: Video, rendered: RenderedReel, text: PostText
) -> None:
    with store.begin() as tx:
        seen, unseen, _bare = tx.reels.plan(video.id, SPANS, SPANS)
        tx.reels.set_rendered(seen.id, rendered)
        tx.reels.set_rendered(unseen.id, rendered)
        approve(tx, seen.id)
        for status in JobStatus:
            key = f"job/{status}"
            tx.session.add(JobRow(job_type=JobType.AI_METADATA, key=key, status=status))
    with store.read() as tx:
        found = tx.reports.overview()
        assert [item.video for item in found.recent] == [tx.videos.get(video.id)]
    assert (found.videos, found.reels.total, found.reels.rendered) == (1, 3, 2)
    assert (found.reels.to_review, found.reels.approved, found.jobs_active) == (1, 1, 2)


def test_overview_shows_ten_videos_at_most(store: Store) -> None:
    with store.begin() as tx:
        for number in range(12):
            tx.videos.add(
                title=f"{number}", source_name="", source_sha256="", layout="", chunk_duration=35
            )
        found = tx.reports.overview()
    assert found.videos == 12
    assert [item.video.title for item in found.recent] == [f"{n}" for n in range(11, 1, -1)]
