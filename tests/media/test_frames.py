"""Frames of a span, each with its time, from every way to seek."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from gravix_core.errors import Cancelled
from gravix_core.media.frames import Frame, Pixels, read_frames, read_pairs
from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import Span, Unwatched
from tests.media.clips import RAMPS, Clips

pytestmark = pytest.mark.slow


def frames_of(
    file: Path, span: Span, *, width: int = 96, fps: Fraction = Fraction(30)
) -> list[Frame]:
    return list(
        read_frames(
            file,
            probe(file),
            span,
            width=width,
            fps=fps,
            ffmpeg=ffmpeg_program(),
            watch=Unwatched(),
        )
    )


DARKER = 1.5
"""Codes that small frames lose, since they are scaled fast; the first of all, being 0, none."""


def number(pixels: Pixels) -> float:
    """What a frame of a ramp says of itself."""
    return float(pixels[..., 1].mean()) * 219 / 255


@pytest.mark.parametrize("start", [0.0, 0.517, 2.95, 5.0])
@pytest.mark.parametrize("name", [*(f"ramp.{end}" for end in RAMPS), "ramp_late.mp4"])
def test_frames_show_what_the_source_shows_at_their_time(
    clips: Clips, name: str, start: float
) -> None:
    frames = frames_of(clips(name), Span(start, start + 1))
    assert len(frames) in {30, 31}
    for frame in frames[:28]:
        shown = number(frame.pixels)
        assert shown == pytest.approx(frame.at * 30 - DARKER, abs=1.7), frame.at


def test_tags_that_change_in_the_middle_add_no_frames(clips: Clips) -> None:
    """Filters that are built anew would fill up from 0 again."""
    frames = frames_of(clips("joined_takes.mp4"), Span(0, 4))
    assert 118 <= len(frames) <= 121


def test_times_are_even_and_begin_with_the_span(clips: Clips) -> None:
    frames = frames_of(clips("ramp.mp4"), Span(1, 2), fps=Fraction(12))
    assert [frame.at for frame in frames] == [pytest.approx(1 + n / 12) for n in range(len(frames))]


def corner(pixels: Pixels, across: int, down: int) -> str:
    height, width = pixels.shape[:2]
    y, x = int(height * (0.05 + 0.9 * down)), int(width * (0.05 + 0.9 * across))
    blue, green, red = (int(value) for value in pixels[y, x])
    return {(0, 0, 1): "red", (0, 1, 0): "green", (1, 0, 0): "blue", (0, 1, 1): "yellow"}[
        (int(blue > 128), int(green > 128), int(red > 128))
    ]


@pytest.mark.parametrize(
    ("name", "size", "expected"),
    [
        ("corners.mp4", (90, 160), "red green blue yellow"),
        ("turned right.mov", (284, 160), "blue red yellow green"),
        ("turned left.mp4", (284, 160), "green yellow red blue"),
        ("upside down.mp4", (90, 160), "yellow blue green red"),
        ("anamorphic.mp4", (90, 160), "red green blue yellow"),
    ],
)
def test_frames_are_upright_in_square_pixels(
    clips: Clips, name: str, size: tuple[int, int], expected: str
) -> None:
    pixels = frames_of(clips(name), Span(1, 1.2), width=160)[0].pixels
    assert pixels.shape == (*size, 3)
    found = [corner(pixels, across, down) for down in (0, 1) for across in (0, 1)]
    assert " ".join(found) == expected


def test_the_picked_stream_is_read(clips: Clips) -> None:
    """The cover is red all over."""
    pixels = frames_of(clips("cover_art.mp4"), Span(1, 1.2))[0].pixels
    assert pixels.std() > 30


def test_one_field_of_an_interlaced_frame_is_read(clips: Clips) -> None:
    pixels = frames_of(clips("combs.mp4"), Span(1, 1.2), width=320)[0].pixels[..., 1].astype(int)
    assert np.abs(np.diff(pixels, axis=0)).mean() < 3


def test_a_pair_is_one_frame_at_two_sizes(clips: Clips) -> None:
    file = clips("corners.mp4")
    pair = next(
        iter(
            read_pairs(
                file,
                probe(file),
                Span(1, 2),
                width=320,
                fps=Fraction(30),
                ffmpeg=ffmpeg_program(),
                watch=Unwatched(),
            )
        )
    )
    assert (pair.pixels.shape, pair.small.shape) == ((180, 320, 3), (54, 96, 3))
    assert [corner(pair.small, x, 1) for x in (0, 1)] == [corner(pair.pixels, x, 1) for x in (0, 1)]


class Stopped(Unwatched):
    def should_stop(self) -> bool:
        return True


def test_reading_stops_when_asked(clips: Clips) -> None:
    file = clips("twenty_seconds.mp4")
    reading = read_frames(
        file,
        probe(file),
        Span(0, 20),
        width=640,
        fps=Fraction(30),
        ffmpeg=ffmpeg_program(),
        watch=Stopped(),
    )
    with pytest.raises(Cancelled):
        for _ in reading:
            pass
