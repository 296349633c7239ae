"""An error of ours in, the answer to the browser out: the only place that maps them to HTTP."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping
from http import HTTPStatus

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from gravix_core.errors import (
    DiskFull,
    GravixError,
    InstagramError,
    MediaUnreadable,
    NotAccepted,
    NotFound,
    SettingsError,
    SourceError,
    StatusConflict,
    TooLarge,
    TranscriptUnreadable,
)

log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[GravixError], int], ...] = (
    (NotFound, 404),
    (StatusConflict, 409),
    (SettingsError, 409),
    (TooLarge, 413),
    (SourceError, 422),
    (MediaUnreadable, 422),
    (NotAccepted, 422),
    (TranscriptUnreadable, 422),
    (InstagramError, 422),
    (DiskFull, 507),
)
"""The first that fits; what is not named is our own failure."""
RECONNECT = "reconnect"
"""Kind of an InstagramError that only a new login ends."""
PROBLEM = "application/problem+json"
"""RFC 9457."""

NO_STORE = {"Cache-Control": "no-store"}


class BadRequest(GravixError):
    """Our own page does not ask so."""

    hint = "Reload the page, then try again."


class BadField(BadRequest):
    """What is asked can be read, and cannot be."""

    hint = "Correct the field that is named, then ask again."


class Stopping(GravixError):
    """The server is about to end."""

    hint = "Start Gravix again, then reload the page."


def status_of(error: GravixError) -> int:
    if isinstance(error, BadRequest):
        return 422 if isinstance(error, BadField) else 400
    if isinstance(error, Stopping) or error.retryable:
        return 503
    if isinstance(error, InstagramError) and error.kind == RECONNECT:
        return 409
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def in_words(error: GravixError) -> Response:
    """For what is opened as a page, or loaded into one."""
    said = f"{str(error).rstrip('.')}. {error.hint}"
    return PlainTextResponse(said, _status(error), headers=NO_STORE)


def in_fields(error: GravixError, **more: object) -> Response:
    """For programs, our page among them: as `problem`."""
    wait = {} if error.retry_after is None else {"Retry-After": str(math.ceil(error.retry_after))}
    return problem(_status(error), str(error), error.hint, headers=wait, **more)


def problem(
    status: int,
    message: str,
    hint: str,
    *,
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> Response:
    """What went wrong, as RFC 9457 has it, with ``message``, ``hint`` and `more` beside."""
    said = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": message,
        "message": message,
        "hint": hint,
        **more,
    }
    return JSONResponse(said, status, headers={**NO_STORE, **(headers or {})}, media_type=PROBLEM)


def _status(error: GravixError) -> int:
    status = status_of(error)
    if status >= 500:
        log.warning("answered %d: %s", status, error)
    return status


class Missing(BaseRoute):
    """What answers where there is nothing: else the dashboard's page would, with status 200.

    Args:
        under: All addresses below this one, and itself.
        answer: In words or in fields.
    """

    def __init__(self, under: str, answer: Callable[[GravixError], Response]) -> None:
        self.path = under
        self._answer = answer

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http" and f"{scope['path']}/".startswith(f"{self.path}/"):
            return Match.FULL, {}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = NotFound("there is nothing at this address", hint="Go back to the dashboard.")
        await self._answer(error)(scope, receive, send)
