"""The tests' dashboard of parts as a running server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.web.servers import ROOT, Server, free_port, healthy, house

APP = ROOT / "tests" / "browser" / "apps" / "parts.py"


@contextmanager
def parts_dashboard(folder: Path, *, film: Path) -> Iterator[Server]:
    """Serve `apps/parts.py`, with `film` as the video of its player."""
    port = free_port()
    command = ["-m", "streamlit", "run", str(APP), "--server.port", str(port)]
    env = house(folder / "data", TEST_FILM=str(film), PYTHONPATH=str(ROOT))
    with healthy(command, port=port, cwd=ROOT, env=env, log=folder / "log") as server:
        yield server
