"""What was written and what the operator made of it in, rules out.  Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from gravix_core.stages.caption.limits import sentences
from gravix_core.texts import Pair, Rule, RuleKind, Words

OFTEN = 3
"""Fewer than so many times are no habit."""


def rules_of(pairs: Sequence[Pair], *, off: Collection[str] = ()) -> tuple[Rule, ...]:
    """Hashtags and sentences that were taken out each time that they were written.

    Args:
        pairs: Newest first.
        off: Keys of rules that are switched off.

    Returns:
        What was taken out most often first.
    """
    found = [
        *_rules(RuleKind.HASHTAG, pairs, _hashtags, off),
        *_rules(RuleKind.SENTENCE, pairs, _sentences, off),
    ]
    return tuple(sorted(found, key=lambda rule: (-rule.times, rule.kind, rule.text)))


def _rules(
    kind: RuleKind,
    pairs: Sequence[Pair],
    parts: Callable[[Words], Iterable[str]],
    off: Collection[str],
) -> Iterable[Rule]:
    taken_out: Counter[str] = Counter()
    kept: set[str] = set()
    shown: dict[str, str] = {}
    for pair in pairs:
        posted = _folded(f"{pair.accepted.caption} {' '.join(pair.accepted.hashtags)}")
        still = {_folded(part) for part in parts(pair.accepted)}
        for part in {_folded(text): text for text in parts(pair.written)}.values():
            name = _folded(part)
            shown.setdefault(name, part)
            is_kept = name in still or (kind is RuleKind.SENTENCE and name in posted)
            kept.update({name} if is_kept else ())
            taken_out[name] += not is_kept
    for name, times in taken_out.items():
        if times >= OFTEN and name not in kept:
            rule = Rule(kind, shown[name], times)
            yield Rule(kind, shown[name], times, is_on=rule.key not in off)


def _hashtags(words: Words) -> Iterable[str]:
    inside = (word.rstrip(".,;:!?") for word in words.caption.split() if word.startswith("#"))
    return [*words.hashtags, *inside]


def _sentences(words: Words) -> Iterable[str]:
    stripped = (" ".join(piece.split()) for piece in sentences(words.caption))
    return [piece for piece in stripped if any(map(str.isalnum, piece))]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
