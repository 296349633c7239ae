"""A data directory in, a dashboard of its own process, its memory and its CPU time out.

Reads /proc, so it works on Linux only.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from gravix_core.model import Seconds
from gravix_core.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
OURS = Settings.model_fields.keys()
"""What the person who measures has set is left out."""
TICKS = os.sysconf("SC_CLK_TCK")
START_WITHIN: Seconds = 60
STOP_WITHIN: Seconds = 9
LOOK_EVERY: Seconds = 0.05
UPLOADER = """
import streamlit as st
given = st.file_uploader("File")
st.write(f"{given.size} bytes" if given else "nothing yet")
"""
"""What Streamlit offers for files, for comparison."""


@dataclass(frozen=True, slots=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int
    healthy_after: Seconds
    """From the start of the process."""

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def memory(self) -> float:
        """MB that lie in RAM now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024

    def cpu(self) -> Seconds:
        """Spent since the start, user and system."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8")
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def cpu_share(self, seconds: Seconds) -> float:
        """Percent of one core, over the next seconds."""
        before, begun = self.cpu(), time.perf_counter()
        time.sleep(seconds)
        return 100 * (self.cpu() - before) / (time.perf_counter() - begun)

    @contextmanager
    def memory_watched(self) -> Iterator[list[float]]:
        """Collect its memory all the while."""
        seen, over = [self.memory()], threading.Event()

        def look() -> None:
            while not over.wait(LOOK_EVERY):
                seen.append(self.memory())

        watcher = threading.Thread(target=look)
        watcher.start()
        try:
            yield seen
        finally:
            over.set()
            watcher.join()


@contextmanager
def dashboard(data: Path) -> Iterator[Server]:
    """Gravix itself with its own defaults, as `make run` starts it."""
    more = {
        "GRAVIX_DATA_DIR": str(data),
        "DATABASE_URL": f"sqlite:///{(data / 'gravix.db').as_posix()}",
        "VIDEOS_DIR": str(data / "videos"),
    }
    with _running(["streamlit_app.py"], cwd=ROOT, more=more, log=data / "log") as server:
        yield server


@contextmanager
def stock_uploader(folder: Path) -> Iterator[Server]:
    """A page of one `st.file_uploader`, as it comes."""
    (folder / "page.py").write_text(UPLOADER, encoding="utf-8")
    quiet = ["--server.headless=true", "--browser.gatherUsageStats=false"]
    words = ["page.py", "--server.maxUploadSize=8192", "--server.address=localhost", *quiet]
    with _running(words, cwd=folder, more={"HOME": str(folder)}, log=folder / "log") as server:
        yield server


@contextmanager
def _running(
    words: Sequence[str], *, cwd: Path, more: Mapping[str, str], log: Path
) -> Iterator[Server]:
    port = _free_port()
    argv = [sys.executable, "-m", "streamlit", "run", *words, f"--server.port={port}"]
    env = {name: value for name, value in os.environ.items() if name.lower() not in OURS}
    env |= {**more, "API_PORT": str(port)}
    begun = time.perf_counter()
    with (
        log.open("wb") as out,
        subprocess.Popen(
            argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        ) as process,
    ):
        try:
            _wait_until_healthy(process, port, log)
            yield Server(process, port, time.perf_counter() - begun)
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_WITHIN)
            process.kill()


def _wait_until_healthy(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    patience = time.monotonic() + START_WITHIN
    while not _is_healthy(port):
        if process.poll() is not None or time.monotonic() > patience:
            raise SystemExit(f"the server did not start:\n{log.read_text(encoding='utf-8')}")
        time.sleep(LOOK_EVERY)


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("localhost", port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
