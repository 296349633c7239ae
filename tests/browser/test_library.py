"""Library in a real browser: typing finds videos, and the way back finds the search again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.browsers import chromium, clean_page, fits
from tests.pages.houses import add_video, open_store
from tests.web.servers import Server, dashboard

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("library") / "data"
    data.mkdir()
    store = open_store(data)
    with store.begin() as tx:
        for number in range(1, 26):
            add_video(tx, f"Video {number}", reels=2, rendered=False)
    store.close()
    with dashboard(data) as started:
        yield started


@pytest.mark.parametrize(("device", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_typing_searches_and_the_way_back_keeps_it(
    browser: Browser, server: Server, device: str, scheme: str
) -> None:
    with clean_page(browser, server, device, scheme, path="library") as page:
        cards, search = page.locator("[class*='st-key-video-card-']"), page.get_by_role("searchbox")
        expect(cards).to_have_count(12)
        assert fits(page)
        search.press_sequentially("Video 2")
        expect(cards).to_have_count(7)
        expect(search).to_be_focused()
        cards.first.click()
        page.wait_for_url("**/video?id=25")
        page.go_back()
        expect(search).to_have_value("Video 2")
        expect(cards).to_have_count(7)


def test_fruitless_search_is_cleared_by_one_click(browser: Browser, server: Server) -> None:
    with clean_page(browser, server, path="library") as page:
        search = page.get_by_role("searchbox")
        search.fill("nothing of the kind")
        page.get_by_role("button", name="Show all videos").click()
        expect(page.locator("[class*='st-key-video-card-']")).to_have_count(12)
        expect(search).to_have_value("")
