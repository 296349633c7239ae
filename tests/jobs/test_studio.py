"""The studio as a dashboard: it sits down, works, and gets up again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gravix_core.errors import StatusConflict, StoreUnusable
from gravix_core.jobs.seat import Seat
from gravix_core.settings import Settings
from gravix_core.studio import Studio

DEAD = 999_999_999
"""No process has this id."""


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = Studio.open(Settings.load(data_dir=tmp_path, env_file=None))
    yield studio
    studio.close()


def workers() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("worker")]


def test_opening_takes_no_seat_and_hires_nobody(studio: Studio) -> None:
    assert not studio.seat.is_taken()
    assert workers() == []


def test_starting_takes_the_seat_and_hires_as_many_as_asked_for(studio: Studio) -> None:
    studio.start()
    assert studio.seat.is_taken()
    assert len(workers()) == studio.settings.gravix_workers


def test_closing_frees_the_seat_and_may_be_done_twice(studio: Studio, tmp_path: Path) -> None:
    studio.start()
    studio.close()
    studio.close()
    assert (Seat(tmp_path).is_taken(), workers()) == (False, [])


def test_a_second_one_does_not_start_and_does_not_disturb(studio: Studio) -> None:
    studio.start()
    second = Studio.open(studio.settings)
    with pytest.raises(StatusConflict, match="another dashboard"):
        second.start()
    second.close()
    assert studio.seat.is_taken()


def test_a_start_that_fails_gives_the_seat_back(studio: Studio) -> None:
    studio.store.close()
    with pytest.raises(StoreUnusable):
        studio.start()
    assert (studio.seat.is_taken(), workers()) == (False, [])


def test_starting_removes_what_dead_processes_were_writing(studio: Studio, tmp_path: Path) -> None:
    folder = tmp_path / "videos" / "1" / "reels"
    folder.mkdir(parents=True)
    left, own = folder / f"1.mp4.{DEAD}-0123abcd.tmp", folder / "2.mp4"
    for file in (left, own):
        file.touch()
    studio.start()
    assert list(folder.iterdir()) == [own]
