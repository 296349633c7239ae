"""What is said to play in browsers, played in one: the right picture at its time."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import Span
from gravix_core.stages.cut.copy import copy_ending, copy_span
from gravix_core.stages.render.proxy import browsers_play, make_proxy, media_type
from tests.browser.browsers import chromium
from tests.media.clips import Clips
from tests.support import Quiet

pytestmark = pytest.mark.slow

PLAYED = ("ramp.mp4", "ramp.webm", "ramp_sound.mov", "ramp_opus.webm", "ramp_combs.mp4")
NEED_A_PROXY = ("ramp.ts", "ramp.avi", "ramp.flv", "ramp.mpg", "ramp.wmv", "ramp_late.mp4",
                "pcm.mov", "ramp.mkv")  # fmt: skip
START = 3.35

LOOK = """async ([data, type, times]) => {
    const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0))
    const video = document.createElement("video")
    const ready = new Promise((done, failed) => {
        video.oncanplaythrough = done
        video.onerror = () => failed(new Error(video.error.message))
    })
    video.muted = true
    video.src = URL.createObjectURL(new Blob([bytes], {type}))
    await ready
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight)
    const pen = canvas.getContext("2d", {willReadFrequently: true})
    const seen = []
    for (const time of times) {
        const seek = () => { video.currentTime = time }
        let again
        await new Promise((done, failed) => {
            let [left, last] = [60, null]
            const look = (_, {mediaTime}) => Math.abs((last = mediaTime) - time) < 0.2
                ? done() : video.requestVideoFrameCallback(look)  // the first is of the start
            video.requestVideoFrameCallback(look)
            again = setInterval(() => {  // the frame can come between two calls, and once only
                if (left-- === 0) failed(new Error(`${last} is shown in place of ${time}`))
                else if (!video.seeking) seek()
            }, 1000)
            seek()
        }).finally(() => clearInterval(again))
        pen.drawImage(video, 0, 0)
        const middle = pen.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data
        seen.push(middle[0] * 219 / 255)
    }
    return seen
}"""
"""Shows the middle's light as code values above black, which number the pictures of a ramp."""


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    return Clips(tmp_path_factory.mktemp("clips"))


@dataclass(frozen=True)
class Player:
    page: Page

    def pictures(self, file: Path, kind: str, times: list[float]) -> list[float]:
        """The numbers of the pictures that are shown at `times`."""
        data = base64.b64encode(file.read_bytes()).decode()
        seen: list[float] = self.page.evaluate(LOOK, [data, kind, times])
        return seen


@pytest.fixture(scope="module")
def player() -> Iterator[Player]:
    with chromium() as browser:
        yield Player(_blank(browser))


def _blank(browser: Browser) -> Page:
    page = browser.new_page()
    page.goto("about:blank")
    return page


TIMES = [1.02, 5.02, 3.35, 6.49]


@pytest.mark.parametrize("name", PLAYED)
def test_a_source_that_is_called_playable_plays_at_our_times(
    clips: Clips, player: Player, name: str
) -> None:
    info = probe(clips(name))
    assert browsers_play(info)
    shown = player.pictures(clips(name), media_type(info), TIMES)
    assert shown == pytest.approx([int(time * 30) for time in TIMES], abs=2)


@pytest.mark.parametrize("name", NEED_A_PROXY)
def test_any_other_source_plays_at_our_times_as_a_proxy(
    clips: Clips, player: Player, tmp_path: Path, name: str
) -> None:
    info, proxy = probe(clips(name)), tmp_path / "proxy.mp4"
    assert not browsers_play(info)
    make_proxy(clips(name), info, ffmpeg=ffmpeg_program(), target=proxy, watch=Quiet())
    shown = player.pictures(proxy, "video/mp4", TIMES)
    assert shown == pytest.approx([int(time * 30) for time in TIMES], abs=2)


@pytest.mark.parametrize("name", ["ramp.mp4", "ramp_sound.mov", "ramp_opus.webm", "ramp.ts"])
def test_a_copy_of_a_chunk_plays_from_the_chunk_s_start(
    clips: Clips, player: Player, tmp_path: Path, name: str
) -> None:
    info = probe(clips(name))
    copy = tmp_path / f"1{copy_ending(info)}"
    copy_span(clips(name), info, Span(START, 6.6), ffmpeg=ffmpeg_program(), target=copy,
              watch=Quiet())  # fmt: skip
    shown = player.pictures(copy, "video/mp4", [0.02, 1.02, 2.52])
    assert shown == pytest.approx([(START + at) * 30 for at in (0.02, 1.02, 2.52)], abs=2)


def test_a_source_that_starts_late_plays_at_other_times_than_ours(
    clips: Clips, player: Player
) -> None:
    """The reason why it gets a proxy."""
    late = player.pictures(clips("ramp_late.mp4"), "video/mp4", [6.52])
    assert late == pytest.approx([30], abs=3)
