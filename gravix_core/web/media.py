"""A signed address in, the bytes of a film or picture out, from wherever the player asks.

An address says which row it means, never a path.  Ranges, ETag and HEAD are Starlette's.
"""

from __future__ import annotations

import stat
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from gravix_core.errors import GravixError, NotFound
from gravix_core.signing import Signer
from gravix_core.views import MediaFile
from gravix_core.web.errors import NO_STORE, Missing, in_words
from gravix_core.web.lifespan import stopping
from gravix_core.web.streams import hang_up, until_stopped

HEADERS = {
    "Cache-Control": "private, max-age=600",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
CHUNKS_AT_ONCE = 2
"""Each may start an ffmpeg."""

STALE = "This address is no longer valid. Reload the page that it comes from."
FOREIGN = "This file is shown on the pages of Gravix only. Open it there."


class Files(Protocol):
    """From what an address names to the file.  Each raises `GravixError` when there is none."""

    @property
    def signer(self) -> Signer: ...

    def public_signer(self) -> Signer: ...

    def reel(self, reel_id: int, version: str) -> MediaFile: ...

    def cover(self, reel_id: int, version: str) -> MediaFile: ...

    def sheet(self, reel_id: int, version: str) -> MediaFile: ...

    def source(self, video_id: int) -> MediaFile: ...

    def thumbnail(self, video_id: int) -> MediaFile: ...

    def chunk(self, chunk_id: int) -> MediaFile:
        """May have to be made first."""
        ...


class Desk(Protocol):
    @property
    def files(self) -> Files: ...


Find = Callable[[Files, Mapping[str, str]], MediaFile]


def media_routes(desk: Callable[[], Desk]) -> list[BaseRoute]:
    """Everything under ``/files``."""
    shown: dict[str, Find] = {
        "/files/reels/{id}/{version}.mp4": lambda files, of: files.reel(*_versioned(of)),
        "/files/covers/{id}/{version}.jpg": lambda files, of: files.cover(*_versioned(of)),
        "/files/sheets/{id}/{version}.jpg": lambda files, of: files.sheet(*_versioned(of)),
        "/files/videos/{id}/source": lambda files, of: files.source(int(of["id"])),
        "/files/videos/{id}/thumbnail.jpg": lambda files, of: files.thumbnail(int(of["id"])),
    }
    chunk = Media(
        desk,
        lambda files, of: files.chunk(int(of["id"])),
        limiter=anyio.CapacityLimiter(CHUNKS_AT_ONCE),
    )
    return [
        *(Route(path, Media(desk, find), methods=["GET"]) for path, find in shown.items()),
        Route("/files/chunks/{id}", chunk, methods=["GET"]),
        Missing("/files", in_words),
    ]


async def serve(
    answer: Callable[[Request], Awaitable[Response]], scope: Scope, receive: Receive, send: Send
) -> None:
    """Answer; whoever is still being answered when the server ends is hung up on."""

    async def work() -> bool:
        response = await answer(Request(scope))
        await response(scope, receive, send)
        return True

    if not await until_stopped(work, stopping=stopping):
        await hang_up(receive)


def _versioned(of: Mapping[str, str]) -> tuple[int, str]:
    return int(of["id"]), of["version"]


class Media:
    """Answers for one kind of file.

    Args:
        desk: Where the files and the signer are.
        find: Asked once the address is known to be ours.
        limiter: Of finds at once, where they take long.
    """

    def __init__(
        self,
        desk: Callable[[], Desk],
        find: Find,
        *,
        limiter: anyio.CapacityLimiter | None = None,
    ) -> None:
        self._desk = desk
        self._find = find
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await serve(self._answer, scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if not set(request.headers.getlist("sec-fetch-site")) <= {"same-origin", "none"}:
            return PlainTextResponse(FOREIGN, 403, headers=NO_STORE)
        find = partial(self._signed, request)
        try:
            # left behind when the server stops: it has no use for the file any more
            found = await anyio.to_thread.run_sync(
                find, abandon_on_cancel=True, limiter=self._limiter
            )
        except GravixError as error:
            return in_words(error)
        return found or PlainTextResponse(STALE, 403, headers=NO_STORE)

    def _signed(self, request: Request) -> Response | None:
        """The file; None when the address is not one of ours, or too old."""
        files = self._desk().files
        path, query = request.scope["path"], request.query_params
        if not files.signer.accepts(path, query.get("exp", ""), query.get("sig", "")):
            return None
        return file_answer(self._find(files, request.path_params), HEADERS)


def file_answer(found: MediaFile, headers: Mapping[str, str]) -> Response:
    """All of a file, or the part that is asked for.

    Raises:
        NotFound: It is no longer there.
    """
    try:
        facts = found.path.stat()
    except OSError as exc:
        raise _gone(found.path) from exc
    if not stat.S_ISREG(facts.st_mode):
        raise _gone(found.path)
    return FileResponse(
        found.path,
        headers=headers,
        media_type=found.media_type,
        filename=found.name,
        stat_result=facts,
    )


def _gone(file: Path) -> NotFound:
    return NotFound(f"{file.name} is gone", hint="Reload the page.")
