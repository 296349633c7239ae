"""The sample in; a picture of every page of the dashboard, in both themes, out.

    python -m scripts.make_images [--out docs/images]

Makes a data directory of its own and starts a dashboard on it; needs Chromium.
"""

from __future__ import annotations

import argparse
import io
import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from benchmarks.browse import chromium, settled
from benchmarks.server import dashboard
from scripts.stage import FILMS, stage

OUT = Path(__file__).resolve().parent.parent / "docs" / "images"
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
ZONE = "Europe/Berlin"
COLOURS = 192
SHOWN = """video => video.preload === 'none' || video.readyState > 1 || new Promise(shown => {
    video.addEventListener('loadeddata', shown, {once: true})
    setTimeout(shown, 10000)
})"""
"""A video that loads without being asked to shows its first picture, not that it loads."""
LARGEST = 300_000
"""Bytes of one picture."""
SAMPLE_ID = len(FILMS) + 1
"""The sample is added last, so that it is the newest."""
PAGES = {
    "home": "",
    "add": "add",
    "library": "library",
    "video": f"video?id={SAMPLE_ID}",
    "review": "review",
    "edit": "edit?id={reel}",
    "texts": "texts",
    "publish": "publish",
    "activity": "activity",
    "connect": "connect",
    "settings": "settings",
}
"""The address of every page, by the name of its file."""
ON_PHONES = ("home", "review", "edit", "video")


@dataclass(frozen=True, slots=True)
class Shot:
    page: str
    theme: Literal["light", "dark"]
    size: ViewportSize

    @property
    def name(self) -> str:
        return f"{self.page}-{self.theme}{'-phone' if self.size is PHONE else ''}.png"


def shots() -> Iterator[Shot]:
    """All pictures, in the order in which they are taken."""
    for page in PAGES:
        for size in (DESKTOP, PHONE) if page in ON_PHONES else (DESKTOP,):
            for theme in THEMES:
                yield Shot(page, theme, size)


def main() -> None:
    parser = argparse.ArgumentParser(description="Take a picture of every page.")
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    logging.disable()  # the failures are wanted
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder) / "data"
        data.mkdir()
        browser = chromium(playwright)
        print("Making the reels that the pictures show takes a few minutes.", flush=True)
        reel = stage(data)
        with dashboard(data) as server:
            for shot in shots():
                page = PAGES[shot.page].format(reel=reel)
                picture = small(take(browser, f"{server.url}/{page}", shot))
                if len(picture) > LARGEST:
                    raise SystemExit(f"{shot.name} has {len(picture):,} bytes")
                (out / shot.name).write_bytes(picture)
                print(f"{shot.name}: {len(picture):,} bytes", flush=True)
        browser.close()


def take(browser: Browser, address: str, shot: Shot) -> bytes:
    """A page as it is once all of it has come, as PNG."""
    context = browser.new_context(
        viewport=shot.size, color_scheme=shot.theme, timezone_id=ZONE, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address)
    settled(page)
    page.wait_for_load_state("networkidle")
    for video in page.locator("video").all():
        video.evaluate(SHOWN)
    picture = page.screenshot(animations="disabled", caret="hide")
    context.close()
    return picture


def small(picture: bytes) -> bytes:
    """The same PNG with fewer colours."""
    with Image.open(io.BytesIO(picture)) as whole:
        few = whole.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    to = io.BytesIO()
    few.save(to, "PNG", optimize=True)
    return to.getvalue()


if __name__ == "__main__":
    main()
