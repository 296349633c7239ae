"""What a source of videos promises: what the operator gave in, a file and its facts out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from gravix_core.model import LinkProbe, SourceFile, Watch

Tell = Callable[[str], None]
"""Takes a sentence on how it gets on, such as ``3.1 MB/s, 20 s left``."""


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


class LinkSource(Protocol):
    """A site whose videos are asked for by their id: first what they are, then for themselves."""

    def probe(self, youtube_id: str, *, watch: Watch, picture: Path | None = None) -> LinkProbe:
        """Say what it is.  Nothing of its picture or sound is fetched.

        Args:
            picture: Where the site's own picture of it goes, as JPEG; none may come.

        Raises:
            SourceRefused: Gravix does not take it: live, too long, too large …
            YouTubeError: The site does not give it; says why.
            Cancelled: `watch` asked to stop.
        """
        ...

    def fetch(self, probe: LinkProbe, *, folder: Path, watch: Watch, tell: Tell) -> SourceFile:
        """Bring it into `folder`, whole or not at all; what was half fetched is gone on with.

        Returns:
            The file with its transcript; a transcript that could not be had costs a note.

        Raises:
            Cancelled: `watch` asked to stop.
            DiskFull: No room.
            SourceRefused, YouTubeError, MediaUnreadable: As `probe`.
        """
        ...
