"""Files of the browser in, a video in the library out, whatever their size in little memory.

The page makes up the name of a batch, sends the files of one video to it, each as the plain body
of a request, and then asks for the video.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Protocol

import anyio.to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from gravix_core.desks.intake import Added
from gravix_core.errors import Cancelled, GravixError
from gravix_core.media.inbox import Inbox, is_batch, safe_name
from gravix_core.model import Seconds, Watch
from gravix_core.web.bodies import fields_of, text_of
from gravix_core.web.errors import BadRequest, Stopping, in_fields
from gravix_core.web.lifespan import stopping
from gravix_core.web.streams import in_threads, until_stopped

BLOCK = 1 << 20
"""Bytes that are written at once."""
MOST_REELS = 1_000_000
"""More than any video has, and less than a database's number takes."""
BATCHES = "/api/uploads/{batch}"


class Intake(Protocol):
    @property
    def inbox(self) -> Inbox: ...

    def add_batch(
        self,
        batch: str,
        *,
        layout: str | None,
        subtitles: str | None,
        best: int | None,
        chunk_duration: Seconds | None,
        watch: Watch,
    ) -> Added: ...


class Desk(Protocol):
    @property
    def intake(self) -> Intake: ...


Deed = Callable[[Request, Intake, str], Awaitable[Response]]


def upload_routes(desk: Callable[[], Desk]) -> list[BaseRoute]:
    """Everything under ``/api/uploads``."""
    return [
        Route(f"{BATCHES}/{{name:path}}", _answering(receive, desk), methods=["PUT"]),
        Route(BATCHES, _answering(add, desk), methods=["POST"]),
        Route(BATCHES, _answering(drop, desk), methods=["DELETE"]),
    ]


async def receive(request: Request, intake: Intake, batch: str) -> Response:
    """PUT: keep one file of a batch; a second one of that name takes its place."""
    name = request.path_params["name"]
    length = request.headers.get("content-length", "")
    announced = int(length) if length.isascii() and length.isdecimal() else None
    async with in_threads(intake.inbox.receive(batch, name, announced=announced)) as file:
        async for block in _blocks(request):
            await anyio.to_thread.run_sync(file.write, block)
    return JSONResponse({"name": safe_name(name), "byte_size": file.byte_size})


async def add(request: Request, intake: Intake, batch: str) -> Response:
    """POST: make a video of a batch."""
    wish = await fields_of(request)
    deed = partial(
        intake.add_batch,
        batch,
        layout=text_of(wish, "layout"),
        subtitles=text_of(wish, "subtitles"),
        best=_count(wish, "best"),
        chunk_duration=_number(wish, "chunk_duration"),
        watch=_UntilStopped(stopping),
    )
    added = await anyio.to_thread.run_sync(deed)
    told = {
        "video_id": added.video.id,
        "title": added.video.title,
        "known": added.known,
        "notes": list(added.notes),
    }
    return JSONResponse(told, 201)


async def drop(_request: Request, intake: Intake, batch: str) -> Response:
    """DELETE: forget a batch; one that is not there is fine."""
    await anyio.to_thread.run_sync(intake.inbox.drop, batch)
    return Response(status_code=204)


def _answering(deed: Deed, desk: Callable[[], Desk]) -> Callable[[Request], Awaitable[Response]]:
    """`deed` as an endpoint that answers errors, and the server's end, in JSON."""

    async def work(request: Request) -> Response:
        batch = request.path_params["batch"]
        if not is_batch(batch):
            raise BadRequest("this is not the name of an upload")
        intake = (await anyio.to_thread.run_sync(desk)).intake
        return await deed(request, intake, batch)

    async def endpoint(request: Request) -> Response:
        answer: Response | None = None
        try:
            answer = await until_stopped(partial(work, request), stopping=stopping)
        except GravixError as error:
            return in_fields(error)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody hears it
        except Cancelled:
            pass  # by the server's end
        return answer or in_fields(Stopping("Gravix is ending"))

    return endpoint


async def _blocks(request: Request) -> AsyncIterator[bytes]:
    """The body, in pieces of about `BLOCK`.

    Raises:
        ClientDisconnect: It did not come whole.
    """
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        if size >= BLOCK:
            yield b"".join(parts)
            parts, size = [], 0
    yield b"".join(parts)


def _number(wish: dict[str, object], name: str) -> float | None:
    value = wish.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadRequest(f"{name} must be a number")
    return float(min(value, sys.maxsize))  # what JSON calls a whole number may be no float


def _count(wish: dict[str, object], name: str) -> int | None:
    value = wish.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadRequest(f"{name} must be a whole number, and not below 0")
    return min(value, MOST_REELS)


class _UntilStopped:
    """A watch that asks to stop when the server does."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping

    def progress(self, percent: float) -> None:
        pass

    def should_stop(self) -> bool:
        return self._stopping.is_set()
