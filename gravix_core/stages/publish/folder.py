"""A reel in; mp4, cover and caption text in a folder out, for posting by hand."""

from __future__ import annotations

from pathlib import Path

from gravix_core.errors import PublishError
from gravix_core.media.files import atomic, copy_file
from gravix_core.model import Watch
from gravix_core.stages.publish.base import Post, Posted


class FolderPublisher:
    """Three files per reel, beside each other; each is whole or absent."""

    name = "folder"

    def __init__(self, folder: Path) -> None:
        self._folder = folder.expanduser().absolute()

    def publish(self, post: Post, *, watch: Watch) -> Posted:
        self.check()
        posted = Posted(*(self._folder / f"{post.name}{end}" for end in (".mp4", ".jpg", ".txt")))
        copy_file(post.file, posted.file, watch=watch)
        copy_file(post.cover, posted.cover, watch=watch)
        with atomic(posted.caption) as (draft,):
            draft.write_text(post.caption + "\n", encoding="utf-8")
        return posted

    def check(self) -> None:
        """Make the folder.

        Raises:
            PublishError: It cannot be made.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise PublishError(
                f"the folder {self._folder.name} cannot be made: {exc.strerror}",
                hint="Choose another folder, one that you may write to.",
            ) from exc
