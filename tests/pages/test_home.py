"""Home, drawn over a real database: empty, waiting, at work, and when it cannot be had."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.errors import GravixError, StoreTooNew
from gravix_core.model import JobStatus, ReviewStatus
from gravix_core.store.store import Store
from gravix_core.studio import Studio, shared_studio
from tests.pages.houses import add_video, open_store, page_of, text_of
from tests.pages.shown import buttons, links, progress, says, videos_linked
from tests.pages.works import add_work
from tests.support import approve


@pytest.fixture
def store(house: Path) -> Iterator[Store]:
    store = open_store(house)
    yield store
    store.close()


@pytest.fixture
def page(house: Path) -> AppTest:
    return page_of("home")


def numbers(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def test_empty_home_says_what_gravix_does_and_how_to_start(page: AppTest) -> None:
    page.run()
    assert page.title[0].value == ":primary[Gravix]"
    assert "vertical reels for Instagram, on this computer.  \n" in page.markdown[0].value
    assert buttons(page) == {"sample": "Try it on the sample", "home-add": "Add a video"}
    assert not page.metric


def test_one_click_adds_the_sample_and_shows_its_page(page: AppTest) -> None:
    page.run()
    page.button(key="sample").click().run()
    assert not page.exception
    assert page.title[0].value == r"gravix\-sample"
    assert progress(page) == ["Waiting, 0 %"]


def test_add_is_one_click_away(page: AppTest) -> None:
    page.run()
    page.button(key="home-add").click().run()
    assert page.title[0].value == "Add videos"


@pytest.mark.parametrize(
    ("count", "title", "button"),
    [(1, "1 reel waits for you", "Review 1 reel"), (2, "2 reels wait for you", "Review 2 reels")],
)
def test_what_waits_comes_first(
    page: AppTest, store: Store, count: int, title: str, button: str
) -> None:
    with store.begin() as tx:
        add_video(tx, reels=count)
    page.run()
    assert page.title[0].value == title
    assert buttons(page)["review"] == button
    page.button(key="review").click().run()
    assert page.title[0].value == "Review"


def test_nothing_to_review_asks_for_nothing(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        add_video(tx)
    page.run()
    assert page.title[0].value == "Nothing waits for you"
    assert buttons(page) == {"home-add": "Add a video"}


def test_videos_at_work_show_their_progress_and_lead_to_activity(
    page: AppTest, store: Store
) -> None:
    with store.begin() as tx:
        add_work(tx, "Bridges", [JobStatus.COMPLETED])
        add_work(tx, "Kitchen", [JobStatus.PROCESSING], progress=50)
    page.run()
    assert page.title[0].value == "Your reels are being made"
    assert progress(page) == ["53 %, 0 of 1 reel"]
    assert links(page)["Follow or cancel"] == "activity"
    assert videos_linked(page) == ["Kitchen", "Bridges"]


def test_what_is_done_is_counted(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        _, reels = add_video(tx, reels=3)
        approve(tx, reels[0].id)
        tx.reels.decide(reels[1].id, ReviewStatus.REJECTED, seen=reels[1].version)
    page.run()
    done = {"Videos": "1", "Reels made": "3", "Approved": "1", "Rejected": "1"}
    assert numbers(page) == done


def test_recent_videos_are_the_newest_eight(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        for number in range(1, 10):
            add_video(tx, f"Video {number}")
    page.run()
    assert videos_linked(page) == [f"Video {number}" for number in range(9, 1, -1)]
    assert links(page)["All videos"] == "library"


@pytest.mark.parametrize(
    ("named", "meant"), [("Asia/Tokyo", "Asia/Tokyo"), ("../etc", "UTC"), (None, "UTC")]
)
def test_times_are_those_of_the_browser(
    page: AppTest, store: Store, named: str | None, meant: str
) -> None:
    with store.begin() as tx:
        add_video(tx)
    page.context["timezone"] = named
    page.run()
    now = datetime.now(ZoneInfo(meant))
    assert any(says(page, f"Added {now - timedelta(minutes=ago):%H:%M}") for ago in (0, 1))


def test_title_falls_back_to_the_name_of_the_file(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        add_video(tx, "")
    page.run()
    assert videos_linked(page) == [r"\.mp4"]


def test_error_of_the_studio_is_shown_with_its_hint(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Studio:
        raise StoreTooNew("/srv/gravix/gravix.db is *newer* than this Gravix")

    monkeypatch.setattr("gravix_ui.session.studio", broken)
    page.run()
    assert not page.exception
    assert not page.metric
    assert says(page, "gravix.db is *newer* than this Gravix")
    assert "**What to do:** Start the newer Gravix again" in page.error[0].value


def test_database_of_a_stranger_is_an_error_without_a_trace(page: AppTest, house: Path) -> None:
    (house / "gravix.db").write_text("no database at all, " * 100)
    page.run()
    assert not page.exception
    assert len(page.error) == 1
    assert "What to do" in page.error[0].value
    assert "Traceback" not in text_of(page)
    assert str(house) not in text_of(page)


def test_every_page_uses_the_one_studio(page: AppTest) -> None:
    page.run()
    first = shared_studio()
    page.run()
    assert shared_studio() is first


def test_bug_is_no_message_to_the_operator(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def buggy() -> Studio:
        raise ZeroDivisionError

    monkeypatch.setattr("gravix_ui.session.studio", buggy)
    page.run()
    assert page.exception
    assert not page.error


def test_hint_of_a_bare_error_is_shown_too(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Studio:
        raise GravixError("something", hint="Look into /var/log/gravix.log.")

    monkeypatch.setattr("gravix_ui.session.studio", broken)
    page.run()
    assert "/var" not in page.error[0].value
    assert says(page, "Look into gravix.log.")
