"""What browsers play, as `browsers_play` says; tests/browser asks a browser itself."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from gravix_core.model import MediaInfo, Size
from gravix_core.stages.render.proxy import (
    browsers_play,
    media_type,
    proxy_rate,
    proxy_size,
)
from tests.unit.test_filtergraph import PICTURE, SOUND

MP4, MATROSKA = "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm"
INFO = MediaInfo(MP4, 9.0, 0.0, PICTURE, SOUND, 1)

PLAYED = [
    (MP4, "h264", "yuv420p", "aac"),
    (MP4, "h264", "yuvj420p", "mp3"),
    (MP4, "h264", "yuv420p", None),
    (MP4, "vp9", "yuv420p", "opus"),
    (MP4, "av1", "yuv420p", "flac"),
    (MATROSKA, "vp8", "yuv420p", "vorbis"),
    (MATROSKA, "vp9", "yuv420p", "opus"),
    (MATROSKA, "av1", "yuv420p", None),
]
NOT_PLAYED = [
    (MP4, "hevc", "yuv420p", "aac"),
    (MP4, "h264", "yuv420p10le", "aac"),
    (MP4, "h264", "yuv422p", "aac"),
    (MP4, "h264", "yuv444p", "aac"),
    (MP4, "vp9", "yuv420p10le", "opus"),
    (MP4, "vp8", "yuv420p", "opus"),
    (MP4, "mpeg4", "yuv420p", "aac"),
    (MP4, "prores", "yuv422p10le", "pcm_s16le"),
    (MP4, "h264", "yuv420p", "pcm_s16le"),
    (MP4, "h264", "yuv420p", "ac3"),
    (MP4, "h264", "yuv420p", "alac"),
    (MATROSKA, "h264", "yuv420p", "aac"),
    (MATROSKA, "vp9", "yuv420p", "aac"),
    ("mpegts", "h264", "yuv420p", "aac"),
    ("avi", "h264", "yuv420p", "mp3"),
    ("flv", "h264", "yuv420p", "aac"),
    ("mpeg", "mpeg2video", "yuv420p", "mp2"),
    ("ogg", "theora", "yuv420p", "vorbis"),
]


def info(container: str, codec: str, pixels: str, sound: str | None) -> MediaInfo:
    picture = replace(PICTURE, codec=codec, pixel_format=pixels)
    heard = replace(SOUND, codec=sound) if sound else None
    return replace(INFO, container=container, picture=picture, sound=heard)


def on(picture: int, sound: int | None) -> MediaInfo:
    heard = None if sound is None else replace(SOUND, stream=sound)
    return replace(INFO, picture=replace(PICTURE, stream=picture), sound=heard)


@pytest.mark.parametrize("kind", PLAYED, ids=str)
def test_what_the_web_knows_is_played(kind: tuple[str, str, str, str | None]) -> None:
    assert browsers_play(info(*kind))


@pytest.mark.parametrize("kind", NOT_PLAYED, ids=str)
def test_what_no_table_promises_is_not(kind: tuple[str, str, str, str | None]) -> None:
    assert not browsers_play(info(*kind))


def test_interlaced_pictures_are_played() -> None:
    assert browsers_play(replace(INFO, picture=replace(PICTURE, interlaced=True)))


@pytest.mark.parametrize(("start", "played"), [(-0.023, True), (0.04, True), (5.5, False)])
def test_a_player_counts_from_zero_whatever_the_file_does(start: float, played: bool) -> None:
    assert browsers_play(replace(INFO, start=start)) is played


@pytest.mark.parametrize(("picture", "sound"), [(0, 1), (1, 0), (0, None)])
def test_the_first_streams_are_those_that_a_player_picks(picture: int, sound: int | None) -> None:
    assert browsers_play(on(picture, sound))


@pytest.mark.parametrize(("picture", "sound"), [(1, None), (1, 2), (0, 2), (3, 0)])
def test_a_stream_behind_another_is_not_what_a_player_picks(
    picture: int, sound: int | None
) -> None:
    assert not browsers_play(on(picture, sound))


def test_a_mov_is_called_mp4_since_browsers_say_no_to_a_mov() -> None:
    assert media_type(INFO) == "video/mp4"
    assert media_type(info(*PLAYED[-1])) == "video/webm"


@pytest.mark.parametrize(
    ("rate", "expected"),
    [("30", "30"), ("24000/1001", "24000/1001"), ("60", "30"), ("50", "25"), ("120", "30"),
     ("30.02", "30.02"), ("4", "10")],
)  # fmt: skip
def test_a_proxy_keeps_the_rate_or_an_even_part_of_it(rate: str, expected: str) -> None:
    assert proxy_rate(replace(PICTURE, rate=Fraction(rate))) == Fraction(expected)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [((1920, 1080), (640, 360)), ((1080, 1920), (360, 640)), ((320, 180), (320, 180)),
     ((1080, 1080), (360, 360)), ((853, 479), (642, 360)), ((7680, 800), (1920, 200))],
)  # fmt: skip
def test_the_short_side_of_a_proxy_is_360_and_nothing_is_scaled_up(
    shown: tuple[int, int], expected: tuple[int, int]
) -> None:
    picture = replace(PICTURE, size=Size(*shown))
    assert proxy_size(picture) == Size(*expected)
