"""A token in; the Instagram accounts that it may publish to, and why others may not, out.

Looked for among the operator's Pages, then in their business portfolios, then among the Pages that
the token was granted for by name: since v17.0 a Page of a portfolio is missing from the first list
where `business_management` was not granted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gravix_core.errors import InstagramError
from gravix_core.stages.publish.graph import Graph
from gravix_core.stages.publish.oauth import TokenFacts

MANAGES_BUSINESS = "business_management"
MAY_POST = frozenset({"MANAGE", "CREATE_CONTENT", "PROFILE_PLUS_FULL_CONTROL",
                      "PROFILE_PLUS_MANAGE", "PROFILE_PLUS_CREATE_CONTENT"})  # fmt: skip
"""Tasks on a Page of which one is needed; the longer names are those of the new Pages."""
_ACCOUNT = "id,username,name,profile_picture_url"
_PAGE = f"id,name,access_token,tasks,instagram_business_account{{{_ACCOUNT}}}"
_GRANTED_BY_NAME = ("pages_show_list", "pages_read_engagement")


@dataclass(frozen=True, slots=True)
class Account:
    """A professional Instagram account and the Page that it is linked to."""

    ig_user_id: str
    username: str
    name: str
    picture_url: str
    page_id: str
    page_name: str
    page_token: str = field(repr=False)
    may_post: bool
    """Whether the operator's role on the Page allows it; True when Meta does not say."""


@dataclass(frozen=True, slots=True)
class Found:
    """What there is behind a token."""

    accounts: tuple[Account, ...]
    """One for each Instagram account."""
    bare_pages: tuple[str, ...]
    """Names of the Pages that no professional account is linked to."""
    asked_portfolios: bool
    """Whether Pages of business portfolios could be seen."""


def find_accounts(graph: Graph, token: str, facts: TokenFacts) -> Found:
    """
    Raises:
        InstagramError: As `Graph.get`, for the first list; the others are tried and done without.
    """
    pages = {str(page.get("id")): page for page in graph.listed("me/accounts", token, fields=_PAGE)}
    asks = MANAGES_BUSINESS in facts.scopes
    if not _accounts(pages):
        if asks:
            pages |= _of_portfolios(graph, token)
        pages |= _of_targets(graph, token, facts, known=pages)
    bare = tuple(str(page.get("name") or "") for page in pages.values() if not _linked(page))
    return Found(_accounts(pages), bare, asks)


def profile(graph: Graph, token: str, ig_user_id: str) -> dict[str, str]:
    """Name, username and picture of an account as they are now.  Raises as `Graph.get`."""
    answer = graph.get(ig_user_id, token, fields=_ACCOUNT)
    return {key: str(answer.get(key) or "") for key in _ACCOUNT.split(",")}


def may_publish(graph: Graph, token: str, ig_user_id: str) -> bool:
    """Whether Meta answers the account's quota of posts, as its own sample asks.

    Raises:
        InstagramError: Meta could not be asked now.
    """
    try:
        graph.get(f"{ig_user_id}/content_publishing_limit", token, fields="config,quota_usage")
    except InstagramError as error:
        if error.retryable:
            raise
        return False
    return True


def _accounts(pages: Mapping[str, dict[str, Any]]) -> tuple[Account, ...]:
    found = (_account(page) for page in pages.values() if _linked(page))
    return tuple({one.ig_user_id: one for one in found}.values())


def _linked(page: Mapping[str, Any]) -> Mapping[str, Any]:
    linked = page.get("instagram_business_account")
    return linked if isinstance(linked, dict) and linked.get("id") else {}


def _account(page: Mapping[str, Any]) -> Account:
    linked = _linked(page)
    tasks = page.get("tasks")
    return Account(
        ig_user_id=str(linked["id"]),
        username=str(linked.get("username") or ""),
        name=str(linked.get("name") or ""),
        picture_url=str(linked.get("profile_picture_url") or ""),
        page_id=str(page.get("id") or ""),
        page_name=str(page.get("name") or ""),
        page_token=str(page.get("access_token") or ""),
        may_post=not isinstance(tasks, list) or bool(MAY_POST & {str(task) for task in tasks}),
    )


def _of_portfolios(graph: Graph, token: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for business in _tried(graph, token, "me/businesses", "id,name"):
        for edge in ("owned_pages", "client_pages"):
            for page in _tried(graph, token, f"{business.get('id')}/{edge}", _PAGE):
                found[str(page.get("id"))] = page
    return found


def _of_targets(
    graph: Graph, token: str, facts: TokenFacts, *, known: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    named = {target for scope in _GRANTED_BY_NAME for target in facts.targets.get(scope, ())}
    found = {}
    for page_id in sorted(named - set(known)):
        try:
            found[page_id] = graph.get(page_id, token, fields=_PAGE)
        except InstagramError as error:
            if error.retryable:
                raise
    return found


def _tried(graph: Graph, token: str, path: str, fields: str) -> Iterator[dict[str, Any]]:
    """What a list holds as far as it may be read."""
    try:
        yield from graph.listed(path, token, fields=fields)
    except InstagramError as error:
        if error.retryable:
            raise
