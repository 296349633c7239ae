"""A request to graph.facebook.com in, its answer with Meta's headers out."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from tests.simulators import instagram_lookup as lookup
from tests.simulators import instagram_media as posts
from tests.simulators import instagram_oauth as oauth
from tests.simulators import instagram_publish as publishing
from tests.simulators.instagram_errors import MALFORMED, GraphError, missing
from tests.simulators.instagram_things import Account, Token
from tests.simulators.instagram_words import Answer, Endpoint, Request, json_answer
from tests.simulators.instagram_world import World

Handler = Callable[[World, Request, Token], object]
Route = tuple[Endpoint, Handler]
BUSINESS_LIMIT = 80002
EXTENDED_BY = 60.0
"""Seconds that a call during a block makes it longer.  How much it really is, nobody tells."""

EDGES: Mapping[str, Mapping[str, Route]] = {
    "accounts": {"GET": (Endpoint.ACCOUNTS, lookup.accounts)},
    "businesses": {"GET": (Endpoint.BUSINESSES, lookup.businesses)},
    "owned_pages": {"GET": (Endpoint.BUSINESS_PAGES, lookup.business_pages)},
    "client_pages": {"GET": (Endpoint.BUSINESS_PAGES, lookup.business_pages)},
    "permissions": {
        "GET": (Endpoint.PERMISSIONS, oauth.permissions),
        "DELETE": (Endpoint.REVOKE, oauth.revoke),
    },
    "content_publishing_limit": {"GET": (Endpoint.QUOTA, publishing.quota)},
    "media": {
        "GET": (Endpoint.LIST, posts.media_list),
        "POST": (Endpoint.CREATE, publishing.create),
    },
    "media_publish": {"POST": (Endpoint.PUBLISH, publishing.publish)},
    "insights": {"GET": (Endpoint.INSIGHTS, posts.insights)},
}


def endpoint_of(world: World, request: Request) -> Endpoint:
    parts = request.parts
    if parts == ("oauth", "access_token"):
        asked = request.params.get("grant_type")
        return Endpoint.LONG_TOKEN if asked == "fb_exchange_token" else Endpoint.EXCHANGE
    if parts == ("debug_token",):
        return Endpoint.DEBUG_TOKEN
    try:
        return _route(world, request)[0]
    except GraphError:
        return Endpoint.OTHER


def graph(world: World, request: Request) -> Answer:
    try:
        given = _answer(world, request)
    except GraphError as exc:
        given = exc.answer(world.new_text(22, "A"))
    answer = given if isinstance(given, Answer) else json_answer(given)
    return replace(answer, headers={**answer.headers, **meta_headers(world, request)})


def _answer(world: World, request: Request) -> object:
    if request.parts == ("oauth", "access_token"):
        _only(request, "GET", "POST")
        return oauth.access_token(world, request)
    token = oauth.authenticate(world, request)
    if request.parts == ("debug_token",):
        _only(request, "GET")
        return oauth.debug_token(world, request, token)
    _, handle = _route(world, request)
    _check_blocked(world, request)
    return handle(world, request, token)


def _only(request: Request, *methods: str) -> None:
    if request.method not in methods:
        words = f"Unsupported {request.method.lower()} request"
        raise GraphError(100, words, kind="GraphMethodException")


def _route(world: World, request: Request) -> Route:
    """Who answers.

    Raises:
        GraphError: Nobody: there is no such object or edge, or not with this method.
    """
    parts = request.parts
    deepest = 3 if parts[1:2] == ("permissions",) else 2
    if not parts or len(parts) > deepest or (len(parts) > 1 and parts[1] not in EDGES):
        shown = "/".join(parts[1:]) or "/"
        raise GraphError(MALFORMED, f"Unknown path components: /{shown}")
    if len(parts) == 1:
        return _node(world, request)
    methods = EDGES[parts[1]]
    if request.method not in methods:
        raise GraphError(
            100,
            f"(#100) Unsupported {request.method.lower()} request for the edge {parts[1]}",
            kind="GraphMethodException",
        )
    return methods[request.method]


def _node(world: World, request: Request) -> Route:
    name = request.parts[0]
    nodes: tuple[tuple[Mapping[str, object], Endpoint, Handler], ...] = (
        (world.accounts, Endpoint.ACCOUNT, lookup.account),
        (world.pages, Endpoint.PAGE, lookup.page),
        (world.containers, Endpoint.CONTAINER, publishing.container),
        (world.media, Endpoint.MEDIA, posts.media),
        ({**world.users, "me": None}, Endpoint.ME, lookup.me),
    )
    for known, endpoint, handle in nodes:
        if name in known and request.method == "GET":
            return endpoint, handle
    raise missing(name)


# Limits and headers


def _account_of(world: World, request: Request) -> Account | None:
    """The account that a request is about, for the limit of calls."""
    name = (*request.parts, "")[0]
    owned = world.containers.get(name) or world.media.get(name)
    return owned.account if owned else world.accounts.get(name)


def _check_blocked(world: World, request: Request) -> None:
    account = _account_of(world, request)
    if account and world.clock.time() < account.blocked_until:
        account.blocked_until += EXTENDED_BY
        raise GraphError(
            BUSINESS_LIMIT,
            f"(#{BUSINESS_LIMIT}) There have been too many calls to this Instagram account. "
            "Wait a bit and try again.",
        )


def meta_headers(world: World, request: Request) -> dict[str, str]:
    headers = {
        "facebook-api-version": world.served(request.version),
        "x-fb-trace-id": world.new_text(11),
        "x-fb-rev": "1030123456",
        "x-fb-request-id": world.new_text(22, "A"),
    }
    if world.switches.app_usage is not None:
        headers["X-App-Usage"] = json.dumps(world.switches.app_usage)
    usage = {**(world.switches.business_usage or {}), **_blocked_usage(world, request)}
    if usage:
        headers["X-Business-Use-Case-Usage"] = json.dumps(usage)
    return headers


def _blocked_usage(world: World, request: Request) -> dict[str, list[dict[str, object]]]:
    account, now = _account_of(world, request), world.clock.time()
    if account is None or now >= account.blocked_until:
        return {}
    minutes = math.ceil((account.blocked_until - now) / 60)
    return {account.id: [business_usage(call_count=100, regain=minutes)]}


def business_usage(*, call_count: int, regain: int = 0) -> dict[str, object]:
    """One entry of X-Business-Use-Case-Usage; `regain` in minutes."""
    return {
        "type": "instagram",
        "call_count": call_count,
        "total_cputime": 7,
        "total_time": 12,
        "estimated_time_to_regain_access": regain,
    }
