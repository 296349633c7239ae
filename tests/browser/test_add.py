"""Add in a real browser: a film and its transcript go in, and once is enough."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.browsers import chromium, clean_page, fits
from tests.conftest import Film
from tests.web.servers import Server, dashboard

pytestmark = pytest.mark.slow

SMALL = {"REEL_WIDTH": "270", "REEL_HEIGHT": "480"}
SPOKEN = "1\n00:00:00,000 --> 00:00:03,000\nThe arch carries the load.\n"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with dashboard(tmp_path / "data", **SMALL) as started:
        yield started


def test_film_with_transcript_goes_in_and_comes_out_as_a_reel(
    browser: Browser, server: Server, film: Film
) -> None:
    file = film(seconds=4, name="bridges.mp4")
    file.with_suffix(".srt").write_text(SPOKEN)
    with clean_page(browser, server, "phone", path="add") as page:
        page.get_by_role("tab", name="Files").click()
        page.locator("input[type=file]").set_input_files([file, file.with_suffix(".srt")])
        expect(page.get_by_text("Added: its reels are being made.", exact=True)).to_be_visible()
        card = page.locator(".st-key-video-card-1")
        expect(card).to_contain_text("1 to review")
        expect(page.get_by_test_id("stProgress")).to_have_count(0)
        assert fits(page)
        card.click()
        page.wait_for_url("**/video?id=1")
        expect(page.get_by_role("button", name="The arch carries the load.")).to_be_visible()


def test_same_film_again_is_known(browser: Browser, server: Server, film: Film) -> None:
    file = film(seconds=4, name="bridges.mp4")
    with clean_page(browser, server, path="add") as page:
        page.get_by_role("tab", name="Files").click()
        for said in ("Added: its reels are being made.", "Already in the library."):
            page.locator("input[type=file]").set_input_files(file)
            expect(page.get_by_text(said, exact=True)).to_be_visible()
        expect(page.locator("[class*='st-key-video-card-']")).to_have_count(1)
        page.get_by_role("button", name="Open").first.click()
        page.wait_for_url("**/video?id=1")
