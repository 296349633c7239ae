"""`make images`: which pictures it takes."""

from __future__ import annotations

import re
from pathlib import Path

from scripts.make_images import LARGEST, OUT, PAGES, shots

MAIN = Path(__file__).resolve().parents[2] / "gravix_ui" / "main.py"


def test_every_page_of_the_dashboard_has_its_picture() -> None:
    pages = re.findall(r'PAGES / "(\w+)\.py"', MAIN.read_text(encoding="utf-8"))
    assert pages
    assert set(PAGES) == set(pages)


def test_every_page_is_taken_in_both_themes() -> None:
    taken = [shot.name for shot in shots()]
    assert {f"{page}-{theme}.png" for page in PAGES for theme in ("light", "dark")} <= set(taken)
    assert {"home-dark-phone.png", "review-light-phone.png", "video-light-phone.png"} <= set(taken)
    assert len(taken) == len(set(taken))


def test_pictures_that_are_there_are_those_that_are_taken_and_small() -> None:
    there = {file.name: file.stat().st_size for file in OUT.glob("*")}
    assert set(there) <= {shot.name for shot in shots()}
    assert all(size <= LARGEST for size in there.values())
