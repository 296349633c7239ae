"""A provider's text in, a text that can be posted as the operator wants it out.  Pure.

Whatever comes in, `base.problems` finds nothing in what goes out: the limits hold by construction.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from gravix_core.model import PostText, full_caption
from gravix_core.stages.caption.base import (
    ALWAYS,
    MAX_CAPTION,
    MAX_HASHTAGS,
    MAX_MENTIONS,
    MAX_TITLE,
    Brief,
    count_hashtags,
    is_hashtag,
)
from gravix_core.stages.caption.forbidden import Forbidden
from gravix_core.stages.caption.foreign import (
    Own,
    clean,
    one_line,
    own_of,
    says_something,
    seen,
    tidied,
    without,
    without_foreign,
    without_hashtags,
)
from gravix_core.stages.caption.limits import sentences, trim_to, units
from gravix_core.texts import Field, RuleKind

ALL_HASHTAGS = 900
"""UTF-16 units of a post's hashtags with the blanks between them."""
CALL_TO_ACTION = 500
"""UTF-16 units."""
LONGEST_HASHTAG = 100
"""Characters; Gravix's own."""
MOST_TOPICS, LONGEST_TOPIC = 8, 60
_LAST_TITLES = ("A new reel", "▶")
"""The first that is not forbidden is the title of a text of which nothing is left."""


def finished(text: PostText, brief: Brief, *, said: str = "") -> PostText:
    """`text` within Instagram's limits, as voice and rules want it.

    Forbidden words, what the rules take out, and mentions and links that are not the operator's
    are gone; fixed hashtags and the call to action are there.  Doing it twice changes nothing.

    Args:
        said: What else the operator wrote about this text: its mentions and links may stay.
    """
    desk = _Desk.of(brief, said)
    body = desk.body(text.caption)
    title = desk.title(text.title, body)
    hashtags = desk.hashtags(text.hashtags, text.topics)
    topics = desk.topics(text.topics) or desk.topics(tag[1:] for tag in hashtags)
    caption = desk.caption((body, title), hashtags)
    return replace(text, title=title, caption=caption, hashtags=hashtags, topics=topics)


def refitted(now: PostText, new: PostText, field: Field | None) -> PostText:
    """`new`, but with all of `now` that `field` does not name.

    Of what `field` names so much is left out that caption and hashtags fit together.
    """
    if field is None:
        return new
    if field is Field.TITLE:
        return replace(now, title=new.title, written_by=new.written_by)
    if field is Field.HASHTAGS:
        room = MAX_CAPTION - units(now.caption) - 2
        signs = MAX_HASHTAGS - count_hashtags(now.caption)
        hashtags = tuple(_fitting(new.hashtags, room)[: max(0, signs)])
        return replace(now, hashtags=hashtags, written_by=new.written_by)
    room = MAX_CAPTION - units(full_caption("", now.hashtags)) - 2
    return replace(now, caption=trim_to(new.caption, room), written_by=new.written_by)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What one video's texts are held against."""

    forbidden: Forbidden
    own: Own
    fixed: tuple[str, ...]
    call: str
    no_hashtags: frozenset[str]
    no_sentences: frozenset[str]
    video: str
    """Its title."""

    @classmethod
    def of(cls, brief: Brief, said: str) -> _Desk:
        forbidden = Forbidden.of(brief.voice.forbidden)
        rules = [rule for rule in brief.rules if rule.is_on]
        fixed = map(as_hashtag, brief.voice.hashtags)
        return cls(
            forbidden=forbidden,
            own=own_of(brief, said),
            fixed=_fitting(
                _once(tag for tag in fixed if tag and not forbidden.is_in_tag(tag)), ALL_HASHTAGS
            )[:MAX_HASHTAGS],
            call=_call(forbidden.taken_out(clean(brief.voice.call_to_action))),
            no_hashtags=frozenset(seen(r.text) for r in rules if r.kind is RuleKind.HASHTAG),
            no_sentences=frozenset(seen(r.text) for r in rules if r.kind is RuleKind.SENTENCE),
            video=brief.title,
        )

    def body(self, caption: str) -> str:
        """The caption without the call to action; may be empty."""
        body = _without_end(clean(caption), self.call)
        body = tidied("".join(s for s in sentences(body) if seen(s) not in self.no_sentences))
        body = self.plain(without_hashtags(body))
        return _without_end(body, self.call) if says_something(body) else ""

    def plain(self, text: str) -> str:
        """Without forbidden words, foreign mentions and links; until nothing more is found."""
        while True:
            before, text = text, without_foreign(text, self.own)
            text = without(text, self.forbidden.is_in, self.forbidden.taken_out)
            text = without_hashtags(text)
            if text == before:
                return text

    def title(self, title: str, body: str) -> str:
        first = next((piece for piece in map(one_line, sentences(body)) if piece), "")
        for candidate in (title, first, self.video, *_LAST_TITLES):
            found = trim_to(self.plain(one_line(candidate)), MAX_TITLE)
            found = one_line(found)
            if says_something(found) and not self.forbidden.is_in(found):
                return found
        return _LAST_TITLES[-1]

    def hashtags(self, tags: Iterable[str], topics: Iterable[str]) -> tuple[str, ...]:
        """Those of the text, then the fixed ones."""
        fixed = {seen(tag) for tag in self.fixed}
        free = [tag for tag in self._allowed(tags) if seen(tag) not in fixed]
        if not (free or fixed):
            free = self._allowed(topics)[:MOST_TOPICS] or self._allowed(ALWAYS)[:1]
        most = MAX_HASHTAGS - len(self.fixed) - min(count_hashtags(self.call), MAX_HASHTAGS)
        room = ALL_HASHTAGS - units(" ".join(self.fixed)) - 1
        return (*_fitting(free[: max(0, most)], room), *self.fixed)

    def _allowed(self, tags: Iterable[str]) -> list[str]:
        found = _once(as_hashtag(tag) for tag in tags)
        return [
            tag
            for tag in found
            if seen(tag) not in self.no_hashtags and not self.forbidden.is_in_tag(tag)
        ]

    def topics(self, topics: Iterable[str]) -> tuple[str, ...]:
        found = (trim_to(self.plain(one_line(topic)), LONGEST_TOPIC) for topic in topics)
        return _once(
            topic for topic in found if says_something(topic) and not self.forbidden.is_in(topic)
        )[:MOST_TOPICS]

    def caption(self, bodies: Iterable[str], hashtags: tuple[str, ...]) -> str:
        """The first body of which something is left, trimmed so that all fits behind it."""
        behind = units(full_caption("", hashtags)) + 2
        room = MAX_CAPTION - behind - (units(self.call) + 2 if self.call else 0)
        fitting = (
            trim_to(self._few_mentions(_without_end(one, self.call)), room) for one in bodies
        )
        body = next(filter(says_something, fitting), "" if self.call else _LAST_TITLES[-1])
        return "\n\n".join(part for part in (body, self.call) if part)

    def _few_mentions(self, body: str) -> str:
        left = MAX_MENTIONS - _count_mentions(self.call)
        found = list(_AT.finditer(body))
        for mention in reversed(found[max(0, left) :]):
            before, after = body[: mention.start()], body[mention.end() :]
            body = f"{before} {after}" if re.match(r"\w", before[-1:]) else before + after
        return body


_AT = re.compile(r"[@＠]+(?=\w)")


def _count_mentions(text: str) -> int:
    return len(_AT.findall(text))


def _call(call: str) -> str:
    """The call to action; one with too many signs in it loses them."""
    call = trim_to(call, CALL_TO_ACTION)
    if count_hashtags(call) > OWN_SIGNS:
        call = re.sub(r"[#＃]+(?=\w)", "", call)
    return _AT.sub("", call) if _count_mentions(call) > OWN_SIGNS else call


OWN_SIGNS = 10
"""Mentions, and hashtags, of a call to action."""


def as_hashtag(text: str) -> str:
    """``#word`` of what was meant as one, such as "climate change"; empty where nothing is left."""
    word = "".join(char for char in clean(text) if _is_spelling(char))
    tag = f"#{word}"
    is_good = is_hashtag(tag) and not word.isdigit() and says_something(word)
    return tag if is_good and len(tag) <= LONGEST_HASHTAG else ""


def _is_spelling(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN" or char in "_\u200c\u200d"


def _without_end(text: str, call: str) -> str:
    """`text` without the call to action behind it."""
    while call and text[-len(call) :].casefold() == call.casefold():
        before = text[: len(text) - len(call)]
        if before and not before[-1].isspace():
            break
        text = before.rstrip()
    return text


def _fitting(tags: Iterable[str], room: int) -> tuple[str, ...]:
    """The first that have room, with the blanks between them."""

    def fit() -> Iterator[str]:
        left = room
        for tag in tags:
            left -= units(tag) + 1
            if left < -1:
                return
            yield tag

    return tuple(fit())


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    """Each that is not empty, once, whatever its case."""
    known: dict[str, str] = {}
    for text in filter(None, texts):
        known.setdefault(seen(text), text)
    return tuple(known.values())
