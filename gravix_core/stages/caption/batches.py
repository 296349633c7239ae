"""A video's reels in, texts that a model wrote and that can be posted out.

One request asks for all reels.  What is missing is asked for again: first together, then in halves,
then one by one; a reel that is still missing then is absent.  A model of which nothing can be used
is left soon: its answers are paid for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from gravix_core.errors import Cancelled, CaptionError
from gravix_core.model import PostText, ScorePart
from gravix_core.stages.caption.answer import Draft, read_answer, read_versions
from gravix_core.stages.caption.base import (
    MAX_TITLE,
    OUR_HASHTAGS,
    Brief,
    Spoken,
    never,
    problems,
    unheard,
)
from gravix_core.stages.caption.finish import finished, refitted
from gravix_core.stages.caption.foreign import one_line, says_something, seen
from gravix_core.stages.caption.gemini_faults import Kind, Told, error_of
from gravix_core.stages.caption.judge import judge_all
from gravix_core.stages.caption.limits import ELLIPSIS, sentences, trim_to
from gravix_core.stages.caption.planted import Orders, orders_in
from gravix_core.stages.caption.prompt import (
    MOST_REELS,
    Answered,
    Prompt,
    prompt_for,
    prompt_for_alternatives,
)
from gravix_core.stages.caption.score import quality, with_interest
from gravix_core.texts import Field, Usage, Wish

MOST_REQUESTS = 8
"""For up to ten reels: all, the missing, two halves, four single ones."""
MOST_IN_VAIN = 5
"""For up to ten reels, while no text has come at all."""
MOST_REFUSALS = 2
"""Of requests as such, before the batch is given up: a third would be refused as well."""
MOST_VERSIONS = 20
"""Of one answer that are looked at."""
MOST_ALONE = 2
"""Requests for one reel by itself."""
LONGEST_REASON = 160
"""Characters."""


ECHO = 3
"""Reels that never share a text."""
_Key = tuple[str, str, frozenset[str]]


class Asker(Protocol):
    """Carries requests to a model."""

    def ask(self, prompt: Prompt, should_stop: Callable[[], bool] = never) -> Answered:
        """Ask once.

        Raises:
            CaptionError: There is no answer.
            Cancelled: `should_stop` said so before there was one.
        """
        ...


class GeminiCaptioner:
    """Has a model of Google write the texts."""

    name = "gemini"

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    def describe(
        self,
        brief: Brief,
        reels: Sequence[Spoken],
        *,
        on_usage: Callable[[Usage], None] = unheard,
        should_stop: Callable[[], bool] = never,
    ) -> Mapping[int, PostText]:
        """As `Captioner.describe`, for any number of reels, in batches of ten."""
        texts: dict[int, PostText] = {}
        parts = judge_all(reels)
        for start in range(0, len(reels), MOST_REELS):
            taken = brief.taken | {text.title for text in texts.values()}
            batch = _Batch(
                self._asker, replace(brief, taken=taken), reels[start : start + MOST_REELS],
                parts, on_usage, should_stop,
            )  # fmt: skip
            try:
                batch.run()
            except (CaptionError, Cancelled) as exc:
                exc.texts = texts | batch.texts
                raise
            texts |= batch.texts
        return texts

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
        """As `Captioner.alternatives`; with one request."""
        prompt = prompt_for_alternatives(brief, reel, now, wish, count)
        answered = self._asker.ask(prompt)
        on_usage(answered.usage)
        orders = orders_in(brief, [reel], system=prompt.system)
        said = "\n".join((wish.instruction, now.title, now.caption))
        found: list[PostText] = []
        for draft in read_versions(answered.text)[:MOST_VERSIONS]:
            new = _version(_unplanted(draft, orders), brief, now, wish.field, said)
            if new and not orders.are_obeyed_by(_changed(new, now)) and _differs(new, now, found):
                found.append(new)
            if len(found) == count:
                break
        if not found:
            why = answered.why or "useless"
            raise error_of(Told(200, why, model=answered.usage.model))
        return tuple(found)


@dataclass(slots=True)
class _Batch:
    """Up to ten reels, on their way."""

    asker: Asker
    brief: Brief
    reels: Sequence[Spoken]
    parts: Mapping[int, tuple[ScorePart, ...]]
    on_usage: Callable[[Usage], None]
    should_stop: Callable[[], bool]
    texts: dict[int, PostText] = field(default_factory=dict)
    alone: Counter[int] = field(default_factory=Counter)
    """How often a reel was asked for by itself."""
    requests: int = 0
    refusals: int = 0

    def run(self) -> None:
        """Ask until nothing is missing, or nothing is left to be tried.

        Raises:
            CaptionError: No request is answered any more; `texts` has what came before.
            Cancelled: `should_stop` said so; likewise.
        """
        was_whole = self._ask(self.reels)
        if was_whole and not self.texts and len(self.reels) > 1 and not self._probe():
            return
        if self.texts:
            self._round([self._missing()])
        missing = self._missing()
        if len(missing) > 1:
            self._round(_divided(missing))
        self._round([[reel] for reel in self._missing()])

    def _probe(self) -> bool:
        """Whether smaller questions bring what the whole one did not: a half, and one reel else."""
        half, other = _divided(self.reels)
        for group in (half, other[:1]):
            self._ask(group)
            if self.texts:
                return True
        return False

    def _missing(self) -> list[Spoken]:
        """What has no text, and may be asked for once more."""
        return [
            reel
            for reel in self.reels
            if reel.reel_id not in self.texts and self.alone[reel.reel_id] < MOST_ALONE
        ]

    def _round(self, groups: Sequence[Sequence[Spoken]]) -> None:
        for group in groups:
            is_vain = not self.texts and self.requests >= MOST_IN_VAIN
            if group and self.requests < MOST_REQUESTS and not is_vain:
                self._ask(group)

    def _ask(self, group: Sequence[Spoken]) -> bool:
        """False when the same question would be refused, or cut off, again."""
        if self.should_stop():
            raise Cancelled
        self.requests += 1
        was_whole = self._answered(group)
        if len(group) == 1:
            self.alone[group[0].reel_id] += 1 if was_whole else MOST_ALONE
        return was_whole

    def _answered(self, group: Sequence[Spoken]) -> bool:
        prompt = prompt_for(self.brief, group)
        try:
            answered = self.asker.ask(prompt, self.should_stop)
        except CaptionError as exc:
            self._refused(exc)
            return False
        self.on_usage(answered.usage)
        orders = orders_in(self.brief, group, system=prompt.system)
        drafts = read_answer(answered.text, {reel.reel_id for reel in group})
        for reel in group:
            draft = drafts.get(reel.reel_id)
            if draft and not orders.are_obeyed_by(_said_in(draft)) and not _is_echo(drafts):
                self._take(reel, _unplanted(draft, orders))
        return not answered.why

    def _refused(self, error: CaptionError) -> None:
        """Go on with smaller questions where it is this one that was refused."""
        self.refusals += 1
        if error.kind != Kind.REFUSED or self.refusals >= MOST_REFUSALS:
            raise error

    def _take(self, reel: Spoken, draft: Draft) -> None:
        text = finished(_post(draft, self.brief, self.parts[reel.reel_id]), self.brief)
        taken = {seen(text.title) for text in self.texts.values()} | set(
            map(seen, self.brief.taken)
        )
        text = replace(text, title=_distinct(text, reel, taken))
        if not problems(text) and text.hashtags and text.topics:
            self.texts[reel.reel_id] = text


def _divided(reels: Sequence[Spoken]) -> list[Sequence[Spoken]]:
    half = (len(reels) + 1) // 2
    return [reels[:half], reels[half:]]


def _said_in(draft: Draft) -> tuple[str, str, str]:
    return draft.title, draft.caption, " ".join(draft.hashtags)


def _unplanted(draft: Draft, orders: Orders) -> Draft:
    """Without hashtags that were said, as long as others are left."""
    hashtags, topics = orders.without_said(draft.hashtags), orders.without_said(draft.topics)
    return replace(draft, hashtags=hashtags or topics, topics=topics)


def _is_echo(drafts: Mapping[int, Draft]) -> bool:
    """True for one text under all ids: it is of none of these reels."""
    return len(drafts) >= ECHO and len(set(map(_whole, drafts.values()))) == 1


def _post(draft: Draft, brief: Brief, parts: tuple[ScorePart, ...]) -> PostText:
    if draft.interest is not None:
        parts = with_interest(parts, draft.interest, _reason(draft.reason))
    fixed = len(brief.voice.hashtags)
    return PostText(
        title=draft.title,
        caption=draft.caption,
        hashtags=draft.hashtags[: max(0, OUR_HASHTAGS - fixed)],
        topics=draft.topics,
        quality_score=quality(parts),
        score_parts=parts,
        written_by=GeminiCaptioner.name,
    )


def _reason(reason: str) -> str:
    """One sentence."""
    first = one_line(next(iter(sentences(one_line(reason))), ""))
    first = trim_to(first, LONGEST_REASON).rstrip(f".{ELLIPSIS} ")
    return f"{first[:1].upper()}{first[1:]}." if says_something(first) else "Gemini gave no reason."


def _distinct(text: PostText, reel: Spoken, taken: set[str]) -> str:
    """The title, or another that no reel of the video has."""
    first = one_line(next(iter(sentences(text.caption)), ""))
    for title in (text.title, trim_to(first, MAX_TITLE)):
        if says_something(title) and seen(title) not in taken:
            return title
    numbered = (
        f"{trim_to(text.title, MAX_TITLE - 12).rstrip(ELLIPSIS)} ({number})"
        for number in range(reel.index + 1, reel.index + len(taken) + 2)
    )
    return next(title for title in numbered if seen(title) not in taken)


def _version(
    draft: Draft, brief: Brief, now: PostText, wanted: Field | None, said: str
) -> PostText | None:
    """A draft as a text; None where what was wanted is not in it, or it cannot be posted."""
    has = {
        Field.TITLE: says_something(draft.title),
        Field.CAPTION: says_something(draft.caption),
        Field.HASHTAGS: bool(draft.hashtags),
    }
    if not (has[wanted] if wanted else has[Field.TITLE] and has[Field.CAPTION]):
        return None
    most = max(0, OUR_HASHTAGS - len(brief.voice.hashtags))
    raw = replace(
        now,
        title=draft.title or now.title,
        caption=draft.caption or now.caption,
        hashtags=draft.hashtags[:most] or now.hashtags,
        topics=draft.topics or now.topics,
        written_by=GeminiCaptioner.name,
    )
    new = finished(raw, brief, said=said)
    text = refitted(now, replace(new, topics=new.topics or now.topics), wanted)
    is_taken = wanted in {None, Field.TITLE} and seen(text.title) in set(map(seen, brief.taken))
    return None if is_taken or set(problems(text)) - set(problems(now)) else text


def _changed(new: PostText, now: PostText) -> Iterator[str]:
    for ours, theirs in ((new.title, now.title), (new.caption, now.caption)):
        if ours != theirs:
            yield ours
    if new.hashtags != now.hashtags:
        yield " ".join(new.hashtags)


def _differs(new: PostText, now: PostText, others: Sequence[PostText]) -> bool:
    return all(_whole(new) != _whole(other) for other in (now, *others))


def _whole(text: PostText | Draft) -> _Key:
    return seen(text.title), seen(text.caption), frozenset(map(seen, text.hashtags))
