"""How the stand-in of Meta judges files: tiny ones of true boxes, and real ones of ffmpeg."""

from __future__ import annotations

import io
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gravix_core.media.process import ffmpeg_program
from tests.simulators.instagram_boxes import BAD_FORMAT, TOO_LARGE, Refused, inspect
from tests.simulators.instagram_clips import Clip, make_clip

GIGABYTE = 1 << 30


def judge(content: bytes, *, limit: int = GIGABYTE, edit_lists: bool = True) -> float:
    return inspect(io.BytesIO(content), limit=limit, edit_lists=edit_lists)


@pytest.mark.parametrize(
    "clip",
    [
        Clip(),
        Clip(seconds=3),
        Clip(seconds=900),
        Clip(picture=b"hvc1"),
        Clip(picture=b"hev1", rate=60),
        Clip(rate=23),
        Clip(sound=None),
        Clip(size=(1920, 1080), channels=1, sound_rate=44100),
        Clip(edit_list=True),
    ],
)
def test_a_file_within_the_rules_passes(clip: Clip) -> None:
    assert judge(make_clip(clip)) == clip.seconds


@pytest.mark.parametrize(
    ("clip", "why"),
    [
        (Clip(moov_first=False), "moov lies behind mdat"),
        (Clip(seconds=2.9), "2.90 s long"),
        (Clip(seconds=901), "901.00 s long"),
        (Clip(picture=b"vp09"), "the picture is vp09"),
        (Clip(size=(2160, 3840)), "the picture is 2160x3840"),
        (Clip(rate=15), "15.00 frames a second"),
        (Clip(rate=120), "120.00 frames a second"),
        (Clip(sound=b"Opus"), "the sound is not AAC"),
        (Clip(object_type=0x6B), "the sound is not AAC"),  # MP3 in mp4a
        (Clip(channels=6), "6 channels of 48000 Hz"),
        (Clip(sound_rate=50000), "2 channels of 50000 Hz"),
    ],
)
def test_a_file_that_breaks_a_rule_is_refused_for_it(clip: Clip, why: str) -> None:
    with pytest.raises(Refused) as refused:
        judge(make_clip(clip))

    assert (str(refused.value), refused.value.subcode) == (why, BAD_FORMAT)


def test_edit_lists_are_refused_where_they_are_not_taken() -> None:
    with pytest.raises(Refused, match="an edit list"):
        judge(make_clip(Clip(edit_list=True)), edit_lists=False)


def test_a_large_file_has_a_code_of_its_own() -> None:
    with pytest.raises(Refused) as refused:
        judge(make_clip(), limit=1000)

    assert refused.value.subcode == TOO_LARGE


@pytest.mark.parametrize("content", [b"", b"\x00", b"<html>not a film</html>", make_clip()[:-1]])
def test_what_is_no_whole_file_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        judge(content)


@given(st.integers(0, len(make_clip()) - 2001), st.binary(min_size=1, max_size=40))
def test_damage_is_refused_or_passes_but_never_breaks(at: int, noise: bytes) -> None:
    whole = make_clip()
    with suppress(Refused):
        judge(whole[:at] + noise + whole[at + len(noise) :])


@pytest.mark.slow  # ffmpeg makes the films
@pytest.mark.parametrize(
    ("name", "options", "passes"),
    [
        ("good.mp4", "-c:v libx264 -c:a aac -movflags +faststart", True),
        ("late.mp4", "-c:v libx264 -c:a aac", False),
        ("good.mov", "-c:v libx264 -c:a aac -movflags +faststart", True),
        (
            "hevc.mp4",
            "-c:v libx265 -x265-params log-level=none -c:a aac -movflags +faststart",
            True,
        ),
        ("old.mp4", "-c:v mpeg4 -c:a aac -movflags +faststart", False),
        ("mp3.mp4", "-c:v libx264 -c:a libmp3lame -movflags +faststart", False),
        ("film.mkv", "-c:v libx264 -c:a aac", False),
    ],
)
def test_real_files_are_judged_alike(tmp_path: Path, name: str, options: str, passes: bool) -> None:
    file = tmp_path / name
    sources = ["testsrc2=s=90x160:r=30:d=4", "sine=f=330:r=48000:d=4"]
    inputs = [word for source in sources for word in ("-f", "lavfi", "-i", source)]
    argv = [str(ffmpeg_program()), "-v", "error", *inputs, "-pix_fmt", "yuv420p"]
    subprocess.run([*argv, *options.split(), str(file)], check=True, stdin=subprocess.DEVNULL)

    if passes:
        assert judge(file.read_bytes()) == pytest.approx(4, abs=0.1)
    else:
        with pytest.raises(Refused):
            judge(file.read_bytes())
