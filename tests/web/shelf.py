"""A desk for the routes of media: every id is a file in a folder, by its name."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from gravix_core.errors import GravixError, NotFound
from gravix_core.signing import Signer
from gravix_core.views import MediaFile

SECRET = b"of the tests"


@dataclass
class Shelf:
    """Its own `files`, so that it is a desk too.  It has no intake."""

    folder: Path
    signer: Signer = field(default_factory=lambda: Signer(SECRET))
    trouble: GravixError | None = None
    """Raised instead of a chunk."""

    def public_signer(self) -> Signer:
        return self.signer

    @property
    def files(self) -> Shelf:
        return self

    def reel(self, reel_id: int, version: str) -> MediaFile:
        return self._file(f"reel-{reel_id}-{version}.mp4", "video/mp4")

    def cover(self, reel_id: int, version: str) -> MediaFile:
        return self._file(f"cover-{reel_id}-{version}.jpg", "image/jpeg")

    def sheet(self, reel_id: int, version: str) -> MediaFile:
        return self._file(f"sheet-{reel_id}-{version}.jpg", "image/jpeg")

    def source(self, video_id: int) -> MediaFile:
        return self._file(f"source-{video_id}.webm", "video/webm")

    def thumbnail(self, video_id: int) -> MediaFile:
        return self._file(f"thumbnail-{video_id}.jpg", "image/jpeg")

    def chunk(self, chunk_id: int) -> MediaFile:
        if self.trouble is not None:
            raise self.trouble
        return self._file(f"chunk-{chunk_id}.mov", "video/quicktime", "সেতু 03.mov")

    def _file(self, name: str, media_type: str, saved_as: str | None = None) -> MediaFile:
        if "7" not in name:
            raise NotFound("there is no such row")
        return MediaFile(self.folder / name, media_type, saved_as)
