"""The Publish page after the yes: what is under way, unsure, failed, published and stopped."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gravix_core.desks.publishing import Publishing
from gravix_core.errors import InstagramError
from gravix_core.jobs import queue
from gravix_core.publications import Publication, RecentMedia, Step, Transport
from gravix_core.store.store import Store
from gravix_ui.parts.publish_failed import MOST
from gravix_ui.parts.publish_history import PER_PAGE
from tests.pages.houses import open_store
from tests.pages.publishing import (
    MEGABYTE,
    NOW,
    account,
    addresses,
    approved,
    drawn,
    ledger,
    press,
    publication,
    says,
)
from tests.pages.shown import buttons, html, progress
from tests.pages.test_connect import connected

pytestmark = pytest.mark.slow

LOST = "Instagram's answer was lost, and the reel is not listed."


@pytest.fixture
def store(house: Path) -> Store:
    """With an account that reels go to."""
    store = open_store(house)
    connected(store, house)
    return store


# under way


@pytest.mark.parametrize(
    ("step", "values", "told"),
    [
        (Step.CLAIMED, {}, "Waiting to be sent"),
        (Step.CREATED, {"bytes_sent": 12 * MEGABYTE}, "Uploading 12 of 20 MB"),
        (Step.CREATED, {"transport": Transport.URL}, "Instagram fetches the file"),
        (Step.UPLOADED, {}, "Instagram prepares it"),
        (Step.READY, {}, "Publishing"),
        (Step.SENT, {"sends": 1}, "Waiting for Instagram's answer"),
    ],
)
def test_step_is_told_in_words_and_cancelled_only_before_it_was_sent(
    store: Store, step: Step, values: dict[str, Any], told: str
) -> None:
    (reel,) = approved(store)
    row = publication(store, reel, step, **values)
    page = drawn()
    assert [text.replace("\\", "") for text in progress(page)] == [told]
    assert (f"cancel-{row.id}" in buttons(page)) is (step is not Step.SENT)


def test_next_look_at_the_container_is_told(store: Store) -> None:
    (reel,) = approved(store)
    page = press(drawn(reel=reel.id), f"publish-{reel.id}")
    with store.begin() as tx:
        job = queue.claim(tx, "elsewhere/1", now=datetime.now(UTC))
        (row,) = tx.publications.listed((Step.CLAIMED,))
        tx.publications.advance(row, Step.UPLOADED, now=NOW)
        assert job is not None
        error = InstagramError("later", kind="wait", retry_after=3000)
        queue.fail(tx, job, error, now=datetime.now(UTC), retry_in=3000, counts=False)
    (told,) = progress(page.run())
    assert told.startswith("Instagram prepares it, looks again at ")


def test_bytes_that_are_on_their_way_are_counted(store: Store) -> None:
    (reel,) = approved(store)
    page = press(drawn(reel=reel.id), f"publish-{reel.id}")
    with store.begin() as tx:
        job = queue.claim(tx, "elsewhere/1", now=datetime.now(UTC))
        assert job is not None
        queue.set_progress(tx, job, 50, now=datetime.now(UTC))
        (row,) = tx.publications.listed((Step.CLAIMED,))
        tx.publications.advance(row, Step.CREATED, now=NOW, file_size=20 * MEGABYTE)
    assert "Uploading 10 of 20 MB" in progress(page.run())


def test_cancelled_reel_is_told_not_to_be_posted(store: Store) -> None:
    (reel,) = approved(store)
    row = publication(store, reel, Step.UPLOADED)
    page = press(drawn(), f"cancel-{row.id}")
    assert [one.step for one in ledger(store)] == [Step.FAILED]
    assert "Nothing was posted." in says(page.run())


def test_trouble_on_the_way_is_told(store: Store) -> None:
    (reel,) = approved(store)
    publication(store, reel, Step.UPLOADED, trouble="Meta's servers do not answer in /srv/a/b")
    told = says(drawn())
    assert "Meta's servers do not answer" in told
    assert "/srv" not in told


# unsure


@pytest.fixture
def posts(monkeypatch: pytest.MonkeyPatch) -> list[RecentMedia]:
    """What Instagram lists; the page asks for it at a click alone."""
    listed = [
        RecentMedia("501", "Bridges, *part* 0", "https://www.instagram.com/reel/C5/", NOW, True),
        RecentMedia("502", "", "javascript:alert(1)", None, True),
    ]
    monkeypatch.setattr(Publishing, "candidates", lambda _desk, _id: tuple(listed))
    return listed


def unsure(store: Store) -> Publication:
    (reel,) = approved(store)
    return publication(
        store, reel, Step.UNSURE, sends=1, sent_at=NOW, trouble=LOST, fault="outcome"
    )


def test_unsure_reel_says_what_happened_and_has_two_ways_out(store: Store) -> None:
    row = unsure(store)
    page = drawn()
    assert LOST in says(page)
    assert "Gravix told Instagram" in says(page)
    assert {f"there-{row.id}", f"not-there-{row.id}"} <= set(buttons(page))
    assert f"preview-{row.what.reel_id}" not in buttons(page)


def test_post_that_is_there_is_picked_from_the_list(store: Store, posts: list[RecentMedia]) -> None:
    row = unsure(store)
    page = press(drawn(), f"there-{row.id}")
    assert "Bridges, *part* 0" in says(page)
    assert posts[0].permalink in addresses(page)
    press(page, f"pick-{row.id}-501")
    (after,) = ledger(store)
    assert (after.step, after.media_id) == (Step.PUBLISHED, "501")
    assert "Check on Instagram" not in says(page.run())


def test_address_that_is_none_of_the_web_becomes_no_link(
    store: Store, posts: list[RecentMedia]
) -> None:
    row = unsure(store)
    page = press(drawn(), f"there-{row.id}")
    assert not [url for url in addresses(page) if not url.startswith("https://")]


def test_not_there_publishes_again_only_after_the_posts_were_shown(
    store: Store, posts: list[RecentMedia]
) -> None:
    row = unsure(store)
    page = press(drawn(), f"not-there-{row.id}")
    assert [one.step for one in ledger(store)] == [Step.UNSURE]
    assert "Is it none of these?" in says(page)
    press(page, f"publish-again-{row.id}")
    (after,) = ledger(store)
    assert after.step is Step.CLAIMED
    assert after.dismissed == ("501", "502")


def test_without_an_answer_of_instagram_nothing_can_be_settled(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def candidates(_desk: Publishing, _id: int) -> tuple[RecentMedia, ...]:
        raise InstagramError("Meta does not answer", hint="Later.", details="planted-token")

    monkeypatch.setattr(Publishing, "candidates", candidates)
    row = unsure(store)
    page = press(drawn(), f"not-there-{row.id}")
    assert "Meta does not answer" in says(page)
    assert "planted" not in says(page)
    assert f"publish-again-{row.id}" not in buttons(page)


# failed, published, stopped


def test_failed_reel_says_why_and_is_tried_again(store: Store) -> None:
    (reel,) = approved(store)
    row = publication(store, reel, Step.FAILED, trouble="It is too long", hint="Make it shorter")
    page = drawn()
    assert "It is too long. Nothing was posted." in says(page)
    assert "Make it shorter." in says(page)
    press(page, f"retry-{row.id}")
    assert [one.step for one in ledger(store)] == [Step.CLAIMED]


def test_trying_again_what_was_posted_meanwhile_leads_to_the_preview_that_asks(
    store: Store,
) -> None:
    (reel,) = approved(store)
    row = publication(store, reel, Step.FAILED, trouble="It is too long")
    words = "Bridges, part 0\n\n#bridges #building"
    publication(store, None, Step.PUBLISHED, caption=words, published_at=NOW, media_id="1")
    page = press(drawn(), f"retry-{row.id}")
    assert "again nevertheless" in buttons(page)[f"publish-{reel.id}"]
    assert {one.step for one in ledger(store)} == {Step.FAILED, Step.PUBLISHED}


def test_more_failures_than_are_shown_are_counted(store: Store) -> None:
    for number in range(MOST + 2):
        publication(store, None, Step.FAILED, media_id=str(number), trouble="It is too long")
    assert "2 older ones not shown." in says(drawn())


def test_history_outlives_the_reels_and_is_paged(store: Store) -> None:
    for number in range(PER_PAGE + 2):
        publication(
            store,
            None,
            Step.PUBLISHED,
            media_id=str(number),
            permalink=f"https://www.instagram.com/reel/C{number}/",
            published_at=NOW,
        )
    page = drawn()
    assert len(addresses(page)) == PER_PAGE
    assert "the reel is deleted" in says(page)
    page.pagination[0].set_value(2)
    page.run()
    assert len(addresses(page)) == 2


def test_titles_are_shown_literally(store: Store) -> None:
    publication(store, None, Step.PUBLISHED, media_id="1", published_at=NOW)
    assert any("A \\*bridge\\*" in str(one.value) for one in drawn().markdown)


def test_stopped_account_publishes_nothing_until_it_is_resumed_twice_over(store: Store) -> None:
    (reel,) = approved(store)
    with store.begin() as tx:
        tx.publications.stop(account(store).ig_user_id, "Instagram takes it for spam", now=NOW)
    assert drawn(reel=reel.id).button(key=f"publish-{reel.id}").disabled
    page = drawn()
    assert "Instagram takes it for spam" in says(page)
    resume = f"publish-resume-yes-{account(store).ig_user_id}"
    assert buttons(page)[resume] == "Yes, publish again"
    press(page, resume)
    assert "is stopped" not in says(page.run())
    assert not drawn(reel=reel.id).button(key=f"publish-{reel.id}").disabled


def test_no_token_reaches_the_page(store: Store) -> None:
    (reel,) = approved(store)
    publication(store, reel, Step.CREATED, upload_uri="https://rupload.facebook.com/planted")
    page = drawn()
    assert "planted" not in says(page) + html(page) + "".join(progress(page))
