"""An address in; how long a browser waits for a page, a rerun, a verdict out.

Streamlit marks on the page whether a script runs; where it stops running, and the browser has
drawn what came, the waiting ends.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, Playwright, ViewportSize

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--mute-audio")
PATIENCE = 60_000
"""Milliseconds."""
WINDOW: ViewportSize = {"width": 1440, "height": 900}
READY = """() => {
    const app = document.querySelector('[data-testid=stApp]')
    const waits = '[data-testid=stSkeleton], [data-testid=stAppSkeleton]'
    return app?.getAttribute('data-test-script-state') === 'notRunning'
        && document.querySelector('h1') && !document.querySelector(waits)
}"""
"""The script has ended, and nothing stands in for what is still being loaded."""
SETTLED = f"() => ({READY})() && performance.now()"
CLICKED = f"""([click, part, word]) => new Promise(told => {{
    const app = document.querySelector('[data-testid=stApp]')
    const begun = performance.now()
    const isReady = {READY}
    let ran = false
    const seen = new MutationObserver(() => {{
        ran ||= app.getAttribute('data-test-script-state') === 'running'
        if (!ran || !isReady() || !document.querySelector(part)?.innerText.includes(word)) return
        seen.disconnect()
        requestAnimationFrame(() => requestAnimationFrame(() => told(performance.now() - begun)))
    }})
    seen.observe(document.body, {{
        attributes: true, childList: true, subtree: true, characterData: true,
    }})
    document.querySelector(click).click()
}})"""
PLAYED = """video => new Promise((told, failed) => {
    video.addEventListener('timeupdate', () => video.currentTime > 0.2 && told(video.pause()))
    video.addEventListener('error', () => failed(new Error('it does not play')))
    video.muted = true
    video.play()
})"""


def chromium(playwright: Playwright) -> Browser:
    """A fresh one: no cache, no profile."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None:
        raise SystemExit(f"No Chromium on this machine (looked for {', '.join(names)} in PATH).")
    return playwright.chromium.launch(executable_path=path, args=list(FLAGS))


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """A tab in a window of its own, once its script has ended."""
    context = browser.new_context(viewport=WINDOW)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(address)
    settled(page)
    yield page
    context.close()


def settled(page: Page) -> float:
    """Wait until the page is there and its script has ended; seconds since it was asked for."""
    found = page.wait_for_function(SETTLED, polling="raf")
    return float(found.json_value()) / 1000


def click(page: Page, key: str, *, part: str = "h1", word: str = "") -> float:
    """Seconds from the click on a button until the script has ended and is drawn.

    Args:
        page: With the button on it.
        key: Of the button.
        part: Selector of a part of the page.
        word: What must stand in that part as well.
    """
    return float(page.evaluate(CLICKED, [f".st-key-{key} button", part, word])) / 1000


def play_all(page: Page) -> int:
    """Play every video of the page for a moment; how many there were."""
    videos = page.locator("video")
    for index in range(videos.count()):
        videos.nth(index).evaluate(PLAYED)
    return videos.count()
