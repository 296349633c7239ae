"""A disk that is full in mid-render costs no reel that is there, and the rest follow later.

Where root may not mount a small disk, the device that is always full stands in for it: what
ffmpeg writes goes there, so that the system itself says that there is no room.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from gravix_core.media.process import ffmpeg_program
from tests.crash import ledger
from tests.crash.engines import DASHBOARD, SMALL, Yard, at_work
from tests.crash.films import make_film
from tests.crash.storm import AT_REST, WHOLE_WITHIN
from tests.crash.test_restart import hand_in
from tests.media.processes import wait_until
from tests.media.small_disk import small_disk

pytestmark = pytest.mark.slow

SECONDS = 30.0
MEGABYTES = 24.0
"""Room for the film and all of its reels."""

NOTICED = ("disk is full", "had no room to write")

FULL_NOW_AND_THEN = """#!/bin/sh
if [ -e {flag} ]; then
    for word do
        shift
        case $word in *.tmp) word=/dev/full ;; esac
        set -- "$@" "$word"
    done
fi
exec {ffmpeg} "$@"
"""


@dataclass(frozen=True)
class Disk:
    """What an engine works on."""

    yard: Yard
    fill: Callable[[], object]
    free: Callable[[], object]


@contextmanager
def small(folder: Path) -> Iterator[Disk]:
    """All that the product writes, its database too, lies on a disk of a few megabytes."""
    film = make_film(folder / "film.mp4", seconds=SECONDS)
    with small_disk(folder / "data", MEGABYTES) as disk:
        hog = disk / "hog"

        yield Disk(Yard(folder, film), partial(_fill, hog), hog.unlink)


def _fill(hog: Path) -> None:
    """Take all the room that there is, whoever else takes some meanwhile."""
    descriptor = os.open(hog, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (1 << 16, 1 << 10):
            with suppress(OSError):
                while os.write(descriptor, bytes(size)):
                    pass
    finally:
        os.close(descriptor)


@contextmanager
def always_full(folder: Path) -> Iterator[Disk]:
    """As soon as it is filled, nothing that ffmpeg makes has room."""
    film = make_film(folder / "film.mp4", seconds=SECONDS)
    flag, program = folder / "full", folder / "ffmpeg"
    words = {"flag": shlex.quote(str(flag)), "ffmpeg": shlex.quote(str(ffmpeg_program()))}
    program.write_text(FULL_NOW_AND_THEN.format(**words))
    program.chmod(0o755)
    yard = Yard(folder, film, {**SMALL, "FFMPEG_PATH": str(program)})
    yield Disk(yard, flag.touch, flag.unlink)


@pytest.fixture(params=["a small disk", "a device that is full"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    kind = small if request.param == "a small disk" else always_full
    if kind is small and os.geteuid() != 0:
        kind = always_full
    with ExitStack() as stack:
        yield stack.enter_context(kind(tmp_path))


def test_after_room_is_made_the_rest_of_the_reels_follow(disk: Disk) -> None:
    yard = disk.yard
    with at_work(yard, DASHBOARD) as engine:
        engine.until_healthy()
        hand_in(yard)
        wait_until(lambda: len(yard.reels()) >= 2, "two reels are there")
        disk.fill()
        wait_until(lambda: any(said in engine.said() for said in NOTICED), "it is noticed")
        made = yard.recorded(yard.rows)
        disk.free()
        wait_until(lambda: _is_done(yard), "all is done", within=WHOLE_WITHIN)
    assert {name: yard.stamps()[name] for name in made} == made
    assert ledger.complaints(yard, seconds=SECONDS) == []


def _is_done(yard: Yard) -> bool:
    """Nobody has to ask again: nothing fails for want of room, it waits."""
    assert not yard.rows("SELECT 1 FROM jobs WHERE status = 'failed'")
    return yard.rows(AT_REST) == [(0,)]
