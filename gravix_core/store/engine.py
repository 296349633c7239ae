"""A database's address in, SQLAlchemy engines out, with SQLite told how to behave.

The driver is in autocommit and every transaction begins in our own words, because its own
way begins late, at the first write, and then two readers that both want to write fail.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from gravix_core.errors import StoreUnusable

BUSY_SECONDS = 30
"""How long a statement waits for the lock of another."""

BEGIN_READ = "BEGIN"
BEGIN_WRITE = "BEGIN IMMEDIATE"
"""Takes the write lock at once, so that a transaction never has to turn from reader to writer."""


def parse(database_url: str) -> URL:
    """Read an address; the path of a SQLite file becomes absolute.

    Raises:
        StoreUnusable: It makes no sense, or is a SQLite database without a file.  The
            message does not show it, since it may hold a password.
    """
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):
        raise StoreUnusable("the database's address makes no sense") from None
    if not is_sqlite(url):
        return url
    if _is_unfit(url.database or ""):
        raise StoreUnusable("a SQLite database must be a file, given as sqlite:///<path>")
    return url.set(database=str(Path(url.database or "").absolute()))


def is_sqlite(url: URL) -> bool:
    return url.drivername in {"sqlite", "sqlite+pysqlite"}


def file_of(url: URL) -> Path | None:
    """The file of a SQLite database, None for any other."""
    return Path(url.database or "") if is_sqlite(url) else None


def pooled(url: URL) -> Engine:
    """For transactions that write: on SQLite, one at a time."""
    return _engine(url, begin=BEGIN_WRITE, pragmas=("foreign_keys = ON", "synchronous = NORMAL"))


def reading(url: URL) -> Engine:
    """For transactions that read, from connections of its own: no writer makes them wait."""
    return _engine(url, begin=BEGIN_READ, pragmas=("query_only = ON",))


def migrating(url: URL) -> Engine:
    """For changes of the tables; foreign keys rest, or rebuilding a table would empty others."""
    return _engine(url, begin=BEGIN_WRITE, pragmas=("foreign_keys = OFF",), poolclass=NullPool)


def _is_unfit(database: str) -> bool:
    return database in {"", ":memory:"} or database.startswith("file:")


def _engine(url: URL, *, begin: str, pragmas: tuple[str, ...], **options: Any) -> Engine:
    try:
        if not is_sqlite(url):
            return create_engine(url, hide_parameters=True, pool_pre_ping=True, **options)
        engine = create_engine(
            url,
            connect_args={"timeout": BUSY_SECONDS, "isolation_level": None},
            hide_parameters=True,
            **options,
        )
    except (ArgumentError, ImportError) as exc:
        raise StoreUnusable(f"there is no driver for {url.drivername} databases") from exc
    _teach(engine, begin=begin, pragmas=pragmas)
    return engine


def _teach(engine: Engine, *, begin: str, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        try:
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()  # the pool does not know it yet
            raise

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)
