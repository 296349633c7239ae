"""The operator's app at Meta in; the way to Facebook's dialog, and tokens for its answer, out.

Only this file imports authlib.  Source of addresses and answers: Meta's pages on the manual login
flow, long-lived tokens, debugging and permissions, read up to 2026-11-22.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri

from gravix_core.model import Seconds
from gravix_core.stages.publish.graph import Graph
from gravix_core.stages.publish.meta_faults import FAULTS, error_as

SCOPES = (
    "instagram_basic",
    "instagram_content_publish",
    "pages_show_list",
    "pages_read_engagement",
    "business_management",
)
"""The last one shows Pages that belong to a business portfolio (since v17.0)."""
NEEDED = ("instagram_basic", "instagram_content_publish", "pages_show_list")
"""Without one of these nothing can be published."""
_MARK = "#_"
"""What Facebook and Instagram put behind a code."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A token as Meta has just given it."""

    token: str = field(repr=False)
    lasts: Seconds | None
    """None when Meta does not say."""


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What Meta knows of a token."""

    is_valid: bool
    expires_at: datetime | None
    """None for never."""
    data_until: datetime | None
    """When reading ends, whatever the token does; None when Meta does not say."""
    user_id: str
    scopes: tuple[str, ...]
    targets: Mapping[str, tuple[str, ...]]
    """Ids that a scope was granted for, by scope; a scope that is not here holds for all."""


def authorization_url(
    graph: Graph, *, redirect_uri: str, state: str, config_id: str = "", again: bool = False
) -> str:
    """
    Args:
        config_id: Of Facebook Login for Business; it takes the place of the scopes.
        again: Ask anew for what was declined before.
    """
    asked = {"config_id": config_id} if config_id else {"scope": ",".join(SCOPES)}
    if again:
        asked["auth_type"] = "rerequest"
    return str(
        prepare_grant_uri(
            f"{graph.hosts.dialog}/{graph.version}/dialog/oauth",
            client_id=graph.app.id,
            response_type="code",
            redirect_uri=redirect_uri,
            state=state,
            **asked,
        )
    )


def exchange_code(graph: Graph, code: str, *, redirect_uri: str) -> Grant:
    """A short-lived token.  Works once.

    Args:
        redirect_uri: To the letter what `authorization_url` was given.

    Raises:
        InstagramError: As `Graph.get`.
    """
    answer = graph.ask(
        "oauth/access_token",
        method="POST",  # so that neither code nor secret stands in an address
        client_id=graph.app.id,
        client_secret=graph.app.secret,
        redirect_uri=redirect_uri,
        code=code.partition(_MARK)[0],
    )
    return _grant(answer)


def long_lived(graph: Graph, token: str) -> Grant:
    """One of about 60 days for a token that is valid, a long-lived one too.  Raises as `Graph.get`.

    Whether that moves the end of a long-lived one Meta does not say: `facts_of` decides.
    """
    answer = graph.ask(
        "oauth/access_token",
        grant_type="fb_exchange_token",
        client_id=graph.app.id,
        client_secret=graph.app.secret,
        fb_exchange_token=token,
    )
    return _grant(answer)


def facts_of(graph: Graph, token: str) -> TokenFacts:
    """Ask Meta about a token, in the name of the app.

    Raises:
        InstagramError: As `Graph.get`; ``app_unknown`` for a token of another app.
    """
    data = graph.get("debug_token", graph.app.token, input_token=token).get("data")
    if not isinstance(data, dict):
        raise error_as(FAULTS["not_understood"], details="debug_token without data")
    if data.get("is_valid") and str(data.get("app_id")) != graph.app.id:
        raise error_as(FAULTS["app_unknown"], details="the token is another app's")
    return TokenFacts(
        is_valid=bool(data.get("is_valid")),
        expires_at=_moment(data.get("expires_at")),
        data_until=_moment(data.get("data_access_expires_at")),
        user_id=str(data.get("user_id") or ""),
        scopes=tuple(str(scope) for scope in data.get("scopes") or ()),
        targets=_targets(data.get("granular_scopes")),
    )


def granted(graph: Graph, token: str) -> frozenset[str]:
    """The scopes that the operator left switched on.  Raises as `Graph.get`."""
    return frozenset(
        str(one.get("permission"))
        for one in graph.listed("me/permissions", token)
        if one.get("status") == "granted"
    )


def revoke(graph: Graph, token: str) -> None:
    """Take the app's permissions back at Meta.  Raises as `Graph.get`."""
    graph.delete("me/permissions", token)


def ends_at(grant: Grant, facts: TokenFacts, *, now: datetime) -> datetime | None:
    """When a token ends; what Meta knows goes before what it said when it gave it."""
    if facts.expires_at is not None or grant.lasts is None:
        return facts.expires_at
    return now + timedelta(seconds=grant.lasts) if grant.lasts > 0 else None


def _grant(answer: Mapping[str, Any]) -> Grant:
    token, lasts = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token:
        raise error_as(FAULTS["not_understood"], details="an exchange without a token")
    return Grant(token, float(lasts) if isinstance(lasts, int | float) else None)


def _moment(value: Any) -> datetime | None:
    """0 and what is missing: never, or not known."""
    try:
        return datetime.fromtimestamp(int(value), UTC) if int(value) > 0 else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _targets(listed: Any) -> dict[str, tuple[str, ...]]:
    entries = [one for one in listed or () if isinstance(one, dict)]
    return {
        str(one.get("scope")): tuple(str(target) for target in one["target_ids"])
        for one in entries
        if one.get("target_ids")
    }
