"""One reel alone: its place, verdicts that lead on, the way back, and links to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gravix_core.model import Reel
from gravix_core.store.store import Store
from tests.pages.houses import add_video, open_store, text_of
from tests.pages.reviewing import (
    APPROVED,
    TO_REVIEW,
    address,
    decide,
    heads,
    press,
    render_again,
    review,
    row,
    shown,
)

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


def test_one_reel_alone_knows_its_place(three: Reels) -> None:
    page = press(review(), "focus-2")
    assert address(page)["reel"] == "2"
    assert "**2 of 3**" in text_of(page)
    page = press(page, "next")
    assert "**3 of 3**" in text_of(page)
    page = press(press(page, "previous"), "to-list")
    assert shown(page) == [1, 2, 3]


def test_verdicts_lead_on_to_the_end(store: Store, three: Reels) -> None:
    page = review(reel=1)
    for key in ("approve-1", "reject-2", "approve-3"):
        page = press(page, key)
    assert [row(store, n).review_status.value for n in (1, 2, 3)] == [
        "approved",
        "rejected",
        "approved",
    ]
    assert "All looked at" in heads(page)
    assert "You approved 2 and rejected 1." in text_of(page)


def test_undo_goes_several_steps_back(store: Store, three: Reels) -> None:
    page = press(press(review(reel=1), "approve-1"), "reject-2")
    page = press(page, "undo-last")
    assert address(page)["reel"] == "2"
    page = press(page, "undo-last")
    assert address(page)["reel"] == "1"
    assert {row(store, n).review_status for n in (1, 2, 3)} == {TO_REVIEW}
    assert page.button(key="undo-last").disabled


def test_undo_of_a_reel_that_was_left_and_changed_says_so(store: Store, three: Reels) -> None:
    page = press(review(reel=1), "approve-1")
    render_again(store, three[0])
    page = press(page, "undo-last")
    assert address(page)["reel"] == "1"
    assert "verdict by now" in page.error[0].value


def test_refused_approval_leads_nowhere(store: Store, three: Reels) -> None:
    page = review(reel=1)
    render_again(store, three[0])
    page = press(page, "approve-1")
    assert address(page)["reel"] == "1"
    assert "has changed since it was shown" in page.error[0].value


def test_skipped_reels_are_offered_at_the_end(three: Reels) -> None:
    page = press(press(review(reel=2), "next"), "approve-3")
    assert "2 reels are still to review" in text_of(page)
    page = press(page, "to-rest")
    assert address(page)["reel"] == "1"
    assert "**1 of 2**" in text_of(page)


def test_link_to_a_decided_reel_shows_it_among_those_of_its_video(
    store: Store, three: Reels
) -> None:
    decide(store, APPROVED, three[1])
    page = review(reel=2)
    assert "**2 of 3**" in text_of(page)
    assert "Approved" in text_of(page)


@pytest.mark.parametrize("reel", ["99", "x", "-1", "", "9" * 40])
def test_unknown_reel_is_a_sentence_and_a_way_back(three: Reels, reel: str) -> None:
    page = review(reel=reel)
    assert heads(page) == ["This reel is not here"]
    assert shown(press(page, "to-list")) == [1, 2, 3]
