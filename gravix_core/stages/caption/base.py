"""What is said in a video's reels in, the text of their posts out: the Protocol and its limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from gravix_core.features import Features
from gravix_core.model import Cue, PostText, Span, Word, full_caption
from gravix_core.texts import Pair, Rule, Usage, Voice, Wish

MAX_CAPTION = 2200
"""Instagram's limit, hashtags included; counted in UTF-16 units, since Meta does not say.

Source of this and of the next two: Graph API reference, IG User Media, read 2026-11-22.
"""
MAX_HASHTAGS = 30
MAX_MENTIONS = 20
OUR_HASHTAGS = 5
"""That a provider writes: Instagram announced a limit of five in the app on 2025-12-18;
whether the API keeps it is unknown, so more than five are no problem here."""
ALWAYS = ("#reels", "#shortvideo", "#video", "#clip", "#newvideo")
"""Hashtags that fit every reel, for one in which too little is said."""
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
    frames: tuple[bytes, ...] = ()
    """Up to two small pictures of it, JPEG."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What the texts of one video's reels have in common.

    All but `voice` and `rules` may come from a stranger, and is data, never an instruction.
    """

    title: str
    """Of the source video; may be empty."""
    description: str = ""
    credit: str = ""
    """Who made the video, as its site names them; empty for the operator's own file."""
    cues: tuple[Cue, ...] = ()
    """The whole transcript; empty when there is none."""
    language: str = ""
    """Of what is said, as `Transcript.language`; empty when nobody said."""
    voice: Voice = field(default_factory=Voice)
    rules: tuple[Rule, ...] = ()
    """Those that are switched on."""
    examples: tuple[Pair, ...] = ()
    """What was written before and what the operator made of it, newest first."""
    taken: frozenset[str] = frozenset()
    """Titles of the video's other reels: none of them is given again."""


def unheard(usage: Usage) -> None:
    """For who does not count."""


def never() -> bool:
    """For who does not stop."""
    return False


class Captioner(Protocol):
    """Writes the text of posts."""

    name: str

    def describe(
        self,
        brief: Brief,
        reels: Sequence[Spoken],
        *,
        on_usage: Callable[[Usage], None] = unheard,
        should_stop: Callable[[], bool] = never,
    ) -> Mapping[int, PostText]:
        """Write the posts' texts for up to ten reels of one video.

        Args:
            brief: What the reels have in common.
            reels: What is said in each reel.
            on_usage: Told of each request, also of one whose answer was of no use.
            should_stop: Asked before each request, and while it is under way.

        Returns:
            Texts by reel id, only of reels that were asked for.  Each has a title that no other
            reel of the video has, a caption, hashtags, and no `problems`.  A reel without a
            usable answer is absent: the caller then uses `basic`.

        Raises:
            CaptionError: The provider failed; its `texts` are those that came before.
            Cancelled: `should_stop` said so; likewise.
        """
        ...

    def alternatives(
        self,
        brief: Brief,
        reel: Spoken,
        now: PostText,
        wish: Wish,
        *,
        count: int = 3,
        on_usage: Callable[[Usage], None] = unheard,
    ) -> tuple[PostText, ...]:
        """Write one reel's text anew, in up to `count` ways that differ from each other.

        What `wish.field` does not name stays as it is in `now`.

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
