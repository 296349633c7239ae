"""Paths in, text that survives a move of the data directory out, and back to absolute paths."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shelf:
    """The videos directory, as the database speaks of it."""

    root: Path
    """Absolute."""

    def label(self, file: Path) -> str:
        """Relative to the shelf when `file` lies inside it, else absolute; ``/`` everywhere."""
        candidates = (
            (file.absolute(), self.root),
            (file.resolve(), self.root.resolve()),
        )
        for path, root in candidates:
            if path.is_relative_to(root) and ".." not in path.parts:
                return path.relative_to(root).as_posix()
        return file.absolute().as_posix()

    def file(self, label: str) -> Path:
        """The absolute path behind a label; one that is absolute already is left alone."""
        return self.root / label
