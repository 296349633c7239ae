"""A path of Meta's and two tokens in, what the one that may see it answers out.

In May 2026 Meta's servers told the tokens of Pages for days that nothing existed, while those of
users were answered: so the user's goes first, and the other one is tried before a thing is believed
to be gone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gravix_core.errors import InstagramError
from gravix_core.stages.publish.graph import Graph
from gravix_core.stages.publish.meta_faults import FAULTS, error_as

log = logging.getLogger(__name__)

NOT_SEEN = "not_seen"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Of one connected account."""

    user: str = field(repr=False)
    page: str | None = field(default=None, repr=False)

    def in_order(self) -> Iterator[tuple[str, str]]:
        """With what each is called in the log."""
        yield "the user", self.user
        if self.page is not None:
            yield "the Page", self.page


def read(graph: Graph, tokens: Tokens, path: str, **params: Any) -> dict[str, Any]:
    """
    Raises:
        InstagramError: As `Graph.get`; ``not_seen`` when no token sees it.
    """
    blind: InstagramError = error_as(FAULTS[NOT_SEEN])
    for tried, (name, token) in enumerate(tokens.in_order()):
        try:
            answer = graph.get(path, token, **params)
        except InstagramError as error:
            if error.code != NOT_SEEN:
                raise
            log.warning("Meta shows nothing of %s to the token of %s", path, name)
            blind = error
        else:
            if tried:
                log.warning("Meta answered %s with the token of %s", path, name)
            return answer
    raise blind
