"""What the parts share: folders, clips, talks, who looks for faces, and every reel so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from benchmarks.quality.faces import Detector, detector
from benchmarks.quality.house import Made
from benchmarks.quality.picture import Shown, what_is_shown
from benchmarks.quality.results import Line
from benchmarks.quality.sheets import sheet
from benchmarks.quality.talks import Workshop
from gravix_core.media.faces import MODEL


@dataclass
class Bench:
    folder: Path
    media: Path
    """The clips; need not be there."""
    runs: int
    made: list[Made] = field(default_factory=list)
    """Every reel that was made; their files stay until the end."""

    @cached_property
    def talks(self) -> Workshop:
        return Workshop(self.folder / "talks", self.media)

    @cached_property
    def detector(self) -> Detector:
        return detector(self.folder / "models", own=MODEL)

    def house(self, name: str) -> Path:
        return self.folder / "houses" / name

    def keep(self, made: Made) -> list[Shown | None]:
        """Look at a reel, draw its sheet, and count it among those that are measured."""
        self.made.append(made)
        shown = list(what_is_shown(made.source, made.file, made.span))
        sheet(made, shown, self.folder / "sheets")
        return shown


Part = Callable[[Bench], Iterator[Line]]
