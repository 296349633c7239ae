"""What is said in a video's reels in, the text of their posts out: the Protocol and its limits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gravix_core.features import Features
from gravix_core.model import PostText, Span, Word, full_caption

MAX_CAPTION = 2200
"""Instagram's limit, hashtags included; counted in UTF-16 units, since Meta does not say.

Source of this and of the next two: Graph API reference, IG User Media, read 2026-11-22.
"""
MAX_HASHTAGS = 30
MAX_MENTIONS = 20
OUR_HASHTAGS = 5
"""That a provider writes: Instagram announced a limit of five in the app on 2025-12-18;
whether the API keeps it is unknown, so more than five are no problem here."""
MAX_TITLE = 100
"""Gravix's own: the title is not posted."""

_HASHTAG = re.compile(r"[#＃]\w")
_MENTION = re.compile(r"[@＠]\w")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One reel, as a caption provider sees it."""

    reel_id: int
    index: int
    """0-based place among the video's reels."""
    count: int
    """Reels of the video."""
    span: Span
    """What the reel plays of the source."""
    words: tuple[Word, ...]
    """What is said in it, at the times of the source; empty when there is no transcript."""
    features: Features | None = None
    """What was measured of this span with these words; None when nobody has measured."""


class Captioner(Protocol):
    """Writes the text of posts."""

    name: str

    def describe(self, title: str, reels: Sequence[Spoken]) -> Mapping[int, PostText]:
        """Write the posts' texts for up to ten reels of one video.

        Args:
            title: Title of the source video, as a stranger wrote it; may be empty.
            reels: What is said in each reel.

        Returns:
            Texts by reel id, only of reels that were asked for.  Each has a title and a
            caption, at most `OUR_HASHTAGS` hashtags, and no `problems`.  A reel without a
            usable answer is absent: the caller then uses `basic`.

        Raises:
            CaptionError: The provider failed.
        """
        ...


def problems(text: PostText) -> tuple[str, ...]:
    """Why a post cannot go out with this text, one sentence each; empty when it can."""
    posted = full_caption(text.caption, text.hashtags)
    length = len(posted.encode("utf-16-le", "surrogatepass")) // 2
    hashtags, mentions = count_hashtags(posted), len(_MENTION.findall(posted))
    found = {
        "The title is empty.": not text.title.strip(),
        "The caption is empty.": not text.caption.strip(),
        f"The title has {len(text.title)} of {MAX_TITLE} characters.": len(text.title) > MAX_TITLE,
        f"The caption has {length} of {MAX_CAPTION} characters.": length > MAX_CAPTION,
        f"The caption has {hashtags} of {MAX_HASHTAGS} hashtags.": hashtags > MAX_HASHTAGS,
        f"The caption has {mentions} of {MAX_MENTIONS} mentions.": mentions > MAX_MENTIONS,
        "A hashtag does not start with # or holds a blank.": not all(
            map(is_hashtag, text.hashtags)
        ),
    }
    return tuple(sentence for sentence, is_found in found.items() if is_found)


def count_hashtags(posted: str) -> int:
    """Of a caption as it is posted, wherever they stand in it."""
    return len(_HASHTAG.findall(posted))


def is_hashtag(tag: str) -> bool:
    return len(tag) > 1 and tag.startswith("#") and not re.search(r"[\s#@]", tag[1:])
