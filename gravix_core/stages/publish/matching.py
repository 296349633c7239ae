"""Posts of an account in; those that are, or may be, a certain reel out.  Pure.

A container never names the post that it became, so after a lost answer the words are all there is
to go by.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from gravix_core.publications import RecentMedia

SKEW = timedelta(minutes=5)
"""That this computer's clock may differ from Instagram's."""
LIKE = 0.8
"""Share of the words that two captions have in common when one is the other, edited."""


def folded(caption: str) -> str:
    """As captions are compared: Instagram changes white space."""
    return " ".join(caption.split())


def exact(
    media: Iterable[RecentMedia], *, caption: str, since: datetime, known: Collection[str]
) -> tuple[RecentMedia, ...]:
    """Reels with these very words, posted since then; an empty caption is nobody's.

    Args:
        known: Ids of posts that are others.
    """
    words = folded(caption)
    if not words:
        return ()
    return tuple(
        one
        for one in media
        if one.is_reel
        and one.id not in known
        and one.posted_at is not None
        and one.posted_at >= since - SKEW
        and folded(one.caption) == words
    )


def alike(
    media: Iterable[RecentMedia], *, caption: str, known: Collection[str]
) -> tuple[RecentMedia, ...]:
    """Reels, whenever posted, whose words are the same or nearly so."""
    words = folded(caption).casefold().split()
    return tuple(
        one
        for one in media
        if one.is_reel
        and one.id not in known
        and words
        and _ratio(words, folded(one.caption).casefold().split()) >= LIKE
    )


def _ratio(one: list[str], other: list[str]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
