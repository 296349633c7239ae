"""What a process is about to do in; a journal of it, and its death at a named point, out.

Stands outside the product: it wraps the calls of the system and of the database by which the
product changes anything, so that a process can be killed between any two of them.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

JOURNAL, DIES_AT = "CRASH_JOURNAL", "CRASH_DIES_AT"
"""Variables: a file that lines of JSON are added to; ``<point>#<n>``, empty for never."""
DRAFT = ".tmp"
WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+(\w+)", re.IGNORECASE)
KEPT = {"reels.rendered": "reel", "videos.stored": "source"}
"""What is written when a file of this kind belongs to the product for good."""

EARLY = (
    "before commit jobs.new",
    "after commit jobs.new",
    "before flush source",
    "before rename source",
    "after rename source",
    "before commit videos.stored",
    "after commit videos.stored",
    "before commit jobs.new",
    "after commit jobs.new",
    "before commit reels.planned",
    "after commit reels.planned",
    "before commit jobs.new",
    "after commit jobs.new",
)
"""While a source is brought in and cut, in this order; each engine gets as far as the next."""
RENDERING = (
    "started ffmpeg",
    "before flush reel",
    "before rename reel",
    "after rename reel",
    "after rename cover",
    "after rename sheet",
    "before commit reels.rendered",
    "after commit reels.rendered",
    "before commit jobs",
    "after commit jobs",
)
"""Passed with every reel."""
BETWEEN = "before commit reels.rendered"
"""Between a reel's rename and the commit that records it."""
WRITING = ("before commit reels.texts", "after commit reels.texts")
POINTS = (*EARLY, *RENDERING, *WRITING)


class Points:
    """Counts what is passed, and ends the process without a word at one of them."""

    def __init__(self, journal: Path, dies_at: str) -> None:
        self._journal = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._point, _, nth = dies_at.partition("#")
        self._nth = int(nth or 1)
        self._passed: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._mine = threading.local()

    def write(self, what: str, about: str) -> None:
        line = json.dumps({"pid": os.getpid(), "what": what, "about": about})
        os.write(self._journal, f"{line}\n".encode())

    def reach(self, point: str) -> None:
        with self._lock:
            self._passed[point] += 1
            if point == self._point and self._passed[point] == self._nth:
                self.write("died", point)
                os.kill(os.getpid(), signal.SIGKILL)

    def renamed(self, kind: str, target: str) -> None:
        self.write("renamed", target)
        self._renamed()[kind] = target  # one before it was not recorded, and never will be

    def wrote(self, statement: str) -> None:
        found = WRITES.match(statement)
        if found is not None:
            self._touched().add(_named(found[1].upper(), found[2], statement))

    def forget(self) -> None:
        self._touched().clear()

    def committing(self, commit: Callable[[], None]) -> None:
        touched = sorted(self._touched())
        for name in touched:
            self.reach(f"before commit {name}")
        commit()
        for kind in (KEPT[name] for name in touched if name in KEPT):
            if target := self._renamed().pop(kind, None):
                self.write("kept", target)
        self.forget()
        for name in touched:
            self.reach(f"after commit {name}")

    def _touched(self) -> set[str]:
        found: set[str] = self._mine.__dict__.setdefault("touched", set())
        return found

    def _renamed(self) -> dict[str, str]:
        """By kind, what this thread has put in place and not recorded."""
        found: dict[str, str] = self._mine.__dict__.setdefault("renamed", {})
        return found


def _named(verb: str, table: str, statement: str) -> str:
    """A table, and what of it is written where that tells one step from another."""
    if table == "jobs" and verb.startswith("INSERT"):
        return "jobs.new"
    if table == "videos":
        return "videos.stored" if "download_path=" in statement else table
    if table != "reels":
        return table
    if verb.startswith("INSERT"):
        return "reels.planned"
    return "reels.rendered" if "sha256=" in statement else "reels.texts"


def _kind(file: str) -> str:
    """What a draft is to become; empty for a file that is none of ours."""
    name = Path(file).name
    if not name.endswith(DRAFT):
        return ""
    if name.startswith("source."):
        return "source"
    for kind, ending in (("sheet", ".sheet.jpg."), ("cover", ".jpg."), ("reel", ".mp4.")):
        if ending in name:
            return kind
    return ""


def install(points: Points) -> None:
    """Wrap what the product calls, in this process, from now on."""
    _wrap_files(points)
    _wrap_programs(points)
    _wrap_database(points)


def _wrap_files(points: Points) -> None:
    fsync, replace = os.fsync, os.replace

    def flushing(descriptor: int) -> None:
        kind = _kind(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        if kind:
            points.reach(f"before flush {kind}")
        fsync(descriptor)

    def renaming(draft: Any, target: Any, **options: Any) -> None:
        kind = _kind(str(draft))
        if not kind:
            replace(draft, target, **options)
            return
        points.reach(f"before rename {kind}")
        replace(draft, target, **options)
        points.renamed(kind, str(target))
        points.reach(f"after rename {kind}")

    os.fsync, os.replace = flushing, renaming  # type: ignore[assignment]


def _wrap_programs(points: Points) -> None:
    start = subprocess.Popen.__init__

    def starting(self: Any, argv: Any, *rest: Any, **options: Any) -> None:
        start(self, argv, *rest, **options)
        if any("ffmpeg" in str(word) for word in argv):
            points.reach("started ffmpeg")

    subprocess.Popen.__init__ = starting  # type: ignore[assignment,method-assign]


def _wrap_database(points: Points) -> None:
    from sqlalchemy import Engine, event
    from sqlalchemy.engine.default import DefaultDialect

    commit: Callable[..., None] = DefaultDialect.do_commit
    rollback: Callable[..., None] = DefaultDialect.do_rollback

    @event.listens_for(Engine, "before_cursor_execute")
    def _note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        points.wrote(statement)

    def committing(self: DefaultDialect, connection: Any) -> None:
        points.committing(lambda: commit(self, connection))

    def rolling_back(self: DefaultDialect, connection: Any) -> None:
        points.forget()
        rollback(self, connection)

    DefaultDialect.do_commit = committing  # type: ignore[method-assign]
    DefaultDialect.do_rollback = rolling_back  # type: ignore[method-assign]
