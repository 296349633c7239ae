"""Every reel so far in, a line on Instagram's file rules out."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.quality.bench import Bench
from benchmarks.quality.results import Line, all_of, shown
from benchmarks.quality.rules import broken_rules, read_facts

NAME = "rules"


def measure(bench: Bench) -> Iterator[Line]:
    broken = {one.name: broken_rules(read_facts(one.file)) for one in bench.made}
    wrong = {name: rules for name, rules in broken.items() if rules}
    good = len(broken) - len(wrong)
    yield all_of(NAME, "reels that keep Instagram's file rules, read apart", good, len(broken))
    if wrong:
        yield shown(NAME, "rules that are broken", str(wrong), rules=wrong)
