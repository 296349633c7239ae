"""Subtitles drawn by ffmpeg: read as typed, inside the safe zone, in every script."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from gravix_core.media.process import ffmpeg_program, run
from gravix_core.model import Size, Span, Word
from gravix_core.stages.render.ass import document, event, in_fonts, size
from gravix_core.stages.render.fonts import BUNDLED, font_folder, text_width
from gravix_core.stages.render.looks import LOOKS
from gravix_core.stages.render.safe_zones import LOWEST, SIDE, TOP
from gravix_core.stages.render.subtitle_lines import subtitle_lines
from gravix_core.stages.render.subtitles import ass_document, room
from tests.media.seen import Bytes
from tests.unit.test_fonts import NOBODY_HAS, SCRIPTS, font_with

pytestmark = pytest.mark.slow

CANVAS = Size(540, 960)
EM = 40
SPAN = Span(50.0, 56.0)
GREY = 96
NO_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig/>"""


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without fonts of its own."""
    config = tmp_path / "fonts.conf"
    config.write_text(NO_FONTS, encoding="utf-8")
    monkeypatch.setenv("FONTCONFIG_FILE", str(config))
    monkeypatch.chdir(tmp_path)


def drawn(text: str, *, at: float = 1.0, extra: Path | None = None) -> Bytes:
    """The picture of a document at a moment, over grey: height, width."""
    Path("words.ass").write_text(text, encoding="utf-8")
    Path("fonts").unlink(missing_ok=True)
    Path("fonts").symlink_to(font_folder(extra))
    source = f"color=0x{GREY:02x}{GREY:02x}{GREY:02x}:s={CANVAS}:r=10"
    words = "ass=words.ass:fontsdir=fonts:shaping=complex"
    words = f"format=yuv420p,setpts=PTS+{at}/TB,{words},format=yuv420p"
    argv = [str(ffmpeg_program()), "-v", "error", "-y", "-f", "lavfi", "-i", source]
    run([*argv, "-vf", words, "-frames:v", "1", "seen.png"], timeout=120)
    return np.asarray(Image.open("seen.png").convert("L"))


def line_of(text: str, *, extra: Path | None = None) -> Bytes:
    """One row, white, without edge or shadow."""
    head = f"{{\\pos({CANVAS.width / 2},{CANVAS.height / 2}){size(EM)}}}"
    body = event(0, 9, head + in_fonts(text, EM, extra=extra), layer=0)
    return drawn(document(CANVAS, [body]), extra=extra)


def ink(picture: Bytes) -> Bytes:
    """What is not the background, cut out."""
    marked = np.abs(picture.astype(int) - GREY) > 60
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    return np.asarray(marked[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], np.uint8)


def by_hand(text: str) -> Bytes:
    """The same row by another program that reads the same font."""
    font = ImageFont.truetype(str(BUNDLED), EM)
    picture = Image.new("L", (CANVAS.width, CANVAS.height), GREY)
    ImageDraw.Draw(picture).text((20, CANVAS.height / 2), text, font=font, fill=255)
    return np.asarray(picture)


def letters(shape: Bytes) -> int:
    """How many parts hang together."""
    return int(cv2.connectedComponents(shape)[0]) - 1


def reel(text: str, style: str, hook: str = "") -> str:
    words = [
        Word(word, Span(50.2 + at * 0.3, 50.45 + at * 0.3)) for at, word in enumerate(text.split())
    ]
    lines = subtitle_lines(words, SPAN, room=room(style))
    return ass_document(lines, style=style, canvas=CANVAS, span=SPAN, hook=hook)


@pytest.mark.parametrize(
    "text",
    [
        "plain words",
        'it\'s "q": 100%',
        "C:\\new\\Nine\\how",
        "{\\b1}no bold{\\r}",
        "\\{a}\\",
        "{an open one",
        "<b>&amp;</b>;,=[v]",
        "%{pts} $HOME `x`",
        "🔥 so good 👍",
    ],
)
def test_a_text_is_drawn_as_it_was_typed(text: str) -> None:
    ours, theirs = ink(line_of(text)), ink(by_hand(text))
    assert letters(ours) == letters(theirs)
    assert np.abs(np.subtract(ours.shape, theirs.shape)).max() <= 5, (ours.shape, theirs.shape)


def test_blanks_at_the_ends_and_in_a_row_take_their_room() -> None:
    bare = ink(line_of("a b")).shape[1]
    assert ink(line_of("a   b")).shape[1] == pytest.approx(bare + 2 * text_width(" ") * EM, abs=2)
    columns = np.flatnonzero((line_of("   ab") > 200).any(axis=0))
    middle = (columns[0] + columns[-1]) / 2
    assert middle == pytest.approx(CANVAS.width / 2 + 1.5 * text_width(" ") * EM, abs=3)


@pytest.mark.parametrize("script", sorted(SCRIPTS.keys() - {"emoji"}))
def test_a_row_is_as_wide_as_it_was_measured(script: str) -> None:
    text = SCRIPTS[script][:18].strip()
    assert ink(line_of(text)).shape[1] == pytest.approx(text_width(text) * EM, rel=0.06)


def test_emoji_are_no_wider_than_they_were_measured() -> None:
    text = SCRIPTS["emoji"][:18]
    assert ink(line_of(text)).shape[1] <= text_width(text) * EM


def test_arabic_letters_join_and_run_to_the_left() -> None:
    joined, alone = ink(line_of("بسب")), ink(line_of("ب\u200cس\u200cب"))
    assert joined.shape[1] < 0.8 * alone.shape[1]
    first = ink(line_of("سا"))
    height = np.flatnonzero(first[:, : first.shape[1] // 4].any(axis=1))
    assert height[0] == 0, "the tall second letter stands at the left"


def test_a_conjunct_is_one_shape() -> None:
    assert ink(line_of("क्ष")).shape[1] < 0.8 * ink(line_of("क\u200cष")).shape[1]


def test_a_letter_that_no_font_has_leaves_nothing_behind() -> None:
    assert np.array_equal(line_of(f"a{NOBODY_HAS}b"), line_of("ab"))


def test_the_operators_font_is_drawn_from(tmp_path: Path) -> None:
    extra = font_with(NOBODY_HAS, tmp_path / "own.ttf")
    square = ink(line_of(NOBODY_HAS, extra=extra))
    assert square.mean() > 0.98
    assert square.shape == pytest.approx((0.7 * EM, 1.9 * EM), abs=2)


@pytest.mark.parametrize("style", LOOKS)
@pytest.mark.parametrize("script", ["Latin", "Arabic", "Devanagari"])
def test_words_and_hook_are_seen_inside_the_safe_zone_and_nowhere_else(
    style: str, script: str
) -> None:
    text = " ".join([SCRIPTS[script]] * 2)
    picture = drawn(reel(text, style, hook=SCRIPTS[script]))
    top, bottom = round(TOP * CANVAS.height), round(LOWEST * CANVAS.height)
    side = round(SIDE * CANVAS.width)
    inside = picture[top:bottom, side:-side]
    assert (inside > 235).sum() > 500
    far = picture.astype(int).copy()
    # The soft shadow, 5 pixels here, may reach out; letters may not.
    far[top - 6 : bottom + 6, side - 6 : -side + 6] = GREY
    assert np.abs(far - GREY).max() <= 3


def test_there_are_two_rows_at_most_and_none_over_the_other() -> None:
    picture = drawn(reel("our sea can save us as soon as we come", "clean"))
    filled = (picture > 200).any(axis=1).astype(int)
    assert (np.diff(filled) == 1).sum() == 2


def test_the_word_being_said_is_yellow_and_moves_on() -> None:
    text = reel("one two", "bold")
    middles = []
    for at in (0.3, 0.6):
        drawn(text, at=at)
        rgb = np.asarray(Image.open("seen.png").convert("RGB")).astype(int)
        yellow = (rgb[..., 0] > 200) & (rgb[..., 2] < 90)
        middles.append(np.flatnonzero(yellow.any(axis=0)).mean())
    assert middles[0] < CANVAS.width / 2 < middles[1]


def test_colours_are_those_of_bt_709() -> None:
    Path("words.ass").write_text(
        reel("one", "bold").replace("\\1c&H14D7FF&", "\\1c&H00FF00&"), encoding="utf-8"
    )
    source = f"color=black:s={CANVAS}:r=10,format=yuv420p"
    words = f"setpts=PTS+0.3/TB,ass=words.ass:fontsdir={BUNDLED.parent.name},format=yuv420p"
    argv = [str(ffmpeg_program()), "-v", "error", "-y", "-f", "lavfi", "-i", source]
    Path(BUNDLED.parent.name).symlink_to(BUNDLED.parent)
    run([*argv, "-vf", words, "-frames:v", "1", "-f", "rawvideo", "seen.yuv"], timeout=120)
    luma = np.fromfile("seen.yuv", np.uint8)[: CANVAS.width * CANVAS.height]
    assert luma.max() == pytest.approx(16 + 219 * 0.7152, abs=2), "145 is BT.601's green"


def test_nothing_is_shown_before_the_first_word_and_after_the_last() -> None:
    text = reel("one two", "boxed")
    for at in (0.0, 4.0):
        assert np.ptp(drawn(text, at=at)) == 0
