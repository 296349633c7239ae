"""What is said in reels in, the texts of their posts out: without network, key or model.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gravix_core.model import PostText, ScorePart
from gravix_core.stages.caption.base import OUR_HASHTAGS, Brief, Spoken, never, unheard
from gravix_core.stages.caption.bodies import bodies, told
from gravix_core.stages.caption.judge import judge_all
from gravix_core.stages.caption.keywords import Keyword, hashtags
from gravix_core.stages.caption.language import is_content, shown, stem
from gravix_core.stages.caption.phrases import phrases_of
from gravix_core.stages.caption.reading import Talk, read_all
from gravix_core.stages.caption.score import quality
from gravix_core.stages.caption.titles import numbered, same, titles
from gravix_core.stages.caption.wording import capitalised, clean_title, clip, plain
from gravix_core.texts import Field, Usage, Wish

TITLE_LINE = 240
"""Characters of the video's title where it has to do for what is said."""
UNSURE = 3
"""Hashtags up to which words are taken that were said once, and not as a noun."""
OTHER_TAGS = 3
"""Hashtags that an alternative has instead of the best."""


class BasicCaptioner:
    """Takes the text of a post from what is said, or else from the video's title."""

    name = "basic"

    def describe(
        self,
        brief: Brief,
        reels: Sequence[Spoken],
        *,
        on_usage: Callable[[Usage], None] = unheard,  # noqa: ARG002  nobody is asked
        should_stop: Callable[[], bool] = never,  # noqa: ARG002  it takes no time
    ) -> Mapping[int, PostText]:
        """As `Captioner.describe`: no reel is absent, and the same input gives the same text."""
        parts, taken = judge_all(reels), set(map(same, brief.taken))
        answers = {}
        for talk in read_all(brief, reels):
            title = next(_titles(brief, talk, taken))
            taken.add(same(title))
            answers[talk.reel.reel_id] = _text(brief, talk, title, parts[talk.reel.reel_id])
        return answers

    def alternatives(
        self,
        brief: Brief,
        reel: Spoken,
        now: PostText,
        wish: Wish,
        *,
        count: int = 3,
        on_usage: Callable[[Usage], None] = unheard,  # noqa: ARG002  nobody is asked
    ) -> tuple[PostText, ...]:
        """As `Captioner.alternatives`: as many as the words of the reel give.

        The wish's field is honoured, its instruction is not: nothing here understands one.
        """
        (talk,) = read_all(brief, [reel])
        taken = {*map(same, brief.taken), same(now.title)}
        found: dict[Field, list[Any]] = {
            Field.TITLE: [title for title in titles(talk) if same(title) not in taken],
            Field.CAPTION: [body for body in _captions(brief, talk) if body != now.caption],
            Field.HASHTAGS: [tags for tags in _other_tags(brief, talk) if tags != now.hashtags],
        }
        wanted = [wish.field] if wish.field else list(Field)
        most = min(count, max(len(found[field]) for field in wanted))
        return tuple(
            replace(
                now,
                **{f.value: found[f][min(i, len(found[f]) - 1)] for f in wanted if found[f]},
                written_by=self.name,
            )
            for i in range(most)
        )


def _text(brief: Brief, talk: Talk, title: str, parts: tuple[ScorePart, ...]) -> PostText:
    found = _found(brief, talk)
    return PostText(
        title=title,
        caption=_captions(brief, talk)[0],
        hashtags=hashtags(found),
        topics=tuple(keyword.topic for keyword in found[:OUR_HASHTAGS]),
        quality_score=quality(parts),
        score_parts=parts,
        written_by=BasicCaptioner.name,
    )


def _titles(brief: Brief, talk: Talk, taken: set[str]) -> Iterator[str]:
    """What is said, as far as no other reel is called so; never ends without one."""
    spoken = titles(talk)
    yield from (title for title in spoken if same(title) and same(title) not in taken)
    video = clean_title(brief.title)
    yield numbered(
        spoken[0] if spoken else video, talk.reel, phrases_of(talk.language), taken=taken
    )


def _captions(brief: Brief, talk: Talk) -> tuple[str, ...]:
    """At least one: what is said or else what the video is about, where it is from, its part."""
    title, phrases, reel = clean_title(brief.title), phrases_of(talk.language), talk.reel
    credit, place = plain(brief.credit), {"index": reel.index, "count": reel.count}
    if talk.is_spoken:
        origin = phrases.origin(title, credit, **place)
        return tuple("\n\n".join(filter(None, (body, origin))) for body in bodies(talk))
    lead, about = clip(capitalised(title), TITLE_LINE), told(brief.description)
    about = "" if same(about) == same(lead) else about
    lines = (
        lead or ("" if about else phrases.untitled),
        about,
        phrases.origin("", credit, **place),
    )
    return ("\n\n".join(filter(None, lines)),)


def _found(brief: Brief, talk: Talk) -> tuple[Keyword, ...]:
    """What the reel is about and, where that is little, the video; the best first."""
    spoken = talk.keywords()
    sure = [keyword for keyword in spoken if keyword.sure]
    unsure = [keyword for keyword in spoken if not keyword.sure][: max(0, UNSURE - len(sure))]
    about = _named(f"{clean_title(brief.title)} {told(brief.description)}", talk.language)
    once: dict[str, Keyword] = {}
    for keyword in (*sure, *unsure, *about):
        once.setdefault(" ".join(stem(word, talk.language) for word in keyword.words), keyword)
    return tuple(once.values())


def _named(text: str, language: str) -> tuple[Keyword, ...]:
    """The subjects that a title names, each once."""
    once: dict[str, Keyword] = {}
    for word in (word for word in text.split() if is_content(word, language)):
        once.setdefault(stem(word, language), Keyword((shown(word, language),), 1.0))
    return tuple(once.values())


def _other_tags(brief: Brief, talk: Talk) -> Iterator[tuple[str, ...]]:
    """The best with others in place of the last, as far as there are others."""
    found = _found(brief, talk)
    kept, others = found[: OUR_HASHTAGS - OTHER_TAGS], found[OUR_HASHTAGS - OTHER_TAGS :]
    for at in range(0, len(others) - OTHER_TAGS + 1, OTHER_TAGS):
        yield hashtags([*kept, *others[at : at + OTHER_TAGS]])
