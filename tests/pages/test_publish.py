"""The Publish page up to the yes: what may be published, and the post before it is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from gravix_core.desks.publishing import Publishing
from gravix_core.model import ReviewStatus
from gravix_core.publications import (
    PostOptions,
    Step,
)
from gravix_core.stages.publish.instagram import Quota
from gravix_core.store.store import Store
from gravix_ui.words import day
from tests.pages.houses import TEXT, add_video, open_store
from tests.pages.publishing import (
    NOW,
    addresses,
    approved,
    drawn,
    ledger,
    press,
    publication,
    says,
)
from tests.pages.reviewing import APPROVED, decide, render_again
from tests.pages.shown import buttons, html, links, progress
from tests.pages.test_connect import connected


@pytest.fixture
def store(house: Path) -> Store:
    """With an account that reels go to."""
    store = open_store(house)
    connected(store, house)
    return store


# what there is to do


def test_who_is_not_connected_is_led_to_connect_and_sees_no_button_to_publish(house: Path) -> None:
    approved(open_store(house))
    page = drawn()
    assert "Connect Instagram first" in says(page)
    assert "publish-to-connect" in buttons(page)
    assert not [key for key in buttons(page) if key.startswith("preview-")]


def test_ended_connection_is_told_with_the_way_to_connect(house: Path) -> None:
    connected(open_store(house), house, days=-1)
    page = drawn()
    assert "has expired" in says(page)
    assert links(page)["Open Connect"] == "connect"


@pytest.mark.parametrize(
    ("reels", "leads_to", "told"),
    [
        (0, "publish-to-add", "There are no reels yet"),
        (2, "publish-to-review", "2 reels wait in Review"),
    ],
)
def test_without_an_approved_reel_the_next_step_is_told(
    store: Store, reels: int, leads_to: str, told: str
) -> None:
    with store.begin() as tx:
        add_video(tx, reels=reels)
    page = drawn()
    assert leads_to in buttons(page)
    assert told in says(page)


def test_quota_is_asked_for_at_a_click_only(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def quota(_desk: Publishing) -> Quota:
        asked.append(1)
        return Quota(12, 50)

    monkeypatch.setattr(Publishing, "quota", quota)
    page = drawn().run()
    assert not asked
    press(page, "publish-quota").run()
    assert "12 of 50 posts in 24 hours" in says(page)
    assert len(asked) == 1


# the post before the yes


def test_preview_shows_all_that_will_be_sent_and_sends_nothing(store: Store) -> None:
    (reel,) = approved(store)
    page = press(drawn(), f"preview-{reel.id}")
    shown = html(page)
    assert "@ada.boats" in shown
    assert "Bridges, part 0\n\n#bridges #building" in shown
    assert "Reels and feed" in shown
    assert "of 2,200 characters, 2 of" in shown
    assert buttons(page)[f"publish-{reel.id}"].replace("\\", "") == "Publish to @ada.boats"
    assert ledger(store) == ()


def test_yes_publishes_the_version_that_was_shown_as_it_was_shown(store: Store) -> None:
    (reel,) = approved(store)
    page = drawn(reel=reel.id)
    page.toggle(key=f"post-feed-{reel.id}").set_value(False)
    page.text_input(key=f"post-names-{reel.id}").set_value("@linus, grace linus")
    page.checkbox(key=f"post-ai-{reel.id}").check()
    page.segmented_control(key=f"post-cover-{reel.id}").set_value("other").run()
    page.slider(key=f"post-moment-{reel.id}").set_value(3.2).run()
    assert "Reels only" in html(page)
    assert "Frame at 3.2 s" in html(page)
    assert "@linus, @grace" in html(page)
    press(page, f"publish-{reel.id}")
    (row,) = ledger(store)
    assert row.what.options == PostOptions(
        share_to_feed=False,
        thumb_offset=3.2,
        collaborators=("linus", "grace"),
        ai_generated=True,
    )
    assert row.what.reel_version == reel.version
    assert "Waiting to be sent" in progress(page)
    assert "reel" not in page.query_params


def test_cover_that_was_chosen_by_hand_is_the_frame_that_is_sent(store: Store) -> None:
    (reel,) = approved(store)
    with store.begin() as tx:
        tx.reels.set_look(reel.id, reel.span, replace(reel.look, cover_at=7.5))
    page = drawn(reel=reel.id)
    assert "Frame at 7.5 s" in html(page)


def test_words_are_shown_literally(store: Store) -> None:
    (reel,) = approved(store)
    words = replace(TEXT, title="# [x](https://evil.example)", caption="<img src=x onerror=1>")
    with store.begin() as tx:
        assert tx.reels.choose_text(reel.id, words, edited=reel.text_version)
    decide(store, APPROVED, reel)
    page = drawn(reel=reel.id)
    assert "<img src=x" not in html(page)
    assert "&lt;img src=x onerror=1&gt;" in html(page)
    assert not [one for one in page.subheader if "](" in str(one.value)]


@pytest.mark.parametrize("typed", ["a, b, c, d", "no name!"])
def test_collaborators_that_instagram_refuses_are_not_sent(store: Store, typed: str) -> None:
    (reel,) = approved(store)
    page = drawn(reel=reel.id)
    page.text_input(key=f"post-names-{reel.id}").set_value(typed)
    press(page, f"publish-{reel.id}")  # the click comes with what was typed, before it is drawn
    assert ledger(store) == ()
    assert page.button(key=f"publish-{reel.id}").disabled


def test_reel_that_changed_since_it_was_shown_is_not_published(store: Store) -> None:
    (reel,) = approved(store)
    page = drawn(reel=reel.id)
    render_again(store, reel)
    decide(store, APPROVED, reel)
    press(page, f"publish-{reel.id}")
    assert "has changed since it was shown" in says(page)
    assert ledger(store) == ()


def test_other_account_than_the_one_that_was_shown_gets_nothing(store: Store, house: Path) -> None:
    (reel,) = approved(store)
    page = drawn(reel=reel.id)
    second = connected(store, house, name="ada.bikes")
    with store.begin() as tx:
        tx.accounts.activate(second)
    press(page, f"publish-{reel.id}")
    assert "another account" in says(page)
    assert ledger(store) == ()
    assert "ada.bikes" in buttons(page)[f"publish-{reel.id}"].replace("\\", "")


def test_ended_connection_publishes_nothing(house: Path) -> None:
    store = open_store(house)
    connected(store, house, days=-1)
    (reel,) = approved(store)
    page = drawn(reel=reel.id)
    assert page.button(key=f"publish-{reel.id}").disabled
    assert "open Connect first" in says(page)


def test_reel_that_is_not_approved_cannot_be_published_by_its_address(store: Store) -> None:
    (reel,) = approved(store)
    decide(store, ReviewStatus.REJECTED, reel)
    page = drawn(reel=reel.id)
    assert page.button(key=f"publish-{reel.id}").disabled
    assert "approve it on Review first" in says(page)


def test_reel_that_is_on_instagram_cannot_be_published_by_its_address(store: Store) -> None:
    (reel,) = approved(store)
    publication(store, reel, Step.PUBLISHED, media_id="1", published_at=NOW)
    other = {
        "media_id": "2",
        "published_at": NOW,
        "caption": "Bridges, part 0\n\n#bridges #building",
    }
    publication(store, None, Step.PUBLISHED, **other)
    page = drawn(reel=reel.id)
    assert page.button(key=f"publish-{reel.id}").disabled
    assert "on Instagram already" in says(page)


def test_unknown_reel_leads_back_to_the_list(store: Store) -> None:
    for named in ("77", "../etc", ""):
        assert "post-to-list" in buttons(drawn(reel=named))


def test_same_stretch_is_published_again_only_by_a_button_that_says_so(store: Store) -> None:
    (reel,) = approved(store)
    link = "https://www.instagram.com/reel/C1/"
    posted = {"published_at": NOW - timedelta(days=24), "media_id": "1", "permalink": link}
    publication(
        store, None, Step.PUBLISHED, caption="Bridges, part 0\n\n#bridges #building", **posted
    )
    page = drawn(reel=reel.id)
    assert f"You posted this on {day(NOW - timedelta(days=24), UTC)}." in says(page)
    assert link in addresses(page)
    assert "again nevertheless" in buttons(page)[f"publish-{reel.id}"]
    press(page, f"publish-{reel.id}")
    assert {row.step for row in ledger(store)} == {Step.PUBLISHED, Step.CLAIMED}
