"""A token and an address in, people, Pages, portfolios and Instagram accounts out."""

from __future__ import annotations

from tests.simulators.instagram_errors import GraphError, missing, no_permission
from tests.simulators.instagram_fields import (
    Fields,
    Maker,
    asked_fields,
    page_of,
    pick,
    plain,
)
from tests.simulators.instagram_things import Account, Page, Portfolio, Token, User
from tests.simulators.instagram_words import Request
from tests.simulators.instagram_world import World


def me(world: World, request: Request, token: Token) -> dict[str, object]:
    fields = asked_fields(request, "id,name")
    if token.kind == "page" and token.page:
        return show_page(world, token.page, token, fields)
    user = need_user(token)
    return pick(plain([("id", user.id), ("name", user.name)]), fields, "User")


def need_user(token: Token) -> User:
    if token.kind != "user" or token.user is None:
        raise GraphError(2500, "An active access token must be used to query information about "
                         "the current user.")  # fmt: skip
    return token.user


def require(token: Token, *scopes: str) -> None:
    """Refuse, with code 10, what one of these was not granted for."""
    for scope in scopes:
        if scope not in token.grant.scopes:
            raise no_permission(scope)


def accounts(world: World, request: Request, token: Token) -> dict[str, object]:
    """Of all lists of Pages the usual one; without business_management it is silently shorter."""
    need_user(token)
    scopes = token.grant.scopes
    pages = [
        page
        for page in world.pages_of(token)
        if page.listed and (page.portfolio is None or "business_management" in scopes)
    ]
    if not scopes & {"pages_show_list", "pages_read_engagement"}:
        pages = []
    fields = asked_fields(request, "access_token,name,id,tasks")
    return page_of(world, request, pages, lambda page: show_page(world, page, token, fields))


def businesses(world: World, request: Request, token: Token) -> dict[str, object]:
    user = need_user(token)
    _require_business(token)
    found = [one for one in world.portfolios.values() if one.user is user]
    fields = asked_fields(request, "id,name")

    def show(one: Portfolio) -> dict[str, object]:
        return pick(plain([("id", one.id), ("name", one.name)]), fields, "Business")

    return page_of(world, request, found, show)


def business_pages(world: World, request: Request, token: Token) -> dict[str, object]:
    """owned_pages or client_pages of a portfolio."""
    portfolio = world.portfolios.get(request.parts[0])
    if portfolio is None or portfolio.user is not token.user:
        raise missing(request.parts[0])
    _require_business(token)
    relation = request.parts[1].removesuffix("_pages")
    pages = [
        page
        for page in world.pages_of(token)
        if page.portfolio is portfolio and page.relation == relation
    ]
    fields = asked_fields(request, "id,name")
    return page_of(world, request, pages, lambda page: show_page(world, page, token, fields))


def _require_business(token: Token) -> None:
    if "business_management" not in token.grant.scopes:
        raise GraphError(
            200, "(#200) Requires business_management permission to manage the object.", status=403
        )


def page(world: World, request: Request, token: Token) -> dict[str, object]:
    found = world.pages[request.parts[0]]
    if found not in world.pages_of(token):
        raise missing(found.id)
    return show_page(world, found, token, asked_fields(request, "name,id"))


def show_page(world: World, page: Page, token: Token, fields: Fields) -> dict[str, object]:
    makers: dict[str, Maker] = {
        **plain([("id", page.id), ("name", page.name), ("tasks", list(page.tasks))]),
        "access_token": lambda _: world.page_token(page, token).value,
        "instagram_business_account": lambda inner: _linked(world, page, token, inner),
    }
    return pick(makers, fields, "Page")


def _linked(world: World, page: Page, token: Token, fields: Fields) -> object:
    """The member is absent without an account, and without the scope to see it."""
    if page.instagram is None or "instagram_basic" not in token.grant.scopes:
        return None
    return _show_account(world, page.instagram, fields)


def account(world: World, request: Request, token: Token) -> dict[str, object]:
    found = reach(world, request.parts[0], token)
    require(token, "instagram_basic")
    return _show_account(world, found, asked_fields(request, "id"))


def reach(world: World, account_id: str, token: Token) -> Account:
    """An account that this token sees.

    Raises:
        GraphError: It does not exist or is hidden, which is told the same way.
    """
    found = world.accounts.get(account_id)
    if found is None or world.page_of(token, found) is None:
        raise missing(account_id)
    return found


def _show_account(world: World, account: Account, fields: Fields) -> dict[str, object]:
    posts = [media for media in world.media.values() if media.account is account]
    members: list[tuple[str, object]] = [
        ("id", account.id),
        ("username", account.username),
        ("name", account.name or account.username),
        ("profile_picture_url", f"{world.dialog_url}/picture/{account.username}"),
        ("followers_count", account.followers_count),
        ("media_count", len(posts)),
    ]
    return pick(plain(members), fields, "IGUser")
