"""The Publish page over what the store holds; Instagram is asked by nobody here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.desks.publishing import Publishing
from gravix_core.errors import InstagramError
from gravix_core.jobs import queue
from gravix_core.model import InstagramAccount, Reel, ReviewStatus, Span
from gravix_core.publications import (
    NewPublication,
    PostOptions,
    Publication,
    RecentMedia,
    Step,
    Transport,
)
from gravix_core.stages.publish.instagram import Quota
from gravix_core.store.store import Store
from gravix_ui.parts.publish_history import PER_PAGE
from gravix_ui.words import day
from tests.pages.houses import TEXT, add_video, open_store, page_of
from tests.pages.reviewing import APPROVED, decide, render_again
from tests.pages.shown import buttons, html, links, progress
from tests.pages.test_connect import connected

NOW = datetime.now(UTC)
MEGABYTE = 1_000_000
LOST = "Instagram's answer was lost, and the reel is not listed."


@pytest.fixture
def store(house: Path) -> Store:
    store = open_store(house)
    connected(store, house)
    return store


def approved(store: Store, count: int = 1, *, title: str = "Bridges") -> tuple[Reel, ...]:
    with store.begin() as tx:
        _, reels = add_video(tx, title, reels=count)
        for reel in reels:
            tx.reels.set_text(reel.id, replace(TEXT, caption=f"{title}, part {reel.index}"))
    with store.read() as tx:
        reels = tuple(tx.reels.get(reel.id) for reel in reels)
    decide(store, APPROVED, *reels)
    with store.read() as tx:
        return tuple(tx.reels.get(reel.id) for reel in reels)


def account(store: Store) -> InstagramAccount:
    with store.read() as tx:
        found = tx.accounts.active()
    assert found is not None
    return found


def publication(
    store: Store, reel: Reel | None = None, step: Step = Step.CLAIMED, **values: Any
) -> Publication:
    """A row of the ledger; of a reel that was deleted where none is given."""
    mine = account(store)
    with store.begin() as tx:
        new = NewPublication(
            ig_user_id=mine.ig_user_id,
            username=mine.username,
            reel_id=reel.id if reel else 999,
            video_id=reel.video_id if reel else 999,
            reel_version=reel.version if reel else str(values.get("media_id")),
            title=str(values.pop("title", "A *bridge*")),
            caption=str(values.pop("caption", "Words")),
            source="sha256:source",
            span=Span(0, 35),
            file_sha256=f"{values.get('media_id')}",
            file_size=20 * MEGABYTE,
        )
        row = tx.publications.claim(new, now=NOW)
        return tx.publications.advance(row, step, now=NOW, **values)


def ledger(store: Store) -> tuple[Publication, ...]:
    with store.read() as tx:
        return tx.publications.listed(tuple(Step))


def drawn(**query: object) -> AppTest:
    page = page_of("publish")
    for name, value in query.items():
        page.query_params[name] = str(value)
    page.run()
    assert not page.exception
    return page


def press(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception
    return page


def says(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.warning, page.info, page.error, page.subheader)
    told = [str(one.value) for kind in (*kinds, page.toast) for one in kind]
    return "\n".join(told).replace("\\", "")


def addresses(page: AppTest) -> list[str]:
    return [str(link.proto.url) for link in page.get("link_button")]


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
        tx.reels.set_text(reel.id, words)
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
    publication(store, reel, Step.UPLOADED, trouble="Meta's servers do not answer in /home/a/b")
    told = says(drawn())
    assert "Meta's servers do not answer" in told
    assert "/home" not in told


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
    assert buttons(page)["publish-resume-yes"] == "Yes, publish again"
    press(page, "publish-resume-yes")
    assert "Publishing is stopped" not in says(page.run())
    assert not drawn(reel=reel.id).button(key=f"publish-{reel.id}").disabled


def test_no_token_reaches_the_page(store: Store) -> None:
    (reel,) = approved(store)
    publication(store, reel, Step.CREATED, upload_uri="https://rupload.facebook.com/planted")
    page = drawn()
    assert "planted" not in says(page) + html(page) + "".join(progress(page))
