"""One test over all errors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gravix_core import errors
from gravix_core.errors import Cancelled, GravixError


def tree(kind: type[GravixError] = GravixError) -> Iterator[type[GravixError]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from tree(child)


@pytest.mark.parametrize("kind", list(tree()), ids=lambda kind: kind.__name__)
def test_every_error_has_a_hint_and_stands_in_the_picture(kind: type[GravixError]) -> None:
    assert kind.hint.endswith(".")
    assert kind.__name__ in str(errors.__doc__)


def test_a_hint_may_be_more_exact_than_its_class() -> None:
    assert GravixError("it broke", hint="Do this.").hint == "Do this."
    assert GravixError.hint != "Do this."


def test_being_stopped_is_no_error() -> None:
    assert not issubclass(Cancelled, GravixError)
