"""A small copy that browsers play, of any source, with every frame at its time."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from gravix_core.errors import Cancelled, DiskFull, ToolFailed
from gravix_core.media.boxes import read_boxes
from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import Watch
from gravix_core.stages.render.proxy import browsers_play, make_proxy
from tests.media import seen
from tests.media.clips import FLASH, ODD, RAMPS, Clips
from tests.media.counting import LURES, counting_server, lures
from tests.media.processes import children
from tests.media.renders import Listener
from tests.media.small_disk import small_disk
from tests.media.test_colour import KNOWN, NEAR, bars
from tests.media.test_geometry import FITS, corners_of
from tests.media.test_privacy import PLANTED
from tests.media.test_process import program
from tests.media.test_sync import AHEAD, CLIPS, beep_of
from tests.media.test_thumbnail import ODD_NAMES, unevenness

pytestmark = pytest.mark.slow

ALL = [*ODD, *(f"ramp.{end}" for end in RAMPS), "bunny", "flash_4.mp4", "flash_gaps.mkv"]
FLASHES = [*CLIPS, "flash_60.mp4", "flash_4.mp4", "flash_gaps.mkv", "flash.webm"]
PICTURE = {
    "codec_name": "h264",
    "profile": "Main",
    "pix_fmt": "yuv420p",
    "sample_aspect_ratio": "1:1",
    "field_order": "progressive",
    "color_range": "tv",
    "color_space": "bt709",
    "color_transfer": "bt709",
    "color_primaries": "bt709",
}
SOUND = {"codec_name": "aac", "sample_rate": "48000", "channels": 2}
SIZES = {"turned right.mov": (360, 640), "anamorphic.mp4": (640, 360), "wide.mp4": (840, 360),
         "bunny": (640, 360), "mono.mp4": (320, 180), "narrow.mp4": (270, 630)}  # fmt: skip


@dataclass
class Proxies:
    """Makes each once."""

    clips: Clips
    folder: Path
    made: dict[str, Path] = field(default_factory=dict)

    def __call__(self, name: str) -> Path:
        if name not in self.made:
            file = self.folder / f"{len(self.made)}.mp4"
            make(self.clips(name), file)
            self.made[name] = file
        return self.made[name]


def make(source: Path, target: Path, watch: Watch | None = None) -> None:
    make_proxy(
        source, probe(source), ffmpeg=ffmpeg_program(), target=target, watch=watch or Listener()
    )


@pytest.fixture(scope="module")
def proxies(clips: Clips, tmp_path_factory: pytest.TempPathFactory) -> Proxies:
    return Proxies(clips, tmp_path_factory.mktemp("proxies"))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "out" / "proxy.mp4"


@pytest.mark.parametrize("name", ALL)
def test_every_source_gets_a_proxy_that_browsers_play(
    clips: Clips, proxies: Proxies, name: str
) -> None:
    made, source = probe(proxies(name)), probe(clips(name))
    assert browsers_play(made)
    assert made.start == 0
    assert made.duration == pytest.approx(source.duration, abs=1 / float(made.picture.rate))
    assert (made.sound is None) == (source.sound is None)


@pytest.mark.parametrize("name", ["bunny", "pq.mp4", "six_channels.mp4", "turned left.mp4"])
def test_it_is_plain_h264_in_bt709_with_stereo_aac(proxies: Proxies, name: str) -> None:
    found = seen.streams(proxies(name))
    assert {key: found["video"].get(key) for key in PICTURE} == PICTURE
    assert {key: found["audio"].get(key) for key in SOUND} == SOUND
    assert "side_data_list" not in found["video"]
    assert read_boxes(proxies(name)).moov_first


@pytest.mark.parametrize(("name", "size"), SIZES.items())
def test_its_short_side_is_360_at_most(proxies: Proxies, name: str, size: tuple[int, int]) -> None:
    assert seen.size_of(proxies(name)) == size


@pytest.mark.parametrize("name", FITS)
def test_it_shows_the_whole_frame_upright(proxies: Proxies, name: str) -> None:
    picture = seen.frame(proxies(name))
    height, width, _ = picture.shape
    assert corners_of(picture, (0, 0, width, height), inset=9) == FITS[name][1]


@pytest.mark.parametrize("name", ["bunny", "flash_60.mp4", "film_rate.mp4"])
def test_key_frames_come_at_least_every_two_seconds(proxies: Proxies, name: str) -> None:
    found = seen.keyframe_times(proxies(name))
    assert max(np.diff([*found, probe(proxies(name)).duration])) <= 2.02


@pytest.mark.parametrize("name", FLASHES)
def test_the_flash_comes_at_its_time_to_within_a_frame(
    clips: Clips, proxies: Proxies, name: str
) -> None:
    light = seen.luma(proxies(name))
    bright = light[:, light.shape[1] // 2, light.shape[2] // 2] > 128
    shown = seen.picture_times(proxies(name))[int(bright.argmax())]
    rate = min(probe(clips(name)).picture.rate, probe(proxies(name)).picture.rate)
    assert shown == pytest.approx(FLASH + AHEAD.get(name, 0), abs=1 / float(rate))


@pytest.mark.parametrize("name", FLASHES)
def test_the_beep_comes_at_its_time(proxies: Proxies, name: str) -> None:
    assert beep_of(proxies(name)) == pytest.approx(FLASH + AHEAD.get(name, 0), abs=0.01)


@pytest.mark.parametrize("name", ["flash_late_picture.mkv", "late_start.ts", "plain.mp4"])
def test_there_is_a_picture_from_time_zero_on(proxies: Proxies, name: str) -> None:
    assert seen.picture_times(proxies(name))[0] == 0


@pytest.mark.parametrize("ending", RAMPS)
def test_every_frame_of_any_container_is_at_its_time(proxies: Proxies, ending: str) -> None:
    file = proxies(f"ramp.{ending}")
    shown = seen.luma(file)[:, 45, 80].astype(int) - 16
    expected = np.array(seen.picture_times(file)) * 30
    assert np.abs(shown - expected).max() <= 3


def test_time_zero_is_the_first_of_the_file_also_where_that_is_late(proxies: Proxies) -> None:
    shown = seen.luma(proxies("ramp_late.mp4"))[:, 45, 80].astype(int) - 16
    assert abs(int(shown[0])) <= 3
    assert np.abs(shown - np.arange(len(shown))).max() <= 3


@pytest.mark.parametrize("name", ["sd_tagged.mp4", "hd_untagged.mp4", "full_range.mp4", "rgb.mkv"])
def test_it_has_the_colours_of_the_source(proxies: Proxies, name: str) -> None:
    file = proxies(name)
    found = bars(seen.rgb_by_hand(file), 0, seen.size_of(file)[1])
    assert np.abs(found - KNOWN).max() <= NEAR + 1, found


@pytest.mark.parametrize("name", ["pq.mp4", "hlg.mov"])
def test_hdr_is_as_bright_as_the_same_picture_in_sdr(proxies: Proxies, name: str) -> None:
    sdr = seen.luma(proxies("bars.mp4")).mean() - 16
    assert seen.luma(proxies(name)).mean() - 16 == pytest.approx(sdr, rel=0.08)


def test_an_interlaced_frame_shows_no_comb(clips: Clips, proxies: Proxies) -> None:
    assert unevenness(seen.frame(clips("combs.mp4"))) > 15
    assert unevenness(seen.frame(proxies("combs.mp4"))) < 2


def test_what_a_camera_wrote_is_not_in_it(proxies: Proxies) -> None:
    data = proxies("tagged.mov").read_bytes()
    assert [mark for mark in PLANTED if mark in data] == []
    assert seen.streams(proxies("tagged.mov"))["chapters"] == []


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_name_of_a_file_and_its_folder_will_do(clips: Clips, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    shutil.copy(clips("mono.mp4"), folder / name)
    make(folder / name, folder / "proxy.mp4")
    assert sorted(file.name for file in folder.iterdir()) == sorted([name, "proxy.mp4"])


def test_progress_rises_in_steps_to_a_hundred(clips: Clips, target: Path) -> None:
    watch = Listener()
    make(clips("twenty_seconds.mp4"), target, watch)
    assert watch.heard == sorted(watch.heard)
    assert len(set(watch.heard)) > 3
    assert watch.heard[-1] == 100


def test_a_cancel_ends_the_process_and_leaves_nothing(clips: Clips, target: Path) -> None:
    before = children()
    with pytest.raises(Cancelled):
        make(clips("twenty_seconds.mp4"), target, Listener(stop_after=1))
    assert children() - before == set()
    assert list(target.parent.iterdir()) == []


def test_a_failure_leaves_nothing(clips: Clips, tmp_path: Path, target: Path) -> None:
    body = "open(sys.argv[-1].removeprefix('file:'), 'wb').write(b'half')\nsys.exit(1)"
    ffmpeg, source = Path(program(tmp_path, body)), clips("plain.mp4")
    with pytest.raises(ToolFailed):
        make_proxy(source, probe(source), ffmpeg=ffmpeg, target=target, watch=Listener())
    assert list(target.parent.iterdir()) == []


def test_a_full_disk_is_called_one_and_leaves_nothing(clips: Clips, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 0.1) as disk:
        with pytest.raises(DiskFull):
            make(clips("twenty_seconds.mp4"), disk / "proxy.mp4")
        assert list(disk.iterdir()) == []


@pytest.mark.parametrize("name", LURES)
def test_a_play_list_in_the_place_of_the_source_is_not_followed(
    clips: Clips, tmp_path: Path, target: Path, name: str
) -> None:
    info = probe(clips("plain.mp4"))
    with counting_server() as server:
        (tmp_path / name).write_text(lures(server.address())[name], encoding="utf-8")
        with pytest.raises(ToolFailed):
            make_proxy(tmp_path / name, info, ffmpeg=ffmpeg_program(), target=target,
                       watch=Listener())  # fmt: skip
    assert server.seen == []
