"""A process that runs in; the most memory that it and its children had at once out."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
EVERY = 0.1
"""Seconds between two looks."""
PROC = Path("/proc")


class MemoryWatch:
    """Looks at a process tree until it is stopped; needs /proc, so Linux."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        """Bytes of resident memory; pages that processes share count in each."""
        self.peak_main = 0
        """The same of the process alone."""
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(EVERY):
            sizes = {pid: resident(pid) for pid in tree(self._pid, parents())}
            self.peak = max(self.peak, sum(sizes.values()))
            self.peak_main = max(self.peak_main, sizes.get(self._pid, 0))


def parents() -> dict[int, int]:
    """Of every process of the machine."""
    found = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            found[int(entry.name)] = int(after_name[1])
    return found


def tree(root: int, parent_of: Mapping[int, int]) -> set[int]:
    """A process and all that it has started."""
    children = defaultdict(list)
    for pid, parent in parent_of.items():
        children[parent].append(pid)
    found, waiting = set(), [root]
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.add(pid)
            waiting += children[pid]
    return found


def resident(pid: int) -> int:
    try:
        return int((PROC / str(pid) / "statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0
