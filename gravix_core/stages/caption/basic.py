"""What is said in reels in, the texts of their posts out: without network, key or model.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import mean

from gravix_core.model import PostText, ScorePart
from gravix_core.stages.caption.base import OUR_HASHTAGS, Brief, Spoken, never, unheard
from gravix_core.stages.caption.judge import judge_all
from gravix_core.stages.caption.keywords import (
    ALWAYS,
    Keyword,
    hashtags,
    is_content,
    keywords,
    salience,
    says_something,
    spread_of,
    stem,
    stop_words,
)
from gravix_core.stages.caption.score import is_hook, quality
from gravix_core.stages.caption.sentences import (
    Manner,
    Sentence,
    language_of,
    manner_of,
    split,
    tidy,
)
from gravix_core.stages.caption.wording import (
    bare,
    capitalised,
    clean_title,
    clip,
    has_letters,
    is_closed,
    joined,
    key,
    trail_off,
    without_openers,
)
from gravix_core.stages.caption.wordlists import BACK_REFERENCES, CLAUSE_STARTERS, GREETINGS
from gravix_core.texts import Usage, Wish

TITLE = 70
"""Characters of a title: what a phone shows of it."""
VIDEO_TITLE = 80
"""Characters of the video's title where it is named in a caption."""
SENTENCE = 240
"""Characters of one sentence in a caption."""
BODY = 340
"""Characters of all sentences in a caption."""
LINE = 110
"""Characters after which a line of unpunctuated speech is broken."""
MOST_SENTENCES, MOST_PHRASES = 3, 5
"""In a caption, with and without punctuation."""
SHORT_CLAUSE = 4
"""Words; a shorter one says too little for a title."""
_INNER_QUOTES = str.maketrans({"“": "‘", "”": "’", '"': "’"})


@dataclass(frozen=True, slots=True)
class _Talk:
    """One reel, read."""

    reel: Spoken
    parts: tuple[ScorePart, ...]
    sentences: tuple[Sentence, ...]
    weights: Mapping[str, float]
    manner: Manner
    stops: frozenset[str]

    def openings(self) -> list[int]:
        """Where a post may begin: at a whole sentence, if there is one and one can tell."""
        whole = [i for i, sentence in enumerate(self.sentences) if sentence.whole]
        can_tell = self.manner.punctuated and whole
        return whole if can_tell else list(range(len(self.sentences)))

    def strength(self, words: Sequence[str]) -> float:
        """How much a line of so many words says, about 0..2."""
        content = sorted({self.weights.get(stem(word), 0.0) for word in words}, reverse=True)
        fit = min(len(words) / 6, 1, 14 / max(len(words), 1))
        you = any(key(word) in {"you", "your", "du", "tu", "você", "ты", "आप"} for word in words)
        number = any(word[:1].isdigit() for word in words)
        return sum(content[:3]) / 3 + 0.6 * fit + 0.2 * you + 0.15 * number

    def appeal(self, sentence: Sentence) -> float:
        """How well a sentence opens a post."""
        first = key(sentence.texts[0])
        return (
            self.strength(sentence.texts)
            + 0.5 * is_hook(sentence)
            - 0.5 * (first in BACK_REFERENCES)
            - 0.2 * (first in CLAUSE_STARTERS)
            - 0.5 * (first in GREETINGS)
            + 0.3 * (sentence.asks and sentence.words[0] == self.sentences[0].words[0])
            - 1.0 * (not sentence.opens)
        )


class BasicCaptioner:
    """Takes the text of a post from what is said, or else from the video's title."""

    name = "basic"

    def describe(
        self,
        brief: Brief,
        reels: Sequence[Spoken],
        *,
        on_usage: Callable[[Usage], None] = unheard,  # noqa: ARG002  asks nobody
        should_stop: Callable[[], bool] = never,  # noqa: ARG002  takes no time
    ) -> Mapping[int, PostText]:
        """As `Captioner.describe`: no reel is absent, and the same input gives the same text."""
        title = clean_title(brief.title)
        manner = manner_of(word for reel in reels for word in reel.words)
        tidied = [tidy(reel.words, manner.language) for reel in reels]
        texts = [[word.text for word in words] for words in tidied]
        stops = stop_words(manner.language)
        spread = spread_of(texts)
        parts = judge_all(reels)
        answers = {}
        for i, reel in enumerate(reels):
            weights = salience(texts[i], spread, stops, reels=len(reels))
            sentences = split(tidied[i], manner)
            talk = _Talk(reel, parts[reel.reel_id], sentences, weights, manner, stops)
            readable = has_letters("".join(texts[i]))
            answers[reel.reel_id] = (
                _from_talk(talk, title) if readable else _from_title(talk, title)
            )
        return answers

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
        """As `Captioner.alternatives`: as many as the words of the reel give."""
        other = self.describe(brief, [reel], on_usage=on_usage)[reel.reel_id]
        names = [wish.field] if wish.field else ["title", "caption", "hashtags"]
        other = replace(now, **{name: getattr(other, name) for name in names})
        return (replace(other, written_by=self.name),)[: count * (other != now)]


def _from_talk(talk: _Talk, title: str) -> PostText:
    found = keywords(talk.sentences, talk.weights)
    return PostText(
        title=_title(talk) or _numbered(talk.reel, title),
        caption="\n\n".join(filter(None, (*_body(talk), *_part_of(talk.reel, title)))),
        hashtags=hashtags(found or _title_keywords(title)),
        topics=tuple(keyword.topic for keyword in found),
        quality_score=quality(talk.parts),
        score_parts=talk.parts,
        written_by=BasicCaptioner.name,
    )


def _from_title(talk: _Talk, title: str) -> PostText:
    reel, found = talk.reel, _title_keywords(title)
    lead = clip(capitalised(title), SENTENCE) or "A new reel"
    number = f"Part {reel.index + 1} of {reel.count}." if reel.count > 1 else ""
    return PostText(
        title=_numbered(reel, title),
        caption="\n\n".join(filter(None, (lead, number))),
        hashtags=(*hashtags(found[: OUR_HASHTAGS - 1]), ALWAYS) if found else (ALWAYS,),
        topics=tuple(keyword.topic for keyword in found),
        quality_score=quality(talk.parts),
        score_parts=talk.parts,
        written_by=BasicCaptioner.name,
    )


def _title(talk: _Talk) -> str:
    """The line that says most and can stand alone; empty when none says anything."""
    ranked = sorted(
        (found for i in talk.openings() for found in _candidates(talk, talk.sentences[i])),
        key=lambda candidate: -candidate[0],
    )
    return ranked[0][1] if ranked else ""


def _candidates(talk: _Talk, sentence: Sentence) -> Iterator[tuple[float, str]]:
    """Titles that a sentence offers: itself, its clauses, or what fits of it."""
    words = without_openers(sentence.texts)
    if not says_something(words, talk.stops):
        return
    appeal = talk.appeal(replace(sentence, words=sentence.words[-len(words) :]))
    appeal += 0.25 * (sentence.whole and sentence == talk.sentences[-1])  # often the point
    whole = _as_title(words, asks=sentence.asks)
    if len(whole) <= TITLE:
        yield appeal, whole
        return
    yield appeal - 0.6, clip(whole, TITLE)
    for clause in _clauses(words):
        text = _as_title(clause, asks=sentence.asks and clause[-1] == words[-1])
        bad_start = key(clause[0]) in CLAUSE_STARTERS | BACK_REFERENCES
        if len(text) <= TITLE and says_something(clause, talk.stops):
            strength = talk.strength(clause) + appeal - talk.strength(words)
            yield strength - 0.3 - 0.8 * bad_start, text


def _clauses(words: Sequence[str]) -> Iterator[list[str]]:
    """Stretches between two commas or conjunctions, and from the start to each of them."""
    cuts = [
        i + 1
        for i, (word, after) in enumerate(pairwise(words))
        if word[-1] in ",;:—–،，、" or key(after) in CLAUSE_STARTERS
    ]
    cuts.append(len(words))
    for begin, end in sorted({(0, cut) for cut in cuts} | set(pairwise([0, *cuts]))):
        if SHORT_CLAUSE <= end - begin <= TITLE // 2:
            yield list(words[begin:end])


def _as_title(words: list[str], *, asks: bool) -> str:
    text = capitalised(joined(words)).rstrip(".,;:—–- ،，、。।")
    return f"{text}?" if asks and not text.endswith(("?", "？", "؟")) else text


def _body(talk: _Talk) -> tuple[str, str]:
    """The hook and what was said right after it, so that the two belong together."""
    stretches = [_stretch(talk, first) for first in talk.openings()]
    first, *others = max(stretches, key=lambda stretch: _worth(talk, stretch))
    hook = replace(first, words=first.words[-len(without_openers(first.texts)) :])
    if talk.manner.punctuated:
        rest = joined([sentence.text() for sentence in others])
        return clip(hook.ended(), SENTENCE), clip(rest, BODY)
    lines = _lines([hook, *others])
    lines[-1] = lines[-1] if is_closed(lines[-1]) else trail_off(lines[-1], BODY)
    return clip(lines[0], SENTENCE), clip("\n".join(lines[1:]), BODY)


def _stretch(talk: _Talk, first: int) -> tuple[Sentence, ...]:
    """A sentence and those after it that fit; a half sentence is not added."""
    punctuated = talk.manner.punctuated
    most = MOST_SENTENCES if punctuated else MOST_PHRASES
    taken, length = [talk.sentences[first]], 0
    for sentence in talk.sentences[first + 1 :]:
        length += len(sentence.text())
        full = sum(map(_is_full, taken)) >= most or length > BODY
        if full or (punctuated and not sentence.whole):
            break
        taken.append(sentence)
    while not punctuated and len(taken) > 1 and not _is_full(taken[-1]):
        taken.pop()
    return tuple(taken)


def _is_full(sentence: Sentence) -> bool:
    """False for "It isn't.", which only leads to the next one."""
    return len(sentence.words) > 3


def _worth(talk: _Talk, stretch: tuple[Sentence, ...]) -> float:
    others = [talk.strength(sentence.texts) for sentence in stretch[1:]]
    return talk.appeal(stretch[0]) + 0.15 * len(others) + (0.3 * mean(others) if others else 0)


def _lines(phrases: Sequence[Sentence]) -> list[str]:
    """One line for what is said between two pauses."""
    lines: list[str] = []
    for phrase in phrases:
        if not lines or phrase.opens or len(lines[-1]) > LINE:
            lines.append(capitalised(phrase.text()))
        else:
            lines[-1] = joined([lines[-1], phrase.text()])
    return lines


def _part_of(reel: Spoken, title: str) -> tuple[str, ...]:
    if reel.count < 2:
        return ()
    number = f"Part {reel.index + 1} of {reel.count}"
    named = clip(title.translate(_INNER_QUOTES), VIDEO_TITLE)
    return (f"{number} of “{named}”." if named else f"{number}.",)


def _numbered(reel: Spoken, title: str) -> str:
    """A title for a reel of which only the video's is known."""
    if reel.count < 2:
        return clip(capitalised(title), TITLE) or "New reel"
    number = f"part {reel.index + 1} of {reel.count}"
    named = clip(capitalised(title), TITLE - len(number) - 3)
    return f"{named} ({number})" if named else capitalised(number)


def _title_keywords(title: str) -> tuple[Keyword, ...]:
    words = title.split()
    stops = stop_words(language_of(words))
    once = {stem(word): word for word in reversed(words) if is_content(word, stops)}
    return tuple(Keyword((bare(word),), 1.0) for word in reversed(once.values()))[:OUR_HASHTAGS]
