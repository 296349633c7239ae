"""The page of a video in a real browser while work goes on: what plays, plays on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as TookTooLong
from sqlalchemy import update

from gravix_core.handlers import settle
from gravix_core.jobs import queue
from gravix_core.media.files import source_file
from gravix_core.media.probe import probe
from gravix_core.model import Cue, Job, JobStatus, Span, Transcript
from gravix_core.store.store import Store
from gravix_core.store.tables import JobRow
from tests.browser.browsers import chromium, clean_page, fits
from tests.conftest import Film
from tests.pages.houses import open_store
from tests.pages.works import add_work
from tests.web.servers import Server, dashboard

pytestmark = pytest.mark.slow

LONG = timedelta(days=1)
POLLS_EVERY = 2_000  # milliseconds
SPOKEN = Transcript(words=(), cues=tuple(Cue(f"line {n}", Span(n, n + 1)) for n in range(0, 60)))


@dataclass(frozen=True)
class Work:
    """A dashboard, and a video that somebody elsewhere works on, as far as the test says."""

    server: Server
    store: Store
    job: Job

    def reaches(self, percent: int) -> None:
        with self.store.begin() as tx:
            queue.set_progress(tx, self.job, percent, now=datetime.now(UTC))

    def ends(self) -> None:
        with self.store.begin() as tx:
            queue.finish(tx, self.job, now=datetime.now(UTC))
            settle(tx, queue.get(tx, self.job.id))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def work(tmp_path: Path, film: Film) -> Iterator[Work]:
    data = tmp_path / "data"
    data.mkdir()
    store = open_store(data)
    job = put_to_work(store, film(seconds=60))
    with dashboard(data) as server:
        yield Work(server, store, job)
    store.close()


def put_to_work(store: Store, film: Path) -> Job:
    """A film with two chunks, the second of which is being rendered."""
    with store.begin() as tx:
        video, (_, job) = add_work(tx, "Bridges", [JobStatus.COMPLETED, JobStatus.PROCESSING])
        source = source_file(store.videos_dir, video.id, ".mp4")
        source.parent.mkdir(parents=True)
        source.write_bytes(film.read_bytes())
        tx.videos.store_source(video.id, file=source, info=probe(source), transcript=SPOKEN)
        held = update(JobRow).where(JobRow.id == job.id)
        tx.session.execute(held.values(lease_until=datetime.now(UTC) + LONG))
    return job


def bar(page: Page) -> Locator:
    return page.locator(".st-key-video-state").get_by_test_id("stProgress")


def test_what_plays_plays_on_while_the_work_goes_on(browser: Browser, work: Work) -> None:
    with clean_page(browser, work.server, path="video", query="?id=1") as page:
        expect(bar(page)).to_contain_text("53 %")
        video = page.locator("video").element_handle()
        page.locator(".st-key-preview-1 button").click()
        page.wait_for_function("video => video.currentTime > 0.5", arg=video)
        before = page.evaluate("video => video.currentTime", video)
        work.reaches(50)
        expect(bar(page)).to_contain_text("74 %")
        page.wait_for_function("([v, at]) => v.currentTime > at + 1", arg=[video, before])
        assert page.evaluate("video => video.isConnected && !video.paused", video)


def test_focus_and_scroll_stay_while_the_work_goes_on(browser: Browser, work: Work) -> None:
    with clean_page(browser, work.server, "phone", path="video", query="?id=1") as page:
        line = page.locator(".lines button").nth(3)
        line.focus()
        scrolled = page.get_by_test_id("stMain").evaluate("main => main.scrollTop = 150")
        work.reaches(50)
        expect(bar(page)).to_contain_text("74 %")
        expect(line).to_be_focused()
        assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == scrolled
        assert fits(page)


def test_polling_stops_when_all_is_done(browser: Browser, work: Work) -> None:
    page = browser.new_page()
    with page.expect_websocket() as opened:
        page.goto(f"{work.server.url}/video?id=1")
    expect(bar(page)).to_be_visible()
    opened.value.wait_for_event("framesent")
    work.ends()
    expect(page.locator(".st-key-video-state")).to_contain_text("Ready")
    expect(bar(page)).to_have_count(0)
    with pytest.raises(TookTooLong):
        opened.value.wait_for_event("framesent", timeout=2 * POLLS_EVERY)
    page.close()


def test_preview_stops_at_the_end_of_its_chunk_and_the_chunk_is_downloaded(
    browser: Browser, work: Work
) -> None:
    with clean_page(browser, work.server, path="video", query="?id=1") as page:
        video = page.locator("video").element_handle()
        page.locator(".st-key-preview-1 button").click()
        page.wait_for_function("video => video.currentTime > 0.2", arg=video)
        page.evaluate("video => { video.currentTime = 34 }", video)
        page.wait_for_function("video => video.paused", arg=video)
        assert 34.5 < page.evaluate("video => video.currentTime", video) < 35.1
        with page.expect_download() as told:
            page.locator(".st-key-download-2 a").click()
        assert told.value.suggested_filename == "bridges 02.mp4"
