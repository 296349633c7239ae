"""The picture of a reel edited in a real browser: the old one plays until the new one is whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, expect

from tests.browser.browsers import chromium, clean_page, fits
from tests.conftest import Film
from tests.web.servers import Server, dashboard
from tests.web.workshop import studio_on, until_done

pytestmark = pytest.mark.slow

MADE_WITHIN = 180_000  # milliseconds
SMALL = {"REEL_WIDTH": "540", "REEL_HEIGHT": "960", "GRAVIX_WORKERS": "1"}
SPOKEN = """1
00:00:01,000 --> 00:00:04,000
The arch carries the load.

2
00:00:05,000 --> 00:00:10,000
The road rests on the arch.
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, film: Film) -> Iterator[Server]:
    """A dashboard with one reel of twelve seconds."""
    data = tmp_path_factory.mktemp("edit") / "data"
    file = film(seconds=12, size="640x360", name="bridges.mp4")
    file.with_suffix(".srt").write_text(SPOKEN)
    with dashboard(data, **SMALL) as started:
        with studio_on(data) as studio:
            video = studio.intake.add(str(file)).video
        until_done(data, video)
        yield started


def reel(page: Page) -> Locator:
    return page.locator(".st-key-edit-reel video")


def field(page: Page, name: str) -> Locator:
    return page.locator(f"[class*='st-key-edit-{name}-1-'] input").first


def type_into(page: Page, name: str, text: str) -> None:
    field(page, name).fill(text)
    field(page, name).press("Enter")


def still(page: Page) -> None:
    """Wait until all is drawn."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def test_old_reel_plays_until_the_new_one_is_whole(browser: Browser, server: Server) -> None:
    with clean_page(browser, server, path="edit", query="?id=1") as page:
        before = reel(page).get_attribute("src")
        old = reel(page).element_handle()
        reel(page).evaluate("async v => { v.loop = true; v.muted = true; await v.play() }")
        type_into(page, "end", "8")
        type_into(page, "hook", "It isn't: 100 % {so} \"\\")
        expect(page.locator(".st-key-edit-deeds")).to_contain_text("Not saved yet: end and hook")
        page.locator(".st-key-edit-save button").click()
        expect(page.locator(".st-key-edit-state").get_by_test_id("stProgress")).to_be_visible()
        assert reel(page).get_attribute("src") == before
        at = page.evaluate("v => v.currentTime", old)
        page.wait_for_function("([v, at]) => v.currentTime !== at && !v.paused", arg=[old, at])
        expect(reel(page)).not_to_have_attribute("src", str(before), timeout=MADE_WITHIN)
        expect(page.locator(".st-key-edit-state").get_by_test_id("stProgress")).to_have_count(0)
        reel(page).evaluate("async v => { v.muted = true; await v.play() }")
        lasts = 8 - float(field(page, "start").input_value())
        assert reel(page).evaluate("v => v.duration") == pytest.approx(lasts, abs=0.1)
        expect(page.locator(".st-key-edit-deeds")).to_contain_text("of end and hook")


def test_edge_is_set_where_the_player_stands(browser: Browser, server: Server) -> None:
    with clean_page(browser, server, path="edit", query="?id=1") as page:
        line = page.get_by_label("Place in the video")
        page.wait_for_function("() => document.querySelectorAll('video').length >= 1")
        line.fill("3")
        page.wait_for_function(
            "v => v.currentTime === 3", arg=page.locator(".screen video").element_handle()
        )
        page.get_by_role("button", name="Start here").click()
        expect(field(page, "start")).to_have_value("3.0")
        expect(page.locator(".st-key-edit-deeds")).to_contain_text("Not saved yet: start")
        page.locator(".st-key-edit-discard button").click()
        expect(field(page, "start")).not_to_have_value("3.0")


def test_reel_is_played_from_edge_to_edge(browser: Browser, server: Server) -> None:
    with clean_page(browser, server, path="edit", query="?id=1") as page:
        still(page)
        type_into(page, "start", "2")
        type_into(page, "end", "5.5")
        expect(page.locator(".st-key-edit-deeds")).to_contain_text("Not saved yet")
        still(page)
        video = page.locator(".screen video").element_handle()
        page.get_by_role("button", name="Play the reel").click()
        page.wait_for_function("v => !v.paused && v.currentTime > 2", arg=video)
        page.wait_for_function("v => v.paused", arg=video)
        assert page.evaluate("v => v.currentTime", video) == pytest.approx(5.5, abs=0.2)


def test_crop_is_drawn_on_the_source(browser: Browser, server: Server) -> None:
    with clean_page(browser, server, "phone", "dark", path="edit", query="?id=1") as page:
        page.locator("[class*='st-key-edit-fixed-'] label").first.click()
        crop = page.locator(".crop")
        expect(crop).to_be_visible()
        window, screen = crop.bounding_box(), page.locator(".screen").bounding_box()
        assert window is not None
        assert screen is not None
        assert window["width"] / window["height"] == pytest.approx(9 / 16, abs=0.03)
        middle = window["x"] + window["width"] / 2
        assert middle == pytest.approx(screen["x"] + screen["width"] / 2, abs=3)
        assert fits(page)


def test_another_cover_is_shown_at_once_and_the_reel_stays(
    browser: Browser, server: Server
) -> None:
    with clean_page(browser, server, path="edit", query="?id=1") as page:
        poster, src = reel(page).get_attribute("poster"), reel(page).get_attribute("src")
        page.locator(".st-key-cover-7 button").focus()
        page.keyboard.press("Enter")
        expect(reel(page)).not_to_have_attribute("poster", str(poster))
        expect(page.locator(".st-key-cover-7 button")).to_have_attribute("kind", "primary")
        assert reel(page).get_attribute("src") == src


def test_browser_asks_before_unsaved_changes_are_lost(browser: Browser, server: Server) -> None:
    page = browser.new_page()
    page.goto(f"{server.url}/edit?id=1")
    type_into(page, "hook", "Nobody has saved this")
    expect(page.locator(".st-key-edit-deeds")).to_contain_text("Not saved yet: hook")
    still(page)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    with page.expect_event("dialog"):
        page.evaluate("setTimeout(() => location.reload())")
    page.locator(".st-key-edit-discard button").click()
    expect(page.locator(".st-key-edit-discard")).to_have_count(0)
    still(page)
    page.reload()
    expect(page.locator(".st-key-edit-deeds")).to_be_visible()
    expect(field(page, "hook")).not_to_have_value("Nobody has saved this")
    page.close()
    assert asked == ["beforeunload"]


def test_unsaved_changes_are_there_after_a_look_at_another_page(
    browser: Browser, server: Server
) -> None:
    with clean_page(browser, server, path="edit", query="?id=1") as page:
        type_into(page, "hook", "Still here")
        expect(page.locator(".st-key-edit-deeds")).to_contain_text("Not saved yet: hook")
        page.locator(".st-key-edit-ways").get_by_role("link").last.click()
        expect(page.locator(".st-key-video-chunks")).to_be_visible()
        page.locator(".st-key-video-chunks").get_by_role("link", name="Edit").click()
        expect(field(page, "hook")).to_have_value("Still here")
        page.locator(".st-key-edit-discard button").click()
        expect(field(page, "hook")).not_to_have_value("Still here")
