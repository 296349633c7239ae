"""An error of ours in, the answer to the browser out: the only place that maps them to HTTP."""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from gravix_core.errors import (
    DiskFull,
    GravixError,
    MediaUnreadable,
    NotFound,
    SourceError,
    StatusConflict,
    TooLarge,
    TranscriptUnreadable,
)

log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[GravixError], int], ...] = (
    (NotFound, 404),
    (StatusConflict, 409),
    (TooLarge, 413),
    (SourceError, 422),
    (MediaUnreadable, 422),
    (TranscriptUnreadable, 422),
    (DiskFull, 507),
)
"""The first that fits; what is not named is our own failure."""

NO_STORE = {"Cache-Control": "no-store"}


class BadRequest(GravixError):
    """Our own page does not ask so."""

    hint = "Reload the page, then try again."


class Stopping(GravixError):
    """The server is about to end."""

    hint = "Start Gravix again, then reload the page."


def status_of(error: GravixError) -> int:
    if isinstance(error, BadRequest):
        return 400
    if isinstance(error, Stopping) or error.retryable:
        return 503
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def in_words(error: GravixError) -> Response:
    """For what is opened as a page, or loaded into one."""
    said = f"{str(error).rstrip('.')}. {error.hint}"
    return PlainTextResponse(said, _status(error), headers=NO_STORE)


def in_fields(error: GravixError) -> Response:
    """For programs, our page among them: ``{"message": ..., "hint": ...}``."""
    said = {"message": str(error), "hint": error.hint}
    return JSONResponse(said, _status(error), headers=NO_STORE)


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
