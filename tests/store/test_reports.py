"""What the pages read: counted, ordered, paged, and the same for one video as for all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gravix_core.model import Channel, JobStatus, JobType, ReviewStatus, VideoStatus
from gravix_core.store import Store, Transaction
from gravix_core.store.columns import utc_now
from gravix_core.store.reports import progress_of
from gravix_core.store.tables import JobRow
from gravix_core.views import ReelCounts, ReelFilter, ReelOrder
from tests.pages.houses import TEXT, add_video
from tests.pages.linking import PROBE
from tests.support import approve

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DOWNLOAD, CUT, CONVERT = (
    JobType.YT_DOWNLOAD,
    JobType.VIDEO_CUTTING,
    JobType.REEL_CONVERSION,
)
DONE, RUNS, WAITS = JobStatus.COMPLETED, JobStatus.PROCESSING, JobStatus.PENDING


def add_job(
    tx: Transaction,
    video_id: int,
    kind: JobType = CONVERT,
    status: JobStatus = DONE,
    *,
    progress: int = 0,
    at: datetime = NOON,
) -> None:
    count = tx.session.query(JobRow).count()
    tx.session.add(
        JobRow(
            key=f"job/{count}",
            job_type=kind,
            video_id=video_id,
            status=status,
            progress=progress,
            updated_at=at,
        )
    )
    tx.session.flush()


def test_videos_come_newest_first_and_paged(store: Store) -> None:
    with store.begin() as tx:
        for number in range(5):
            add_video(tx, f"Film {number}")
        page = tx.reports.videos(limit=2, offset=1)
    assert [item.video.title for item in page.items] == ["Film 3", "Film 2"]
    assert page.total == 5


@pytest.mark.parametrize(
    ("search", "found"),
    [("bridge", ["Bridges"]), ("KITCHEN.mp4", ["Kitchen"]), ("100%", ["100% wool"]), ("_", [])],
)
def test_search_takes_the_words_literally(store: Store, search: str, found: list[str]) -> None:
    with store.begin() as tx:
        for title in ("Bridges", "Kitchen", "100% wool", "1000 sheep"):
            add_video(tx, title)
        page = tx.reports.videos(search=search, limit=10)
    assert [item.video.title for item in page.items] == found


def test_videos_can_be_asked_for_by_state(store: Store) -> None:
    with store.begin() as tx:
        add_video(tx, "Bridges", status=VideoStatus.FAILED)
        add_video(tx, "Kitchen")
        page = tx.reports.videos(status=VideoStatus.FAILED, limit=10)
    assert [item.video.title for item in page.items] == ["Bridges"]


def test_reels_are_counted_by_video_and_in_all(store: Store) -> None:
    with store.begin() as tx:
        video, reels = add_video(tx, reels=3)
        add_video(tx, "Kitchen", reels=2, rendered=False)
        approve(tx, reels[0].id)
        tx.reels.decide(reels[1].id, ReviewStatus.REJECTED, seen=reels[1].version)
        by_video = tx.reports.reel_counts([video.id])
        in_all = tx.reports.reel_counts()
    assert by_video == {video.id: ReelCounts(3, 3, 1, 1, 1)}
    assert in_all == {None: ReelCounts(5, 3, 1, 1, 1)}


def test_review_lists_rendered_reels_in_the_order_of_the_story(store: Store) -> None:
    with store.begin() as tx:
        _, first = add_video(tx, reels=2)
        _, second = add_video(tx, "Kitchen", reels=2)
        add_video(tx, "Garden", reels=2, rendered=False)
        page = tx.reports.reels(ReelFilter(), limit=3)
        ids = tx.reports.reel_ids(ReelFilter())
    assert [item.reel for item in page.items] == [*second, first[0]]
    assert page.items[0].video.title == "Kitchen"
    assert (page.total, ids) == (4, tuple(reel.id for reel in (*second, *first)))


def test_reels_of_links_have_their_channel_and_those_of_files_none(store: Store) -> None:
    with store.begin() as tx:
        (file,) = add_video(tx, reels=1)[1]
        (link,) = add_video(tx, "Kitchen", reels=1, link=PROBE)[1]
        found = tx.reports.reel_items([file.id, link.id])
    assert [item.channel for item in found] == [None, Channel("UCanna", "Anna builds", None)]


def test_review_lists_by_video_state_and_score(store: Store) -> None:
    with store.begin() as tx:
        video, reels = add_video(tx, reels=3)
        add_video(tx, "Kitchen", reels=1)
        approve(tx, reels[2].id)
        tx.reels.set_text(reels[1].id, replace(TEXT, quality_score=99))
        open_ones = ReelFilter(video.id, (ReviewStatus.TO_REVIEW,))
        assert tx.reports.reel_ids(open_ones) == (reels[0].id, reels[1].id)
        best = ReelFilter(video.id, order=ReelOrder.SCORE)
        assert tx.reports.reel_ids(best) == (reels[1].id, reels[0].id, reels[2].id)


def test_videos_at_work_come_first_then_the_last_sign_of_life(store: Store) -> None:
    with store.begin() as tx:
        ids = [add_video(tx, f"Film {n}")[0].id for n in range(4)]
        add_job(tx, ids[0], status=WAITS, at=NOON)
        add_job(tx, ids[1], at=NOON + timedelta(hours=1))
        add_job(tx, ids[2], at=NOON + timedelta(hours=2))
        page = tx.reports.worked_on(limit=10)
    assert [item.video.id for item in page.items] == [ids[0], ids[2], ids[1]]
    assert page.total == 3


def test_progress_counts_every_job_of_its_stage(store: Store) -> None:
    with store.begin() as tx:
        video, _ = add_video(tx)
        add_job(tx, video.id, DOWNLOAD)
        add_job(tx, video.id, CUT)
        add_job(tx, video.id, CONVERT)
        add_job(tx, video.id, CONVERT, RUNS, progress=50)
        progress = tx.reports.progress([video.id])[video.id]
    assert progress.percent == int(10 + 2 + 0.75 * 83)
    assert progress.by_status == {DONE: 3, RUNS: 1}
    assert progress.active


@pytest.mark.parametrize("kind", [JobType.PREVIEW_PROXY, JobType.AI_UPGRADE, JobType.IG_PUBLISH])
def test_what_no_reel_waits_for_is_no_part_of_the_progress(store: Store, kind: JobType) -> None:
    with store.begin() as tx:
        video, _ = add_video(tx)
        add_job(tx, video.id, kind, RUNS)
        assert tx.reports.progress([video.id]) == {}


@pytest.mark.parametrize(("hours", "active"), [(-1, 1), (1, 0)])
def test_texts_that_are_asked_for_later_keep_no_page_busy(
    store: Store, hours: int, active: int
) -> None:
    with store.begin() as tx:
        video, _ = add_video(tx)
        add_job(tx, video.id, JobType.AI_UPGRADE, WAITS)
        tx.session.query(JobRow).update({"run_after": utc_now() + timedelta(hours=hours)})
        assert tx.reports.overview().jobs_active == active


def test_stage_counts_only_after_the_one_before_has_ended() -> None:
    again = [(DOWNLOAD, RUNS, 1, 40), (CUT, DONE, 1, 100), (CONVERT, DONE, 9, 900)]
    assert progress_of(again).percent == 4


def test_video_that_is_removed_leaves_no_row(store: Store) -> None:
    with store.begin() as tx:
        video, _ = add_video(tx, reels=2)
        other, kept = add_video(tx, "Kitchen", reels=1)
        add_job(tx, video.id)
        tx.logs.add(video.id, "brought in")
        tx.videos.delete(video.id)
    with store.read() as tx:
        assert [item.video for item in tx.reports.videos(limit=9).items] == [other]
        assert tx.reports.reel_ids(ReelFilter()) == (kept[0].id,)
        assert tx.reports.worked_on(limit=9).total == 0
