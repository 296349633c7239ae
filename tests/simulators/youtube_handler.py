"""One decrypted connection in, answers of the YouTube stand-in out, faults included."""

from __future__ import annotations

import json
import re
import select
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from tests.simulators.youtube_scenario import Endpoint, Request, Trouble

HTML = "text/html; charset=utf-8"
TICK = 0.05
"""Seconds between two parts of a dripping body."""

_PATHS = (
    (r"/watch", Endpoint.PAGE),
    (r"/(embed/|tv$|iframe_api$|s/player/|$)", Endpoint.CONFIG),
    (r"/youtubei/v1/player$", Endpoint.PLAYER),
    (r"/youtubei/v1/next$", Endpoint.NEXT),
    (r"/videoplayback", Endpoint.MEDIA),
    (r"/api/manifest/", Endpoint.MANIFEST),
    (r"/api/timedtext$", Endpoint.CAPTIONS),
    (r"/vi(_webp)?/", Endpoint.PICTURE),
)


class Answer:
    """What is sent: a status, a type, and a body in parts whose length is known."""

    def __init__(
        self, body: bytes | Iterable[bytes] = b"", kind: str = HTML, *, status: int = 200
    ) -> None:
        self.status, self.kind = status, kind
        self.parts: Iterable[bytes] = (body,) if isinstance(body, bytes) else body
        self.length = len(body) if isinstance(body, bytes) else 0
        self.headers: dict[str, str] = {}


class Site(Protocol):
    """What the handler asks."""

    stopped: threading.Event

    def arrived(self, request: Request) -> None:
        """Put it into the journal."""

    def changed(self) -> None:
        """A request in the journal changed."""

    def trouble_of(self, request: Request) -> Trouble | None:
        """Use up one trouble that fits."""

    def is_over(self, trouble: Trouble) -> bool:
        """Whether this trouble was mended."""

    def answer(self, request: Request, body: dict[str, Any], *, ranges: bool) -> Answer:
        """What a healthy site says."""


def endpoint_of(path: str) -> Endpoint:
    return next((kind for form, kind in _PATHS if re.match(form, path)), Endpoint.OTHER)


def range_of(given: str, size: int) -> tuple[int, int] | None:
    """The bytes ``[start, stop)`` that a Range header asks for; None: all of them.

    Raises:
        ValueError: It asks for nothing that is there.
    """
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", given)
    if not found or found[0] == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(size, int(last) + 1 if last else size)
    if start >= size or start >= stop:
        raise ValueError(f"{given} of {size} bytes")
    return start, stop


class Handler(BaseHTTPRequestHandler):
    """Speaks for one host on one connection until the client is done."""

    protocol_version = "HTTP/1.1"
    timeout = 120

    def __init__(self, connection: socket.socket, host: str, site: Site) -> None:
        self._host, self._site = host, site
        super().__init__(connection, ("127.0.0.1", 0), None)  # type: ignore[arg-type]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing is printed: there is the journal."""

    def do_GET(self) -> None:
        self._serve({})

    def do_HEAD(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        try:
            asked = json.loads(body)
        except ValueError:
            asked = {}
        self._serve(asked if isinstance(asked, dict) else {})

    def _serve(self, body: dict[str, Any]) -> None:
        request = self._request(body)
        self._site.arrived(request)
        try:
            trouble = self._site.trouble_of(request)
            answer = self._site.answer(request, body, ranges=not (trouble and trouble.no_ranges))
            self._send(request, spoilt(answer, trouble), trouble)
        except OSError:
            self.close_connection = True  # the client hung up
        finally:
            request.done = True
            self._site.changed()

    def _request(self, body: dict[str, Any]) -> Request:
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        client = body.get("context", {}).get("client", {}).get("clientName", "")
        named = re.search(r"/(?:embed|vi|vi_webp|id)/([\w-]{11})\b", url.path)
        told = query.get("v") or query.get("id") or body.get("videoId") or (named and named[1])
        return Request(
            host=self._host,
            method=self.command,
            path=url.path,
            query=query,
            endpoint=endpoint_of(url.path),
            video_id=str(told or ""),
            client=client,
            range=self.headers.get("Range", ""),
            user_agent=self.headers.get("User-Agent", ""),
            cookie=self.headers.get("Cookie", ""),
        )

    def _send(self, request: Request, answer: Answer, trouble: Trouble | None) -> None:
        if trouble and trouble.hang:
            self._hang(trouble)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(answer.length))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        request.status = answer.status
        self._site.changed()
        if self.command != "HEAD":
            self._send_body(request, answer, trouble)
        request.whole = self.command == "HEAD" or request.sent == answer.length

    def _send_body(self, request: Request, answer: Answer, trouble: Trouble | None) -> None:
        for part in self._slowly(request, answer.parts, trouble):
            self.wfile.write(part)
            request.sent += len(part)
            self._site.changed()
        if request.sent < answer.length:
            self._hang_up()

    def _slowly(
        self, request: Request, parts: Iterable[bytes], trouble: Trouble | None
    ) -> Iterator[bytes]:
        """The parts as this trouble lets them through."""
        if trouble is None:
            yield from parts
            return
        cut, hang = trouble.cut_after, trouble.hang_after
        most = max(1, int(trouble.drip * TICK)) if trouble.drip else None
        for piece in _pieces(parts, most):
            if cut is not None and request.sent + len(piece) > cut:
                yield piece[: cut - request.sent]
                return
            rest = piece
            if hang is not None and request.sent + len(piece) > hang:
                keep = hang - request.sent
                yield piece[:keep]
                self._hang(trouble)
                rest, hang = piece[keep:], None
            yield rest
            if most:
                self._site.stopped.wait(TICK)

    def _hang(self, trouble: Trouble) -> None:
        """Say nothing until this is over.

        Raises:
            ConnectionResetError: The client hung up.
        """
        while not self._site.is_over(trouble):
            if select.select([self.connection], [], [], TICK)[0]:
                raise ConnectionResetError

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


def _pieces(parts: Iterable[bytes], most: int | None) -> Iterator[bytes]:
    for part in parts:
        step = most or len(part) or 1
        for start in range(0, len(part), step):
            yield part[start : start + step]


def spoilt(answer: Answer, trouble: Trouble | None) -> Answer:
    """The answer that is given instead."""
    if trouble is None:
        return answer
    if trouble.status is not None:
        phrase = HTTPStatus(trouble.status).phrase.encode()
        spoilt = Answer(b"<html><body>" + phrase + b"</body></html>", status=trouble.status)
        if trouble.retry_after:
            spoilt.headers["Retry-After"] = trouble.retry_after
        return spoilt
    if trouble.html:
        return Answer(b"<!DOCTYPE html><html><body>Before you continue</body></html>")
    if trouble.empty:
        return Answer(b"", answer.kind)
    return answer
