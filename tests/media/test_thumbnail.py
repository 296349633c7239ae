"""One small picture of a source, whatever the source is."""

from __future__ import annotations

import resource
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gravix_core.errors import Cancelled, ToolFailed
from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.stages.render.thumbnail import MAX_BYTES, make_thumbnail
from tests.media import seen
from tests.media.clips import CORNERS, ODD, RAMPS, Clips, bytes_of
from tests.media.counting import counting_server, lures
from tests.media.processes import children
from tests.media.renders import Listener
from tests.media.test_colour import KNOWN, NEAR, bars
from tests.media.test_geometry import FITS, colour_at
from tests.media.test_process import program

pytestmark = pytest.mark.slow

SIZES = {
    "corners.mp4": (480, 270),
    "anamorphic.mp4": (480, 270),
    "wide.mp4": (480, 206),
    "vertical.mp4": (480, 854),
    "turned right.mov": (480, 854),
    "turned left.mp4": (480, 854),
    "upside down.mp4": (480, 270),
}
SLOW = "open(sys.argv[-1].removeprefix('file:'), 'wb').write(b'half')\ntime.sleep(60)"
"""An ffmpeg that is at work for long."""
ODD_NAMES = ("-y.mp4", "100%d %02d.mp4", 'it\'s "so".mp4', "two\nlines.mp4", "a:b.mp4", "[x] ;.mp4")


def taken(source: Path, target: Path, watch: Listener | None = None) -> seen.Bytes:
    """The picture as rows, columns and RGB."""
    make_thumbnail(
        source, probe(source), ffmpeg=ffmpeg_program(), target=target, watch=watch or Listener()
    )
    with Image.open(target) as picture:
        assert (picture.format, picture.mode) == ("JPEG", "RGB")
        return np.asarray(picture)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "out" / "thumbnail.jpg"


@pytest.mark.parametrize("name", [*ODD, "bunny", "bikes", *(f"ramp.{end}" for end in RAMPS)])
def test_every_source_gets_a_small_picture_480_wide(clips: Clips, target: Path, name: str) -> None:
    height, width, _ = taken(clips(name), target).shape
    shape = probe(clips(name)).picture.size.aspect
    assert (width, height % 2) == (480, 0)
    assert height == pytest.approx(480 / shape, abs=1)
    assert target.stat().st_size < MAX_BYTES
    assert [file.name for file in target.parent.iterdir()] == ["thumbnail.jpg"]


@pytest.mark.parametrize(("name", "size"), SIZES.items())
def test_it_stands_upright_in_the_shape_in_which_it_is_shown(
    clips: Clips, target: Path, name: str, size: tuple[int, int]
) -> None:
    picture = taken(clips(name), target)
    right, low = size[0] - 9, size[1] - 9
    places = ((8, 8), (right, 8), (8, low), (right, low))
    assert picture.shape[:2] == size[::-1]
    assert tuple(colour_at(picture, *place) for place in places) == FITS[name][1]
    assert set(CORNERS) == set(FITS[name][1])


@pytest.mark.parametrize("name", ["sd_tagged.mp4", "hd_untagged.mp4", "full_range.mp4", "rgb.mkv"])
def test_it_has_the_colours_of_the_source(clips: Clips, target: Path, name: str) -> None:
    found = bars(taken(clips(name), target).astype(float), 0, 270)
    assert np.abs(found - KNOWN).max() <= 2 * NEAR, found  # a JPEG this small is coarse


@pytest.mark.parametrize("name", ["pq.mp4", "hlg.mov"])
def test_hdr_is_as_bright_as_the_same_picture_in_sdr(clips: Clips, target: Path, name: str) -> None:
    sdr = taken(clips("bars.mp4"), target).mean()
    assert taken(clips(name), target).mean() == pytest.approx(sdr, rel=0.08)


def test_a_film_that_starts_black_shows_something_else(clips: Clips, target: Path) -> None:
    """All of it hangs on one key frame, and that one is black."""
    assert len(seen.keyframe_times(clips("black_start.mp4"))) == 1
    assert taken(clips("black_start.mp4"), target).mean() > 50


def test_a_film_with_a_long_black_beginning_shows_a_later_key_frame(
    clips: Clips, target: Path
) -> None:
    assert taken(clips("dark_half.mp4"), target).mean() > 50


def test_an_interlaced_frame_shows_no_comb(clips: Clips, target: Path) -> None:
    """In the source every other row is of another moment."""
    assert unevenness(seen.frame(clips("combs.mp4"))) > 15
    assert unevenness(taken(clips("combs.mp4"), target)) < 2


def unevenness(picture: seen.Bytes) -> float:
    """How much a row differs from the next."""
    return float(np.abs(np.diff(picture.astype(float).mean(axis=2), axis=0)).mean())


def test_pure_noise_is_made_to_fit(clips: Clips, target: Path) -> None:
    taken(clips("noise_wide.mp4"), target)
    assert target.stat().st_size < MAX_BYTES


def test_what_a_camera_wrote_is_not_in_it(clips: Clips, target: Path) -> None:
    taken(clips("tagged.mov"), target)
    data = target.read_bytes()
    assert [mark for mark in (b"SECRET", b"+50.0000", b"Exif", b"Lavc") if mark in data] == []


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_name_of_a_file_and_its_folder_will_do(clips: Clips, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    shutil.copy(clips("mono.mp4"), folder / name)
    taken(folder / name, folder / "thumbnail.jpg")
    assert sorted(file.name for file in folder.iterdir()) == sorted([name, "thumbnail.jpg"])


def test_a_place_that_ffmpeg_refuses_is_passed_over(
    clips: Clips, tmp_path: Path, target: Path
) -> None:
    real = str(ffmpeg_program())
    body = f"import os\nsys.exit(1) if '-ss' in sys.argv else os.execv({real!r}, sys.argv)"
    picky = Path(program(tmp_path, body))
    source = clips("plain.mp4")
    make_thumbnail(source, probe(source), ffmpeg=picky, target=target, watch=Listener())
    assert [file.name for file in target.parent.iterdir()] == ["thumbnail.jpg"]


def test_what_cannot_be_decoded_at_all_has_failed_and_leaves_nothing(
    clips: Clips, tmp_path: Path, target: Path
) -> None:
    file = tmp_path / "gone.mp4"
    file.write_bytes(bytes_of(clips("last.mp4"), keep=700_000))
    with pytest.raises(ToolFailed):
        make_thumbnail(
            file, probe(clips("bunny")), ffmpeg=ffmpeg_program(), target=target, watch=Listener()
        )
    assert list(target.parent.iterdir()) == []


def test_a_play_list_in_the_place_of_the_source_is_not_followed(
    clips: Clips, tmp_path: Path, target: Path
) -> None:
    info = probe(clips("plain.mp4"))
    with counting_server() as server:
        for name, text in lures(server.address()).items():
            (tmp_path / name).write_text(text, encoding="utf-8")
            with pytest.raises(ToolFailed):
                make_thumbnail(
                    tmp_path / name,
                    info,
                    ffmpeg=ffmpeg_program(),
                    target=target,
                    watch=Listener(),
                )
    assert server.seen == []


class Stop(Listener):
    def should_stop(self) -> bool:
        return True


def test_a_wish_to_stop_is_heard_and_leaves_nothing(
    clips: Clips, tmp_path: Path, target: Path
) -> None:
    slow, source, before = Path(program(tmp_path, SLOW)), clips("plain.mp4"), children()
    with pytest.raises(Cancelled):
        make_thumbnail(source, probe(source), ffmpeg=slow, target=target, watch=Stop())
    assert children() - before == set()
    assert list(target.parent.iterdir()) == []


def test_no_progress_is_told(clips: Clips, target: Path) -> None:
    watch = Listener()
    taken(clips("plain.mp4"), target, watch)
    assert watch.heard == []


def test_an_hour_takes_no_longer_than_a_minute(clips: Clips, target: Path) -> None:
    source = clips("hour.mp4")
    before = work_of_children()
    taken(source, target)
    assert work_of_children() - before < 5  # decoding half of it takes 16


def work_of_children() -> float:
    """Seconds that processors have worked for those that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
