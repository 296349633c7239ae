"""Texts and boxes in, the lines of an ASS document out, escaped exactly.  Pure.

The dialect is that of libass 0.17: https://aegisub.org/docs/latest/ass_tags, and what libass adds,
``\\{`` and ``\\}``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from gravix_core.model import Seconds, Size
from gravix_core.stages.render.fonts import Typeface, bundled, runs
from gravix_core.stages.render.letters import has_right_to_left, is_right_to_left

_HEAD = """[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes
Kerning: yes
YCbCr Matrix: TV.709

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, \
Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, \
Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,{family},{size},&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000,-1,0,0,0,100,100,0,0,\
1,0,0,5,0,0,0,-1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
# Without the matrix, colours are made for BT.601; a reel is BT.709.
# Encoding -1: libass finds the direction of each row by itself.
_NOT_IN_NAMES = str.maketrans("", "", "{}\\")
_WORD_JOINER = "\u2060"
"""Not seen, without width; between a backslash and what would make it a command."""
_LEFT_MARK, _RIGHT_MARK = "\u200e", "\u200f"
_HARD_BLANK = "\u00a0"
_CIRCLE = 0.5523
"""How far the handles of a quarter circle's curve reach, in radii."""


def document(canvas: Size, events: Sequence[str]) -> str:
    head = _HEAD.format(
        width=canvas.width,
        height=canvas.height,
        family=bundled().family,
        size=f"{60 * bundled().tall:.0f}",
    )
    return head + "".join(f"{event}\n" for event in events)


def event(start: Seconds, end: Seconds, text: str, *, layer: int) -> str:
    """One line of the document.  `text` is escaped already; times are the reel's."""
    return f"Dialogue: {layer},{_clock(start)},{_clock(end)},Default,,0,0,0,,{text}"


def escaped(text: str) -> str:
    """A text as libass has to be told it, so that each character is drawn as it was typed.

    A new line becomes a blank; blanks at the ends, and several in a row, are kept.
    """
    text = re.sub(r"\s", " ", text)
    text = re.sub(r"^ +| +$| {2,}", lambda found: _HARD_BLANK * len(found[0]), text)
    text = "".join(letter for letter in text if unicodedata.category(letter) != "Cc")
    return text.replace("\\", "\\" + _WORD_JOINER).replace("{", "\\{").replace("}", "\\}")


def in_fonts(text: str, em: float, *, extra: Path | None = None) -> str:
    """A text escaped, each part in a font that has its letters; without those that none has.

    The font afterwards is the bundled one, at `em` pixels.
    """
    parts = []
    for run in runs(text, extra=extra):
        if run.face is bundled():
            parts.append(escaped(run.text))
        else:
            parts.append(_font(run.face, em) + escaped(run.text) + _font(bundled(), em))
    return "".join(parts)


def size(em: float) -> str:
    """The tag that sets the size of the bundled font."""
    return f"\\fs{em * bundled().tall:.1f}"


def _font(face: Typeface, em: float) -> str:
    family = face.family.translate(_NOT_IN_NAMES)
    return f"{{\\fn{family}\\fs{em * face.tall:.1f}}}"


def direction(text: str) -> str:
    """What a row begins with, so that it runs the way in which most of it is written."""
    if is_right_to_left(text):
        return _RIGHT_MARK
    return _LEFT_MARK if has_right_to_left(text) else ""


def boxes(rows: Sequence[tuple[float, float, float, float]], corner: float) -> str:
    """Rounded boxes as one drawing, so that what is seen through them is no darker where they meet.

    Args:
        rows: Left, top, right and bottom of each, in pixels of the canvas.
        corner: Radius.
    """
    return "{\\an7\\pos(0,0)\\p1}" + " ".join(_rounded(*row, corner) for row in rows) + "{\\p0}"


def _rounded(left: float, top: float, right: float, bottom: float, corner: float) -> str:
    reach = corner * (1 - _CIRCLE)

    def curve(*points: float) -> str:
        return "b " + " ".join(f"{point:.1f}" for point in points)

    return " ".join(
        (
            f"m {left + corner:.1f} {top:.1f}",
            f"l {right - corner:.1f} {top:.1f}",
            curve(right - reach, top, right, top + reach, right, top + corner),
            f"l {right:.1f} {bottom - corner:.1f}",
            curve(right, bottom - reach, right - reach, bottom, right - corner, bottom),
            f"l {left + corner:.1f} {bottom:.1f}",
            curve(left + reach, bottom, left, bottom - reach, left, bottom - corner),
            f"l {left:.1f} {top + corner:.1f}",
            curve(left, top + reach, left + reach, top, left + corner, top),
        )
    )


def _clock(at: Seconds) -> str:
    hundredths = max(0, round(at * 100))
    minutes, rest = divmod(hundredths, 6000)
    return f"{minutes // 60}:{minutes % 60:02}:{rest // 100:02}.{rest % 100:02}"
