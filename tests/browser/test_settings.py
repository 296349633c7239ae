"""Settings in a real browser: cookies come in as a file, and go again, through the real guard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.browser.browsers import chromium, clean_page, fits
from tests.web.servers import Server, dashboard

pytestmark = pytest.mark.slow

SECRET = "s3cr3t-value"
COOKIES = "\n".join(
    (
        "# Netscape HTTP Cookie File",
        f".youtube.com\tTRUE\t/\tTRUE\t0\tPREF\t{SECRET}",
        f".bank.example\tTRUE\t/\tTRUE\t0\tlogin\t{SECRET}",
    )
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("settings") / "data"


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[Server]:
    with dashboard(data) as server:
        yield server


def test_cookies_come_as_a_file_and_go_in_one_click(
    browser: Browser, server: Server, data: Path
) -> None:
    with clean_page(browser, server, path="settings") as page:
        page.get_by_text("A file, cookies.txt").click()
        file: FilePayload = {
            "name": "cookies.txt",
            "mimeType": "text/plain",
            "buffer": COOKIES.encode(),
        }
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_role("button", name="Use this file").click()
        box = page.locator(".st-key-cookies")
        expect(box).to_contain_text("On: 1 cookie of a file")
        expect(page.get_by_text("1 cookie of other sites left out")).to_be_visible()
        kept = (data / "youtube-cookies.txt").read_text(encoding="utf-8")
        assert "PREF" in kept
        assert "login" not in kept
        assert SECRET not in page.content()

        page.get_by_role("button", name="Delete the cookies").click()
        expect(box).to_contain_text("Off")
        assert not list(data.rglob("*cookies*"))
    assert SECRET not in server.said()


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_an_update_is_asked_for_before_it_begins(
    browser: Browser, server: Server, device: str
) -> None:
    with clean_page(browser, server, device, path="settings") as page:
        expect(page.locator(".st-key-downloader")).to_contain_text("deno")
        assert fits(page)
        page.get_by_role("button", name="Update the downloader").click()
        question = page.get_by_role("dialog")
        expect(question).to_contain_text("Gravix has to be started again")
        question.get_by_role("button", name="Not now").click()
        expect(question).to_be_hidden()
        expect(page.get_by_role("button", name="Update the downloader")).to_be_visible()
