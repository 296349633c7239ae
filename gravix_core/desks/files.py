"""Rows in; addresses for the browser and, from an address, the file behind it out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gravix_core.errors import NotFound
from gravix_core.media.files import proxy_file, sheet_file, thumbnail_file
from gravix_core.model import Reel, RenderedReel, Video
from gravix_core.signing import Signer
from gravix_core.stages.render.proxy import browsers_play, media_type
from gravix_core.store.store import Store
from gravix_core.views import MediaFile

MP4, JPEG = "video/mp4", "image/jpeg"
CHUNKS = {".mov": "video/quicktime", ".webm": "video/webm", ".mkv": "video/x-matroska"}
"""Types of saved chunks; what is called no video would be compressed again on its way."""


class Files:
    """What the browser may load.

    Args:
        store: The database.
        signer: Makes addresses, and knows them again.
        copy_chunk: Makes the copy of a chunk where there is none, and says where it lies.
        public_signer: The same as `signer` for addresses that Instagram is given: they are good
            beyond a restart.
    """

    def __init__(
        self,
        store: Store,
        signer: Signer,
        *,
        copy_chunk: Callable[[int], Path],
        public_signer: Callable[[], Signer],
    ) -> None:
        self._store = store
        self._copy_chunk = copy_chunk
        self.signer = signer
        self.public_signer = public_signer

    def reel_address(self, reel: Reel) -> str | None:
        """None until it is rendered."""
        if reel.rendered is None:
            return None
        return self.signer.address(f"/files/reels/{reel.id}/{_picture(reel)}.mp4")

    def cover_address(self, reel: Reel) -> str | None:
        """None until it is rendered.  Another cover of the same film is another address."""
        if reel.rendered is None:
            return None
        named = _drawn(reel, reel.rendered.cover)
        return self.signer.address(f"/files/covers/{reel.id}/{named}.jpg")

    def sheet_address(self, reel: Reel) -> str | None:
        """Of the pictures that may be the cover, three by three; None where there is none."""
        file = sheet_file(self._store.videos_dir, reel.video_id, reel.id)
        if reel.rendered is None or not file.is_file():
            return None
        return self.signer.address(f"/files/sheets/{reel.id}/{_drawn(reel, file)}.jpg")

    def thumbnail_address(self, video: Video) -> str | None:
        """None when there is none."""
        if not thumbnail_file(self._store.videos_dir, video.id).is_file():
            return None
        return self.signer.address(f"/files/videos/{video.id}/thumbnail.jpg")

    def source_address(self, video_id: int) -> str:
        """Of the source, or of its proxy; `Library.preview` says whether there is something."""
        return self.signer.address(f"/files/videos/{video_id}/source")

    def chunk_address(self, chunk_id: int) -> str:
        """Leads to a download."""
        return self.signer.address(f"/files/chunks/{chunk_id}")

    def reel(self, reel_id: int, version: str) -> MediaFile:
        """Raises NotFound, also when the picture is another by now."""
        return _present(MediaFile(self._rendered(reel_id, version).file, MP4))

    def cover(self, reel_id: int, version: str) -> MediaFile:
        """Raises NotFound, also when the picture is another by now."""
        return _present(MediaFile(self._rendered(reel_id, _film(version)).cover, JPEG))

    def sheet(self, reel_id: int, version: str) -> MediaFile:
        """Raises NotFound, also when the picture is another by now."""
        self._rendered(reel_id, _film(version))
        with self._store.read() as tx:
            video_id = tx.reels.get(reel_id).video_id
        return _present(MediaFile(sheet_file(self._store.videos_dir, video_id, reel_id), JPEG))

    def source(self, video_id: int) -> MediaFile:
        """Raises NotFound, also when browsers cannot play it and there is no proxy."""
        with self._store.read() as tx:
            video, info = tx.videos.get(video_id), tx.videos.info(video_id)
        if video.file is not None and info is not None and browsers_play(info):
            return _present(MediaFile(video.file, media_type(info)))
        return _present(MediaFile(proxy_file(self._store.videos_dir, video_id), MP4))

    def thumbnail(self, video_id: int) -> MediaFile:
        """Raises NotFound."""
        return _present(MediaFile(thumbnail_file(self._store.videos_dir, video_id), JPEG))

    def chunk(self, chunk_id: int) -> MediaFile:
        """Made here when there is none yet, which takes about a second.

        Raises:
            NotFound: There is no such chunk, or its source is gone.
            ToolError, DiskFull: It cannot be made.
        """
        file = self._copy_chunk(chunk_id)
        with self._store.read() as tx:
            chunk = tx.reels.chunk(chunk_id)
            video = tx.videos.get(chunk.video_id)
        stem = Path(video.source_name).stem or "video"
        name = f"{stem} {chunk.index + 1:02d}{file.suffix}"
        return _present(MediaFile(file, CHUNKS.get(file.suffix, MP4), name))

    def _rendered(self, reel_id: int, version: str) -> RenderedReel:
        with self._store.read() as tx:
            reel = tx.reels.get(reel_id)
        if reel.rendered is None or _picture(reel) != version:
            raise NotFound(f"reel {reel.index + 1} has another picture now")
        return reel.rendered


def _picture(reel: Reel) -> str:
    """Another text is no other file: a player goes on while the caption is edited."""
    return reel.rendered.sha256[:16] if reel.rendered else ""


def _drawn(reel: Reel, picture: Path) -> str:
    """Names a picture of a film: it may change while the film stays."""
    try:
        return f"{_picture(reel)}-{picture.stat().st_mtime_ns:x}"
    except OSError:
        return _picture(reel)


def _film(version: str) -> str:
    """Of which film it is a picture; whether it is the newest one does not matter."""
    return version.partition("-")[0]


def _present(found: MediaFile) -> MediaFile:
    if not found.path.is_file():
        raise NotFound(f"{found.path.name} is gone from the data directory")
    return found
