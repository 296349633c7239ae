"""Add, drawn over a real database: the choices, what the uploader is told, what has come in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.layouts import LAYOUTS
from gravix_core.model import JobStatus
from gravix_core.store.store import Store
from gravix_core.styles import STYLES
from tests.pages.houses import add_video, open_store, page_of
from tests.pages.shown import part_data, progress, says, videos_linked
from tests.pages.works import add_work

CHOSEN = {"layout": "centre", "subtitles": "boxed", "best": 3, "chunk_duration": 60}


@pytest.fixture
def store(house: Path) -> Iterator[Store]:
    store = open_store(house)
    yield store
    store.close()


@pytest.fixture
def page(house: Path) -> AppTest:
    return page_of("add")


def told(page: AppTest) -> dict[str, Any]:
    """What the uploader was told."""
    return part_data(page, "uploader")


def choose(page: AppTest) -> None:
    page.selectbox(key="add-layout").set_value("centre").run()
    page.selectbox(key="add-subtitles").set_value("boxed").run()
    page.segmented_control(key="add-which").set_value("Only the best").run()
    page.number_input(key="add-best").set_value(3).run()
    page.number_input(key="add-seconds").set_value(60.0).run()


def test_uploader_gets_the_usual_choices_and_the_limit(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHUNK_DURATION", "42.5")
    monkeypatch.setenv("GRAVIX_MAX_UPLOAD_MB", "10")
    page.run()
    usual = {"layout": "auto", "subtitles": "clean", "best": 0, "chunk_duration": 42.5}
    assert told(page) == {"choice": usual, "limit_bytes": 10 * 1024 * 1024}


def test_choices_hold_for_the_files_that_come(page: AppTest) -> None:
    page.run()
    choose(page)
    assert told(page)["choice"] == CHOSEN


def test_usual_choices_are_told_without_a_look_into_them(page: AppTest) -> None:
    page.run()
    assert says(page, "Layout: automatic · clean subtitles · all reels, about 35 seconds each")
    choose(page)
    assert says(page, "Layout: cropped around the centre · boxed subtitles · the best 3 reels")


def test_layout_and_subtitles_say_what_they_are_good_for(page: AppTest) -> None:
    page.run()
    for name, layout in LAYOUTS.items():
        page.selectbox(key="add-layout").set_value(name).run()
        assert says(page, layout.hint)
    for name, style in STYLES.items():
        page.selectbox(key="add-subtitles").set_value(name).run()
        assert says(page, style.hint)


def test_automatic_layout_is_the_first_of_five(page: AppTest) -> None:
    page.run()
    options = page.selectbox(key="add-layout").options
    assert (options[0], len(options)) == ("Automatic", 5)


def test_emptied_length_is_the_usual_one(page: AppTest) -> None:
    page.run()
    page.number_input(key="add-seconds").set_value(None).run()
    assert told(page)["choice"]["chunk_duration"] == 35


def test_length_stays_within_what_instagram_takes(page: AppTest) -> None:
    page.run()
    seconds = page.number_input(key="add-seconds")
    assert (seconds.min, seconds.max) == (3, 900)
    assert seconds.help == "Instagram takes reels of 3 seconds to 15 minutes."


def test_choices_are_kept_while_another_page_is_open(page: AppTest) -> None:
    page.run()
    choose(page)
    page.switch_page(str(Path(__file__).parents[2] / "pages" / "library.py")).run()
    page.switch_page(str(Path(__file__).parents[2] / "pages" / "add.py")).run()
    assert told(page)["choice"] == CHOSEN


def test_what_came_in_is_listed_with_its_progress(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        add_video(tx, "Bridges")
    page.run()
    assert videos_linked(page) == []
    with store.begin() as tx:
        add_work(tx, "Kitchen", [JobStatus.PENDING])
    page.run()
    assert videos_linked(page) == ["Kitchen"]
    assert progress(page) == ["Waiting, 12 %, 0 of 1 reel"]


def test_no_path_is_asked_for(page: AppTest) -> None:
    page.run()
    assert not page.text_input
    assert [area.key for area in page.text_area] == ["links"]
