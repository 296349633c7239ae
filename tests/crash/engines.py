"""A data directory in; the real engine on it, in a process that may be killed, out.

Everything an engine writes lies below its `Yard`, beside the data directory where it is not of
the product: logs and the journal of `points`.
"""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cli.command import ROOT, environment
from tests.crash.points import DIES_AT, JOURNAL
from tests.media.processes import children, wait_until, with_word
from tests.web.servers import Server, free_port

COMMAND_LINE, DASHBOARD = "process", "dashboard"
SMALL = {"CHUNK_DURATION": "3", "REEL_WIDTH": "270", "REEL_HEIGHT": "480", "GRAVIX_CUT": "fixed"}
Stamps = dict[str, tuple[int, int]]
GONE_WITHIN = 6.0
"""Twice what `media/leash.py` and the system have ever taken on two busy cores."""


@dataclass(frozen=True)
class Yard:
    """A folder with a data directory, and the settings of whoever works on it."""

    folder: Path
    film: Path
    settings: Mapping[str, str] = field(default_factory=lambda: SMALL)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def journal(self) -> Path:
        return self.folder / "journal.jsonl"

    @property
    def environment(self) -> dict[str, str]:
        own = {"GRAVIX_DATA_DIR": str(self.data), JOURNAL: str(self.journal)}
        return environment({**self.settings, **own})

    def reels(self) -> list[Path]:
        return sorted((self.data / "videos").glob("*/reels/*.mp4"))

    def stamps(self) -> Stamps:
        """By a reel's name, what tells its file from any other that was ever there."""
        return {one.name: (one.stat().st_ino, one.stat().st_mtime_ns) for one in self.reels()}

    def recorded(self, rows: Callable[[str], list[tuple[Any, ...]]]) -> Stamps:
        """As `stamps`, of the reels that the database knows to be finished.

        Args:
            rows: `rows` or `rows_left` of this.
        """
        found = rows("SELECT file_path FROM reels WHERE sha256 IS NOT NULL")
        names = {Path(file).name for (file,) in found}
        return {name: stamp for name, stamp in self.stamps().items() if name in names}

    def drafts(self, folder: str = "**") -> list[Path]:
        """In folders of this name, or anywhere."""
        return sorted(self.data.glob(f"**/{folder}/*.tmp"))

    def programs(self) -> set[int]:
        """Ids of all processes that have the data directory on their command line."""
        return with_word(str(self.data))

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """While an engine is there to look after the database."""
        with closing(sqlite3.connect(self.data / "gravix.db", timeout=30)) as connection:
            return connection.execute(query, values).fetchall()

    def rows_left(self, query: str) -> list[tuple[Any, ...]]:
        """As `rows`, of what a killed engine has left, which stays as it left it."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for ending in ("", "-wal"):
            file = self.data / f"gravix.db{ending}"
            if file.exists():
                shutil.copyfile(file, copy / file.name)
        with closing(sqlite3.connect(copy / "gravix.db")) as connection:
            tables = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'jobs'")
            is_there = tables.fetchone() is not None  # or it was killed before
            return connection.execute(query).fetchall() if is_there else []


@dataclass(frozen=True)
class Engine:
    """A process at work."""

    process: subprocess.Popen[bytes]
    yard: Yard
    log: Path
    port: int | None = None

    @property
    def server(self) -> Server:
        assert self.port is not None
        return Server(self.process, self.port, self.log)

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """And see that all that it has started goes with it."""
        if not self.has_ended():
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        wait_until(lambda: not self.yard.programs(), "no orphan is left", within=GONE_WITHIN)

    def until_healthy(self) -> None:
        wait_until(lambda: self.server.is_healthy() or self.has_ended(), "an answer")
        assert not self.has_ended(), self.said()

    def until_another_reel(self) -> set[int]:
        """Until one reel is there and another is being made; ids of the programs that make it."""
        found: set[int] = set()

        def is_begun() -> bool:
            found.clear()
            found.update(children(self.process.pid))
            return bool(found and self.yard.reels() and self.yard.drafts())

        wait_until(is_begun, "another reel is begun")
        return found


@contextmanager
def at_work(
    yard: Yard, kind: str, *, dies_at: str = "", more: Mapping[str, str] | None = None
) -> Iterator[Engine]:
    """Start an engine of one of the two kinds; it is gone afterwards, if need be by a kill."""
    port = free_port() if kind == DASHBOARD else None
    server = ("streamlit", "run", "streamlit_app.py", "--server.port", str(port))
    words = ("gravix_core", "process", str(yard.film)) if port is None else server
    count = len(list(yard.folder.glob("*.log")))
    log = yard.folder / f"{count:03d}-{kind}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.doomed", *words],
            cwd=yard.folder if port is None else ROOT,  # no .env lies in the one
            env={**yard.environment, DIES_AT: dies_at, **(more or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    engine = Engine(process, yard, log, port)
    try:
        yield engine
    finally:
        if not engine.has_ended():
            process.send_signal(signal.SIGKILL)
        process.wait()
