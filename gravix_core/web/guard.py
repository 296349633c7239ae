"""A request in, through to the dashboard when it comes from here, else refused.  Pure ASGI.

Gravix has no login on localhost, so whoever can speak to it *is* the operator.  Any page in
the operator's browser can reach localhost; what keeps it out is that a browser always tells
the truth about where a page comes from (Origin, Sec-Fetch-Site) and which name it looked up
(Host).  A program that is no browser sends neither Origin nor Sec-Fetch-Site and has the
operator's rights anyway; it may use HTTP, not the WebSocket.

Facebook leads back by a link of its own, perhaps by another name of this computer: see `BACK`.
Instagram fetches reels by the name in GRAVIX_PUBLIC_URL: see `FETCHED`.

Nothing is buffered: bodies and streams pass as they come.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gravix_core.errors import GravixError
from gravix_core.studio import shared_studio

log = logging.getLogger(__name__)

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
"""Names under which Gravix answers: no other name can be made to lead here by a stranger."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

DEFAULT_PORTS = {"http": 80, "https": 443}

API = "/api/"
"""Where further origins may be let in; the dashboard is never theirs."""

CONNECT = "/api/social/connect"
"""May be led to by another site: it looks itself who led there."""

BACK = "/api/social/facebook/callback"
"""Where Facebook leads back to.  By that link another site may lead here, and of all addresses
this one answers to the host of an https FACEBOOK_REDIRECT_URI too."""

FETCHED = re.compile(r"/public/reels/[0-9]{1,18}\.mp4")
"""What Instagram may fetch.  Of all addresses this one answers to the host of GRAVIX_PUBLIC_URL
too; it looks itself who has signed it (`web/public.py`)."""

NO_REFERRER = "no-referrer"

INLINE_SCRIPT = "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='"
"""The one inline script of Streamlit's index.html, read from 1.67.0 on 2026-11-22."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        # blob: as Streamlit loads our parts (gravix_ui/parts) from addresses that its own
        # script makes; no page of another origin, and no text on ours, can name one
        f"script-src 'self' {INLINE_SCRIPT} blob:",
        "style-src 'self' 'unsafe-inline'",  # Streamlit styles its elements at run time
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

ANSWER_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # not no-referrer: browsers would then send "Origin: null" with our own forms
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Gravix": "dashboard",
}
"""On every HTTP answer.  X-Gravix tells a second start who has the port."""


class Refusal(NamedTuple):
    status: int
    reason: str


class Address(NamedTuple):
    """Host and port, in lower case, IPv6 without brackets."""

    host: str
    port: int


class Guard:
    """Lets in what comes from this computer and from our own pages.

    Args:
        app: What is guarded.
        api_origins: Further web origins, such as ``https://me.example``, that may use
            the routes under `API`.  They never get the WebSocket.
        redirect_uri: Where Facebook leads back to; asked only when somebody comes to `BACK`
            by another name than ours.
        public_url: Where Instagram fetches reels; asked only when somebody comes to `FETCHED` by
            another name than ours.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        api_origins: Collection[str] = (),
        redirect_uri: Callable[[], str] = str,
        public_url: Callable[[], str] = str,
    ) -> None:
        self._app = app
        self._api_origins = frozenset(origin.lower() for origin in api_origins)
        self._redirect_uri = redirect_uri
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            log.info("refused %s %s: %s", scope["type"], scope["path"], refusal.reason)
            await _refuse(refusal, scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        else:
            await _answer(self._app, scope, receive, send)

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        here = own_address(scope, headers)
        if here is None and not self._by_outer_name(scope, headers):
            return Refusal(400, f"Gravix answers to {' and '.join(_names(scope))} only.")
        ours = _web_origin(scope, here) if here else None
        if scope["type"] == "websocket":
            fine = ours is not None and _origin(headers) == ours and not_foreign(headers)
        elif self._is_api_guest(scope, headers):
            fine = True
        elif scope["method"] in SAFE_METHODS:
            fine = _may_read(scope, headers, ours)
        else:
            fine = _may_write(headers, ours)
        return None if fine else Refusal(403, "This request comes from another site.")

    def _by_outer_name(self, scope: Scope, headers: Headers) -> bool:
        """Whether this is one of the two that may come by the name of an https proxy: Facebook's
        answer, or the fetch of a reel."""
        given = headers.getlist("host")
        if scope["type"] != "http" or len(given) != 1:
            return False
        found = parse_authority(given[0], default_port=DEFAULT_PORTS["https"])
        if found is None:
            return False
        if (scope["method"], scope["path"]) == ("GET", BACK):
            return found.host == https_host(self._redirect_uri())
        if scope["method"] in {"GET", "HEAD"} and FETCHED.fullmatch(scope["path"]):
            return found.host == https_host(self._public_url())
        return False

    def _is_api_guest(self, scope: Scope, headers: Headers) -> bool:
        return scope["path"].startswith(API) and _origin(headers) in self._api_origins


def _shared_redirect_uri() -> str:
    try:
        return shared_studio().connection.redirect_uri
    except GravixError:
        return ""


def _shared_public_url() -> str:
    try:
        return shared_studio().settings.gravix_public_url
    except GravixError:
        return ""


def guards(
    *,
    api_origins: Collection[str] = (),
    redirect_uri: Callable[[], str] = _shared_redirect_uri,
    public_url: Callable[[], str] = _shared_public_url,
) -> list[Middleware]:
    """The middleware of the dashboard, outermost first."""
    return [
        Middleware(Guard, api_origins=api_origins, redirect_uri=redirect_uri, public_url=public_url)
    ]


def https_host(address: str) -> str | None:
    """The host of an https address, None for any other."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts.hostname if parts.scheme == "https" else None


def own_address(scope: Scope, headers: Headers) -> Address | None:
    """The name and port that the request was sent to, or None when they are not ours."""
    given = headers.getlist("host")
    if len(given) != 1:
        return None
    scheme = _scheme(scope)
    found = parse_authority(given[0], default_port=DEFAULT_PORTS[scheme])
    if found is None or found.host not in LOCAL_HOSTS:
        return None
    server = scope.get("server")
    listening = server[1] if server else None
    return found if listening in {None, found.port} else None


def parse_authority(text: str, *, default_port: int) -> Address | None:
    """Read ``host``, ``host:port`` or ``[IPv6]:port``; None for anything else.

    Stricter than `urllib`: no user, no path, no white space, no trailing dot, a port in
    plain ASCII digits.
    """
    if text.startswith("["):
        host, closed, rest = text[1:].partition("]")
        if not closed or ":" not in host:
            return None
    else:
        host, colon, digits = text.partition(":")
        rest = colon + digits
    if not host or any(char in host for char in "@/\\?#[]% \t") or not host.isascii():
        return None
    if not rest:
        return Address(host.lower(), default_port)
    digits = rest[1:]
    if rest[0] != ":" or not (digits.isascii() and digits.isdecimal() and len(digits) <= 5):
        return None
    return Address(host.lower(), int(digits))


def _names(scope: Scope) -> list[str]:
    server = scope.get("server")
    port = f":{server[1]}" if server and server[1] else ""
    return [f"{_scheme(scope)}://{name}{port}" for name in ("localhost", "127.0.0.1")]


def _scheme(scope: Scope) -> str:
    """The web's scheme of this connection: ``http`` or ``https``."""
    return "https" if scope.get("scheme") in {"https", "wss"} else "http"


def _web_origin(scope: Scope, here: Address) -> str:
    """What a browser writes into Origin on a page of ours."""
    scheme = _scheme(scope)
    host = f"[{here.host}]" if ":" in here.host else here.host
    port = "" if here.port == DEFAULT_PORTS[scheme] else f":{here.port}"
    return f"{scheme}://{host}{port}"


def _origin(headers: Headers) -> str | None:
    """The one Origin that was sent; the empty text when there are several."""
    given = headers.getlist("origin")
    if not given:
        return None
    return given[0].lower() if len(given) == 1 else ""


def not_foreign(headers: Headers) -> bool:
    """False when a browser says that a page of another origin sent this."""
    return set(headers.getlist("sec-fetch-site")) <= {"same-origin", "none"}


def _may_read(scope: Scope, headers: Headers, here: str | None) -> bool:
    """Other sites may link to our pages; they may not load our answers into theirs."""
    followed_link = (
        scope["method"] == "GET"
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )
    path = scope["path"]
    if followed_link and path == BACK:
        return True  # whatever Origin a browser may write after Facebook's form
    linkable = not path.startswith(API) or path == CONNECT
    return _origin(headers) in {None, here} and (
        (followed_link and linkable) or not_foreign(headers)
    )


def _may_write(headers: Headers, here: str | None) -> bool:
    """From our own pages, or from a program that is no browser."""
    return _origin(headers) in {None, here} and not_foreign(headers)


async def _refuse(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008})
            return
    response = PlainTextResponse(refusal.reason, refusal.status, headers=ANSWER_HEADERS)
    await response(scope, receive, send)


async def _answer(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Add our headers to the answer, even to that of a crash."""
    started = False

    async def with_headers(message: Message) -> None:
        nonlocal started
        if message["type"] == "http.response.start":
            started = True
            headers = MutableHeaders(scope=message)
            stricter = headers.get("referrer-policy") == NO_REFERRER
            headers.update(ANSWER_HEADERS)
            if stricter:
                headers["Referrer-Policy"] = NO_REFERRER
        await send(message)

    try:
        await app(scope, receive, with_headers)
    except Exception:
        if not started:
            await PlainTextResponse("Gravix failed at this; see its log.", 500)(
                scope, receive, with_headers
            )
        raise
