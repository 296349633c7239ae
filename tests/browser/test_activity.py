"""Activity in a real browser: it follows the work without moving what the operator looks at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import update

from gravix_core.jobs import queue
from gravix_core.model import JobStatus
from gravix_core.store.store import Store
from gravix_core.store.tables import JobRow
from tests.browser.browsers import chromium, clean_page, fits
from tests.pages.houses import open_store
from tests.pages.works import add_work
from tests.web.servers import Server, dashboard, wait_until

pytestmark = pytest.mark.slow

WAITS, RUNS, DONE = JobStatus.PENDING, JobStatus.PROCESSING, JobStatus.COMPLETED
CANCELLED = JobStatus.CANCELLED
FAR = datetime(2099, 1, 1, tzinfo=UTC)
SCROLLED = "box => { box.scrollTop = 280; return box.scrollTop === 280 }"
ROW = 35
"""Pixels."""
ACTION = 132 + 92 + 104 + 50
"""Pixels from the left edge of the table to the middle of the buttons."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Three videos; of each the second reel is at work on another machine, the rest waits."""
    store = open_store(tmp_path_factory.mktemp("activity") / "data")
    with store.begin() as tx:
        for title in ("Bridges", "Kitchen", "Harbour"):
            add_work(tx, title, [DONE, RUNS, *[WAITS] * 28], progress=42)
        tx.session.execute(update(JobRow).where(JobRow.status == RUNS).values(lease_until=FAR))
        tx.session.execute(update(JobRow).where(JobRow.status == WAITS).values(run_after=FAR))
    yield store
    store.close()


@pytest.fixture(scope="module")
def server(house: Store) -> Iterator[Server]:
    with dashboard(house.videos_dir.parent) as server:
        yield server


def open_jobs(page: Page, video_id: int) -> Locator:
    """The table of a video's jobs."""
    page.locator(f".st-key-jobs-{video_id}").get_by_text("Jobs and log").click()
    table = page.locator(f".st-key-details-{video_id}").get_by_test_id("stDataFrame")
    expect(table.get_by_test_id("glide-cell-0-1")).to_be_attached()
    return table


def renders(house: Store, video_id: int) -> list[JobStatus]:
    """How the renders of a video stand."""
    with house.read() as tx:
        return [job.status for job in queue.of_video(tx, video_id)[2:]]


def test_progress_is_followed_and_nothing_else_moves(
    browser: Browser, server: Server, house: Store
) -> None:
    with clean_page(browser, server, path="activity") as page:
        now = page.locator(".st-key-job-now-1")
        expect(now).to_contain_text("render reel 2 (42 %)")
        scroller = open_jobs(page, 1).locator(".dvn-scroller")
        page.wait_for_function(SCROLLED, arg=scroller.element_handle())
        with house.begin() as tx:
            mine = (JobRow.video_id == 1) & (JobRow.status == RUNS)
            tx.session.execute(update(JobRow).where(mine).values(progress=77))
        expect(now).to_contain_text("render reel 2 (77 %)")
        assert scroller.evaluate("box => box.scrollTop") == 280


def test_a_job_is_cancelled_from_the_table(browser: Browser, server: Server, house: Store) -> None:
    with clean_page(browser, server, path="activity") as page:
        table = open_jobs(page, 2)
        expect(table.get_by_test_id("glide-cell-0-2")).to_have_text("Render reel 4")
        table.click(position={"x": ACTION, "y": 3.5 * ROW})
        expect(page.get_by_test_id("stToast")).to_contain_text("nothing of it is lost")
        wait_until(lambda: CANCELLED in renders(house, 2), "a job to be cancelled")
        assert renders(house, 2)[:5] == [DONE, RUNS, WAITS, CANCELLED, WAITS]


def test_when_the_work_on_a_video_ends_its_card_says_so(
    browser: Browser, server: Server, house: Store
) -> None:
    with clean_page(browser, server, path="activity") as page:
        expect(page.locator(".st-key-cancel-3")).to_be_visible()
        with house.begin() as tx:
            ended = update(JobRow).where(JobRow.video_id == 3)
            tx.session.execute(ended.values(status=DONE, progress=100))
        expect(page.locator(".st-key-cancel-3")).to_have_count(0)
        expect(page.locator(".st-key-job-now-3").get_by_test_id("stProgress")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_it_fits(browser: Browser, server: Server, device: str, scheme: str) -> None:
    with clean_page(browser, server, device, scheme, path="activity") as page:
        open_jobs(page, 1)
        assert fits(page)
