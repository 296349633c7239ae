"""One dashboard per data directory, whatever becomes of the one before."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gravix_core.errors import FileUnwritable, StatusConflict
from gravix_core.jobs.seat import ADDRESS, LOCK, Seat

ROOT = Path(__file__).resolve().parents[2]
HOLDER = (
    "import sys; from pathlib import Path; from gravix_core.jobs.seat import Seat;"
    "seat = Seat(Path(sys.argv[1])); seat.take(); print('sits', flush=True); sys.stdin.read()"
)


@contextmanager
def held_by_another(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process sits there."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "sits\n"
            yield process
        finally:
            process.kill()


def test_a_free_seat_is_taken_and_given_back(tmp_path: Path) -> None:
    seat = Seat(tmp_path / "data")
    seat.take()
    assert seat.is_taken()
    seat.release()
    assert not seat.is_taken()


def test_taking_and_releasing_twice_is_harmless(tmp_path: Path) -> None:
    seat = Seat(tmp_path)
    for deed in (seat.take, seat.take, seat.release, seat.release):
        deed()
    assert not Seat(tmp_path).is_taken()


def test_asking_makes_no_file(tmp_path: Path) -> None:
    assert not Seat(tmp_path / "data").is_taken()
    assert not list(tmp_path.iterdir())


def test_asking_does_not_disturb_the_holder(tmp_path: Path) -> None:
    holder, other = Seat(tmp_path), Seat(tmp_path)
    holder.take()
    assert [other.is_taken() for _ in range(3)] == [True] * 3
    with pytest.raises(StatusConflict):
        other.take()


def test_it_may_be_released_in_another_thread(tmp_path: Path) -> None:
    seat = Seat(tmp_path)
    taker = threading.Thread(target=seat.take)
    taker.start()
    taker.join()
    seat.release()
    assert not Seat(tmp_path).is_taken()


def test_many_who_ask_at_once_find_a_free_seat_free(tmp_path: Path) -> None:
    (tmp_path / LOCK).touch()
    found: list[bool] = []
    askers = [
        threading.Thread(target=lambda: found.extend(Seat(tmp_path).is_taken() for _ in range(20)))
        for _ in range(4)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert found == [False] * 80


def test_another_process_is_told_who_sits_there(tmp_path: Path) -> None:
    with held_by_another(tmp_path):
        Seat(tmp_path).announce("http://localhost:8501")
        with pytest.raises(StatusConflict, match="another dashboard works on this data") as caught:
            Seat(tmp_path).check()
    assert caught.value.hint == "Open http://localhost:8501, or stop that one first."


def test_the_seat_of_a_killed_process_is_free_at_once(tmp_path: Path) -> None:
    with held_by_another(tmp_path) as process:
        Seat(tmp_path).announce("http://localhost:1")
        process.kill()
        process.wait()
        seat = Seat(tmp_path)
        seat.take()
    assert seat.address() is None


def test_a_child_of_the_holder_does_not_hold_it(tmp_path: Path) -> None:
    seat = Seat(tmp_path)
    seat.take()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        seat.release()
        assert not Seat(tmp_path).is_taken()
        child.kill()


def test_the_address_goes_with_the_holder(tmp_path: Path) -> None:
    seat = Seat(tmp_path)
    seat.take()
    seat.announce("http://localhost:8501")
    assert Seat(tmp_path).address() == "http://localhost:8501"
    seat.release()
    assert not (tmp_path / ADDRESS).exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(FileUnwritable, match=LOCK):
        Seat(tmp_path / "data").take()
