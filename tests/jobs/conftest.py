"""A database per test, copied from one that was migrated once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gravix_core.store.store import Store


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("empty") / "gravix.db"
    Store.open(f"sqlite:///{file}", file.parent / "videos").close()
    return file


@pytest.fixture
def store(empty_database: Path, tmp_path: Path) -> Iterator[Store]:
    file = shutil.copyfile(empty_database, tmp_path / "gravix.db")
    store = Store.open(f"sqlite:///{file}", tmp_path / "videos")
    yield store
    store.close()


@pytest.fixture
def video_id(store: Store) -> int:
    return add_video(store)


def add_video(store: Store) -> int:
    with store.begin() as tx:
        return tx.videos.add(
            title="t", source_name="t.mp4", source_sha256="0", layout="fit", chunk_duration=35
        ).id
