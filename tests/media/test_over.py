"""What lies over the picture of a reel, and what its cover is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gravix_core.errors import ToolFailed
from gravix_core.media.process import ffmpeg_program
from gravix_core.stages.render.cover import take_cell
from gravix_core.stages.render.encode import cover_cell, cover_times, render, take_cover
from tests.media import seen
from tests.media.clips import Clips
from tests.media.renders import SMALL, Listener, make, plan_for

pytestmark = pytest.mark.slow

PLACES = ("plain", "it's [here], 50% of; it=so", "two words ünïcode 橋", "a:b #1 \\ back")
SQUARE = """\
[Script Info]
ScriptType: v4.00+
PlayResX: 270
PlayResY: 480

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment, MarginL, MarginR, MarginV
Style: Default,Noto Sans,20,&H00FFFFFF,7,0,0,0

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\pos(100,400)\\p1}m 0 0 l 60 0 60 60 0 60{\\p0}
"""


def lit(picture: seen.Bytes | seen.Floats) -> bool:
    return bool(picture[410:450, 110:150].mean() > 200)


@pytest.mark.parametrize("place", PLACES)
def test_subtitles_are_shown_in_their_time_wherever_the_reel_lies(
    clips: Clips, tmp_path: Path, place: str
) -> None:
    plan = replace(plan_for(clips("ramp.mp4")), subtitles=SQUARE, fonts=tmp_path / place / "fonts")
    reel = tmp_path / place / "reel.mp4"
    make(plan, reel)
    shown = [lit(frame) for frame in seen.luma(reel)]
    assert shown == [False] * 30 + [True] * 30 + [False] * (len(shown) - 60)
    assert sorted(file.name for file in reel.parent.iterdir()) == ["reel.jpg", "reel.mp4"]


def test_the_cover_is_without_subtitles(clips: Clips, reel: Path) -> None:
    made = make(replace(plan_for(clips("ramp.mp4")), subtitles=SQUARE, cover_at=1.5), reel)
    assert not lit(light(made.cover))


def light(cover: Path) -> seen.Floats:
    with Image.open(cover) as picture:
        return np.asarray(picture.convert("L"), np.float64)


@pytest.mark.parametrize("at", [0.0, 1.234, 5.0, 7.19])
def test_the_cover_is_the_frame_that_was_chosen(clips: Clips, reel: Path, at: float) -> None:
    """Each frame of the clip is one code lighter, 255 / 219 in a JPEG's range."""
    made = make(replace(plan_for(clips("ramp.mp4"), "centre"), cover_at=at), reel)
    assert light(made.cover)[240, 135] * 219 / 255 == pytest.approx(int(at * 30 + 1e-6), abs=2)


def test_all_candidates_are_on_the_sheet_in_order(clips: Clips, reel: Path) -> None:
    sheet = reel.with_name("sheet.jpg")
    plan = plan_for(clips("ramp.mp4"), "centre")
    render(plan, ffmpeg=ffmpeg_program(), mark="", reel=reel, cover=reel.with_suffix(".jpg"),
           watch=Listener(), sheet=sheet)  # fmt: skip
    cells = light(sheet)
    height, width = (side // 3 for side in cells.shape)
    found = [cells[r * height + height // 2, c * width + width // 2] for r in range(3)
             for c in range(3)]  # fmt: skip
    expected = [int(at * 30) for at in cover_times(plan.duration)]
    assert [one * 219 / 255 for one in found] == pytest.approx(expected, abs=4)
    assert {file.name for file in reel.parent.iterdir()} == {"reel.mp4", "reel.jpg", "sheet.jpg"}


def test_a_finished_reel_gives_another_cover(clips: Clips, reel: Path) -> None:
    made = make(plan_for(clips("ramp.mp4"), "centre"), reel)
    before, target = made.file.stat(), reel.with_name("other 100%.jpg")
    take_cover(reel, 6.0, ffmpeg=ffmpeg_program(), target=target, watch=Listener())
    assert light(target)[240, 135] * 219 / 255 == pytest.approx(180, abs=2)
    assert made.file.stat().st_mtime_ns == before.st_mtime_ns


def test_a_cover_from_the_sheet_is_without_the_words_of_the_reel(clips: Clips, reel: Path) -> None:
    """A frame of the reel in the same moment shows them."""
    sheet, target = reel.with_name("sheet.jpg"), reel.with_name("other.jpg")
    plan = replace(plan_for(clips("ramp.mp4")), subtitles=SQUARE)
    given: dict[str, Any] = {"ffmpeg": ffmpeg_program(), "watch": Listener()}
    render(plan, mark="", reel=reel, cover=reel.with_suffix(".jpg"), sheet=sheet, **given)
    at = cover_times(plan.duration)[1]
    assert 1 < at < 2
    take_cover(reel, at, target=target, **given)
    assert lit(light(target))
    take_cell(sheet, cover_cell(plan.duration, at), size=SMALL.size, target=target, **given)
    assert light(target).shape == (480, 270)
    assert not lit(light(target))


def test_no_cover_is_taken_from_behind_the_end(clips: Clips, reel: Path) -> None:
    make(plan_for(clips("ramp.mp4"), "centre"), reel)
    target = reel.with_name("other.jpg")
    with pytest.raises(ToolFailed):
        take_cover(reel, 99.0, ffmpeg=ffmpeg_program(), target=target, watch=Listener())
    assert not target.exists()
