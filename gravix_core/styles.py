"""The named looks of subtitles, as data.  Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SubtitleStyle:
    name: str
    label: str
    """What the operator reads."""
    hint: str
    """What it looks like, in a sentence."""


CLEAN = SubtitleStyle("clean", "Clean", "White letters with a dark edge, two lines at most.")
BOLD = SubtitleStyle("bold", "Bold, word by word", "Large letters; the word just said lights up.")
BOXED = SubtitleStyle("boxed", "Boxed", "White letters on a dark box: reads well on any picture.")
OFF = SubtitleStyle("off", "None", "No words on the picture.")

STYLES = {style.name: style for style in (CLEAN, BOLD, BOXED, OFF)}
DEFAULT_STYLE = CLEAN
