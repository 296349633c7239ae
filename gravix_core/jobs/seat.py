"""A data directory in; the one process that works for it, by a lock of the system's, out.

The system itself lets go of the lock when the process ends, however it ends.  The only file that
imports `filelock`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from gravix_core.errors import FileUnwritable, StatusConflict
from gravix_core.model import Seconds

LOCK = "dashboard.lock"
ADDRESS = "dashboard.url"
WORKS_ON = "dashboard.database"
PATIENCE: Seconds = 0.3
"""Who only asks holds the lock for a moment; this outlasts it."""
ASK_EVERY: Seconds = 1.0


class Seat:
    """The dashboard's place in a data directory.  Any number of threads may use it.

    Args:
        folder: The data directory.
        database: Address of the database that is worked on; only a hash of it is kept.
    """

    def __init__(self, folder: Path, database: str = "") -> None:
        self._file = folder / LOCK
        self._address = folder / ADDRESS
        self._works_on = folder / WORKS_ON
        self._mark = hashlib.sha256(database.encode()).hexdigest()[:16]
        self._lock = _lock(self._file)

    def take(self) -> None:
        """Sit down; nothing happens when this very object sits there already.

        Raises:
            StatusConflict: Somebody else has it.
            FileUnwritable: The data directory cannot be written to, or knows no locks.
        """
        if self._lock.is_locked:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=PATIENCE, poll_interval=PATIENCE / 30)
            self._address.unlink(missing_ok=True)  # of one that was killed
            self._works_on.write_text(f"{self._mark}\n", encoding="utf-8")
        except Timeout:
            raise self._conflict() from None
        except OSError as exc:
            raise FileUnwritable(
                f"{LOCK} in the data directory cannot be locked: {exc.strerror or exc}",
                hint="Keep the data directory on a local disk, in a folder that you may write to.",
            ) from exc

    def release(self) -> None:
        """Stand up; nothing happens when this object does not sit there."""
        if self._lock.is_locked:
            with suppress(OSError):
                self._address.unlink(missing_ok=True)
            self._lock.release()

    def is_taken(self) -> bool:
        """Whether anybody has it, this object included.  Makes no file and disturbs nobody."""
        if self._lock.is_locked:
            return True
        if not self._file.exists():
            return False
        try:
            with _lock(self._file).acquire(timeout=PATIENCE, poll_interval=PATIENCE / 30):
                return False
        except Timeout:
            return True
        except OSError:  # whoever may not open it cannot be working beside its holder
            return False

    def shares_database(self) -> bool:
        """Whether who has it works on our database; also when that cannot be told."""
        with suppress(OSError, UnicodeDecodeError):
            return self._works_on.read_text(encoding="utf-8").strip() in {"", self._mark}
        return True

    def check(self) -> None:
        """Raises StatusConflict when it is taken."""
        if self.is_taken():
            raise self._conflict()

    def watched(self) -> Callable[[], bool]:
        """`is_taken`, to be asked as often as you like: it looks once in `ASK_EVERY`."""
        taken, asked = self.is_taken(), time.monotonic()

        def ask() -> bool:
            nonlocal taken, asked
            if time.monotonic() - asked >= ASK_EVERY:
                taken, asked = self.is_taken(), time.monotonic()
            return taken

        return ask

    def announce(self, address: str) -> None:
        """Leave the dashboard's address beside the seat, for people; nothing relies on it."""
        with suppress(OSError):
            self._address.write_text(f"{address}\n", encoding="utf-8")

    def address(self) -> str | None:
        """What was announced, if anything was."""
        with suppress(OSError, UnicodeDecodeError):
            return self._address.read_text(encoding="utf-8").strip() or None
        return None

    def _conflict(self) -> StatusConflict:
        address = self.address()
        return StatusConflict(
            "another dashboard works on this data directory",
            hint=f"Open {address}, or stop that one first."
            if address
            else "Use that one, or stop it first.",
        )


def _lock(file: Path) -> FileLock:
    # Not per thread: a server takes and releases it in different ones.  A soft lock would outlive
    # a killed process.
    return FileLock(file, thread_local=False, fallback_to_soft=False)
