"""A notice of what has ended while nobody looked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from streamlit.testing.v1 import AppTest

from gravix_core.jobs import away
from gravix_core.model import JobStatus, VideoStatus
from gravix_core.store.tables import JobRow
from tests.pages.houses import open_store, page_of
from tests.pages.works import add_work

DONE, WAITS, FAILED = JobStatus.COMPLETED, JobStatus.PENDING, JobStatus.FAILED
NOW = datetime.now(UTC)


def given(
    house: Path, title: str, *states: JobStatus, ended: datetime, status: VideoStatus
) -> None:
    store = open_store(house)
    with store.begin() as tx:
        video, _ = add_work(tx, title, states)
        for row in tx.session.query(JobRow).filter(JobRow.video_id == video.id):
            row.completed_at = ended if row.status != WAITS else None
        tx.videos.set_status(video.id, status)
    store.close()


def last_here(house: Path, moment: datetime | None) -> None:
    store = open_store(house)
    with store.begin() as tx:
        if moment is not None:
            away.mark_seen(tx, now=moment)
    store.close()


def toasts(page: AppTest) -> list[str]:
    return [one.value for one in page.toast]


def test_what_ended_while_nobody_looked_is_told_once(house: Path) -> None:
    done = VideoStatus.COMPLETED
    given(house, "Bridges *x*", DONE, DONE, ended=NOW - timedelta(hours=1), status=done)
    given(house, "Before", DONE, ended=NOW - timedelta(hours=3), status=done)
    given(house, "At work", DONE, WAITS, ended=NOW, status=VideoStatus.PROCESSING)
    last_here(house, NOW - timedelta(hours=2))
    (told,) = toasts(page_of("home").run())
    assert told.startswith("While you were away: **Bridges \\*x\\*** was finished")
    assert "Before" not in told
    assert "At work" not in told
    assert toasts(page_of("home").run()) == []


def test_several_are_counted_and_failures_are_told(house: Path) -> None:
    for title in ("A", "B"):
        given(house, title, DONE, ended=NOW, status=VideoStatus.COMPLETED)
    given(house, "C", FAILED, ended=NOW, status=VideoStatus.FAILED)
    last_here(house, NOW - timedelta(hours=2))
    (told,) = toasts(page_of("library").run())
    assert "2 videos were finished" in told
    assert "**C** did not come to an end; Activity says why." in told


def test_nobody_was_away_before_the_first_time(house: Path) -> None:
    given(house, "A", DONE, ended=NOW, status=VideoStatus.COMPLETED)
    assert toasts(page_of("home").run()) == []
