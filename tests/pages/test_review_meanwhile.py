"""Review while somebody else is at work: another tab, the captioner, a new picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gravix_core.model import Reel
from gravix_core.store.store import Store
from tests.pages.houses import TEXT, add_video, open_store, text_of
from tests.pages.reviewing import (
    APPROVED,
    REJECTED,
    TO_REVIEW,
    decide,
    keys,
    players,
    press,
    render_again,
    review,
    row,
    settled,
    type_into,
    words,
)

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


def test_own_saves_never_disagree_with_each_other(store: Store, three: Reels) -> None:
    page = review()
    for text in ("M", "Mi", "Min", "Mine"):
        type_into(page, "caption-1", text)
        type_into(page, "title-1", text)
    assert "keep-mine-1" not in keys(page)
    assert words(store, 1)[:2] == ("Mine", "Mine")


def test_approval_of_what_has_changed_is_refused_and_shows_it_as_it_is(
    store: Store, three: Reels
) -> None:
    page = review()
    with store.begin() as tx:
        tx.reels.set_text(1, replace(TEXT, caption="Another machine's."))
    page = press(page, "approve-1")
    assert row(store, 1).review_status is TO_REVIEW
    assert "has changed since it was shown" in page.error[0].value
    assert "What to do" in page.error[0].value
    assert page.text_area(key="caption-1").value == "Another machine's."
    press(page, "approve-1")
    assert row(store, 1).review_status is APPROVED


def test_approval_of_another_picture_is_refused(store: Store, three: Reels) -> None:
    page = review()
    before = players(page)[0]
    render_again(store, three[0])
    page.text_area(key="caption-1").set_value("Typed meanwhile.")
    page = press(page, "approve-1")
    assert row(store, 1).review_status is TO_REVIEW
    assert players(page)[0] != before
    assert "has changed since it was shown" in page.error[0].value


def test_undo_of_what_has_changed_says_so(store: Store, three: Reels) -> None:
    page = press(review(), "approve-1")
    render_again(store, three[0])
    page = press(page, "reject-1")
    assert "has changed since it was shown" in page.error[0].value
    decide(store, REJECTED, row(store, 1))
    page = press(page, "approve-1")
    decide(store, REJECTED, row(store, 1))
    page = press(page, "undo-1")
    assert "has another verdict by now" in page.error[0].value


def test_two_tabs_that_disagree_are_shown_both_texts(store: Store, three: Reels) -> None:
    first, second = review(), review()
    type_into(first, "caption-1", "Theirs.")
    type_into(second, "caption-1", "Mine.")
    assert second.text_area(key="caption-1").value == "Mine."
    assert any("<p>Theirs.</p>" in html.value for html in second.html)
    assert second.button(key="approve-1").disabled
    assert words(store, 1)[1] == "Theirs."


@pytest.mark.parametrize(("key", "left"), [("keep-mine-1", "Mine."), ("take-other-1", "Theirs.")])
def test_either_of_two_texts_can_be_chosen(store: Store, three: Reels, key: str, left: str) -> None:
    first, second = review(), review()
    type_into(first, "caption-1", "Theirs.")
    second = press(type_into(second, "caption-1", "Mine."), key)
    assert second.text_area(key="caption-1").value == left
    assert "keep-mine-1" not in keys(second)
    assert words(store, 1)[1] == left
    assert settled(first.run()).text_area(key="caption-1").value == left


def test_text_that_was_not_saved_is_there_after_a_reload(three: Reels) -> None:
    first, second = review(), review()
    type_into(first, "caption-1", "Theirs.")
    type_into(second, "caption-1", "Mine.")
    assert review().text_area(key="caption-1").value == "Mine."
    type_into(second, "caption-1", "Mine, and more.")
    again = review()
    assert again.text_area(key="caption-1").value == "Mine, and more."
    press(again, "take-other-1")
    assert review().text_area(key="caption-1").value == "Theirs."


def test_fields_follow_the_row_where_nothing_was_typed(store: Store, three: Reels) -> None:
    page = type_into(review(), "caption-2", "Mine.")
    with store.begin() as tx:
        tx.reels.set_text(1, replace(TEXT, caption="Written later.", hashtags=("#new",)))
    settled(page.run())
    assert page.text_area(key="caption-1").value == "Written later."
    assert page.text_input(key="hashtags-1").value == "#new"
    assert page.text_area(key="caption-2").value == "Mine."


def test_reel_that_was_deleted_meanwhile_is_told(store: Store, three: Reels) -> None:
    page = review()
    with store.begin() as tx:
        tx.videos.delete(1)
    page.button(key="approve-1").click().run()
    assert "This reel is gone" in text_of(settled(page))
