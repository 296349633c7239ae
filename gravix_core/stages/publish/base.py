"""What a publishing target promises: a finished reel and its text in, where it went out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gravix_core.model import Watch


@dataclass(frozen=True, slots=True)
class Post:
    """What is handed to a target."""

    name: str
    """Safe as a file name, without ending; the same for the same reel."""
    file: Path
    cover: Path
    caption: str
    """As posted: text and hashtags."""


@dataclass(frozen=True, slots=True)
class Posted:
    """Where it went."""

    file: Path
    cover: Path
    caption: Path


class Publisher(Protocol):
    """One place that reels go to."""

    name: str

    def publish(self, post: Post, *, watch: Watch) -> Posted:
        """Hand over one reel.  Doing it twice leaves one.

        Raises:
            PublishError: Nothing was posted.
            DiskFull: No room.
            Cancelled: `watch` asked to stop.
        """
        ...
