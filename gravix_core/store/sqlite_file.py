"""The SQLite file itself in; a copy beside it, or the file in good order, out.

These deeds want no transaction, so they go to the driver directly.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

from gravix_core.model import Seconds
from gravix_core.store.trouble import named, named_os


def back_up(file: Path, *, before: str) -> Path:
    """Copy a database as it was last committed, beside itself.

    A file under the final name is whole and on the disk.  One of that name is replaced.

    Args:
        file: The database; other connections may be open, also writing ones.
        before: The revision that it is about to be brought to.

    Raises:
        DiskFull: There is no room; nothing is left behind.
        StoreUnusable: The copy failed otherwise; nothing is left behind.
    """
    final = file.with_name(f"{file.name}.before-{before}.bak")
    draft = final.with_name(f"{final.name}.tmp")
    try:
        draft.unlink(missing_ok=True)
        _copy(file, draft)
        _to_disk(draft)
        draft.replace(final)
        if os.name != "nt":  # Windows opens no folders
            _to_disk(file.absolute().parent)
    except sqlite3.Error as exc:
        raise named(exc) from exc
    except OSError as exc:
        raise named_os(exc, "the database cannot be backed up") from exc
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return final


def use_wal(file: Path, *, patience: Seconds) -> None:
    """Turn write-ahead logging on, which stays with the file.

    SQLite does not wait for the lock that the change needs, so the waiting is ours.

    Raises:
        StoreUnusable: Others kept it locked for longer than `patience`, or it is damaged.
    """
    until = time.monotonic() + patience
    while True:
        try:
            with closing(_connect(file)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.Error as exc:
            if "locked" not in str(exc) or time.monotonic() > until:
                raise named(exc) from exc
            time.sleep(0.02)
        else:
            return


def empty_wal(file: Path) -> None:
    """Bring what the write-ahead log holds into the file, if no other process needs the log.

    A failure is nobody's loss: whoever opens the file next does it instead.
    """
    with suppress(sqlite3.Error), closing(_connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _connect(file: Path) -> sqlite3.Connection:
    """Waits a second for locks, and never makes a file."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=1)


def _copy(file: Path, draft: Path) -> None:
    with closing(_connect(file)) as source, closing(sqlite3.connect(draft)) as target:
        shutil.copymode(file, draft)  # before there is a token in it
        target.execute("PRAGMA journal_mode = OFF")  # a draft needs no way back
        source.backup(target)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
