"""A finished reel in, its place at a target that needs no account out."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from gravix_core.errors import NotFound
from gravix_core.model import Reel, Video, Watch, full_caption
from gravix_core.stages.publish.base import Post, Posted, Publisher


def deliver(reel: Reel, video: Video, *, publisher: Publisher, watch: Watch) -> Posted:
    """Hand a finished reel to a target that needs no account.

    Raises:
        NotFound: The reel is not rendered, or has no text yet.
        PublishError, DiskFull, Cancelled: As `Publisher.publish`.
    """
    if reel.rendered is None or reel.text is None:
        raise NotFound(
            f"reel {reel.index + 1} is not finished",
            hint="Write a title and a caption for it, or try its texts again in Activity.",
        )
    post = Post(
        name=f"{_slug(video.title)}-{_mark(video)}-{reel.index + 1:02d}",
        file=reel.rendered.file,
        cover=reel.rendered.cover,
        caption=full_caption(reel.text.caption, reel.text.hashtags),
    )
    return publisher.publish(post, watch=watch)


def _mark(video: Video) -> str:
    """The same for the same bytes cut the same way, so that no two films share a name."""
    made_of = f"{video.source_sha256} {video.chunk_duration:g}"
    return hashlib.sha256(made_of.encode()).hexdigest()[:6]


def _slug(title: str) -> str:
    """A short file name that every system takes."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:40].strip("-") or "video"
