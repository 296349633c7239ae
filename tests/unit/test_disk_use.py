"""What the house takes of the disk, by what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from gravix_core.desks.disk import FRESH, Disk


class Clock:
    """Stands still until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def disk(tmp_path: Path, clock: Clock) -> Disk:
    database = tmp_path / "gravix.db"
    return Disk(tmp_path / "videos", tmp_path / "uploads", database=database, clock=clock)


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("videos/7/source.mp4", "sources"),
        ("videos/7/source.mp4.12-0123abcd.tmp", "sources"),
        ("videos/7/reels/1.mp4", "reels"),
        ("videos/7/reels/1.jpg", "reels"),
        ("videos/7/thumbnail.jpg", "previews"),
        ("videos/7/proxy.mp4", "previews"),
        ("videos/7/chunks/1.mp4", "previews"),
        ("uploads/0123/talk.mp4", "uploads"),
        ("gravix.db", "database"),
        ("gravix.db-wal", "database"),
        ("gravix.db.before-0002.bak", "database"),
        ("folder/Bridges 01.mp4", None),
        ("dashboard.lock", None),
    ],
)
def test_every_file_is_counted_under_one_name(
    disk: Disk, tmp_path: Path, file: str, kind: str | None
) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_bytes(b"x" * 1000)
    use = disk.use()
    names = ("sources", "reels", "previews", "uploads", "database")
    assert {name: getattr(use, name) for name in names if getattr(use, name)} == (
        {kind: 1000} if kind else {}
    )


def test_an_empty_house_takes_nothing_and_knows_what_is_free(disk: Disk, tmp_path: Path) -> None:
    use = disk.use()
    assert (use.sources, use.reels, use.previews, use.uploads, use.database) == (0, 0, 0, 0, 0)
    assert use.free > 0
    assert not list(tmp_path.iterdir())


def test_files_are_counted_again_after_a_while_only(
    disk: Disk, tmp_path: Path, clock: Clock
) -> None:
    disk.use()
    (tmp_path / "gravix.db").write_bytes(b"x" * 1000)
    clock.now += FRESH - 0.1
    assert disk.use().database == 0
    clock.now += 0.1
    assert disk.use().database == 1000


def test_links_out_of_the_house_are_not_followed(disk: Disk, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "big.mp4").write_bytes(b"x" * 100_000)
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "7").symlink_to(tmp_path / "far")
    assert disk.use().sources == 0


def test_a_database_elsewhere_takes_nothing_here(tmp_path: Path) -> None:
    assert Disk(tmp_path / "videos", tmp_path / "uploads", database=None).use().database == 0
