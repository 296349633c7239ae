"""Which of the candidates becomes the cover, and the sheet that shows all."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from gravix_core.errors import ToolFailed
from gravix_core.framing import Box
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import Size, Unwatched
from gravix_core.stages.render.cover import (
    CELL,
    COLUMNS,
    candidate,
    count_different,
    grid_crop,
    pick_cover,
    take_cell,
)
from tests.media.clips import REAL

pytestmark = pytest.mark.slow

CANVAS = Size(540, 960)
STREET, CAR, BUNNY = ("bikes", 8.5), ("bikes", 6.5), ("bunny", 2.0)
"""Moments of real clips: a clip, and a time in it."""
COLOURS = ["red", "green", "blue", "yellow", "cyan", "magenta", "white", "gray", "orange"]

Draw = Callable[..., Path]


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Draw:
    """One picture, as a render writes a candidate: ``drawn(STREET, "gblur=8")``."""
    folder = tmp_path_factory.mktemp("drawn")
    made: dict[object, Path] = {}

    def draw(what: tuple[str, float] | str, then: str = "null") -> Path:
        if (what, then) not in made:
            made[what, then] = folder / f"{len(made)}.jpg"
            _draw(what, then, made[what, then])
        return made[what, then]

    return draw


def _draw(what: tuple[str, float] | str, then: str, file: Path) -> None:
    size = f"{CANVAS.width}x{CANVAS.height}"
    given = ["-f", "lavfi", "-i", f"color={what}:s={size}"]
    if not isinstance(what, str):
        given = ["-ss", str(what[1]), "-i", str(REAL[what[0]])]
    shape = f"crop=ih*9/16:ih,scale={CANVAS.width}:{CANVAS.height},setsar=1"
    graph = f"{shape},{then},scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p"
    words = ["-vf", graph, "-frames:v", "1", "-q:v", "3", "-y", str(file)]
    argv = [str(ffmpeg_program()), "-v", "error", *given, *words]
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)


def laid(folder: Path, *pictures: Path, name: str = "cover.jpg") -> Path:
    """The draft that these are the candidates for."""
    draft = folder / name
    for number, picture in enumerate(pictures, 1):
        shutil.copy(picture, candidate(draft, number))
    return draft


def best_of(folder: Path, *pictures: Path, weights: tuple[float, ...] = ()) -> int:
    return pick_cover(laid(folder, *pictures), weights=weights, ffmpeg=ffmpeg_program())


@pytest.mark.parametrize("sharp", [1, 2, 5])
@pytest.mark.parametrize("scene", [STREET, BUNNY], ids=["street", "bunny"])
def test_the_sharp_frame_wins_over_black_and_blurred_ones(
    scene: tuple[str, float], sharp: int, drawn: Draw, tmp_path: Path
) -> None:
    pictures = [drawn(scene, "gblur=6"), drawn("black"), drawn(scene, "gblur=3"), drawn("black")]
    pictures.insert(sharp - 1, drawn(scene))
    assert best_of(tmp_path, *pictures) == sharp


def test_a_sharp_frame_of_little_wins_over_a_blurred_one_of_much(
    drawn: Draw, tmp_path: Path
) -> None:
    blurred = [drawn(BUNNY, "gblur=3")] * 2
    assert blurred[0].stat().st_size > drawn(CAR).stat().st_size
    assert best_of(tmp_path, *blurred, drawn(CAR)) == 3


def test_noise_does_not_win_although_its_file_is_the_largest(drawn: Draw, tmp_path: Path) -> None:
    noise = drawn("gray", "noise=alls=60:allf=t")
    scenes = [drawn(STREET), drawn(BUNNY)]
    assert noise.stat().st_size > max(scene.stat().st_size for scene in scenes)
    assert best_of(tmp_path, noise, *scenes) in {2, 3}


def test_an_evenly_grained_blur_does_not_win(drawn: Draw, tmp_path: Path) -> None:
    grained = drawn(STREET, "gblur=6,noise=alls=12")
    assert best_of(tmp_path, grained, drawn(STREET), grained) == 2


@pytest.mark.parametrize("favoured", [1, 2, 3])
def test_a_face_decides_between_equals(favoured: int, drawn: Draw, tmp_path: Path) -> None:
    weights = tuple(1.5 if number == favoured else 1.0 for number in (1, 2, 3))
    assert best_of(tmp_path, *[drawn(STREET)] * 3, weights=weights) == favoured


def test_a_face_outdoes_a_scene_with_more_to_see(drawn: Draw, tmp_path: Path) -> None:
    assert best_of(tmp_path, drawn(STREET), drawn(BUNNY)) == 2
    assert best_of(tmp_path, drawn(STREET), drawn(BUNNY), weights=(1.75,)) == 1


def test_a_blurred_face_does_not_outdo_a_sharp_frame(drawn: Draw, tmp_path: Path) -> None:
    pictures = [drawn(STREET), drawn(STREET, "gblur=8"), drawn(STREET)]
    assert best_of(tmp_path, *pictures, weights=(1, 1.5, 1)) != 2


@pytest.mark.parametrize("empty", ["black", "white", "0x101010", "gray"])
def test_nothing_helps_a_frame_without_a_picture(empty: str, drawn: Draw, tmp_path: Path) -> None:
    assert best_of(tmp_path, drawn(empty), drawn(STREET, "gblur=9"), weights=(99, 1)) == 2


def test_a_dark_scene_with_something_in_it_is_not_empty(drawn: Draw, tmp_path: Path) -> None:
    night = drawn(STREET, "lutyuv=y=16+(val-16)*0.3")
    assert best_of(tmp_path, drawn("gray"), night, drawn("black")) == 2


def test_a_reel_that_is_black_throughout_has_a_cover_all_the_same(
    drawn: Draw, tmp_path: Path
) -> None:
    assert best_of(tmp_path, *[drawn("black")] * 9) in range(1, 10)
    assert (tmp_path / "cover.jpg").read_bytes() == drawn("black").read_bytes()


def test_the_best_becomes_the_cover_and_the_others_go(drawn: Draw, tmp_path: Path) -> None:
    assert best_of(tmp_path, drawn(STREET, "gblur=6"), drawn(STREET)) == 2
    assert (tmp_path / "cover.jpg").read_bytes() == drawn(STREET).read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["cover.jpg"]


def test_without_a_program_the_largest_file_wins(drawn: Draw, tmp_path: Path) -> None:
    pictures = [drawn("black"), drawn(STREET, "gblur=3"), drawn(STREET), drawn(STREET, "gblur=1")]
    draft = laid(tmp_path, *pictures)
    assert count_different(draft) == 4
    assert pick_cover(draft) == 3


def test_no_candidate_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="no frame"):
        pick_cover(tmp_path / "cover.jpg", ffmpeg=ffmpeg_program())


def test_what_cannot_be_measured_does_not_cost_the_reel(drawn: Draw, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.jpg"
    damaged.write_bytes(b"rubbish")
    assert best_of(tmp_path, damaged, drawn(STREET)) == 2


def sheet_of(folder: Path, *pictures: Path, name: str = "cover.jpg") -> Image.Image:
    sheet = folder / f"sheet {name}"
    pick_cover(laid(folder, *pictures, name=name), sheet=sheet, ffmpeg=ffmpeg_program())
    with Image.open(sheet) as picture:
        picture.load()
        assert picture.format == "JPEG"
        shown: Image.Image = picture.convert("RGB")
        return shown


def cells(sheet: Image.Image) -> list[tuple[int, int, int]]:
    """The colour in the middle of each cell, by rows."""
    middles = [
        (CELL.width * column + CELL.width // 2, CELL.height * row + CELL.height // 2)
        for row in range(COLUMNS)
        for column in range(COLUMNS)
    ]
    return [sheet.getpixel(place) for place in middles]  # type: ignore[misc]


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) < 12


def test_the_sheet_shows_the_candidates_by_number_in_their_colours(
    drawn: Draw, tmp_path: Path
) -> None:
    pictures = [drawn(colour) for colour in COLOURS]
    sheet = sheet_of(tmp_path, *pictures)
    assert sheet.size == (COLUMNS * CELL.width, COLUMNS * CELL.height) == (1620, 2880)
    for seen, picture in zip(cells(sheet), pictures, strict=True):
        with Image.open(picture) as meant:
            assert near(seen, meant.convert("RGB").getpixel((9, 9)))


def test_a_cell_shows_the_whole_candidate_and_nothing_else(drawn: Draw, tmp_path: Path) -> None:
    frame = drawn("white", "drawbox=c=blue:t=40")
    sheet = sheet_of(tmp_path, *[frame] * 9)
    for x in (3, CELL.width - 4, CELL.width + 3, 3 * CELL.width - 4):
        for y in (3, CELL.height - 4, CELL.height + 3, 3 * CELL.height - 4):
            assert near(sheet.getpixel((x, y)), (0, 0, 254))  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [1, 2, 7])
def test_cells_without_a_candidate_stay_dark(count: int, drawn: Draw, tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, *[drawn("white")] * count)
    assert sheet.size == (1620, 2880)
    bright = [sum(colour) > 600 for colour in cells(sheet)]
    dark = [sum(colour) < 60 for colour in cells(sheet)]
    assert bright == [True] * count + [False] * (9 - count)
    assert dark == [not one for one in bright]


@pytest.mark.parametrize("name", ["100%d %02d.jpg", 'it\'s "so".jpg', "a:b.jpg", "two\nlines.jpg"])
def test_odd_names_are_just_names(name: str, drawn: Draw, tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, drawn("red"), drawn("blue"), name=name)
    assert near(cells(sheet)[1], (0, 0, 254))
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted([name, f"sheet {name}"])


def test_a_sheet_that_cannot_be_made_is_an_error_and_costs_no_candidate(
    drawn: Draw, tmp_path: Path
) -> None:
    draft = laid(tmp_path, drawn("red"), drawn("blue"))
    with pytest.raises(ToolFailed):
        pick_cover(draft, sheet=tmp_path / "no folder" / "sheet.jpg", ffmpeg=ffmpeg_program())
    assert count_different(draft) == 2


def taken(sheet: Path, cell: int, *, size: Size = CANVAS) -> Image.Image:
    target = sheet.with_name("taken 100%.jpg")
    take_cell(sheet, cell, size=size, ffmpeg=ffmpeg_program(), target=target, watch=Unwatched())
    with Image.open(target) as picture:
        assert picture.format == "JPEG"
        shown: Image.Image = picture.convert("RGB")
        return shown


def test_each_cell_can_be_taken_from_the_sheet(drawn: Draw, tmp_path: Path) -> None:
    pictures = [drawn(colour, "drawbox=c=black:t=40") for colour in COLOURS]
    sheet_of(tmp_path, *pictures)
    for cell, picture in enumerate(pictures):
        found = taken(tmp_path / "sheet cover.jpg", cell, size=Size(1080, 1920))
        assert found.size == (1080, 1920)
        with Image.open(picture) as meant:
            assert near(found.getpixel((540, 960)), meant.convert("RGB").getpixel((270, 480)))  # type: ignore[arg-type]
        for corner in ((6, 6), (1073, 6), (6, 1913), (1073, 1913)):
            assert near(found.getpixel(corner), (0, 0, 0))  # type: ignore[arg-type]


def test_a_cell_of_a_real_picture_is_as_good_as_the_candidate(drawn: Draw, tmp_path: Path) -> None:
    sheet_of(tmp_path, drawn(BUNNY), drawn(STREET), drawn(CAR))
    with Image.open(drawn(STREET)) as meant:
        lost = ImageChops.difference(taken(tmp_path / "sheet cover.jpg", 1), meant.convert("RGB"))
    assert max(ImageStat.Stat(lost).mean) < 4


def test_a_sheet_of_real_pictures_is_small_enough_to_be_sent(drawn: Draw, tmp_path: Path) -> None:
    sheet_of(tmp_path, *[drawn(BUNNY), drawn(STREET), drawn(CAR)] * 3)
    assert (tmp_path / "sheet cover.jpg").stat().st_size < 700_000


def test_no_cell_is_taken_from_a_damaged_sheet(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.jpg"
    sheet.write_bytes(b"rubbish")
    with pytest.raises(ToolFailed):
        taken(sheet, 3)
    assert [file.name for file in tmp_path.iterdir()] == ["sheet.jpg"]


def test_the_grid_shows_the_middle_three_quarters_of_a_reel() -> None:
    assert grid_crop(Size(1080, 1920)) == Box(0.0, 0.125, 1.0, 0.75)


@given(st.integers(2, 4000), st.integers(2, 4000))
def test_the_grid_crop_is_the_largest_of_its_shape_in_the_middle(width: int, height: int) -> None:
    crop = grid_crop(Size(width, height))
    assert crop.width * width / (crop.height * height) == pytest.approx(3 / 4)
    assert crop.centre == pytest.approx((0.5, 0.5))
    assert max(crop.width, crop.height) == pytest.approx(1)
