"""What the operator thinks of the reels in; lists, saved words and verdicts out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gravix_core import pipeline
from gravix_core.errors import Outdated, StatusConflict
from gravix_core.jobs import queue
from gravix_core.media.files import hash_file
from gravix_core.model import PublishStatus, Reel, ReviewStatus, Unwatched, full_caption
from gravix_core.stages.caption.base import MAX_CAPTION, MAX_HASHTAGS, OUR_HASHTAGS, count_hashtags
from gravix_core.stages.publish.base import Posted
from gravix_core.stages.publish.folder import FolderPublisher
from gravix_core.store.store import Store, Transaction
from gravix_core.views import Listed, ReelCounts, ReelFilter, ReelItem, Saved

_BETWEEN_TAGS = re.compile(r"[\s,;#]+")


@dataclass(frozen=True, slots=True)
class PostSize:
    """How long a post is, held against what Instagram takes."""

    characters: int
    """Code points of the caption as it is posted, so with its hashtags."""
    hashtags: int
    """Of the whole caption, wherever they stand."""
    max_characters: int = MAX_CAPTION
    max_hashtags: int = MAX_HASHTAGS
    advised_hashtags: int = OUR_HASHTAGS


@dataclass(frozen=True, slots=True)
class PostWords:
    """Title, caption and hashtags as somebody typed them."""

    title: str
    caption: str
    hashtags: str


class Review:
    """The desk of the Review page.

    Args:
        store: The database.
        folder: Where approved reels are put for posting by hand.
    """

    def __init__(self, store: Store, *, folder: Path) -> None:
        self._store = store
        self._aside: dict[int, PostWords] = {}
        self.folder = folder

    def reels(self, wanted: ReelFilter, *, limit: int, offset: int = 0) -> Listed[ReelItem]:
        """A page of the rendered reels."""
        with self._store.read() as tx:
            return tx.reports.reels(wanted, limit=limit, offset=offset)

    def reel_ids(self, wanted: ReelFilter) -> tuple[int, ...]:
        """All of them, in the order of `reels`."""
        with self._store.read() as tx:
            return tx.reports.reel_ids(wanted)

    def items(self, reel_ids: Sequence[int]) -> tuple[ReelItem, ...]:
        """Reels with their videos, in the order of the ids; those that are gone are left out."""
        with self._store.read() as tx:
            return tx.reports.reel_items(reel_ids)

    def item(self, reel_id: int) -> ReelItem | None:
        """One reel with its video; None when it is gone."""
        found = self.items([reel_id])
        return found[0] if found else None

    def counts(self, video_id: int | None = None) -> ReelCounts:
        """Of one video, or of all."""
        with self._store.read() as tx:
            wanted = None if video_id is None else [video_id]
            return tx.reports.reel_counts(wanted).get(video_id, ReelCounts())

    def save_words(
        self,
        reel_id: int,
        *,
        edited: int,
        title: str,
        caption: str,
        hashtags: Iterable[str],
        over: bool = False,
    ) -> Saved:
        """Keep what the operator wrote.

        Args:
            reel_id: Whose words.
            edited: The `Reel.text_version` that was shown when the edit began.
            title: The new title.
            caption: Without the hashtags.
            hashtags: With or without ``#``; doubles are dropped.
            over: They take the place of words from elsewhere, which stay in the history.

        Raises:
            NotFound: The reel is gone.
        """
        with self._store.begin() as tx:
            kept = tx.reels.save_words(
                reel_id,
                edited=edited,
                title=" ".join(title.split()),
                caption=caption.strip(),
                hashtags=clean_hashtags(hashtags),
                over=over,
            )
            reel = tx.reels.get(reel_id)
            if kept:
                accept_words(tx, reel)
            return Saved(reel, kept)

    def decide(self, reel_id: int, status: ReviewStatus, *, seen: str) -> Reel:
        """Write the verdict on the version that was shown.

        Raises:
            Outdated: The reel is another by now, or will be; nothing was written.
            StatusConflict: It is not rendered yet.
            NotFound: It is gone.
        """
        with self._store.begin() as tx:
            if status is ReviewStatus.APPROVED:
                _check_as_edited(tx, tx.reels.get(reel_id))
            return _learned(tx, tx.reels.decide(reel_id, status, seen=seen))

    def take_back(
        self, reel_id: int, *, given: ReviewStatus, before: ReviewStatus, seen: str
    ) -> Reel:
        """Undo a verdict.

        Args:
            reel_id: Whose verdict.
            given: What it was.
            before: What stood there before.
            seen: The `Reel.version` that was shown.

        Raises:
            Outdated: The reel is another by now, or has another verdict; nothing was written.
            NotFound: It is gone.
        """
        with self._store.begin() as tx:
            reel = tx.reels.get(reel_id)
            if reel.review_status is not given:
                raise Outdated(f"reel {reel.index + 1} has another verdict by now")
            return _learned(tx, tx.reels.decide(reel_id, before, seen=seen))

    @staticmethod
    def measure(reel: Reel) -> PostSize:
        """How long the post of a reel is; without a text it is empty."""
        posted = full_caption(reel.text.caption, reel.text.hashtags) if reel.text else ""
        return PostSize(len(posted), count_hashtags(posted))

    def lay_aside(self, reel_id: int, words: PostWords) -> None:
        """Remember, until Gravix ends, what was typed and could not be saved."""
        self._aside[reel_id] = words

    def laid_aside(self, reel_id: int) -> PostWords | None:
        return self._aside.get(reel_id)

    def clear_away(self, reel_id: int) -> None:
        """What was laid aside has been settled."""
        self._aside.pop(reel_id, None)

    def put_into_folder(self, reel_id: int, *, seen: str) -> Posted:
        """Copy mp4, cover and caption text of an approved reel into the folder.

        Raises:
            StatusConflict: It is not approved.
            Outdated: It is another by now.
            PublishError, DiskFull: The folder does not take it; what was there stays.
            NotFound: It is gone.
        """
        with self._store.read() as tx:
            reel = tx.reels.get(reel_id)
            video = tx.videos.get(reel.video_id)
            _check_as_edited(tx, reel)
        if reel.version != seen:
            raise Outdated(f"reel {reel.index + 1} has changed since it was shown")
        if reel.review_status is not ReviewStatus.APPROVED:
            raise StatusConflict(f"reel {reel.index + 1} is not approved", hint="Approve it first.")
        if reel.rendered is None or hash_file(reel.rendered.file) != reel.rendered.sha256:
            raise Outdated(
                f"reel {reel.index + 1} is being made anew",
                hint="Wait until it is there, then look.",
            )
        publisher = FolderPublisher(self.folder)
        posted = pipeline.deliver(reel, video, publisher=publisher, watch=Unwatched())
        with self._store.begin() as tx:
            tx.reels.set_folder_version(reel_id, seen)
        return posted


def accept_words(tx: Transaction, reel: Reel) -> None:
    """Keep what the operator made of what was written, as long as the reel is approved."""
    written = tx.texts.written(reel.id)
    if reel.review_status is ReviewStatus.APPROVED and reel.text and written:
        tx.learned.accept(reel.id, written=written, accepted=reel.text)


def _learned(tx: Transaction, reel: Reel) -> Reel:
    """After a verdict.  What was posted stays what was accepted."""
    if reel.review_status is ReviewStatus.APPROVED:
        accept_words(tx, reel)
    elif reel.publish_status is not PublishStatus.PUBLISHED:
        tx.learned.take_back(reel.id)
    return reel


def _check_as_edited(tx: Transaction, reel: Reel) -> None:
    """Raises Outdated while the picture on the screen is not yet the one that was asked for."""
    job = queue.find(tx, f"reel/{reel.id}/convert")
    if reel.edits and job is not None and job.status in queue.OPEN:
        raise Outdated(
            f"reel {reel.index + 1} was edited and is being made again",
            hint="Wait until it is there, then look.",
        )


def clean_hashtags(given: Iterable[str]) -> tuple[str, ...]:
    """Each once, with its ``#``, in the order given; ``a, #b c`` are three."""
    words = (word for text in given for word in _BETWEEN_TAGS.split(text))
    seen: dict[str, str] = {}
    for word in words:
        if word:
            seen.setdefault(word.casefold(), f"#{word}")
    return tuple(seen.values())
