"""A disk that is full in the middle of a render."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gravix_core.errors import DiskFull
from gravix_core.media.files import copy_file
from tests.media.clips import Clips
from tests.media.renders import Listener, make, plan_for
from tests.media.small_disk import small_disk

pytestmark = pytest.mark.slow


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 2) as folder:
        yield folder


def test_a_full_disk_is_called_one_and_leaves_nothing(clips: Clips, disk: Path) -> None:
    with pytest.raises(DiskFull):
        make(plan_for(clips("noise.mp4")), disk / "reel.mp4")
    assert list(disk.iterdir()) == []


def test_the_reel_of_before_outlives_a_full_disk(clips: Clips, disk: Path) -> None:
    made = make(plan_for(clips("plain.mp4")), disk / "reel.mp4")
    before = made.file.read_bytes()
    with pytest.raises(DiskFull):
        make(plan_for(clips("noise.mp4")), disk / "reel.mp4")
    assert made.file.read_bytes() == before
    assert sorted(file.name for file in disk.iterdir()) == ["reel.jpg", "reel.mp4"]


def test_a_copy_that_does_not_fit_is_not_begun(clips: Clips, disk: Path) -> None:
    with pytest.raises(DiskFull, match="MB are needed"):
        copy_file(clips("noise.mp4"), disk / "source.mp4", watch=Listener())
    assert list(disk.iterdir()) == []


def test_after_room_is_made_the_same_render_works(clips: Clips, disk: Path) -> None:
    hog = disk / "hog"
    hog.write_bytes(bytes(1_990_000))
    with pytest.raises(DiskFull):
        make(plan_for(clips("plain.mp4")), disk / "reel.mp4")
    hog.unlink()
    assert make(plan_for(clips("plain.mp4")), disk / "reel.mp4").report.accepted
