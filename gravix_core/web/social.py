"""A browser or a program in; the way to Facebook's dialog and back, and what is connected, out.

A way begins and ends under one name of this computer, since the cookie that proves who began it
belongs to a name: `Home`.  Facebook's answer may come by the name of an https proxy, which knows
no such cookie; the browser is then sent home with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Protocol
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from gravix_core.desks.connection import MOST_PASTED, Came, Connection, ConnectOutcome
from gravix_core.errors import GravixError, StatusConflict
from gravix_core.model import InstagramAccount, Seconds
from gravix_core.settings import Settings
from gravix_core.web.bodies import text_of
from gravix_core.web.deeds import Endpoint, answering
from gravix_core.web.errors import NO_STORE, BadRequest, in_fields, in_words, problem
from gravix_core.web.guard import BACK, CONNECT, NO_REFERRER, not_foreign
from gravix_core.web.home import Home, is_outer
from gravix_core.web.media import Files

AREA = "/api/social"
PAGE = "/connect"
COOKIE = "gravix_connect"
LASTS = 600
"""Seconds, as long as a way may take (`store/attempts.py`).

The cookie stays until then although its way is used up: a browser that loads Facebook's answer
again, as browsers do, is shown the same outcome, and whoever lacks the cookie is refused.
"""
HOP: Seconds = 60
"""So long a browser may take from one name of this computer to the other."""
ANSWERED = ("code", "state", "error", "error_code", "error_reason", "error_description")
"""What Facebook puts behind the address (Meta, "Manually build a login flow", 2026-11-22)."""
HERE = "here"
"""Marks an answer that has been sent home already."""
WELL = {Came.CONNECTED: 200, Came.CHOOSE: 200, Came.UNDER_WAY: 202}
FOREIGN = "Another site led here. Open Connect in Gravix and begin there."


class Desk(Protocol):
    @property
    def connection(self) -> Connection: ...

    @property
    def files(self) -> Files: ...

    @property
    def settings(self) -> Settings: ...


@dataclass(frozen=True, slots=True)
class Asked:
    request: Request
    desk: Desk
    fields: dict[str, object] = field(repr=False)

    @property
    def connection(self) -> Connection:
        return self.desk.connection

    @property
    def cookie(self) -> str:
        return self.request.cookies.get(COOKIE, "")


Deed = Callable[[Asked], Response]
"""May block."""


def social_routes(desk: Callable[[], Desk]) -> list[BaseRoute]:
    """Everything under ``/api/social``."""
    deeds: tuple[tuple[str, str, Deed], ...] = (
        ("GET", CONNECT, begin),
        ("GET", BACK, come_back),
        ("POST", f"{AREA}/paste", paste),
        ("GET", f"{AREA}/status", status),
        ("POST", f"{AREA}/refresh-token", renew),
        ("DELETE", f"{AREA}/disconnect", disconnect),
    )
    return [_route(method, path, _answering(deed, desk)) for method, path, deed in deeds]


def begin(asked: Asked) -> Response:
    """GET: begin a way to Facebook's dialog; ``?go=1`` goes it, ``?again=1`` asks anew for what was
    declined before."""
    request, query = asked.request, asked.request.query_params
    signer = asked.desk.files.signer
    hopped = signer.accepts(CONNECT, query.get("exp", ""), query.get("sig", ""))
    if not (not_foreign(request.headers) or hopped):
        return PlainTextResponse(FOREIGN, 403, headers=NO_STORE)
    wish = {name: "1" for name in ("go", "again") if query.get(name) == "1"}
    home = Home.of(request, asked.connection.redirect_uri)
    if not home.has(request):
        return _see(f"{home.origin}{signer.address(CONNECT, ttl=HOP)}&{urlencode(wish)}")
    way = asked.connection.begin(again="again" in wish, cookie=asked.cookie)
    told = {"authorization_url": way.url, "state": way.state}
    answer = _see(way.url) if "go" in wish else JSONResponse(told, headers=NO_STORE)
    answer.set_cookie(
        COOKIE,
        way.cookie,
        max_age=LASTS,
        path=AREA,
        secure=home.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return answer


def come_back(asked: Asked) -> Response:
    """GET: where Facebook leads back to; what came of it is on the page Connect."""
    try:
        answer = _came_back(asked)
    except GravixError as error:
        answer = _wrong(asked.request, error)
    answer.headers["Referrer-Policy"] = NO_REFERRER
    return answer


def paste(asked: Asked) -> Response:
    """POST: the address that a browser could not open, for the browser that began the way."""
    address = text_of(asked.fields, "address")
    if not address:
        raise BadRequest("address is missing", hint="Paste the address from the browser's bar.")
    home = Home.of(asked.request, asked.connection.redirect_uri)
    if not asked.cookie and not home.has(asked.request):
        raise BadRequest(
            "this browser began at another address",
            hint=f"Open {home.origin}{PAGE} and paste it there.",
        )
    try:
        return JSONResponse(_told(asked.connection.paste(address, asked.cookie)), headers=NO_STORE)
    except StatusConflict as error:
        raise BadRequest(str(error), hint=error.hint) from error


def status(asked: Asked) -> Response:
    """GET: as the database has it; Meta is not asked."""
    found, version = asked.connection.status(), asked.connection.version()
    told = {
        "connected": found.connected,
        "message": found.message,
        "account": None if found.account is None else _shown(found.account),
        "ends_soon": found.ends_soon,
        "needs_login": found.needs_login,
        "api_version": None if version is None else asdict(version),
        "rests_for": asked.connection.rests(),
    }
    return JSONResponse(told, headers=NO_STORE)


def renew(asked: Asked) -> Response:
    """POST: ask Meta to let the active connection last longer."""
    account = _active(asked.connection)
    renewed = asked.connection.renew(account.id)
    after = next(one for one in asked.connection.accounts() if one.id == account.id)
    told = {
        "renewed": renewed,
        "expires_at": _moment(after.expires_at),
        "message": _renewed(after) if renewed else _not_moved(after),
    }
    return JSONResponse(told, headers=NO_STORE)


def disconnect(asked: Asked) -> Response:
    """DELETE: take the active connection back at Meta, and forget it here in any case."""
    account = _active(asked.connection)
    left = asked.connection.disconnect(account.id)
    said = f"@{account.username} is disconnected."
    following = asked.connection.status().account
    if following is not None:
        said += f" Reels go to @{following.username} now."
    told = {"disconnected": True, "message": f"{said} {left}" if left else said}
    return JSONResponse(told, headers=NO_STORE)


def answer_of(query: QueryParams) -> dict[str, str]:
    """What Facebook said; nothing when it says one thing twice, or more than it ever does."""
    found = [(name, value) for name, value in query.multi_items() if name in ANSWERED]
    answer = dict(found)
    fits = sum(len(value) for value in answer.values()) < MOST_PASTED
    return answer if fits and len(answer) == len(found) else {}


def _came_back(asked: Asked) -> Response:
    request, uri = asked.request, asked.connection.redirect_uri
    home, given, page = Home.of(request, uri), answer_of(request.query_params), _is_page(request)
    if is_outer(uri) and not asked.cookie and HERE not in request.query_params:
        return _see(f"{home.origin}{BACK}?{urlencode({**given, HERE: '1'})}")
    try:
        outcome = asked.connection.finish(given, asked.cookie)
    except StatusConflict as error:
        if page:
            return _see(f"{home.origin}{PAGE}?refused=1")
        raise BadRequest(str(error), hint=error.hint) from error
    if page:
        return _see(f"{home.origin}{PAGE}?{urlencode({'outcome': outcome.reference})}")
    if outcome.came not in WELL:
        return problem(400, outcome.message, outcome.hint)
    return JSONResponse(_told(outcome), WELL[outcome.came], headers=NO_STORE)


def _answering(deed: Deed, desk: Callable[[], Desk]) -> Endpoint:
    """Meta may take its time."""
    return answering(lambda request, fields: deed(Asked(request, desk(), fields)), wrong=_wrong)


def _route(method: str, path: str, endpoint: Endpoint) -> Route:
    route = Route(path, endpoint, methods=[method])
    route.methods = {method}  # Starlette adds HEAD to GET, and it would use up what it asks about
    return route


def _is_page(request: Request) -> bool:
    """Whether a person sees the answer."""
    headers = request.headers
    return headers.get("sec-fetch-mode") == "navigate" or "text/html" in headers.get("accept", "")


def _wrong(request: Request, error: GravixError) -> Response:
    return in_words(error) if _is_page(request) else in_fields(error)


def _see(address: str) -> RedirectResponse:
    return RedirectResponse(address, 303, headers=NO_STORE)


def _active(connection: Connection) -> InstagramAccount:
    account = connection.status().account
    if account is None:
        raise StatusConflict("Instagram is not connected", hint="Open Connect first.")
    return account


def _told(outcome: ConnectOutcome) -> dict[str, str]:
    return {
        "came": outcome.came,
        "message": outcome.message,
        "hint": outcome.hint,
        "reference": outcome.reference,
    }


def _shown(account: InstagramAccount) -> dict[str, object]:
    return {
        "id": account.id,
        "ig_user_id": account.ig_user_id,
        "username": account.username,
        "name": account.name,
        "page_name": account.page_name,
        "expires_at": _moment(account.expires_at),
        "data_until": _moment(account.data_until),
        "refreshed_at": _moment(account.refreshed_at),
        "trouble": account.trouble,
        "scopes": list(account.scopes),
    }


def _moment(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat()


def _renewed(account: InstagramAccount) -> str:
    if account.expires_at is None:
        return f"The connection to @{account.username} does not expire."
    return f"@{account.username} is connected until {account.expires_at.date()}."


def _not_moved(account: InstagramAccount) -> str:
    return f"Meta did not let it last longer: connect @{account.username} again before it ends."
