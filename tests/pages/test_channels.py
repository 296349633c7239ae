"""The operator's word about channels, and addresses of files on other hosts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gravix_core.errors import YouTubeError
from gravix_core.jobs import queue
from gravix_core.model import JobStatus, JobType, NewJob
from gravix_core.studio import Studio
from tests.pages.houses import page_of, text_of
from tests.pages.linking import PROBE
from tests.pages.shown import buttons

pytestmark = pytest.mark.slow  # a page is drawn anew for each step

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def test_without_a_confirmed_channel_settings_says_nothing_of_channels(studio: Studio) -> None:
    page = page_of("settings").run()
    assert "Channels" not in [one.value for one in page.subheader]


def test_a_confirmed_channel_can_be_taken_back(studio: Studio) -> None:
    with studio.store.begin() as tx:
        tx.links.confirm("UCanna", "Anna *builds*", now=NOW)
        tx.links.confirm("UCbo", "Bo", now=NOW)
    page = page_of("settings").run()
    assert "Anna \\*builds\\*" in text_of(page)
    page.button(key="channel-UCanna").click().run()
    assert not page.exception
    assert [channel.id for channel in studio.links.channels()] == ["UCbo"]


def test_a_channel_whose_videos_are_here_can_be_confirmed_again(studio: Studio) -> None:
    with studio.store.begin() as tx:
        tx.videos.add_link(PROBE, layout="auto", chunk_duration=35)
    page = page_of("settings").run()
    assert "you have not said so" in text_of(page)
    page.button(key="channel-say-UCanna").click().run()
    assert not page.exception
    assert studio.links.rights_of(PROBE)
    assert "channel-UCanna" in buttons(page)


def test_two_videos_without_a_channel_are_confirmed_one_by_one(studio: Studio) -> None:
    nameless = [
        replace(PROBE, youtube_id=one, channel_id="", channel="")
        for one in ("aaaaaaaaaa1", "aaaaaaaaaa2")
    ]
    with studio.store.begin() as tx:
        for probe in nameless:
            tx.links.keep(probe)
    studio.links.confirm("aaaaaaaaaa1")
    assert [studio.links.rights_of(probe) for probe in nameless] == [True, False]


def test_addresses_of_files_are_not_offered_by_default(studio: Studio) -> None:
    page = page_of("add").run()
    assert "address-given" not in [one.key for one in page.text_input]


@pytest.fixture
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAVIX_ALLOW_DIRECT_URLS", "true")


def test_an_address_is_taken_with_the_operators_word(direct: None, studio: Studio) -> None:
    page = page_of("add").run()
    page.text_input(key="address-given").set_value("https://files.example/my-talk.mp4?t=1").run()
    assert page.button(key="address-take").disabled
    page.checkbox(key="address-rights").check().run()
    page.button(key="address-take").click().run()
    assert not page.exception
    with studio.store.read() as tx:
        (video,) = tx.videos.recent()
        (job,) = queue.of_video(tx, video.id)
    assert (video.title, video.source_name) == ("my-talk", "files.example")
    assert (job.job_type, job.status) == (JobType.YT_DOWNLOAD, JobStatus.PENDING)
    assert page.text_input(key="address-given").value == ""


def test_what_is_no_address_of_a_file_is_told(direct: None, studio: Studio) -> None:
    page = page_of("add").run()
    page.text_input(key="address-given").set_value("https://youtu.be/dQw4w9WgXcQ").run()
    page.checkbox(key="address-rights").check().run()
    page.button(key="address-take").click().run()
    assert not page.exception
    assert [toast.icon for toast in page.toast] == [":material/error:"]
    with studio.store.read() as tx:
        assert tx.videos.recent() == ()


@pytest.mark.parametrize(("kind", "offered"), [("permanent", False), ("action", True)])
@pytest.mark.parametrize("name", ["activity", "video"])
def test_a_download_that_fails_for_good_is_not_offered_again(
    studio: Studio, name: str, kind: str, offered: bool
) -> None:
    with studio.store.begin() as tx:
        video = tx.videos.add_link(PROBE, layout="auto", chunk_duration=35)
        queue.enqueue(tx, NewJob(JobType.YT_DOWNLOAD, "d", video.id), now=NOW)
        job = queue.claim(tx, "me", now=NOW)
        assert job is not None
        error = YouTubeError("This video is private.", kind=kind)
        queue.fail(tx, job, error, now=NOW, retry_in=None)
    page = page_of(name)
    page.query_params["id"] = str(video.id)
    page.run()
    assert not page.exception
    assert ("Try again" in buttons(page).values()) is offered
    assert studio.activity.retry(video.id) == int(offered)
