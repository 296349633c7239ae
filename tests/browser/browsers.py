"""A real Chromium for the tests: how it is found and started, and pages that must stay clean."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.web.servers import Server

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {"desktop": (1440, 900), "phone": (390, 844)}
PATIENCE = 30_000  # milliseconds
ASKED_ON_DEEP_LINKS = ("/_stcore/health", "/_stcore/host-config")
"""Streamlit asks for them below the page's own path first, and is told 404."""

expect.set_options(timeout=PATIENCE)


def find_chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        found = shutil.which(name)
        if found:
            return found
    if os.environ.get("CI"):
        pytest.fail("no Chromium on this machine, and CI must run the browser tests")
    pytest.skip("no Chromium on this machine (looked for chromium and google-chrome in PATH)")


@contextmanager
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def clean_page(
    browser: Browser,
    server: Server,
    device: str = "desktop",
    scheme: str = "light",
    *,
    path: str = "",
    query: str = "",
    harmless: Sequence[str] = (),
) -> Iterator[Page]:
    """A page that may say nothing on the console and ask nobody but us.

    Args:
        browser: From `chromium`.
        server: Whose page is opened.
        device: A name in `WIDTHS`.
        scheme: ``light`` or ``dark``.
        path: Without the leading slash.
        query: With the leading question mark.
        harmless: Parts of what the console may say after all.
    """
    width, height = WIDTHS[device]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        timezone_id="Asia/Tokyo",
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(_told(message)))
    page.on("pageerror", lambda error: said.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url.replace("ws://", "http://")))
    page.goto(f"{server.url}/{path}{query}")
    try:
        yield page
        page.wait_for_load_state("networkidle")
    finally:
        context.close()
    assert asked
    assert [url for url in asked if not url.startswith((f"{server.url}/", "data:", "blob:"))] == []
    allowed = (*(f"{server.url}/{path}{end}" for end in ASKED_ON_DEEP_LINKS if path), *harmless)
    assert [line for line in said if not any(part in line for part in allowed)] == []


def _told(message: ConsoleMessage) -> str:
    return f"{message.type}: {message.text} ({message.location['url']})"


def fits(page: Page) -> bool:
    """True when nothing has to be moved sideways to be seen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
