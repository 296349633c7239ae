"""A reel in; mp4, cover and caption text in a folder out, for posting by hand."""

from __future__ import annotations

import tempfile
from pathlib import Path

from gravix_core.errors import PublishError
from gravix_core.media.files import atomic, copy_file
from gravix_core.model import Watch
from gravix_core.stages.publish.base import Post, Posted


class FolderPublisher:
    """Three files per reel, beside each other; each is whole or absent."""

    name = "folder"

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    def publish(self, post: Post, *, watch: Watch) -> Posted:
        self.check()
        posted = Posted(*(self._folder / f"{post.name}{end}" for end in (".mp4", ".jpg", ".txt")))
        copy_file(post.file, posted.file, watch=watch)
        copy_file(post.cover, posted.cover, watch=watch)
        with atomic(posted.caption) as (draft,):
            draft.write_text(post.caption + "\n", encoding="utf-8")
        return posted

    def check(self) -> None:
        """Make the folder, and see that it takes files.

        Raises:
            PublishError: It cannot be made, or not be written to.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._folder):
                pass
        except OSError as exc:
            raise PublishError(
                f"the folder {self._folder.name} cannot be written to: {exc.strerror}",
                hint="Choose another folder, one that you may write to.",
            ) from exc
