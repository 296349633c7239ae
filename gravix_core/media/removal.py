"""A folder in; gone as a whole, or as it was, out.

It is renamed first, so that whoever looks meanwhile finds all of it or nothing, and a crash
between the row and the files leaves a name that tells what was meant.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from gravix_core.errors import FileUnwritable

ENDING = ".deleted"


def put_aside(folder: Path) -> None:
    """Rename it out of the way; nothing happens when it is not there.

    Raises:
        FileUnwritable: The system refuses, for instance because a file in it is open.
    """
    try:
        folder.replace(_aside(folder))
    except FileNotFoundError:
        return
    except OSError as exc:
        raise FileUnwritable(
            f"the files of {folder.name} cannot be removed: {exc.strerror}",
            hint="Close the programs that have them open, then try again.",
        ) from exc


def bring_back(folder: Path) -> None:
    """Undo `put_aside`; where something new lies in its place, both stay."""
    with suppress(OSError):
        _aside(folder).replace(folder)


def remove(folder: Path) -> None:
    """Remove what was put aside; what cannot be removed now is left for `finish`."""
    shutil.rmtree(_aside(folder), ignore_errors=True)


def finish(videos: Path, *, exists: Callable[[int], bool]) -> None:
    """End the removals that a crash has interrupted.

    Args:
        videos: Holds a folder per video, named by its id.
        exists: Whether there is still a row for an id; then its files come back.
    """
    for aside in videos.glob(f"*{ENDING}"):
        name = aside.name.removesuffix(ENDING)
        if name.isdecimal() and exists(int(name)):
            bring_back(aside.with_name(name))
        elif name.isdecimal():
            remove(aside.with_name(name))


def bytes_in(folder: Path) -> int:
    """Size of all files in `folder` and below; 0 when it is not there."""
    total = 0
    for file in folder.rglob("*"):
        with suppress(OSError):
            total += file.stat().st_size if file.is_file() else 0
    return total


def _aside(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}{ENDING}")
