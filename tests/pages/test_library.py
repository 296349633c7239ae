"""Library, drawn over a real database: empty, searched, filtered, paged, at work and large."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.media.files import thumbnail_file
from gravix_core.model import JobStatus, VideoStatus
from gravix_core.store.store import Store
from tests.pages.houses import add_video, open_store, page_of
from tests.pages.shown import buttons, html, links, progress, says, statements_of, videos_linked
from tests.pages.works import add_work
from tests.support import approve

pytestmark = pytest.mark.slow

SEARCH, STATE = "library-search-0", "library-state-0"


@pytest.fixture
def store(house: Path) -> Iterator[Store]:
    store = open_store(house)
    yield store
    store.close()


@pytest.fixture
def page(house: Path) -> AppTest:
    return page_of("library")


def add_many(store: Store, count: int) -> None:
    with store.begin() as tx:
        for number in range(1, count + 1):
            add_video(tx, f"Video {number}", reels=1, rendered=False)


def test_empty_library_leads_to_add(page: AppTest) -> None:
    page.run()
    assert buttons(page) == {"library-add": "Add a video"}
    page.button(key="library-add").click().run()
    assert not page.exception
    assert page.title[0].value == "Add videos"


def test_videos_are_listed_newest_first_and_lead_to_their_pages(
    page: AppTest, store: Store
) -> None:
    add_many(store, 2)
    page.run()
    assert videos_linked(page) == ["Video 2", "Video 1"]
    assert links(page)["Video 1"] == "video?id=1"
    assert says(page, "2 videos")


def test_a_page_has_twelve_videos(page: AppTest, store: Store) -> None:
    add_many(store, 14)
    page.run()
    assert len(videos_linked(page)) == 12
    page.pagination[0].set_value(2).run()
    assert videos_linked(page) == ["Video 2", "Video 1"]


def test_page_that_is_gone_gives_way_to_the_first(page: AppTest, store: Store) -> None:
    add_many(store, 13)
    page.run()
    page.pagination[0].set_value(2).run()
    with store.begin() as tx:
        tx.videos.delete(1)
    page.run()
    assert not page.exception
    assert len(videos_linked(page)) == 12


@pytest.mark.parametrize("search", ["RIDG", " bridges.mp4 "])
def test_search_finds_titles_and_names_of_files(page: AppTest, store: Store, search: str) -> None:
    with store.begin() as tx:
        add_video(tx, "Bridges")
        add_video(tx, "Kitchen")
    page.run()
    page.text_input(key=SEARCH).set_value(search).run()
    assert videos_linked(page) == ["Bridges"]


def test_another_search_begins_at_its_first_page(page: AppTest, store: Store) -> None:
    add_many(store, 14)
    page.run()
    page.pagination[0].set_value(2).run()
    page.text_input(key=SEARCH).set_value("Video").run()
    assert len(videos_linked(page)) == 12


def test_fruitless_search_says_so_and_is_cleared(page: AppTest, store: Store) -> None:
    add_many(store, 1)
    page.run()
    page.text_input(key=SEARCH).set_value("*nothing*").run()
    page.segmented_control(key=STATE).set_value(VideoStatus.FAILED).run()
    assert says(
        page, r"No video in the state “Failed” has “\*nothing\*” in its title or file name."
    )
    page.button(key="library-clear").click().run()
    assert videos_linked(page) == ["Video 1"]


def test_filter_keeps_one_state(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        add_video(tx, "Bridges", status=VideoStatus.FAILED)
        add_video(tx, "Kitchen")
    page.run()
    page.segmented_control(key=STATE).set_value(VideoStatus.FAILED).run()
    assert videos_linked(page) == ["Bridges"]
    page.segmented_control(key=STATE).set_value(VideoStatus.PENDING).run()
    assert says(page, "No video is in the state “Waiting”.")


def test_video_at_work_shows_true_progress(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        add_work(tx, "Bridges", [JobStatus.PROCESSING, JobStatus.PENDING], progress=50)
    page.run()
    assert progress(page) == ["32 %, 0 of 2 reels"]
    assert says(page, "At work")


def test_video_counts_what_is_to_review_and_approved(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        _, reels = add_video(tx, reels=3)
        approve(tx, reels[0].id)
    page.run()
    assert says(page, "3 reels, 2 to review, 1 approved")
    assert not progress(page)


def test_stopped_video_is_not_called_waiting(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        add_work(tx, "Bridges", [JobStatus.COMPLETED, JobStatus.CANCELLED])
    page.run()
    assert says(page, ":gray-badge[Stopped]")


def test_thumbnail_is_loaded_by_a_signed_address(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        add_video(tx, "Bridges")
    file = thumbnail_file(store.videos_dir, 1)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"jpg")
    page.run()
    assert '<img src="/files/videos/1/thumbnail.jpg?exp=' in html(page)


def test_title_is_text_and_never_markup(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        add_video(tx, "![x](http://tracker.example/x.png)")
    page.run()
    assert videos_linked(page) == [r"\!\[x\]\(http\://tracker\.example/x\.png\)"]


def test_five_hundred_videos_cost_no_more_statements_than_twelve(
    page: AppTest, store: Store
) -> None:
    add_many(store, 12)
    page.run()
    few = statements_of(page)
    add_many(store, 488)
    assert statements_of(page) == few
    assert says(page, "500 videos")
