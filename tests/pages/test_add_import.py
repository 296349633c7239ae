"""Import on Add: rights, one link and all of them, the same video twice, and how it gets on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.handlers import settle
from gravix_core.jobs import queue
from gravix_core.model import JobType, LinkProbe, Video
from gravix_core.studio import Studio
from gravix_ui.words import at, plain
from tests.pages.houses import page_of, text_of
from tests.pages.linking import (
    GONE,
    LATER,
    ONE,
    OTHER,
    PROBE,
    TWO,
    Site,
    answered,
    confirm,
    link,
    look,
    paste,
    pasted,
    press,
    primary,
    videos,
)
from tests.pages.shown import buttons, html, says, videos_linked

pytestmark = pytest.mark.slow  # a page is drawn anew for each step

MB = 1_000_000


@pytest.fixture
def page(studio: Studio) -> AppTest:
    return page_of("add")


# Rights


def test_nothing_is_imported_before_the_channel_is_confirmed(page: AppTest, studio: Studio) -> None:
    look(page, studio, ONE)
    assert page.button(key=f"link-take-{ONE}").disabled
    assert page.checkbox[0].label.startswith("I made this or may republish it (all of **Anna")
    confirm(page, ONE)
    assert not page.button(key=f"link-take-{ONE}").disabled
    assert "You made this or may republish it: <b>Anna builds</b>" in html(page)


def test_a_channel_is_confirmed_once(page: AppTest, studio: Studio) -> None:
    look(page, studio, ONE, TWO, OTHER)
    assert len(page.checkbox) == 3
    confirm(page, ONE)
    assert [str(one.key) for one in page.checkbox] == [f"link-rights-{OTHER}"]
    assert says(page, "3 links: 2 ready, 1 to confirm")


# Import


def test_import_takes_the_video_with_the_choices(page: AppTest, studio: Studio) -> None:
    look(page, studio, ONE)
    page.selectbox(key="add-layout").set_value("centre").run()
    page.selectbox(key="add-subtitles").set_value("boxed").run()
    page.segmented_control(key="add-which").set_value("Only the best").run()
    page.number_input(key="add-best").set_value(3).run()
    page.number_input(key="add-seconds").set_value(60.0).run()
    confirm(page, ONE)
    press(page, f"link-take-{ONE}")
    (video,) = videos(studio)
    assert (video.youtube_id, video.layout, video.subtitles) == (ONE, "centre", "boxed")
    assert (video.best, video.chunk_duration) == (3, 60)
    assert [one.job.job_type for one in studio.activity.jobs(video.id)] == [JobType.YT_DOWNLOAD]


def test_what_is_imported_leaves_the_list_and_shows_its_progress(
    page: AppTest, studio: Studio
) -> None:
    look(page, studio, ONE, OTHER)
    confirm(page, ONE)
    press(page, f"link-take-{ONE}")
    assert page.toast[0].value == "1 video is being imported."
    assert pasted(page) == [link(OTHER)]
    assert page.subheader[0].value == "Added just now"
    assert videos_linked(page) == ["How a bridge is built"]


def test_import_all_takes_what_is_ready_and_confirmed(page: AppTest, studio: Studio) -> None:
    look(page, studio, ONE, TWO, OTHER)
    assert "links-take" not in buttons(page)
    confirm(page, ONE)
    assert buttons(page)["links-take"] == "Import all 2"
    press(page, "links-take")
    assert {video.youtube_id for video in videos(studio)} == {ONE, TWO}
    assert pasted(page) == [link(OTHER)]


def test_the_room_for_all_is_told(page: AppTest, studio: Studio, site: Site) -> None:
    free = studio.disk.use().free
    for youtube_id in (ONE, TWO):
        site.answers[youtube_id] = replace(
            PROBE, youtube_id=youtube_id, byte_size=free // 2 - 100 * MB
        )
    look(page, studio, ONE, TWO)
    confirm(page, ONE)
    assert "There is not enough room" in page.warning[0].value
    assert "There is not enough room" not in html(page)


# The same video twice


@pytest.fixture
def known(page: AppTest, studio: Studio, site: Site) -> Video:
    """A video that was imported before, whose probe is forgotten."""
    look(page, studio, ONE)
    confirm(page, ONE)
    press(page, f"link-take-{ONE}")
    with studio.store.begin() as tx:
        tx.links.drop_before(datetime.now(UTC) + timedelta(days=1))
    site.asked.clear()
    return videos(studio)[0]


def test_a_video_that_is_there_is_opened(
    page: AppTest, studio: Studio, site: Site, known: Video
) -> None:
    look(page, studio, ONE)
    assert "In the library already, added " in html(page)
    assert "How a bridge is built" in html(page)
    assert site.asked == []
    assert primary(page) == {f"link-open-{ONE}"}


def test_import_again_says_what_happens_and_keeps_the_older_one(
    page: AppTest, studio: Studio, site: Site, known: Video
) -> None:
    paste(page, link(ONE))
    press(page, f"link-again-{ONE}-button")
    answered(page, studio)
    assert site.asked == [ONE]
    assert says(page, "The older video and its reels stay.")
    assert len(videos(studio)) == 1
    press(page, f"link-take-{ONE}")
    assert [video.id for video in videos(studio)] == [known.id + 1, known.id]


@pytest.mark.parametrize("answer", [PROBE, GONE])
def test_import_again_can_be_left(
    page: AppTest, studio: Studio, site: Site, known: Video, answer: LinkProbe | Exception
) -> None:
    site.answers[ONE] = answer
    paste(page, link(ONE))
    press(page, f"link-again-{ONE}-button")
    answered(page, studio)
    press(page, f"link-leave-{ONE}")
    assert f"link-open-{ONE}" in buttons(page)
    assert len(videos(studio)) == 1


def test_import_all_leaves_what_is_there_alone(page: AppTest, studio: Studio, known: Video) -> None:
    look(page, studio, ONE, TWO)
    press(page, f"link-again-{ONE}-button")
    answered(page, studio)
    assert "links-take" not in buttons(page)
    assert says(page, "2 links: 1 there already, 1 ready")


# How a download gets on


def test_a_download_shows_its_pace_and_when_it_is_tried_again(
    page: AppTest, studio: Studio
) -> None:
    look(page, studio, ONE)
    confirm(page, ONE)
    press(page, f"link-take-{ONE}")
    now = datetime.now(UTC)
    with studio.store.begin() as tx:
        job = queue.claim(tx, "elsewhere/1", now=now)
        assert job is not None
        queue.set_progress(tx, job, 15, note="12 of 80 MB, 3.1 MB/s, 20 s left", now=now)
    assert says(page.run(), "12 of 80 MB, 3.1 MB/s, 20 s left")
    activity = page_of("activity")
    told = f"Now: bring in (15 %, {plain('12 of 80 MB, 3.1 MB/s, 20 s left')})"
    assert told in text_of(activity.run())
    with studio.store.begin() as tx:
        queue.fail(tx, job, LATER, now=now, retry_in=3600)
    again = f"Tries again {at(now + timedelta(hours=1), UTC)}"
    assert says(page.run(), again)
    when = at(now + timedelta(hours=1), UTC, seconds=True)
    tries_again = f"Bring in failed and is tried again {when} (try 2): Too many requests"
    assert tries_again in text_of(activity.run())
    activity.session_state[f"jobs-{job.video_id}"] = True
    (happened,) = activity.run().dataframe[0].value["What happened"]
    assert happened == f"{again}. Too many requests. Wait."


def test_a_download_that_failed_says_why(page: AppTest, studio: Studio) -> None:
    look(page, studio, ONE)
    confirm(page, ONE)
    press(page, f"link-take-{ONE}")
    now = datetime.now(UTC)
    with studio.store.begin() as tx:
        job = queue.claim(tx, "elsewhere/1", now=now)
        assert job is not None
        queue.fail(tx, job, GONE, now=now, retry_in=None)
        settle(tx, queue.get(tx, job.id))
    assert says(page.run(), "This video is private.")
