"""The cards of Review over a real database: what they show, words, verdicts, the folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import StopException
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.testing.v1 import AppTest

from gravix_core.model import Reel, ScorePart, Span
from gravix_core.store.store import Store
from tests.pages.houses import TEXT, add_video, open_store, text_of
from tests.pages.reviewing import (
    APPROVED,
    REJECTED,
    TO_REVIEW,
    Query,
    decide,
    keys,
    players,
    press,
    render,
    review,
    row,
    settled,
    shown,
    type_into,
    words,
)
from tests.pages.shown import html, links

pytestmark = pytest.mark.slow

HOSTILE = "<script>alert(1)</script> [x](http://tracker.example) `$\\alpha$` :red[*] | </p>"
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


def open_for_long() -> None:
    """A page on which the button does what half an hour does."""
    import streamlit as st

    from gravix_ui.parts.reel_player import keep_addresses_good

    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    keep_addresses_good()
    st.button("Later", key="later", on_click=st.rerun, args=("reel-addresses",))


def test_cards_show_the_reel_and_what_is_known_of_it(three: Reels) -> None:
    page = review()
    assert shown(page) == [1, 2, 3]
    assert page.text_input(key="title-1").value == TEXT.title
    assert page.text_area(key="caption-1").value == TEXT.caption
    assert page.text_input(key="hashtags-1").value == "#bridges #building"
    said = text_of(page)
    for part in ("46 of 2,200 characters", "2 of 30 hashtags", "Written by Gravix", "To review"):
        assert part in said


def test_players_load_nothing_by_themselves(three: Reels) -> None:
    html = players(review())
    assert len(html) == 3
    for player in html:
        assert 'preload="none"' in player
        assert 'src="/files/reels/' in player
        assert 'poster="/files/covers/' in player
        assert "autoplay" not in player


def test_reasons_of_the_score_and_the_rules_are_told(three: Reels) -> None:
    page = review()
    said, told = text_of(page), html(page)
    assert "**82 of 100**" in said
    assert "Somebody speaks most of the time. <i>Counts 60 %.</i>" in told
    assert told.count('style="width:90%"') == 2 * len(three)  # in the card, and with its reason
    assert "| :orange[:material/warning:] | Bit rate | 26 Mbit/s | at most 25 Mbit/s |" in said
    assert "1 rule may cost quality" in said


def test_page_is_drawn_again_before_its_addresses_run_out() -> None:
    page = AppTest.from_function(open_for_long).run()
    page.button(key="later").click().run()
    assert not page.exception
    assert page.session_state["runs"] == 2


def test_score_without_reasons_is_left_out(store: Store, three: Reels) -> None:
    with store.begin() as tx:
        for reel in three:
            tx.reels.set_text(reel.id, replace(TEXT, score_parts=()))
    assert "of 100" not in text_of(review())


@pytest.mark.parametrize("query", [{}, {"reel": 1}])
def test_edit_is_kept_and_a_new_tab_has_it(store: Store, three: Reels, query: Query) -> None:
    page = type_into(review(**query), "caption-1", "Mine.")
    assert "Saved" in text_of(page)
    assert "Written by you" in text_of(page)
    type_into(page, "hashtags-1", "one, two")
    assert words(store, 1)[1:] == ("Mine.", ("#one", "#two"))
    assert review(**query).text_area(key="caption-1").value == "Mine."


def test_text_is_saved_though_streamlit_ends_the_callback_that_saves_it(
    store: Store, three: Reels, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it does, at the first look into the session, when another page is opened meanwhile."""

    look = SafeSessionState.__getitem__

    def end(state: SafeSessionState, key: str) -> Any:
        if key.startswith("$$"):  # Streamlit's own
            return look(state, key)
        raise StopException

    page = review()
    page.text_area(key="caption-1").set_value("Typed last.")
    with monkeypatch.context() as patched:
        patched.setattr(SafeSessionState, "__getitem__", end)
        page.run()
    text = row(store, 1).text
    assert text is not None
    assert text.caption == "Typed last."


def test_field_is_left_as_it_was_typed(three: Reels) -> None:
    page = type_into(review(), "caption-1", "  A sentence, and a blank ")
    assert page.text_area(key="caption-1").value == "  A sentence, and a blank "


def test_text_beyond_the_limit_is_kept_whole_and_told(store: Store, three: Reels) -> None:
    page = type_into(review(), "caption-1", "😀" * 2300)
    said = text_of(page)
    assert ":red[**2,320 of 2,200 characters**]" in said
    assert "take out 120 characters" in said
    assert len(words(store, 1)[1]) == 2300


@pytest.mark.parametrize(
    ("count", "told"), [(5, ""), (6, "advises 5"), (31, "take out 1 hashtag.")]
)
def test_too_many_hashtags_are_told(three: Reels, count: int, told: str) -> None:
    tags = " ".join(f"#tag{n}" for n in range(count))
    said = text_of(type_into(review(), "hashtags-1", tags))
    assert f"{count} of 30 hashtags" in said
    assert told in said
    assert ("advises" in said) is (count == 6)


def test_fields_that_a_browser_has_not_drawn_yet_are_not_empty(store: Store, three: Reels) -> None:
    page = review()
    caption = words(store, 1)[1]
    assert page.text_area(key="caption-1").proto.default == caption
    page = type_into(page, "caption-1", "Another one")
    assert page.text_area(key="caption-1").proto.default == "Another one"


def test_verdict_is_written_and_the_card_stays_with_a_way_back(store: Store, three: Reels) -> None:
    page = press(review(), "approve-1")
    assert row(store, 1).review_status is APPROVED
    assert shown(page) == [1, 2, 3]
    assert "stays here until you leave" in text_of(page)
    page = press(page, "undo-1")
    assert row(store, 1).review_status is TO_REVIEW
    assert "undo-1" not in keys(page)


def test_verdict_draws_its_card_and_no_other(three: Reels) -> None:
    page = review()
    page.button(key="approve-2").click().run()
    shown_keys = {"approve-2", "reject-2", "undo-2", "to-publish-2", "folder-2", "anew-2"}
    assert set(keys(page)) == shown_keys


def test_changed_mind_is_undone_to_the_verdict_before(store: Store, three: Reels) -> None:
    page = press(press(review(), "approve-1"), "reject-1")
    assert row(store, 1).review_status is REJECTED
    press(page, "undo-1")
    assert row(store, 1).review_status is APPROVED


def test_verdict_of_another_day_is_undone_too(store: Store, three: Reels) -> None:
    decide(store, APPROVED, three[0])
    press(review(state="approved"), "undo-1")
    assert row(store, 1).review_status is TO_REVIEW


def test_decided_reels_go_when_the_page_is_opened_again(three: Reels) -> None:
    page = press(review(), "approve-2")
    page.switch_page("../pages/library.py").run()
    page.switch_page("../pages/review.py").run()
    assert shown(settled(page)) == [1, 3]


def test_verdict_comes_with_the_words_that_were_just_typed(store: Store, three: Reels) -> None:
    page = review()
    page.text_area(key="caption-1").set_value("Typed, and approved at once.")
    press(page, "approve-1")
    assert row(store, 1).review_status is APPROVED
    assert words(store, 1)[1] == "Typed, and approved at once."


def test_reel_without_a_text_can_be_written_by_hand(store: Store) -> None:
    with store.begin() as tx:
        video, _ = add_video(tx)
        (reel,) = tx.reels.plan(video.id, [Span(0, 35)], [Span(0, 35)])
        render(tx, reel)
    page = review()
    assert page.text_area(key="caption-1").value == ""
    type_into(page, "caption-1", "First.")
    assert words(store, reel.id)[1] == "First."


def test_folder_takes_approved_reels_and_the_card_says_so(
    house: Path, store: Store, three: Reels
) -> None:
    page = review()
    assert "folder-1" not in keys(page)
    page = press(press(page, "approve-1"), "folder-1")
    assert "It is in the folder." in text_of(page)
    assert len(list((house / "folder").glob("*.mp4"))) == 1
    page = type_into(page, "caption-1", "Newer.")
    assert "The folder has an older version." in text_of(page)
    page = press(page, "folder-1")
    assert "It is in the folder." in text_of(page)


def test_folder_that_refuses_is_told_without_its_path(house: Path, three: Reels) -> None:
    (house / "folder").write_text("in the way")
    page = press(press(review(), "approve-1"), "folder-1")
    assert "cannot be written to" in page.error[0].value
    assert str(house) not in text_of(page)


def test_text_from_data_is_shown_as_it_is(store: Store) -> None:
    with store.begin() as tx:
        add_video(tx, HOSTILE, reels=1)
        parts = (ScorePart(HOSTILE, 1, 1, HOSTILE),)
        tx.reels.set_text(1, replace(TEXT, written_by=HOSTILE, score_parts=parts))
    page = review()
    assert "&lt;script&gt;" in html(page)
    assert "<script" not in html(page)
    said = "\n".join([text_of(page), *links(page)])
    for active in ("[x](http", ":red[*]", "$\\alpha$", " <script"):
        assert active not in said


def test_other_text_is_shown_as_it_is(three: Reels) -> None:
    first, second = review(), review()
    type_into(first, "caption-1", HOSTILE)
    type_into(second, "caption-1", "Mine.")
    html = "".join(element.value for element in second.html)
    assert "&lt;script&gt;" in html
    assert "<script" not in html
