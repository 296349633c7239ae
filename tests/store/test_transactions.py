"""A transaction happens whole or not at all, from any thread, and its troubles are ours."""

from __future__ import annotations

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError

from gravix_core.errors import DiskFull, StoreUnusable
from gravix_core.model import JobType, Video
from gravix_core.store import Store, Transaction
from gravix_core.store.columns import NaiveTime
from gravix_core.store.tables import JobRow

THREADS = 16


def pragma(tx: Transaction, name: str) -> object:
    return tx.session.execute(sql(f"PRAGMA {name}")).scalar()


def new_job(key: str, run_after: datetime | None = None) -> JobRow:
    return JobRow(job_type=JobType.AI_METADATA, key=key, run_after=run_after)


def test_sqlite_is_told_how_to_behave(store: Store) -> None:
    with store.begin() as tx:
        assert pragma(tx, "journal_mode") == "wal"
        assert pragma(tx, "foreign_keys") == 1
        assert pragma(tx, "busy_timeout") == 30_000
        assert pragma(tx, "synchronous") == 1


def test_reader_is_told_how_to_behave(store: Store) -> None:
    with store.read() as tx:
        assert pragma(tx, "busy_timeout") == 30_000
        assert pragma(tx, "query_only") == 1


def test_block_that_raises_leaves_nothing(store: Store, video: Video) -> None:
    def half_a_deed() -> None:
        with store.begin() as tx:
            tx.logs.add(video.id, "half done")
            tx.videos.set_layout(video.id, "fit")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        half_a_deed()
    with store.read() as tx:
        assert tx.logs.of_video(video.id) == ()
        assert tx.videos.get(video.id) == video


def test_transaction_takes_the_write_lock_at_its_first_question(store: Store, file: Path) -> None:
    with store.begin() as tx, closing(sqlite3.connect(file, timeout=0)) as other:
        tx.videos.recent()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")


def test_reader_waits_for_no_writer_and_holds_up_none(store: Store, video: Video) -> None:
    with store.read() as reader:
        assert reader.logs.of_video(video.id) == ()
        with store.begin() as writer:
            writer.logs.add(video.id, "meanwhile")
            with store.read() as second:
                assert second.logs.of_video(video.id) == ()
        assert reader.logs.of_video(video.id) == ()
    with store.read() as later:
        assert len(later.logs.of_video(video.id)) == 1


def test_writing_while_reading_is_refused(store: Store, video: Video) -> None:
    with pytest.raises(StoreUnusable, match="readonly"), store.read() as tx:
        tx.logs.add(video.id, "not here")


def test_broken_reference_is_a_bug(store: Store) -> None:
    with pytest.raises(IntegrityError), store.begin() as tx:
        tx.logs.add(7, "of no video")


def test_video_with_reels_cannot_vanish(store: Store, video: Video) -> None:
    with store.begin() as tx:
        tx.logs.add(video.id, "here")
    with pytest.raises(IntegrityError), store.begin() as tx:
        tx.session.execute(sql("DELETE FROM videos"))


def test_id_of_a_deleted_row_does_not_come_back(store: Store) -> None:
    with store.begin() as tx:
        first = new_job("a")
        tx.session.add(first)
        tx.session.flush()
        tx.session.delete(first)
        tx.session.flush()
        second = new_job("b")
        tx.session.add(second)
        tx.session.flush()
        assert second.id > first.id


def test_naive_time_is_refused(store: Store) -> None:
    with pytest.raises(NaiveTime), store.begin() as tx:
        tx.session.add(new_job("a", datetime(2026, 11, 22, 12)))  # noqa: DTZ001


def test_time_of_any_zone_comes_back_as_the_same_moment_in_utc(store: Store) -> None:
    there = datetime(2026, 11, 22, 1, 30, 0, 5, tzinfo=timezone(timedelta(hours=5.5)))
    with store.begin() as tx:
        tx.session.add(new_job("a", there))
    with store.read() as tx:
        stored = pragma(tx, "user_version"), tx.session.get_one(JobRow, 1).run_after
        raw = tx.session.execute(sql("SELECT run_after FROM jobs")).scalar_one()
    assert stored[1] == there
    assert stored[1].tzinfo is UTC
    assert raw == "2026-11-21 20:00:00.000005"


def test_writers_from_many_threads_lose_nothing(store: Store, video: Video) -> None:
    start = threading.Barrier(THREADS)

    def write(thread: int) -> None:
        start.wait()
        for number in range(10):
            with store.begin() as tx:
                before = int(tx.videos.get(video.id).layout or 0)
                tx.videos.set_layout(video.id, f"{before + 1}")
                tx.logs.add(video.id, f"{thread}/{number}")

    with store.begin() as tx:
        tx.videos.set_layout(video.id, "0")
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, range(THREADS)))
    with store.read() as tx:
        assert tx.videos.get(video.id).layout == f"{THREADS * 10}"
        lines = {line.message for line in tx.logs.of_video(video.id, limit=1000)}
    assert lines == {f"{thread}/{number}" for thread in range(THREADS) for number in range(10)}


def test_full_disk_is_named_and_nothing_of_the_block_is_kept(store: Store, video: Video) -> None:
    with store.begin() as tx:
        tx.session.execute(sql(f"PRAGMA max_page_count = {pragma(tx, 'page_count')}"))
    with pytest.raises(DiskFull, match="cannot grow"), store.begin() as tx:
        [tx.logs.add(video.id, message) for message in ("small", "large" * 100_000)]
    with store.begin() as tx:
        assert tx.logs.of_video(video.id) == ()
        tx.session.execute(sql("PRAGMA max_page_count = 1000000"))
        tx.logs.add(video.id, "there is room again")


def test_database_locked_for_too_long_may_be_tried_again(store: Store, file: Path) -> None:
    with store.begin() as tx:
        pragma(tx, "busy_timeout = 20")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnusable, match="in use") as caught, store.begin() as tx:
            tx.videos.recent()
    assert caught.value.retryable
    with store.begin() as tx:
        assert tx.videos.recent() == ()


def test_damaged_table_is_unusable_and_its_error_shows_no_path(store: Store, file: Path) -> None:
    with store.begin() as tx:
        tx.session.execute(sql("DROP TABLE processing_logs"))
    with pytest.raises(StoreUnusable) as caught, store.read() as tx:
        tx.logs.of_video(1)
    assert "processing_logs" in str(caught.value)
    assert str(file.parent) not in str(caught.value)


def test_closed_store_leaves_one_whole_file(store: Store, video: Video, file: Path) -> None:
    store.close()
    store.close()
    assert [path.name for path in file.parent.iterdir()] == ["gravix.db"]
    with pytest.raises(StoreUnusable, match="closed"), store.begin():
        pass
    with pytest.raises(StoreUnusable, match="closed"), store.read():
        pass


def test_closing_empties_the_log_although_another_connection_is_open(
    store: Store, video: Video, file: Path
) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("SELECT * FROM videos").fetchall()
        store.close()
        assert file.with_name("gravix.db-wal").stat().st_size == 0


def test_closing_does_not_wait_long_for_a_reader(store: Store, video: Video, file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM videos").fetchall()
        with store.begin() as tx:
            tx.logs.add(video.id, "more")
        started = time.monotonic()
        store.close()
        assert time.monotonic() - started < 10
