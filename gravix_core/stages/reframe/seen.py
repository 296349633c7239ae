"""What was seen in a span of a source: shots, people, bars, screens.  Pure."""

from __future__ import annotations

from dataclasses import dataclass

from gravix_core.framing import WHOLE, Box
from gravix_core.model import Seconds, Span


@dataclass(frozen=True, slots=True)
class Look:
    """One face at one moment, in fractions of the frame."""

    at: Seconds
    box: Box
    eyes: float
    """How far down they are."""


@dataclass(frozen=True, slots=True)
class Talk:
    """How much a mouth moved at one moment, beyond what the rest of the face did."""

    at: Seconds
    level: float
    """In codes of 255, from 0."""


@dataclass(frozen=True, slots=True)
class Person:
    """One face over a shot."""

    looks: tuple[Look, ...]
    """By time, at least one."""
    talk: tuple[Talk, ...] = ()
    """By time; empty where there was nobody to tell it from."""

    @property
    def width(self) -> float:
        """Of the face, as a rule."""
        widths = sorted(look.box.width for look in self.looks)
        return widths[len(widths) // 2]


@dataclass(frozen=True, slots=True)
class Shot:
    span: Span
    people: tuple[Person, ...] = ()
    """Those who were seen often and surely enough to be people; the largest first."""
    samples: int = 0
    """How often faces were looked for."""
    screen: bool = False
    """It shows a slide, a screen or a page: nothing of it may be cut off."""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a crop path is planned from."""

    shots: tuple[Shot, ...]
    """By time; they partition the span that was looked at."""
    picture: Box = WHOLE
    """The frame without the black bars that are part of it."""
    motion: float = 0.0
    """How much moves in the picture, 0 (a still) .. 1."""
