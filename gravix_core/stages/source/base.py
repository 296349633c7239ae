"""What a source of videos promises: what the operator gave in, a file and its facts out."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from gravix_core.model import SourceFile, Watch


class Source(Protocol):
    """One kind of place that videos come from."""

    name: str

    def takes(self, given: str) -> bool:
        """True when `given` is of this kind, good or bad.  Looks at the text alone."""
        ...

    def look(self, given: str, *, watch: Watch) -> SourceFile:
        """Say what it is, and change nothing.

        Returns:
            `SourceFile.file` is where it lies now.

        Raises:
            SourceRefused: It is nothing that Gravix takes.
            SourceError: It cannot be had.
            MediaUnreadable: It is damaged or holds no video.
        """
        ...

    def fetch(self, given: str, *, folder: Path, watch: Watch) -> SourceFile:
        """Bring it into `folder`, whole or not at all, as ``source`` with its own ending.

        Returns:
            `SourceFile.file` is the copy.

        Raises:
            Cancelled: `watch` asked to stop.
            DiskFull: No room.
            SourceRefused, SourceError, MediaUnreadable: As `look`.
        """
        ...
