"""An ASGI program and sockets in, uvicorn answering on them out."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


class _Protocol(H11Protocol):
    """Gives the program its connection, since ASGI has no word for closing one."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.access_log = False  # addresses hold tokens; other servers of the process may log
        # Sockets that are given lack the protocol by which asyncio knows to do so itself.
        known = transport.get_extra_info("socket")
        known.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        program = self.app

        async def with_transport(scope: Any, receive: Any, send: Any) -> None:
            scope["transport"] = transport
            await program(scope, receive, send)

        self.app = with_transport


class _Server(uvicorn.Server):
    """Ends at once when told to, where uvicorn's own looks ten times a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._over = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self.on_tick(0)
        self.ready.set()
        await self._over.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            with suppress(AttributeError):
                connection.transport.abort()
        for task in list(self.server_state.tasks):
            task.cancel()
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)

    def stop(self) -> None:
        assert self.ready.wait(10), "the server did not start"
        assert self._loop
        self._loop.call_soon_threadsafe(self._over.set)


def listen(port: int = 0) -> socket.socket:
    """A port of loopback that takes connections from now on; 0: any."""
    return socket.create_server(("127.0.0.1", port))


@contextmanager
def served(program: Asgi, sockets: list[socket.socket]) -> Iterator[None]:
    """Answer on these sockets while the block runs."""
    config = uvicorn.Config(
        program, http=_Protocol, ws="none", lifespan="off", log_config=None, log_level=None,
        access_log=False, date_header=False,
    )  # fmt: skip
    server = _Server(config)
    thread = threading.Thread(target=server.run, args=(sockets,), name="meta", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.stop()
        thread.join(10)
