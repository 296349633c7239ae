"""What a file holds, whatever made it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from gravix_core.media.probe import probe
from gravix_core.model import Picture, Size, Sound, Transfer
from tests.media.clips import ODD, Clips

pytestmark = pytest.mark.slow

SIZES = {
    "turned right.mov": Size(360, 640),
    "turned left.mp4": Size(360, 640),
    "upside down.mp4": Size(640, 360),
    "anamorphic.mp4": Size(640, 360),
    "odd_444.mp4": Size(428, 241),  # scale kept the shape in a sample aspect ratio
    "vertical.mp4": Size(360, 640),
    "wide.mp4": Size(840, 360),
    "bunny": Size(1280, 720),
}
TURNS = {"turned right.mov": 90, "upside down.mp4": 180, "turned left.mp4": 270, "plain.mp4": 0}
TRANSFERS = {"pq.mp4": Transfer.PQ, "hlg.mov": Transfer.HLG, "plain.mp4": Transfer.SDR}
MATRICES = {"pq.mp4": "bt2020nc", "hd_tagged.mp4": "bt709", "sd_tagged.mp4": "smpte170m",
            "sd_untagged.mp4": "unknown"}  # fmt: skip
STARTS = {"late_start.ts": 8.4, "flash_offset.mkv": 5.5, "plain.mp4": 0.0}
INTERLACED = "interlaced ünïcode 橋.mp4"
DURATIONS = {
    "plain.mp4": 3.4,
    "late_start.ts": 3.4,
    "flash_offset.mkv": 4.2,
    "long_sound.mp4": 3.4,
    "no_duration.mkv": 3.4,
    "variable.mp4": 3.4,
    "sound_first.mkv": 3.9,
    "turned right.mov": 3.4,
    "blink.mp4": 0.4,
    "one_frame.mp4": 1 / 30,
    "bunny": 5.28,
}


def picture_of(clips: Clips, name: str) -> Picture:
    return probe(clips(name)).picture


def sound_of(clips: Clips, name: str) -> Sound:
    sound = probe(clips(name)).sound
    assert sound is not None
    return sound


@pytest.mark.parametrize("name", ODD)
def test_every_odd_video_is_read_and_long_enough(clips: Clips, name: str) -> None:
    assert probe(clips(name)).duration >= 3


@pytest.mark.parametrize(("name", "size"), SIZES.items())
def test_size_is_as_shown_in_square_pixels(clips: Clips, name: str, size: Size) -> None:
    assert picture_of(clips, name).size == size


@pytest.mark.parametrize(("name", "degrees"), TURNS.items())
def test_rotation_says_which_way_a_player_turns_it(clips: Clips, name: str, degrees: int) -> None:
    assert picture_of(clips, name).rotation == degrees


@pytest.mark.parametrize(("name", "duration"), DURATIONS.items())
def test_duration_is_that_of_the_picture(clips: Clips, name: str, duration: float) -> None:
    assert probe(clips(name)).duration == pytest.approx(duration, abs=0.03)


@pytest.mark.parametrize(("name", "start"), STARTS.items())
def test_start_is_the_first_time_stamp(clips: Clips, name: str, start: float) -> None:
    assert probe(clips(name)).start == pytest.approx(start, abs=0.05)


@pytest.mark.parametrize(("name", "transfer"), TRANSFERS.items())
def test_transfer_is_that_of_the_picture(clips: Clips, name: str, transfer: Transfer) -> None:
    assert picture_of(clips, name).transfer is transfer


@pytest.mark.parametrize(("name", "matrix"), MATRICES.items())
def test_matrix_is_as_tagged(clips: Clips, name: str, matrix: str) -> None:
    assert picture_of(clips, name).matrix == matrix


def test_ten_bit_and_444_are_named(clips: Clips) -> None:
    assert picture_of(clips, "hlg.mov").pixel_format == "yuv420p10le"
    assert picture_of(clips, "odd_444.mp4").pixel_format == "yuv444p"


def test_only_interlaced_video_is_called_interlaced(clips: Clips) -> None:
    interlaced = {name for name in ODD if picture_of(clips, name).interlaced}
    assert interlaced == {INTERLACED}


def test_rate_is_exact_or_the_average(clips: Clips) -> None:
    assert picture_of(clips, "film_rate.mp4").rate == Fraction(24000, 1001)
    assert float(picture_of(clips, "variable.mp4").rate) == pytest.approx(21.2, abs=0.3)


def test_the_default_picture_wins_over_a_larger_one(clips: Clips) -> None:
    picture = picture_of(clips, "two_pictures.mkv")
    assert (picture.stream, picture.size) == (1, Size(320, 180))


def test_the_largest_picture_wins_where_none_is_default(clips: Clips) -> None:
    picture = picture_of(clips, "two_sizes.mkv")
    assert (picture.stream, picture.size) == (1, Size(640, 360))


def test_cover_art_is_no_picture_even_when_it_is_larger(clips: Clips) -> None:
    picture = picture_of(clips, "cover_art.mp4")
    assert (picture.codec, picture.size) == ("h264", Size(640, 360))


def test_sound_is_read_with_its_channels(clips: Clips) -> None:
    assert sound_of(clips, "bunny").channels == 6
    assert sound_of(clips, "mono.mp4").channels == 1
    assert sound_of(clips, "vp9_opus.webm").codec == "opus"


def test_a_film_without_sound_has_none(clips: Clips) -> None:
    assert probe(clips("silent_film.mp4")).sound is None


def test_a_name_with_accents_and_blanks_is_read(clips: Clips, tmp_path: Path) -> None:
    odd = tmp_path / "Ünï cødé 橋 🎬 'q' \"d\" %d [x] #1.mp4"
    odd.write_bytes(clips("mono.mp4").read_bytes())
    assert probe(odd).picture.size == Size(320, 180)


def test_probing_changes_nothing(clips: Clips) -> None:
    file = clips("plain.mp4")
    before = (file.stat().st_mtime_ns, file.read_bytes())
    probe(file)
    assert (file.stat().st_mtime_ns, file.read_bytes()) == before
