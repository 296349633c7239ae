"""The page of a video, drawn over a real database, in every state that a video may be in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.errors import ToolFailed
from gravix_core.media.files import proxy_file, source_file
from gravix_core.model import (
    Cue,
    JobStatus,
    JobType,
    LogLevel,
    NewJob,
    Span,
    Transcript,
)
from gravix_core.store.store import Store
from tests.pages import houses
from tests.pages.houses import add_video, open_store, page_of
from tests.pages.shown import buttons, html, links, part_data, progress, says
from tests.pages.works import add_job, add_work
from tests.support import approve

pytestmark = pytest.mark.slow

SPOKEN = Transcript(words=(), cues=(Cue("Here it <begins>", Span(0, 2)),))
PROXY = NewJob(JobType.PREVIEW_PROXY, "video/1/proxy", 1)


@pytest.fixture
def store(house: Path) -> Iterator[Store]:
    store = open_store(house)
    yield store
    store.close()


@pytest.fixture
def page(house: Path) -> AppTest:
    page = page_of("video")
    page.query_params["id"] = "1"
    return page


bring_in = partial(houses.bring_in, transcript=SPOKEN)


def screen(page: AppTest) -> dict[str, Any]:
    return part_data(page, "player-1")


@pytest.mark.parametrize("asked", ["", "x", "-1", "7", "9" * 30, "²"])
def test_address_that_names_no_video_leads_back(page: AppTest, store: Store, asked: str) -> None:
    page.query_params["id"] = asked
    page.run()
    assert not page.exception
    assert len(page.info) + len(page.error) == 1
    assert links(page)["Library"] == "library"
    assert not [part for part in page.get("bidi_component") if part.key != "menu"]


def test_facts_of_a_video_stand_under_its_title(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        bring_in(tx, add_video(tx, "A *walk*")[0])
    page.run()
    assert page.title[0].value == r"A \*walk\*"
    assert says(
        page,
        "01:10 · 1280 × 720 · whole frame over its blurred copy · clean subtitles"
        " · 35 seconds per reel",
    )
    assert says(page, "4.2 MB")


def test_video_at_work_shows_progress_and_can_be_cancelled(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        add_work(tx, "Bridges", [JobStatus.COMPLETED, JobStatus.PENDING])
    page.run()
    assert progress(page) == ["Waiting, 53 %, 0 of 2 reels"]
    page.button(key="cancel").click().run()
    assert not progress(page)
    assert says(page, "Stopped. Start it again to go on.")
    assert page.toast[0].value == "Stopping. What is done stays."


def test_stopped_video_goes_on_where_it_was(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        add_work(tx, "Bridges", [JobStatus.COMPLETED, JobStatus.CANCELLED])
    page.run()
    assert buttons(page)["go-on"] == "Go on"
    page.button(key="go-on").click().run()
    assert progress(page) == ["Waiting, 53 %, 0 of 2 reels"]


def test_failed_video_says_why_without_folders_and_is_tried_again(
    page: AppTest, store: Store
) -> None:
    with store.begin() as tx:
        error = ToolFailed("ffmpeg lost /srv/gravix/videos/1/source.mp4")
        add_work(tx, "Bridges", [JobStatus.COMPLETED, JobStatus.FAILED], error=error)
    page.run()
    assert says(page, r"0 of 2 reels; 1 failed: ffmpeg lost source\.mp4\.")
    assert "/srv" not in html(page)
    page.button(key="retry").click().run()
    assert page.toast[0].value == "1 job will be tried again."
    assert "retry" not in buttons(page)


def test_finished_video_offers_neither_cancel_nor_another_try(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        add_video(tx, reels=1)
    page.run()
    assert not {"cancel", "retry", "go-on"} & set(buttons(page))


def test_player_gets_the_strip_and_the_transcript(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        video, reels = add_video(tx, reels=2)
        bring_in(tx, video)
        approve(tx, reels[0].id)
    page.run()
    states = [state for _, _, state, _ in screen(page)["chunks"]]
    assert states == ["approved", "to_review"]
    assert screen(page)["lines"] == [[0, 2, "Here it <begins>"]]
    assert screen(page)["src"].startswith("/files/videos/1/source?")


def test_preview_plays_exactly_the_stretch_of_its_chunk(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        bring_in(tx, add_video(tx, reels=2)[0])
    page.run()
    assert screen(page)["play"] is None
    page.button(key="preview-2").click().run()
    order = screen(page)["play"]
    assert (order["start"], order["end"]) == (35, 70)


def test_order_to_play_is_not_carried_to_another_video(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        bring_in(tx, add_video(tx, "Bridges", reels=1)[0])
        bring_in(tx, add_video(tx, "Kitchen", reels=1)[0])
    page.run()
    page.button(key="preview-1").click().run()
    page.query_params["id"] = "2"
    page.run()
    assert part_data(page, "player-2")["play"] is None


def test_chunk_leads_to_its_reel_and_to_its_download(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        bring_in(tx, add_video(tx, reels=1)[0])
    page.run()
    assert says(page, "00:00 – 00:35")
    assert says(page, ":blue-badge[To review]")
    assert says(page, "How a bridge is built")
    assert links(page)["Review"] == "review?reel=1"
    assert links(page)["Edit"] == "edit?id=1"
    assert page.get("link_button")[0].proto.url.startswith("/files/chunks/1?")


def test_chunk_that_is_not_rendered_has_no_way_to_review(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        add_video(tx, reels=1, rendered=False)
    page.run()
    assert "Review" not in links(page)
    assert "preview-1" not in buttons(page)


def test_chunk_that_nobody_asked_for_can_be_made(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        bring_in(tx, add_video(tx, reels=1, rendered=False)[0])
    page.run()
    assert says(page, ":gray-badge[Not made]")
    assert screen(page)["chunks"][0][2] == "not_made"
    page.button(key="make-1").click().run()
    assert says(page, ":gray-badge[Waiting]")
    assert "make-1" not in buttons(page)


def test_all_that_nobody_asked_for_are_made_at_once(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        video, (first, *_) = add_video(tx, reels=3, rendered=False)
        bring_in(tx, video)
        tx.reels.set_rendered(first.id, houses.rendered_reel(store.videos_dir, first))
    page.run()
    assert buttons(page)["make-all"] == "Make all (2)"
    page.button(key="make-all").click().run()
    assert page.toast[0].value == "2 reels are being made."
    assert "make-all" not in buttons(page)


def test_video_of_which_all_is_asked_for_offers_no_more(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        bring_in(tx, add_video(tx, reels=2)[0])
    page.run()
    assert not {"make-all", "make-1", "make-2"} & set(buttons(page))


def test_many_chunks_are_paged(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        bring_in(tx, add_video(tx, reels=10)[0])
    page.run()
    previews = [f"preview-{number}" for number in range(1, 11)]
    assert [key for key in buttons(page) if key in previews] == previews[:8]
    page.pagination[0].set_value(2).run()
    assert [key for key in buttons(page) if key in previews] == previews[8:]


def test_source_that_browsers_cannot_play_gets_a_preview_when_asked(
    page: AppTest, store: Store
) -> None:
    with store.begin() as tx:
        bring_in(tx, add_video(tx, reels=1)[0], codec="mpeg2video")
    page.run()
    assert screen(page)["src"] is None
    assert "Browsers cannot play this kind of file." in screen(page)["empty"]
    assert page.get("link_button")[0].proto.url.startswith("/files/chunks/1?")
    page.button(key="make-preview").click().run()
    assert screen(page)["empty"] == "The preview is being made: 0 %."
    assert "make-preview" not in buttons(page)


def test_preview_that_is_made_is_played(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        bring_in(tx, add_video(tx)[0], codec="mpeg2video")
        add_job(tx, PROXY, JobStatus.COMPLETED)
    proxy_file(store.videos_dir, 1).write_bytes(b"mp4")
    page.run()
    assert screen(page)["src"].startswith("/files/videos/1/source?")


def test_preview_at_work_shows_how_far_it_is(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        bring_in(tx, add_video(tx)[0], codec="mpeg2video")
        add_job(tx, PROXY, JobStatus.PROCESSING, progress=40)
    page.run()
    assert screen(page)["empty"] == "The preview is being made: 40 %."


def test_failed_preview_says_why_and_is_tried_again(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        bring_in(tx, add_video(tx)[0], codec="mpeg2video")
        add_job(tx, PROXY, JobStatus.FAILED, error=ToolFailed("no frame of /srv/a.mp4"))
    page.run()
    assert says(page, f"no frame of a.mp4. {ToolFailed.hint}")
    assert buttons(page)["make-preview"] == "Try the preview again"
    page.button(key="make-preview").click().run()
    assert screen(page)["empty"] == "The preview is being made: 0 %."


def test_source_that_is_gone_is_told(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        video, _ = add_video(tx, reels=1)
        bring_in(tx, video)
    source_file(store.videos_dir, 1, ".mp4").unlink()
    page.run()
    assert screen(page)["empty"].startswith("The file is not here. Add it again")
    assert "preview-1" not in buttons(page)


def test_log_names_the_reel_that_failed(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        error = ToolFailed("no room")
        add_work(tx, "Bridges", [JobStatus.COMPLETED, JobStatus.FAILED], error=error)
    page.run()
    assert "<p><b>Render reel 2:</b> no room." in html(page)


def test_log_is_text_without_folders_newest_last(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        video, _ = add_video(tx)
        tx.logs.add(video.id, "<b>first /srv/gravix/talk.mp4")
        tx.logs.add(video.id, "second", LogLevel.WARNING)
    page.run()
    assert "<p>&lt;b&gt;first talk.mp4</p>" in html(page)
    assert html(page).index("first") < html(page).index("second")
    assert '<span data-level="WARNING">Warning</span>' in html(page)


def test_question_before_deletion_says_what_goes_and_what_stays(
    page: AppTest, store: Store
) -> None:
    with store.begin() as tx:
        video, reels = add_video(tx, reels=2)
        bring_in(tx, video)
        approve(tx, reels[0].id)
    page.run()
    page.button(key="delete").click().run()
    assert says(page, "**Bridges** goes, with its 2 reels (1 approved), their texts and its log.")
    assert says(page, "This frees 0 kB. Your own file stays where it is")
    page.button(key="delete-keep").click().run()
    assert "delete-confirm" not in buttons(page)


def test_deleted_video_is_gone_and_the_library_says_so(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        bring_in(tx, add_video(tx, reels=1)[0])
    page.run()
    page.button(key="delete").click().run()
    (store.videos_dir / "1" / "late.bin").write_bytes(b"x" * 2_500_000)  # after it was asked
    page.button(key="delete-confirm").click().run()
    assert not page.exception
    assert page.title[0].value == "Library"
    assert page.toast[0].value == "Bridges is deleted. 2.5 MB are free again."
    assert not (store.videos_dir / "1").exists()


def test_deletion_that_fails_is_told_and_nothing_is_lost(
    page: AppTest, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gravix_core.desks.library.STOPS_WITHIN", 0)
    with store.begin() as tx:
        add_work(tx, "Bridges", [JobStatus.PROCESSING])
    page.run()
    page.button(key="delete").click().run()
    page.button(key="delete-confirm").click().run()
    assert page.error[0].value.startswith("Bridges is still at work")
    assert page.title[0].value == "Bridges"
