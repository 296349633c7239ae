"""A reel's signed address in, its film out: what Instagram may fetch from outside.

An address opens one film of one reel, for a day.  It is signed apart from all other addresses, so
that none of those opens it, nor this one anything else.  Whoever has no such address learns
nothing: not even whether there is such a reel.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Protocol

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from gravix_core.errors import GravixError, NotFound
from gravix_core.signing import PUBLIC, PUBLIC_AREA, Signer, public_path
from gravix_core.views import MediaFile
from gravix_core.web.guard import FETCHED
from gravix_core.web.media import file_answer, serve

ONE_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-[0-9]{1,18})")
"""All else may be ignored (RFC 9110, 14.2), and several in one would cost much."""
HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Files(Protocol):
    def public_signer(self) -> Signer:
        """Raises GravixError."""
        ...

    def reel(self, reel_id: int, version: str) -> MediaFile:
        """Raises NotFound, also when the film is another by now."""
        ...


class Desk(Protocol):
    @property
    def files(self) -> Files: ...


def public_routes(desk: Callable[[], Desk]) -> list[BaseRoute]:
    """Everything under ``/public``."""
    return [Public(desk)]


class Public(BaseRoute):
    """Answers with a film, or as if there were nothing."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        is_ours = scope["type"] == "http" and scope["path"].startswith(f"{PUBLIC_AREA}/")
        return (Match.FULL if is_ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await serve(self._answer, _of_one_range(scope), receive, send)

    async def _answer(self, request: Request) -> Response:
        find = partial(self._found, request)
        try:
            # left behind when the server stops: it has no use for the file any more
            return await anyio.to_thread.run_sync(find, abandon_on_cancel=True)
        except NotFound:
            return PlainTextResponse("Not found", 404, headers=HEADERS)
        except GravixError:
            return PlainTextResponse("Not now", 503, headers=HEADERS)

    def _found(self, request: Request) -> Response:
        """Raises NotFound, and what the database raises."""
        path, query = request.scope["path"], request.query_params
        if request.method not in {"GET", "HEAD"} or not FETCHED.fullmatch(path):
            raise NotFound("nothing of this name may be fetched")
        files, version = self._desk().files, query.get("v", "")
        signer, signed = files.public_signer().only_for(PUBLIC), public_path(path, version)
        if not signer.accepts(signed, query.get("exp", ""), query.get("sig", "")):
            raise NotFound("this address is none of ours, or too old")
        reel_id = int(path.rpartition("/")[2].removesuffix(".mp4"))
        return file_answer(files.reel(reel_id, version), HEADERS)


def _of_one_range(scope: Scope) -> Scope:
    """The request without what it says of ranges, unless it asks for one."""
    given = Headers(scope=scope).getlist("range")
    asked = ONE_RANGE.fullmatch(given[0]) if len(given) == 1 else None
    if asked and not (asked[2] and int(asked[2]) < int(asked[1])):
        return scope
    kept = [(name, value) for name, value in scope["headers"] if name.lower() != b"range"]
    return {**scope, "headers": kept}
