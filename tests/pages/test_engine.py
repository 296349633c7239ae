"""The engine on the pages: paused, resumed, cancelled as a whole; and how long it will take."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.model import JobStatus, JobType
from gravix_core.store.tables import JobRow
from gravix_core.studio import shared_studio
from gravix_ui.parts.engine import PAUSED
from gravix_ui.parts.job_words import time_left
from tests.pages.houses import open_store, page_of
from tests.pages.works import add_work

WAITS, RUNS, DONE = JobStatus.PENDING, JobStatus.PROCESSING, JobStatus.COMPLETED


def given(house: Path, *states: JobStatus) -> int:
    store = open_store(house)
    with store.begin() as tx:
        video, _ = add_work(tx, "Bridges", states)
    store.close()
    return video.id


def keys(page: AppTest) -> set[str]:
    return {str(button.key) for button in page.button}


def infos(page: AppTest) -> list[str]:
    return [one.value for one in page.info]


def test_an_idle_engine_shows_neither_pause_nor_cancel(house: Path) -> None:
    given(house, DONE)
    page = page_of("activity").run()
    assert not keys(page) & {"pause", "resume", "cancel-all-now"}


def test_it_can_be_paused_and_resumed_and_every_page_where_work_is_asked_for_says_so(
    house: Path,
) -> None:
    given(house, WAITS)
    page = page_of("activity").run()
    page.button(key="pause").click().run()
    assert not page.exception
    assert shared_studio().activity.is_paused()
    assert infos(page) == [PAUSED]
    for name in ("home", "add"):
        assert PAUSED in infos(page_of(name).run())
    page.button(key="resume").click().run()
    assert not shared_studio().activity.is_paused()
    assert infos(page) == []
    assert "pause" in keys(page)


def test_everything_can_be_cancelled_at_once(house: Path) -> None:
    first, second = given(house, WAITS, WAITS), given(house, WAITS)
    page = page_of("activity").run()
    page.button(key="cancel-all-now").click().run()
    assert not page.exception
    for video_id in (first, second):
        jobs = shared_studio().activity.jobs(video_id)
        assert not {item.job.status for item in jobs} & {WAITS, RUNS}


def test_the_card_says_how_long_it_will_take(house: Path) -> None:
    store = open_store(house)
    with store.begin() as tx:
        add_work(tx, "Bridges", (DONE, WAITS, WAITS, WAITS))
        done = tx.session.query(JobRow).filter(JobRow.status == DONE).all()
        for row in done:
            row.job_type = JobType.REEL_CONVERSION
            row.started_at = row.created_at
            row.completed_at = row.created_at + timedelta(seconds=60)
    store.close()
    page = page_of("activity").run()
    assert any("About 3 minutes left" in one.value for one in page.caption)


def test_a_paused_engine_promises_no_time(house: Path) -> None:
    assert time_left(61, paused=True) == "about 1 minute of work left"
    store = open_store(house)
    with store.begin() as tx:
        add_work(tx, "Bridges", (DONE, WAITS))
        row = tx.session.query(JobRow).filter(JobRow.job_type == JobType.REEL_CONVERSION).first()
        assert row is not None
        row.started_at, row.completed_at = row.created_at, row.created_at + timedelta(seconds=60)
    store.close()
    shared_studio().activity.pause()
    page = page_of("activity").run()
    assert "About 1 minute of work left" in [one.value for one in page.caption]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (10, "less than a minute left"),
        (61, "about 1 minute left"),
        (200, "about 3 minutes left"),
        (5399, "about 2 hours left"),
        (9000, "about 2 hours left"),
    ],
)
def test_time_left_is_told_roughly(seconds: float, told: str) -> None:
    assert time_left(seconds) == told
