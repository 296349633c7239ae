"""Real servers for the tests: a command in, an address out; each is ended by its process id."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

START_WITHIN = 60.0
STOP_WITHIN = 9.0
WS_KEY = "dGhlIHNhbXBsZSBub25jZQ=="

APART = (
    "--server.headless=true",
    "--server.address=127.0.0.1",
    "--browser.gatherUsageStats=false",
)
"""What a stock server must be told on a shared machine; all else is its default."""

BARE_APP = """
import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.routing import Route

def deed(request):
    return PlainTextResponse("done")

app = st.App("page.py", routes=[Route("/api/deed", deed, methods=["GET", "POST"])]{more})
"""


@dataclass(frozen=True)
class Server:
    """A process that listens."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def is_healthy(self) -> bool:
        with suppress(OSError, http.client.HTTPException):
            return ask(self.port, "/_stcore/health").status == 200
        return False

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; its exit status.  It must be gone within `STOP_WITHIN`."""
        self.process.send_signal(number)
        return self.process.wait(STOP_WITHIN)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], bool], what: str, *, within: float = START_WITHIN) -> None:
    patience = time.monotonic() + within
    while not condition():
        assert time.monotonic() < patience, f"not within {within:g} s: {what}"
        time.sleep(0.05)


def house(data: Path, **more: str) -> dict[str, str]:
    """The environment of a Gravix that keeps everything in `data`, whatever .env says."""
    return {
        **os.environ,
        "GRAVIX_DATA_DIR": str(data),
        "DATABASE_URL": f"sqlite:///{(data / 'gravix.db').as_posix()}",
        "VIDEOS_DIR": str(data / "videos"),
        "API_HOST": "localhost",
        "PYTHONUNBUFFERED": "1",
        **more,
    }


@contextmanager
def started(
    command: Sequence[str], *, port: int, cwd: Path, env: Mapping[str, str], log: Path
) -> Iterator[Server]:
    """Start it and end it; whether it answers is for the caller to wait for."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Server(process, port, log)
    finally:
        if process.poll() is None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_WITHIN)
        if process.poll() is None:
            process.kill()
            process.wait()


@contextmanager
def healthy(
    command: Sequence[str], *, port: int, cwd: Path, env: Mapping[str, str], log: Path
) -> Iterator[Server]:
    with started(command, port=port, cwd=cwd, env=env, log=log) as server:
        wait_until(lambda: server.is_healthy() or server.process.poll() is not None, "an answer")
        assert server.process.poll() is None, server.said()
        yield server


@contextmanager
def dashboard(data: Path, **more: str) -> Iterator[Server]:
    """The real thing, with further variables of its environment."""
    port = free_port()
    command = ["-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port)]
    log = data.parent / f"dashboard-{port}.log"
    env = house(data, API_PORT=str(port), **more)
    with healthy(command, port=port, cwd=ROOT, env=env, log=log) as server:
        yield server


@contextmanager
def stock(folder: Path, *, guarded: bool = False) -> Iterator[Server]:
    """A Streamlit app with one more route, as it comes; or the same behind our guard."""
    port = free_port()
    more = ", middleware=guards()" if guarded else ""
    imports = "from gravix_core.web.guard import guards\n" if guarded else ""
    (folder / "page.py").write_text("import streamlit as st\nst.write('stock')\n")
    (folder / "app.py").write_text(imports + BARE_APP.format(more=more))
    command = ["-m", "streamlit", "run", "app.py", "--server.port", str(port), *APART]
    env = {**os.environ, "HOME": str(folder), "PYTHONPATH": str(ROOT)}
    with healthy(command, port=port, cwd=folder, env=env, log=folder / "log") as server:
        yield server


def ask(
    port: int,
    path: str,
    *,
    method: str = "GET",
    host: str | None = None,
    headers: Sequence[tuple[str, str]] = (),
    body: bytes = b"",
) -> Answer:
    """Ask with exactly these headers, as a hostile page or a program would."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", host or f"localhost:{port}")
        for name, value in headers:
            connection.putheader(name, value)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        answer = connection.getresponse()
        text = "" if answer.status == 101 else answer.read().decode(errors="replace")
        return Answer(answer.status, answer.headers, text)
    finally:
        connection.close()


def knock(port: int, *, host: str, origin: str | None) -> int:
    """Ask for Streamlit's WebSocket; the status, 101 when it was opened."""
    headers = [
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", WS_KEY),
        ("Sec-WebSocket-Version", "13"),
    ]
    if origin is not None:
        headers.append(("Origin", origin))
    return ask(port, "/_stcore/stream", host=host, headers=headers).status
