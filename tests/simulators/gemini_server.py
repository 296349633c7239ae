"""HTTP on loopback in, the answers of a `World` out."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.simulators.gemini_words import Answer
from tests.simulators.gemini_world import World

LOOK = 0.02
"""Seconds between two looks at whether the server is to end."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _serve(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        world = self.server.world
        request = world.arrive(self.command, self.path, dict(self.headers.items()), raw)
        answer = world.answer(request)
        world.end(request, answer)
        self._send(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

    def _send(self, answer: Answer) -> None:
        self.close_connection = self.close_connection or answer.drop
        if not answer.status:
            return
        date = formatdate(self.server.world.clock.time(), usegmt=True)
        self.send_response_only(answer.status)
        headers = {"Content-Type": answer.kind, "Date": date, **answer.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) // 2] if answer.drop else answer.body)

    def log_message(self, *args: Any) -> None:
        """Addresses may hold keys."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 64

    def __init__(self, world: World, port: int) -> None:
        self.world = world
        self.broken: list[BaseException] = []
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        """Without asking any name server who 127.0.0.1 is."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.world.lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self.world.lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that left is none; all else is raised at the end."""
        exc = sys.exc_info()[1]
        if exc and not isinstance(exc, ConnectionError):
            self.broken.append(exc)

    def hang_up(self) -> None:
        """End every connection."""
        with self.world.changed:
            self.world.is_over = True
            self.world.changed.notify_all()
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)


@contextmanager
def served(world: World, port: int = 0) -> Iterator[str]:
    """Answer while the block runs; gives the address.

    Raises:
        Exception: What went wrong inside, at the end.
    """
    server = _Server(world, port)
    thread = threading.Thread(target=server.serve_forever, args=(LOOK,), name="gemini", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.hang_up()
        server.server_close()
        thread.join(10)
    for exc in server.broken:
        raise exc
