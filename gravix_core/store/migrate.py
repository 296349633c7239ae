"""A database of any age in, the same database with today's tables out.

To change the tables: change `tables.py`, add the next file to `migrations/versions`, and let
`test_tables_and_migrations_agree` tell what is still missing.  A migration speaks SQL types
only and imports nothing of the house, since it must do tomorrow what it does today.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, inspect

from gravix_core.errors import StoreTooNew, StoreUnusable
from gravix_core.store.engine import BUSY_SECONDS, file_of, is_sqlite, migrating
from gravix_core.store.sqlite_file import back_up, use_wal
from gravix_core.store.trouble import trouble_named

MIGRATIONS = Path(__file__).with_name("migrations")

VERSION_TABLE = "alembic_version"

_one_at_a_time = threading.Lock()  # `alembic.op` is one for the whole process


def bring_up_to_date(url: URL, migrations: Path = MIGRATIONS) -> None:
    """Create the tables, or migrate those of an older Gravix after a backup.

    Any number of threads and processes may ask at once: one does it, the others wait.  All
    migrations happen in one transaction, so a failure leaves everything as it was.

    Args:
        url: From `engine.parse`.  The folder of a SQLite file exists.
        migrations: Folder that holds `versions`.

    Raises:
        StoreTooNew: A newer Gravix wrote the database, which is untouched.
        StoreUnusable: The file is no database or one of another program, and untouched; or
            the database cannot be reached.
        DiskFull: There is no room for the backup or the new tables.
    """
    script = ScriptDirectory(migrations)
    with _one_at_a_time, trouble_named():
        engine = migrating(url)
        try:
            with engine.begin() as connection:
                _migrate(connection, script, url)
        finally:
            engine.dispose()
        file = file_of(url)
        if file is not None:
            use_wal(file, patience=BUSY_SECONDS)


def _migrate(connection: Connection, script: ScriptDirectory, url: URL) -> None:
    head = script.get_current_head()
    found = _revision(connection, script, url)
    if found == head or head is None:
        return
    file = file_of(url)
    if file is not None and found is not None:
        back_up(file, before=head)
    context = EnvironmentContext(Config(), script)
    context.configure(connection=connection, fn=_steps(script, head))
    context.run_migrations()
    if file is not None:
        _hold_references(connection)


def _revision(connection: Connection, script: ScriptDirectory, url: URL) -> str | None:
    """The revision of the tables, None when there are none."""
    name = Path(url.database or "").name
    tables = set(inspect(connection).get_table_names())
    if is_sqlite(url) and tables and VERSION_TABLE not in tables:
        raise StoreUnusable(f"{name} is a database of another program")
    heads = MigrationContext.configure(connection).get_current_heads()
    known = {revision.revision for revision in script.walk_revisions()}
    if not known.issuperset(heads):
        raise StoreTooNew(f"{name} was written by a newer Gravix (revision {', '.join(heads)})")
    return heads[0] if heads else None


def _steps(script: ScriptDirectory, head: str) -> Callable[[Any, MigrationContext], Any]:
    return lambda revision, _context: script._upgrade_revs(head, revision)


def _hold_references(connection: Connection) -> None:
    """Foreign keys rested during the migration; look at them all before it is committed."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        raise StoreUnusable(f"the migration would break references of {tables}")
