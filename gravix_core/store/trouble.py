"""What the database or the disk raises in, our own errors out: the only place that maps them."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc as vendor

from gravix_core.errors import DiskFull, GravixError, StoreUnusable

NO_ROOM = ("disk is full", "no space left on device")
"""SQLite's words and PostgreSQL's."""

BUSY = ("database is locked", "database table is locked")
"""SQLite's words after its busy time-out."""

BUGS = (
    vendor.IntegrityError,
    vendor.ProgrammingError,
    vendor.DataError,
    vendor.NotSupportedError,
)
"""Left alone: our statement was wrong, the database is well."""


@contextmanager
def trouble_named() -> Iterator[None]:
    """Raise what the database raises as ours.

    Raises:
        DiskFull: There was no room.
        StoreUnusable: Any other trouble; `retryable` when it was only busy.
    """
    try:
        yield
    except BUGS:
        raise
    except vendor.DBAPIError as exc:
        raise named(exc.orig or exc) from exc
    except vendor.TimeoutError as exc:
        raise _busy("every connection to the database is in use") from exc


def named(cause: BaseException) -> GravixError:
    """Our error for one of the driver's.  Its words name neither an address nor a password."""
    text = next(iter(str(cause).splitlines()), type(cause).__name__)
    if any(words in text.lower() for words in NO_ROOM):
        return DiskFull(f"the database cannot grow: {text}")
    if any(words in text.lower() for words in BUSY):
        return _busy(f"the database is in use: {text}")
    return StoreUnusable(f"the database cannot be used: {text}")


def named_os(cause: OSError, deed: str) -> GravixError:
    """Our error for one of the disk's, without the path that it speaks of."""
    full = cause.errno in {errno.ENOSPC, errno.EDQUOT}
    return (DiskFull if full else StoreUnusable)(f"{deed}: {cause.strerror or cause}")


def _busy(message: str) -> StoreUnusable:
    error = StoreUnusable(message, hint="Wait a moment and try again.")
    error.retryable = True
    return error
