"""What Review lists: filters, pages, new reels, and what it says when there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.model import Reel, VideoStatus
from gravix_core.store.store import Store
from tests.pages.houses import TEXT, add_video, open_store, text_of
from tests.pages.reviewing import (
    APPROVED,
    Query,
    address,
    choose_state,
    decide,
    heads,
    keys,
    press,
    render,
    review,
    set_to_work,
    settled,
    shown,
    turn_to,
    type_into,
)
from tests.pages.shown import progress

pytestmark = pytest.mark.slow

Reels = tuple[Reel, ...]


@pytest.fixture
def store(house: Path) -> Iterator[Store]:
    store = open_store(house)
    yield store
    store.close()


@pytest.fixture
def three(store: Store) -> Reels:
    """The reels 1, 2 and 3 of “Bridges”, all to review."""
    with store.begin() as tx:
        return add_video(tx, reels=3)[1]


def state_labels(page: AppTest) -> list[str]:
    return list(page.segmented_control(key="reel-state").options)


def test_states_are_filtered_and_counted(store: Store, three: Reels) -> None:
    decide(store, APPROVED, three[1])
    page = review(state="approved")
    assert shown(page) == [2]
    assert state_labels(page) == ["To review (2)", "Approved (1)", "Rejected (0)", "All (3)"]
    choose_state(page, "all")
    assert shown(page) == [1, 2, 3]
    assert address(page)["state"] == "all"


def test_videos_are_filtered_and_a_link_keeps_it(store: Store, three: Reels) -> None:
    with store.begin() as tx:
        add_video(tx, "Kitchen", reels=2)
    page = review()
    assert shown(page) == [4, 5, 1, 2, 3]
    page.selectbox(key="reel-video").set_value(1)
    settled(page.run())
    assert shown(page) == [1, 2, 3]
    assert state_labels(page)[0] == "To review (3)"
    assert shown(review(**{name: values[0] for name, values in page.query_params.items()})) == [
        1,
        2,
        3,
    ]


def test_best_score_comes_first_when_asked(store: Store, three: Reels) -> None:
    with store.begin() as tx:
        tx.reels.set_text(3, replace(TEXT, quality_score=99))
    assert shown(review(order="score")) == [3, 1, 2]


@pytest.mark.parametrize(
    "query",
    [
        {"video": "99"},
        {"video": "x"},
        {"state": "odd"},
        {"order": "odd"},
        {"page": "0"},
        {"page": "77"},
    ],
)
def test_odd_address_shows_what_the_page_shows_by_itself(three: Reels, query: Query) -> None:
    assert shown(review(**query)) == [1, 2, 3]


def test_pages_hold_twelve_and_stay_as_they_are(store: Store) -> None:
    with store.begin() as tx:
        add_video(tx, reels=14)
    page = review()
    assert shown(page) == list(range(1, 13))
    press(page, "approve-1")
    turn_to(page, 2)
    assert shown(page) == [13, 14]
    assert address(page)["page"] == "2"


def test_page_of_the_address_is_opened(store: Store) -> None:
    with store.begin() as tx:
        add_video(tx, reels=14)
    page = review(page=2)
    assert shown(page) == [13, 14]
    choose_state(page, "all")
    assert shown(page) == list(range(1, 13))


def test_draft_comes_back_with_its_page(store: Store) -> None:
    with store.begin() as tx:
        add_video(tx, reels=14)
    first, second = review(), review()
    type_into(first, "caption-1", "Theirs.")
    type_into(second, "caption-1", "Mine.")
    turn_to(second, 2)
    turn_to(second, 1)
    assert second.text_area(key="caption-1").value == "Mine."
    assert "keep-mine-1" in keys(second)


def test_new_reels_are_offered_and_move_nothing(store: Store) -> None:
    with store.begin() as tx:
        video, reels = add_video(tx, reels=3, rendered=False, status=VideoStatus.PROCESSING)
        render(tx, reels[1])
        set_to_work(tx, video.id)
    page = review()
    assert "1 of 3 reels are ready" in text_of(page)
    with store.begin() as tx:
        render(tx, reels[0])
    settled(page.run())
    assert shown(page) == [2]
    assert "2 of 3 reels are ready" in text_of(page)
    assert page.button(key="show-new").label == "Show 1 new reel"
    assert shown(press(page, "show-new")) == [1, 2]


def test_first_reels_come_by_themselves(store: Store) -> None:
    with store.begin() as tx:
        video, reels = add_video(tx, reels=3, rendered=False, status=VideoStatus.PROCESSING)
        set_to_work(tx, video.id)
    page = review()
    assert "The first reels are being made" in heads(page)
    assert progress(page) == ["0 of 3 reels are ready."]
    with store.begin() as tx:
        render(tx, reels[0])
    assert shown(settled(page.run())) == [1]


def test_empty_review_leads_to_add(house: Path) -> None:
    page = review()
    assert heads(page) == ["Nothing to review yet"]
    page.button(key="to-add").click().run()
    assert page.title[0].value != "Review"


def test_all_reviewed_ends_well(store: Store, three: Reels) -> None:
    decide(store, APPROVED, *three)
    page = review()
    assert heads(page) == ["All looked at"]
    assert "You approved 3 and rejected 0." in text_of(page)
    page = press(page, "to-approved")
    assert shown(page) == [1, 2, 3]


def test_reviewed_video_leads_on_to_the_others(store: Store, three: Reels) -> None:
    decide(store, APPROVED, *three)
    with store.begin() as tx:
        add_video(tx, "Kitchen", reels=2)
    page = review(video=1)
    assert "2 reels are still to review" in text_of(page)
    assert shown(press(page, "to-rest")) == [4, 5]


def test_fruitless_filter_can_be_cleared(three: Reels) -> None:
    page = review(state="rejected", video=1)
    assert "No reel of “Bridges” is rejected." in text_of(page)
    page = press(page, "clear-filter")
    assert shown(page) == [1, 2, 3]
    assert "video" not in page.query_params


def test_error_of_the_database_is_a_sentence(house: Path) -> None:
    (house / "gravix.db").write_text("no database at all, " * 100)
    page = review()
    assert "What to do" in page.error[0].value
    assert str(house) not in text_of(page)
