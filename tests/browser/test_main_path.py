"""The main job in a real browser: from an empty database to reviewed reels, and none left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.browsers import ASKED_ON_DEEP_LINKS, chromium, clean_page, fits
from tests.web.servers import Server, dashboard

pytestmark = pytest.mark.slow

REELS_WITHIN = 180_000  # milliseconds
SMALL = {"REEL_WIDTH": "270", "REEL_HEIGHT": "480", "CHUNK_DURATION": "35"}
MINE = "Bridges, in my own words: "
ON_RELOAD = [f"/review{end}" for end in ASKED_ON_DEEP_LINKS]
PLAYED = "async video => { await video.play(); return video.currentTime }"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with dashboard(tmp_path / "data", **SMALL) as started:
        yield started


@pytest.mark.parametrize(("device", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_from_an_empty_database_to_reviewed_reels_and_back(
    browser: Browser, server: Server, device: str, scheme: str
) -> None:
    with clean_page(browser, server, device, scheme, harmless=ON_RELOAD) as page:
        add_the_sample(page)
        open_page(page, "Review")
        first, second = cards(page)[:2]
        assert fits(page)
        play(page.locator(f".st-key-reel-{first} video"))
        edit(page, first)
        approve_reject_undo(page, first, second)
        keyboard(page, cards(page))
        delete(page)


def add_the_sample(page: Page) -> None:
    page.locator(".st-key-sample button").click()
    page.wait_for_url(re.compile(r"/video\?id=1$"))
    expect(page.locator(".st-key-video-state")).to_contain_text("Ready", timeout=REELS_WITHIN)


def open_page(page: Page, name: str) -> None:
    """By the navigation, which is a menu on a phone."""
    menu = page.get_by_test_id("stExpandSidebarButton")
    if menu.is_visible():
        menu.click()
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def cards(page: Page) -> list[int]:
    expect(page.locator("[class*='st-key-approve-'] button")).to_have_count(3)
    found = page.locator("[class*='st-key-approve-']").all()
    return [
        int(str(card.get_attribute("class")).split("st-key-approve-")[1].split()[0])
        for card in found
    ]


def play(video: Locator) -> None:
    assert video.get_attribute("preload") == "none"
    start = float(video.evaluate(PLAYED))
    page = video.page
    page.wait_for_function(
        "([v, at]) => v.currentTime > at + 0.3", arg=[video.element_handle(), start]
    )
    video.evaluate("video => video.pause()")


def edit(page: Page, reel: int) -> None:
    caption = page.locator(f".st-key-caption-{reel} textarea")
    caption.press("Control+Home")
    caption.press_sequentially(MINE)
    expect(page.locator(f".st-key-reel-{reel}").get_by_text("Saved")).to_be_visible()
    page.reload()
    expect(caption).to_have_value(re.compile(f"^{re.escape(MINE)}"))
    expect(page.locator(f".st-key-reel-{reel}").get_by_text("Written by you")).to_be_visible()


def approve_reject_undo(page: Page, first: int, second: int) -> None:
    press(page, f"approve-{first}")
    expect(page.locator(f".st-key-reel-{first}").get_by_text("Approved")).to_be_visible()
    press(page, f"reject-{second}")
    expect(page.locator(f".st-key-reel-{second}").get_by_text("Rejected")).to_be_visible()
    press(page, f"undo-{second}")
    expect(page.locator(f".st-key-reel-{second}").get_by_text("To review")).to_be_visible()
    expect(page.locator(".st-key-reel-choices")).to_contain_text("Approved (1)")


def press(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button:visible").first.click()


def keyboard(page: Page, reels: list[int]) -> None:
    press(page, f"focus-{reels[0]}")
    key_leads_to(page, "", "1 of 3")
    key_leads_to(page, "j", "2 of 3")
    key_leads_to(page, "a", "3 of 3")
    page.keyboard.press("x")
    expect(page.locator(".st-key-reel-end")).to_be_visible()
    key_leads_to(page, "z", "3 of 3")
    expect(page.locator(".st-key-reel-large")).to_contain_text("To review")


def key_leads_to(page: Page, key: str, place: str) -> None:
    """Press it, if there is one, and wait until all is drawn: keys belong to buttons."""
    if key:
        page.keyboard.press(key)
    expect(page.locator(".st-key-reel-steps")).to_contain_text(place)
    expect(page.locator(".st-key-reel-keys")).to_be_attached()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def delete(page: Page) -> None:
    open_page(page, "Library")
    page.get_by_role("link", name="gravix-sample").first.click()
    press(page, "delete")
    press(page, "delete-confirm")
    expect(page.get_by_text("No videos yet")).to_be_visible()
    expect(page.get_by_test_id("stToast").first).to_contain_text("is deleted")
