"""The operator's app in, whether Meta knows its id and its secret, and its name, out.

Source: Meta's pages on debugging tokens and on app access tokens, read up to 2026-11-27; that a
wrong id is answered with code 101 and a wrong secret with code 1 is from public reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gravix_core.errors import InstagramError
from gravix_core.stages.publish.graph import Graph


class AppIs(StrEnum):
    KNOWN = "known"
    NO_APP = "no_app"
    """There is none of this id."""
    WRONG_SECRET = "wrong_secret"  # noqa: S105 - an answer
    NOT_ASKED = "not_asked"
    """Meta could not be asked now, or what it said was not understood."""


@dataclass(frozen=True, slots=True)
class Proof:
    app: AppIs
    name: str = ""
    """As it stands at Meta; empty when Meta did not say."""
    why: str = ""
    """Of `AppIs.NOT_ASKED`."""


def prove(graph: Graph) -> Proof:
    """Ask Meta, in the name of the app, about the app itself.  Raises nothing."""
    token = graph.app.token
    try:
        data = graph.get("debug_token", token, input_token=token).get("data")
    except InstagramError as error:
        if error.kind == "wait" or error.code == "unreachable":
            return Proof(AppIs.NOT_ASKED, why=str(error))
        return _which(graph, refused=not error.retryable)
    if isinstance(data, dict) and data.get("is_valid") and str(data.get("app_id")) == graph.app.id:
        return Proof(AppIs.KNOWN, name=str(data.get("application") or ""))
    return _which(graph, refused=True)


def _which(graph: Graph, *, refused: bool) -> Proof:
    """The id or the secret: the answer about a token does not tell, the one that gives it does.

    Args:
        refused: Id and secret are known not to belong together.
    """
    try:
        graph.ask(
            "oauth/access_token",
            method="POST",  # so that the secret stands in no address
            grant_type="client_credentials",
            client_id=graph.app.id,
            client_secret=graph.app.secret,
        )
    except InstagramError as error:
        if error.code == "app_unknown":
            return Proof(AppIs.NO_APP)
        # Code 1 is also what a trouble of Meta's own has.
        if error.code == "unknown" and (refused or "client secret" in error.details):
            return Proof(AppIs.WRONG_SECRET)
        return Proof(AppIs.NOT_ASKED, why=str(error))
    return Proof(AppIs.KNOWN)
