"""A database of any age, or what is none, is opened safely or left alone."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from gravix_core.errors import StoreTooNew, StoreUnusable
from gravix_core.model import RenderedReel, Span, Video
from gravix_core.store import Store
from gravix_core.store.engine import parse
from gravix_core.store.migrate import MIGRATIONS, bring_up_to_date
from gravix_core.store.sqlite_file import use_wal

LATER = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "0008"


def upgrade() -> None:
"""
ADDS_A_COLUMN = "    op.add_column('videos', sa.Column('colour', sa.Text()))\n"
REBUILDS_VIDEOS = (
    "    with op.batch_alter_table('videos', recreate='always') as batch:\n"
    "        batch.alter_column('title', new_column_name='name')\n"
)
FAILS_HALF_WAY = ADDS_A_COLUMN + "    raise RuntimeError('half way')\n"
LOSES_VIDEOS = "    op.execute('DELETE FROM videos')\n"

Later = Callable[[str], Path]
"""What the next revision does in, the migrations of a later Gravix out."""


@pytest.fixture
def later(tmp_path: Path) -> Later:
    def write(deed: str) -> Path:
        folder = tmp_path / "migrations"
        shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "versions" / "r9999_later.py").write_text(LATER + deed)
        return folder

    return write


@pytest.fixture
def filled(store: Store, video: Video, rendered: RenderedReel) -> Store:
    """Closed, with one video and one reel."""
    with store.begin() as tx:
        (reel,) = tx.reels.plan(video.id, [Span(0, 35)], [Span(0, 35)])
        tx.reels.set_rendered(reel.id, rendered)
    store.close()
    return store


def rows(file: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(question).fetchall()


def test_first_start_makes_the_folder_and_the_tables(tmp_path: Path) -> None:
    deep = tmp_path / "not" / "there" / "gravix.db"
    Store.open(f"sqlite:///{deep.as_posix()}", tmp_path).close()
    assert rows(deep, "SELECT version_num FROM alembic_version") == [("0008",)]
    assert not list(deep.parent.glob("*.bak"))


def test_relative_address_stays_where_it_was_when_the_folder_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = Store.open("sqlite:///gravix.db", Path("videos"))
    monkeypatch.chdir("/")
    with store.read() as tx:
        assert tx.videos.recent() == ()
    store.close()
    assert store.videos_dir == tmp_path / "videos"
    assert [path.name for path in tmp_path.iterdir()] == ["gravix.db"]


def test_second_start_finds_what_the_first_wrote_and_makes_no_backup(
    filled: Store, url: str, file: Path
) -> None:
    again = Store.open(url, file.parent / "videos")
    with again.read() as tx:
        assert [video.title for video in tx.videos.recent()] == ["Bridges"]
    again.close()
    assert [path.name for path in file.parent.iterdir()] == ["gravix.db"]


def test_start_works_from_any_folder_and_in_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    opened: list[Store] = []

    def start(number: int) -> None:
        url = f"sqlite:///{(tmp_path / str(number % 2) / 'g.db').as_posix()}"
        opened.append(Store.open(url, tmp_path))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(start, range(6)))
    for store in opened:
        store.close()
    assert len(opened) == 6


def test_processes_that_start_at_once_on_a_fresh_directory_all_succeed(
    url: str, file: Path, tmp_path: Path
) -> None:
    code = (
        "import sys, time, pathlib\n"
        "from gravix_core.store import Store\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "store = Store.open(sys.argv[1], pathlib.Path(sys.argv[2]))\n"
        "with store.begin() as tx:\n"
        "    tx.videos.add(title='x', source_name='x', source_sha256='x', layout='auto',"
        " chunk_duration=35)\n"
        "store.close()\n"
    )
    argv = [sys.executable, "-W", "error", "-c", code, url, str(tmp_path)]
    started = [
        subprocess.Popen(
            argv,
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(5)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    ends = [process.communicate("go\n", timeout=120) for process in started]
    assert [(process.returncode, *end) for process, end in zip(started, ends, strict=True)] == [
        (0, "", "")
    ] * len(started)
    assert rows(file, "SELECT count(*) FROM videos") == [(len(started),)]


def test_older_database_is_backed_up_and_then_migrated(
    filled: Store, url: str, file: Path, later: Later
) -> None:
    file.chmod(0o640)
    bring_up_to_date(parse(url), later(ADDS_A_COLUMN))
    assert rows(file, "SELECT title, colour FROM videos") == [("Bridges", None)]
    assert rows(file, "SELECT version_num FROM alembic_version") == [("9999",)]
    backup = file.with_name("gravix.db.before-9999.bak")
    assert rows(backup, "SELECT version_num FROM alembic_version") == [("0008",)]
    assert rows(backup, "SELECT title FROM videos") == [("Bridges",)]
    assert rows(backup, "PRAGMA integrity_check") == [("ok",)]
    assert backup.stat().st_mode & 0o777 == 0o640
    assert {path.name for path in file.parent.iterdir()} == {file.name, backup.name}


FIRST_REEL = """
INSERT INTO videos (id, title, description, source_name, source_sha256, layout, chunk_duration,
    status, created_at, updated_at) VALUES (1, 'Bridges', '', '', '', 'fit', 35, 'pending', '', '');
INSERT INTO video_chunks (id, video_id, chunk_index, start_time, end_time, duration, created_at)
    VALUES (1, 1, 0, 0, 35, 35, '');
INSERT INTO reels (id, video_id, chunk_id, chunk_index, reel_start, reel_end, review_status,
    publish_status, created_at, updated_at)
    VALUES (1, 1, 1, 0, 0, 35, 'approved', 'pending', '', '');
"""


def test_reels_of_the_first_version_are_kept_with_their_verdict(
    url: str, file: Path, tmp_path: Path
) -> None:
    first = tmp_path / "first"
    shutil.copytree(MIGRATIONS, first, ignore=shutil.ignore_patterns("__pycache__", "r000[2-9]*"))
    file.parent.mkdir()
    bring_up_to_date(parse(url), first)
    with closing(sqlite3.connect(file)) as old:
        old.executescript(FIRST_REEL)
    Store.open(url, file.parent / "videos").close()
    kept = "SELECT review_status, text_version, folder_version FROM reels"
    assert rows(file, kept) == [("approved", 0, None)]


def test_nothing_is_migrated_without_its_backup(
    filled: Store, url: str, file: Path, later: Later
) -> None:
    (file.with_name("gravix.db.before-9999.bak") / "taken").mkdir(parents=True)
    with pytest.raises(StoreUnusable, match="cannot be backed up"):
        bring_up_to_date(parse(url), later(ADDS_A_COLUMN))
    assert rows(file, "SELECT version_num FROM alembic_version") == [("0008",)]
    assert not list(file.parent.glob("*.tmp"))


def test_backup_can_be_put_back(filled: Store, url: str, file: Path, later: Later) -> None:
    bring_up_to_date(parse(url), later(ADDS_A_COLUMN))
    file.with_name("gravix.db.before-9999.bak").replace(file)
    again = Store.open(url, file.parent / "videos")
    with again.begin() as tx:
        assert len(tx.reels.of_video(1)) == 1
    again.close()


def test_backup_holds_what_only_the_log_had_after_a_crash(
    store: Store, video: Video, file: Path, later: Later, tmp_path: Path
) -> None:
    crashed = tmp_path / "crashed"
    shutil.copytree(file.parent, crashed)  # as a killed process leaves it: the log is full
    assert (crashed / "gravix.db-wal").stat().st_size > 0
    url = f"sqlite:///{(crashed / 'gravix.db').as_posix()}"
    bring_up_to_date(parse(url), later(ADDS_A_COLUMN))
    assert rows(crashed / "gravix.db.before-9999.bak", "SELECT title FROM videos") == [("Bridges",)]


def test_rebuilding_a_table_keeps_what_refers_to_it(
    filled: Store, url: str, file: Path, later: Later
) -> None:
    bring_up_to_date(parse(url), later(REBUILDS_VIDEOS))
    assert rows(file, "SELECT name FROM videos") == [("Bridges",)]
    assert rows(file, "SELECT count(*) FROM reels") == [(1,)]


def test_migration_that_fails_leaves_everything_as_it_was(
    filled: Store, url: str, file: Path, later: Later
) -> None:
    with pytest.raises(RuntimeError, match="half way"):
        bring_up_to_date(parse(url), later(FAILS_HALF_WAY))
    assert rows(file, "SELECT version_num FROM alembic_version") == [("0008",)]
    again = Store.open(url, file.parent / "videos")
    with again.read() as tx:
        assert [video.title for video in tx.videos.recent()] == ["Bridges"]
    again.close()


def test_migration_that_breaks_references_is_taken_back(
    filled: Store, url: str, file: Path, later: Later
) -> None:
    with pytest.raises(StoreUnusable, match="reels, video_chunks"):
        bring_up_to_date(parse(url), later(LOSES_VIDEOS))
    assert rows(file, "SELECT count(*) FROM videos") == [(1,)]


def test_database_of_a_newer_gravix_is_refused_and_untouched(
    filled: Store, url: str, file: Path, later: Later
) -> None:
    bring_up_to_date(parse(url), later(ADDS_A_COLUMN))
    before, names = file.read_bytes(), sorted(file.parent.iterdir())
    with pytest.raises(StoreTooNew, match=r"^gravix\.db was written by a newer Gravix") as caught:
        Store.open(url, file.parent / "videos")
    assert str(file.parent) not in str(caught.value)
    assert file.read_bytes() == before
    assert sorted(file.parent.iterdir()) == names


@pytest.mark.parametrize("content", [b"not a database", b"PK\x03\x04" + bytes(9000)])
def test_file_that_is_no_database_is_refused_and_untouched(
    url: str, file: Path, content: bytes
) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    with pytest.raises(StoreUnusable, match="not a database"):
        Store.open(url, file.parent)
    assert file.read_bytes() == content
    assert list(file.parent.iterdir()) == [file]


def test_database_of_another_program_is_refused_and_untouched(url: str, file: Path) -> None:
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE bookmarks (address)")
    before = file.read_bytes()
    with pytest.raises(StoreUnusable, match="another program"):
        Store.open(url, file.parent)
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_empty_file_is_a_fresh_start(url: str, file: Path) -> None:
    file.parent.mkdir()
    file.touch()
    Store.open(url, file.parent).close()
    assert rows(file, "SELECT count(*) FROM videos") == [(0,)]


def test_folder_that_cannot_be_made_is_named_without_its_path(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(StoreUnusable, match=r"folder of gravix\.db cannot be made") as caught:
        Store.open(f"sqlite:///{tmp_path}/taken/gravix.db", tmp_path)
    assert str(tmp_path) not in str(caught.value)


def test_folder_in_the_place_of_the_file_is_unusable(url: str, file: Path) -> None:
    file.mkdir(parents=True)
    with pytest.raises(StoreUnusable, match="unable to open") as caught:
        Store.open(url, file.parent)
    assert str(file.parent) not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?uri=true"]
)
def test_sqlite_without_a_plain_file_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="must be a file"):
        Store.open(address, tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sesame",
        "nosuch://me:sesame@host/db",
        "postgresql://me:sesame@host:port/db",
        "postgresql+sesame://me:sesame@host/db",
    ],
)
def test_useless_address_is_refused_without_showing_it(address: str, tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable) as caught:
        Store.open(address, tmp_path)
    assert "me:sesame" not in str(caught.value)


def test_turning_the_log_on_waits_for_others(file: Path) -> None:
    file.parent.mkdir()
    with closing(sqlite3.connect(file, check_same_thread=False)) as other:
        other.execute("CREATE TABLE held (x)")
        other.execute("INSERT INTO held VALUES (1)")
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(use_wal, file, patience=30)
            time.sleep(1.5)  # longer than SQLite itself waits
            assert not waiting.done()
            other.commit()
            waiting.result()
    assert rows(file, "PRAGMA journal_mode") == [("wal",)]


def test_migrating_leaves_the_logging_of_the_program_alone(url: str, file: Path) -> None:
    root = logging.getLogger()
    bystander = logging.getLogger("gravix.bystander")
    before = (root.level, list(root.handlers))
    Store.open(url, file.parent).close()
    assert (root.level, list(root.handlers)) == before
    assert not bystander.disabled
