"""A process that runs in; the most memory that it and its children had at once out."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

EVERY = 0.2
"""Seconds between two looks."""
PROC = Path("/proc")


class MemoryWatch:
    """Looks at a process tree until it is stopped; needs /proc, so Linux."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        """Bytes in memory; a page that several processes share counts once."""
        self.peak_main = 0
        """The same of the process alone."""
        self.peak_resident = 0
        """As `peak`, but shared pages count in each process."""
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(EVERY):
            sizes = {pid: memory(pid) for pid in tree(self._pid, parents())}
            self.peak = max(self.peak, sum(shared for shared, _ in sizes.values()))
            self.peak_main = max(self.peak_main, sizes.get(self._pid, (0, 0))[0])
            self.peak_resident = max(self.peak_resident, sum(whole for _, whole in sizes.values()))


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


def memory(pid: int) -> tuple[int, int]:
    """Bytes of a process: its share of what it has in memory, and all of that."""
    try:
        return read_rollup((PROC / str(pid) / "smaps_rollup").read_text())
    except OSError:  # it has ended
        return 0, 0


def read_rollup(text: str) -> tuple[int, int]:
    """Read `Pss` and `Rss` of a roll-up of /proc, in bytes."""
    found = {
        words[0]: int(words[1]) for line in text.splitlines() if len(words := line.split()) == 3
    }
    return 1024 * found.get("Pss:", 0), 1024 * found.get("Rss:", 0)
