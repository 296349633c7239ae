"""A place in a run in; the run killed there, once, by what nothing catches, out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from gravix_core.publications import Publication, Step
from gravix_core.stages.publish import graph
from gravix_core.store.publications import Publications
from gravix_core.store.store import Store


class Killed(BaseException):
    """As a kill: no handler of the product takes it."""


class Points:
    """Counts the places that touch network or database, and kills at one of them."""

    def __init__(self, at: int | None = None) -> None:
        self.at = at
        self.passed: list[str] = []
        self.die: Callable[[], object] | None = None
        """Instead of raising `Killed`."""

    def pass_by(self, name: str) -> None:
        self.passed.append(name)
        if self.at is not None and len(self.passed) - 1 == self.at:
            self.at = None
            if self.die is not None:
                self.die()
            raise Killed(name)


@contextmanager
def points(at: int | None = None) -> Iterator[Points]:
    """Before and behind each call to Meta, before each write, and behind its commit."""
    found = Points(at)
    with pytest.MonkeyPatch.context() as patch:
        _watch_network(patch, found)
        _watch_ledger(patch, found)
        yield found


def _watch_network(patch: pytest.MonkeyPatch, found: Points) -> None:
    real = graph._answer

    def answer(method: str, address: str, **sent: Any) -> Any:
        what = f"{method} {address.rpartition('/')[2].partition('?')[0]}"
        found.pass_by(f"before {what}")
        told = real(method, address, **sent)
        found.pass_by(f"behind {what}")
        return told

    patch.setattr(graph, "_answer", answer)


def _watch_ledger(patch: pytest.MonkeyPatch, found: Points) -> None:
    advance, begin = Publications.advance, Store.begin

    def watched(self: Publications, before: Publication, step: Step, **rest: Any) -> Publication:
        found.pass_by(f"before {step} is written")
        after = advance(self, before, step, **rest)
        found.pass_by(f"before {step} is committed")
        return after

    @contextmanager
    def begun(self: Store) -> Iterator[Any]:
        with begin(self) as tx:
            yield tx
        found.pass_by("behind a commit")

    patch.setattr(Publications, "advance", watched)
    patch.setattr(Store, "begin", begun)
