"""A database's address in, transactions that speak the model's words out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from gravix_core.errors import StoreUnusable
from gravix_core.store.accounts import Accounts
from gravix_core.store.attempts import Attempts
from gravix_core.store.engine import file_of, parse, pooled, reading
from gravix_core.store.learned import Learned
from gravix_core.store.links import Links
from gravix_core.store.logs import Logs
from gravix_core.store.migrate import bring_up_to_date
from gravix_core.store.preferences import Preferences
from gravix_core.store.publications import Publications
from gravix_core.store.reels import Reels
from gravix_core.store.reports import Reports
from gravix_core.store.shelf import Shelf
from gravix_core.store.sqlite_file import empty_wal
from gravix_core.store.texts import Texts
from gravix_core.store.trouble import named_os, trouble_named
from gravix_core.store.usage import Usages
from gravix_core.store.videos import Videos


class Transaction:
    """What may be asked of the database between its begin and its end."""

    def __init__(self, session: Session, shelf: Shelf) -> None:
        self.session = session
        """For the queue, which runs its own statements on `JobRow`."""
        self.accounts = Accounts(session)
        self.publications = Publications(session)
        self.attempts = Attempts(session)
        self.videos = Videos(session, shelf)
        self.reels = Reels(session, shelf)
        self.links = Links(session)
        self.logs = Logs(session)
        self.reports = Reports(session, shelf)
        self.texts = Texts(session)
        self.learned = Learned(session)
        self.usage = Usages(session)
        self.preferences = Preferences(session)


class Store:
    """The database.  Any number of threads may use one store at once."""

    def __init__(self, *, writer: Engine, reader: Engine, videos_dir: Path) -> None:
        self._engines = (writer, reader)
        self._writers = sessionmaker(writer, expire_on_commit=False)
        self._readers = sessionmaker(reader, expire_on_commit=False)
        self._shelf = Shelf(videos_dir.absolute())
        self._closed = False

    @classmethod
    def open(cls, database_url: str, videos_dir: Path) -> Store:
        """Open a database; create or migrate it first where needed, after a backup.

        Args:
            database_url: Of a SQLite file on a local disk, whose folder is made if needed.
            videos_dir: Paths inside it are kept relative to it, so that it may be moved.

        Raises:
            StoreTooNew: A newer Gravix wrote the database, which is untouched.
            StoreUnusable: It cannot be reached, or is no database of ours.
            DiskFull: There is no room for it or its backup.
        """
        url = parse(database_url)
        file = file_of(url)
        if file is not None:
            _make_folder(file)
        bring_up_to_date(url)
        return cls(writer=pooled(url), reader=reading(url), videos_dir=videos_dir)

    @property
    def videos_dir(self) -> Path:
        return self._shelf.root

    @property
    def file(self) -> Path | None:
        """The file of a SQLite database, None for any other."""
        return file_of(self._engines[0].url)

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """Commit when the block ends, roll back when it raises.

        The write lock is taken at the first statement and held to the end of the block, so
        nothing slow belongs inside, and no other transaction of the same thread that writes.

        Raises:
            DiskFull: There was no room; nothing of the block was kept.
            StoreUnusable: The database is locked, damaged or gone; nothing was kept.
        """
        self._check_open()
        with trouble_named(), self._writers.begin() as session:
            yield Transaction(session, self._shelf)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """One moment's view of the database.  It waits for no writer and holds up none.

        Raises:
            StoreUnusable: The database is damaged or gone, or the block tried to write.
        """
        self._check_open()
        with trouble_named(), self._readers() as session:
            yield Transaction(session, self._shelf)

    def close(self) -> None:
        """Leave a single whole file behind, and let go of it.  Closing twice is harmless."""
        if self._closed:
            return
        self._closed = True
        for engine in self._engines:
            engine.dispose()
        if self.file is not None:
            empty_wal(self.file)

    def _check_open(self) -> None:
        if self._closed:
            raise StoreUnusable("the database is closed", hint="Start Gravix again.")


def _make_folder(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise named_os(exc, f"the folder of {file.name} cannot be made") from exc
