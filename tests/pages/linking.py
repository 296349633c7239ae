"""A stand-in of the site and the links on Add for its tests: pasted, looked at, confirmed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from streamlit.testing.v1 import AppTest

from gravix_core.errors import Cancelled, SourceRefused, YouTubeError
from gravix_core.model import CaptionTrack, LinkProbe, SourceFile, Video, Watch
from gravix_core.stages.source.base import Tell
from gravix_core.studio import Studio
from tests.web.servers import wait_until

ONE, TWO, OTHER = "aaaaaaaaaa1", "aaaaaaaaaa2", "bbbbbbbbbbb"
PROBE = LinkProbe(
    youtube_id=ONE,
    title="How a bridge is built",
    channel="Anna builds",
    channel_id="UCanna",
    description="",
    duration=754.0,
    thumbnail_url="",
    height=1080,
    width=1920,
    byte_size=182_000_000,
    captions=(CaptionTrack("en", True, "https://www.youtube.com/api/timedtext"),),
    language="en",
    notes=(),
    info={},
    probed_at=datetime(2026, 11, 26, tzinfo=UTC),
)
GONE = YouTubeError("This video is private.", hint="Ask its owner.", kind="permanent")
LATER = YouTubeError("Too many requests.", hint="Wait.", kind="wait", retry_after=3600)
ROBOT = YouTubeError("Are you a robot?", hint="In Settings, give cookies.", kind="action")
BROKEN = YouTubeError("YouTube could not be reached.", hint="Check it.", kind="retry")
LONG = SourceRefused("this video lasts 5 hours, and 4 hours is the most", hint="Cut it.")


class Site:
    """Knows some videos; answers at once, unless its `gate` is closed."""

    def __init__(self) -> None:
        self.answers: dict[str, LinkProbe | Exception] = {
            ONE: PROBE,
            TWO: replace(PROBE, youtube_id=TWO, title="A kitchen", captions=()),
            OTHER: replace(PROBE, youtube_id=OTHER, title="Boats", channel_id="UCbo", channel="Bo"),
        }
        self.picture = b"no picture at all"
        self.asked: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def probe(self, youtube_id: str, *, watch: Watch, picture: Path | None = None) -> LinkProbe:
        self.asked.append(youtube_id)
        while not self.gate.wait(0.01):
            if watch.should_stop():
                raise Cancelled("not wanted any more")
        answer = self.answers[youtube_id]
        if isinstance(answer, Exception):
            raise answer
        if picture is not None:
            picture.write_bytes(self.picture)
        return replace(answer, probed_at=datetime.now(UTC))

    def fetch(self, probe: LinkProbe, *, folder: Path, watch: Watch, tell: Tell) -> SourceFile:
        raise AssertionError("nothing is fetched here: no job runs")


def link(youtube_id: str) -> str:
    return f"https://www.youtube.com/watch?v={youtube_id}"


def paste(page: AppTest, *lines: str) -> AppTest:
    page.run()
    return page.text_area(key="links").set_value("\n".join(lines)).run()


def look(page: AppTest, studio: Studio, *youtube_ids: str) -> AppTest:
    """Paste their links, have them looked at, and wait until they are."""
    paste(page, *map(link, youtube_ids))
    press(page, "links-look-button")
    return answered(page, studio)


def answered(page: AppTest, studio: Studio) -> AppTest:
    wait_until(lambda: not studio.links.is_asking(), "an answer")
    return page.run()


def press(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception
    return page


def confirm(page: AppTest, youtube_id: str) -> AppTest:
    return page.checkbox(key=f"link-rights-{youtube_id}").check().run()


def pasted(page: AppTest) -> list[str]:
    return str(page.text_area(key="links").value).splitlines()


def videos(studio: Studio) -> Sequence[Video]:
    return [item.video for item in studio.library.videos(limit=9).items]


def primary(page: AppTest) -> set[str]:
    return {str(one.key) for one in page.button if one.proto.type == "primary"}
