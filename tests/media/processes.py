"""A process in; its children, by the word of the kernel, out.  Linux."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

PROC = Path("/proc")


def children(of: int | None = None) -> set[int]:
    """Ids of the processes that `of`, or this process, and those have started; still running."""
    parents = {pid: _parent(pid) for pid in _all()}
    found = {of or os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {of or os.getpid()}


def with_word(word: str) -> set[int]:
    """Ids of the running processes that have `word` on their command line, but for this one."""
    return {pid for pid in _all() if word in command(pid) and pid != os.getpid()}


def command(pid: int) -> str:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def wait_until(condition: Callable[[], bool], what: str, *, within: float = 60) -> None:
    patience = time.monotonic() + within
    while not condition():
        assert time.monotonic() < patience, f"not within {within:g} s: {what}"
        time.sleep(0.02)


def _all() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _parent(pid: int) -> int | None:
    """None for one that is gone, or has ended and is not yet buried."""
    try:
        state, parent = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return None
    return None if state == "Z" else int(parent)
