"""CONNECT requests in, decrypted connections out; every other host is refused and remembered."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Protocol

CLOSED_WITHIN = 5.0
"""Seconds after which a connection that does not end is a fault of the stand-in."""


class Gate(Protocol):
    """Decides on a tunnel: None lets it through, a status refuses it."""

    def __call__(self, host: str, port: int) -> int | None: ...


Serve = Callable[[ssl.SSLSocket, str], None]
"""Serves one decrypted connection to this host until the client is done."""


class ConnectProxy:
    """A proxy on a free loopback port that ends TLS itself.

    Plain HTTP through it is refused like a strange host.
    """

    def __init__(
        self, leaf: Path, *, ours: Callable[[str], bool], gate: Gate, serve: Serve
    ) -> None:
        self.refused: list[str] = []
        """``host:port`` or, of plain HTTP, the whole address, in order of arrival."""
        self.broken: list[BaseException] = []
        """What went wrong in here, save clients that hung up."""
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(leaf)
        self._ours, self._gate, self._serve = ours, gate, serve
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()
        self._server = _Server(self)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="connect-proxy", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Stop listening and end every connection."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        with self._changed:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            ended = self._changed.wait_for(lambda: not self._open, CLOSED_WITHIN)
        assert ended, "a connection of the stand-in did not end"

    def tunnel(self, connection: socket.socket, verb: str, target: str) -> None:
        """Answer what a client asked for first, and serve what it asks next."""
        host, _, port = target.rpartition(":")
        if verb != "CONNECT" or not self._ours(host):
            self.refused.append(target)
            _answer(connection, 403)
            return
        if status := self._gate(host, int(port)):
            _answer(connection, status)
            return
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with self._tls.wrap_socket(connection, server_side=True) as tls:
            self._watched(tls, host)

    def _watched(self, tls: ssl.SSLSocket, host: str) -> None:
        with self._changed:
            self._open.add(tls)
        try:
            self._serve(tls, host)
        finally:
            with self._changed:
                self._open.discard(tls)
                self._changed.notify_all()


def _answer(connection: socket.socket, status: int) -> None:
    connection.sendall(f"HTTP/1.1 {status} Refused\r\nContent-Length: 0\r\n\r\n".encode())


class _Server(ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, proxy: ConnectProxy) -> None:
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.proxy = proxy

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing is printed: `_Tunnel` keeps what matters."""


class _Tunnel(StreamRequestHandler):
    rbufsize = 0  # what follows the headers belongs to TLS
    server: _Server

    def handle(self) -> None:
        first = self.rfile.readline(65536).decode("latin-1").split()
        if len(first) != 3:
            return
        while self.rfile.readline(65536).strip():
            pass
        try:
            self.server.proxy.tunnel(self.connection, first[0], first[1])
        except OSError:
            pass  # the client hung up, or does not trust us
        except Exception as exc:
            self.server.proxy.broken.append(exc)
            raise
