"""A connected account's token in, what Meta says today about app, login and account out."""

from __future__ import annotations

from dataclasses import dataclass

from gravix_core.errors import InstagramError
from gravix_core.stages.publish import oauth
from gravix_core.stages.publish.accounts import Found, find_accounts, may_publish
from gravix_core.stages.publish.app_proof import AppIs, Proof, prove
from gravix_core.stages.publish.graph import Graph


@dataclass(frozen=True, slots=True)
class Behind:
    """What Meta says about a login; all None that was not come to."""

    facts: oauth.TokenFacts | None = None
    granted: frozenset[str] | None = None
    found: Found | None = None
    quota_readable: bool | None = None
    trouble: InstagramError | None = None
    """Why not all was come to."""


@dataclass(frozen=True, slots=True)
class Asked:
    proof: Proof
    served: str | None
    """The version that Meta answered with last; None before its first answer."""
    behind: Behind | None
    """None without a connected account, or when the app itself is not known."""


def ask(graph: Graph, *, token: str | None, ig_user_id: str) -> Asked:
    """About eight calls; raises nothing."""
    proof = prove(graph)
    behind = None
    if token is not None and proof.app is AppIs.KNOWN:
        behind = _behind(graph, token, ig_user_id)
    return Asked(proof, graph.served, behind)


def _behind(graph: Graph, token: str, ig_user_id: str) -> Behind:
    facts = granted = found = None
    try:
        facts = oauth.facts_of(graph, token)
        granted = oauth.granted(graph, token)  # a dead token is refused here, with its reason
        found = find_accounts(graph, token, facts)
        readable = may_publish(graph, token, ig_user_id)
    except InstagramError as error:
        return Behind(facts, granted, found, trouble=error)
    return Behind(facts, granted, found, readable)
