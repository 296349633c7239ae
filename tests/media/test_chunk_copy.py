"""A stretch of a source as a file of its own, not one bit of it encoded again."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from gravix_core.errors import Cancelled, MediaUnreadable, ToolFailed
from gravix_core.media.probe import key_frame_before, probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import Span, Watch
from gravix_core.stages.cut.copy import copy_ending, copy_span
from gravix_core.stages.render.proxy import browsers_play
from tests.media import seen
from tests.media.clips import FLASH, ODD, RAMPS, Clips
from tests.media.processes import children
from tests.media.renders import Listener
from tests.media.test_privacy import PLANTED
from tests.media.test_process import program
from tests.media.test_sync import AHEAD, beep_of
from tests.media.test_thumbnail import ODD_NAMES, SLOW, Stop

pytestmark = pytest.mark.slow

SPAN = (3.35, 6.35)
"""Key frames of the ramps are at 2, 4 and 6 s."""
FRAME = 1 / 30
ENDINGS = {
    "plain.mp4": ".mp4", "turned right.mov": ".mp4", "ramp.mkv": ".mp4", "ramp.ts": ".mp4",
    "ramp.flv": ".mp4", "ramp.avi": ".mp4", "vp9_opus.webm": ".mp4", "ramp.webm": ".webm",
    "flash.webm": ".webm", "ramp.mpg": ".mkv", "ramp.wmv": ".mkv", "flash.mkv": ".mkv",
    "rgb.mkv": ".mkv", "pq.mp4": ".mp4", "pcm.mov": ".mov", "silent_film.mp4": ".mp4",
}  # fmt: skip
FLASHES = ("flash.mp4", "flash.mkv", "flash_25.mp4", "flash_offset.mkv", "flash.ts", "flash.webm",
           "flash_late_sound.mkv", "flash_late_sound.mp4")  # fmt: skip
HIDES = {".mp4", ".mov"}


@dataclass
class Copies:
    """Makes each once."""

    clips: Clips
    folder: Path
    made: dict[object, Path] = field(default_factory=dict)

    def __call__(self, name: str, span: tuple[float, float] = SPAN) -> Path:
        if (name, span) not in self.made:
            ending = copy_ending(probe(self.clips(name)))
            file = self.folder / f"{len(self.made)}{ending}"
            make(self.clips(name), file, span)
            self.made[name, span] = file
        return self.made[name, span]


def make(
    source: Path, target: Path, span: tuple[float, float] = (0.5, 2.5), watch: Watch | None = None
) -> None:
    info = probe(source)
    copy_span(source, info, Span(*span), ffmpeg=ffmpeg_program(), target=target,
              watch=watch or Listener())  # fmt: skip


@pytest.fixture(scope="module")
def copies(clips: Clips, tmp_path_factory: pytest.TempPathFactory) -> Copies:
    return Copies(clips, tmp_path_factory.mktemp("copies"))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "out" / "1.mp4"


def frames_of(file: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """The number that each shown picture tells."""
    return seen.luma(file)[:, 45, 80].astype(np.int64) - 16


@pytest.mark.parametrize(("name", "ending"), ENDINGS.items())
def test_the_container_is_one_that_can_hold_it(clips: Clips, name: str, ending: str) -> None:
    assert copy_ending(probe(clips(name))) == ending


@pytest.mark.parametrize("name", [*ODD, "bunny", "bikes", "pcm.mov", "rgb.mkv"])
def test_a_copy_of_every_source_holds_the_same_picture_and_sound(
    clips: Clips, copies: Copies, name: str
) -> None:
    made, source = probe(copies(name, (1, 2.5))), probe(clips(name))
    for one, other in ((made.picture, source.picture), (made.sound, source.sound)):
        assert (one and one.codec) == (other and other.codec)
    assert made.picture.size == source.picture.size
    assert made.picture.rotation == source.picture.rotation
    assert made.picture.pixel_format == source.picture.pixel_format
    assert made.picture.transfer is source.picture.transfer


@pytest.mark.parametrize("name", [*ODD, "ramp_sound.mov", "ramp_opus.webm"])
def test_what_browsers_play_they_play_as_a_copy_too(
    clips: Clips, copies: Copies, name: str
) -> None:
    if browsers_play(probe(clips(name))):
        assert browsers_play(probe(copies(name, (1, 2.5))))


@pytest.mark.parametrize("name", ["ramp.mp4", "ramp.mkv", "ramp.avi", "ramp.wmv", "bunny"])
def test_every_packet_is_that_of_the_source(clips: Clips, copies: Copies, name: str) -> None:
    span = (2.1, 4.4) if name == "bunny" else SPAN
    made, source = (seen.packet_sizes(file) for file in (copies(name, span), clips(name)))
    assert len(made) > 20
    assert any(source[n : n + len(made)] == made for n in range(len(source)))


@pytest.mark.parametrize("ending", RAMPS)
def test_every_shown_picture_is_that_of_the_source_to_the_last_bit(
    clips: Clips, copies: Copies, ending: str
) -> None:
    name = f"ramp.{ending}"
    source = {picture.tobytes() for picture in seen.luma(clips(name))}
    made = seen.luma(copies(name))
    assert len(made) >= 85
    assert all(picture.tobytes() in source for picture in made)


@pytest.mark.parametrize("ending", [end for end in RAMPS if end not in {"webm", "mpg", "wmv"}])
def test_an_mp4_shows_its_span_and_hides_what_comes_before(copies: Copies, ending: str) -> None:
    shown = frames_of(copies(f"ramp.{ending}"))
    assert shown[0] == pytest.approx(SPAN[0] * 30, abs=2)
    assert shown[-1] == pytest.approx(SPAN[1] * 30, abs=5)


@pytest.mark.parametrize("name", ["ramp.webm", "ramp.mpg", "ramp.wmv", "ramp_ntsc.mpg",
                                  "ramp_ntsc.mkv"])  # fmt: skip
@pytest.mark.parametrize("start", [1.7, 3.35, 4.9])
def test_another_container_begins_at_the_key_frame_before(
    clips: Clips, copies: Copies, name: str, start: float
) -> None:
    key = key_frame_before(clips(name), probe(clips(name)), start)
    shown = frames_of(copies(name, (start, 6.35)))
    assert start - 2.1 < key <= start
    assert shown[0] == pytest.approx(key * 30, abs=3)
    assert shown[-1] == pytest.approx(6.35 * 30, abs=5)


@pytest.mark.parametrize("name", FLASHES)
def test_sound_and_picture_of_a_copy_keep_step(copies: Copies, name: str) -> None:
    file = copies(name, (0.517, 3.7))
    light = seen.luma(file)
    bright = light[:, light.shape[1] // 2, light.shape[2] // 2] > 128
    flash = seen.picture_times(file)
    shown = [at for at in flash if at >= 0] if file.suffix in HIDES else flash
    assert heard(file) == pytest.approx(shown[int(bright.argmax())], abs=1.3 * FRAME)


@pytest.mark.parametrize("name", [name for name in FLASHES if name.endswith((".mp4", ".ts"))])
def test_the_beep_of_an_mp4_comes_when_the_span_says(copies: Copies, name: str) -> None:
    expected = FLASH - 0.517 + AHEAD.get(name, 0)
    assert heard(copies(name, (0.517, 3.7))) == pytest.approx(expected, abs=0.01)


def heard(file: Path) -> float:
    """When the beep comes; sound may begin after the picture."""
    return beep_of(file) + max(0.0, float(seen.streams(file)["audio"]["start_time"]))


def test_a_copy_of_a_film_without_sound_has_none(copies: Copies) -> None:
    assert probe(copies("silent_film.mp4", (1, 2.5))).sound is None


def test_of_several_streams_the_picked_ones_are_copied(copies: Copies) -> None:
    found = seen.streams(copies("two_pictures.mkv", (1, 2.5)))["all"]["streams"]
    assert [one["codec_type"] for one in found] == ["video", "audio"]
    assert found[0]["width"] == 320


def test_hevc_is_marked_so_that_apple_plays_it(copies: Copies) -> None:
    assert seen.streams(copies("hevc.mkv", (1, 2.5)))["video"]["codec_tag_string"] == "hvc1"


def test_what_a_camera_wrote_is_not_in_it(copies: Copies) -> None:
    data = copies("tagged.mov", (1, 2.5)).read_bytes()
    assert [mark for mark in PLANTED if mark in data] == []
    assert seen.streams(copies("tagged.mov", (1, 2.5)))["chapters"] == []


def test_neighbouring_copies_leave_no_picture_out(copies: Copies) -> None:
    left, right = (frames_of(copies("ramp.mp4", span)) for span in ((1.1, 3.7), (3.7, 6.9)))
    assert right[0] <= left[-1] + 1


@pytest.mark.parametrize("name", ["hour.mp4", "hour.ts"])
def test_a_copy_from_deep_inside_takes_no_time(clips: Clips, target: Path, name: str) -> None:
    source = clips(name)
    began = time.monotonic()
    make(source, target, (3300, 3335))
    assert time.monotonic() - began < 5
    assert probe(target).duration == pytest.approx(35, abs=0.2)


@pytest.mark.parametrize(("at", "key"), [(0, 0), (1.9, 0), (2.1, 2), (3.35, 2), (7.1, 6)])
@pytest.mark.parametrize("ending", ["mp4", "mkv", "ts", "flv", "mpg", "webm"])
def test_the_key_frame_before_a_moment_is_found(
    clips: Clips, ending: str, at: float, key: float
) -> None:
    file = clips(f"ramp.{ending}")
    assert key_frame_before(file, probe(file), at) == pytest.approx(key, abs=0.15)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_name_of_a_file_and_its_folder_will_do(clips: Clips, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    shutil.copy(clips("mono.mp4"), folder / name)
    make(folder / name, folder / "1.mp4")
    assert sorted(file.name for file in folder.iterdir()) == sorted([name, "1.mp4"])


def test_a_cancel_ends_the_process_and_leaves_nothing(
    clips: Clips, tmp_path: Path, target: Path
) -> None:
    slow, source, before = Path(program(tmp_path, SLOW)), clips("plain.mp4"), children()
    with pytest.raises(Cancelled):
        copy_span(source, probe(source), Span(1, 2), ffmpeg=slow, target=target, watch=Stop())
    assert children() - before == set()
    assert list(target.parent.iterdir()) == []


def test_a_failure_leaves_what_was_there(clips: Clips, tmp_path: Path, target: Path) -> None:
    source, span = clips("plain.mp4"), Span(1, 2)
    make(source, target)
    before = target.read_bytes()
    body = "open(sys.argv[-1].removeprefix('file:'), 'wb').write(b'half')\nsys.exit(1)"
    broken = Path(program(tmp_path, body))
    with pytest.raises(ToolFailed):
        copy_span(source, probe(source), span, ffmpeg=broken, target=target, watch=Listener())
    assert target.read_bytes() == before
    assert [file.name for file in target.parent.iterdir()] == ["1.mp4"]


def test_a_source_that_is_no_video_any_more_is_called_so(
    clips: Clips, tmp_path: Path, target: Path
) -> None:
    info = probe(clips("ramp.ts"))
    (tmp_path / "source.ts").write_text("not a video any more")
    with pytest.raises(MediaUnreadable):
        copy_span(tmp_path / "source.ts", info, Span(1, 2), ffmpeg=ffmpeg_program(),
                  target=target, watch=Listener())  # fmt: skip
