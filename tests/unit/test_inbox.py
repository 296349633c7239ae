"""What is sent in lies in its batch's folder: whole, under a name that every system takes."""

from __future__ import annotations

import errno
import os
import time
import unicodedata
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gravix_core.errors import DiskFull, FileUnwritable, SourceRefused, TooLarge
from gravix_core.media.inbox import DAY, Inbox, is_batch, move_file, safe_name
from tests.support import Quiet

BATCH, OTHER = "0123456789abcdef" * 2, "f" * 32
MATRA = "\u0995\u09be"
calm = settings(deadline=None)
"""A busy machine is no failure."""


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "uploads", limit_bytes=100)


def put(inbox: Inbox, name: str, data: bytes = b"video", batch: str = BATCH) -> Path:
    with inbox.receive(batch, name) as file:
        file.write(data)
    return inbox.folder / batch / safe_name(name)


def age(folder: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(folder, (then, then))


def test_a_file_is_there_when_all_of_it_has_come(inbox: Inbox) -> None:
    with inbox.receive(BATCH, "talk.mp4") as file:
        file.write(b"one ")
        file.write(b"two")
        assert inbox.files(BATCH) == ()
    assert [found.read_bytes() for found in inbox.files(BATCH)] == [b"one two"]
    assert file.byte_size == 7


def test_nothing_is_left_of_a_file_that_did_not_come_whole(inbox: Inbox) -> None:
    with suppress(EOFError), inbox.receive(BATCH, "talk.mp4") as file:
        file.write(b"one")
        raise EOFError
    assert list(inbox.folder.iterdir()) == []


def test_a_failed_second_file_leaves_the_first_alone(inbox: Inbox) -> None:
    first = put(inbox, "talk.mp4")
    with pytest.raises(TooLarge):
        put(inbox, "talk.mp4", bytes(101))
    assert inbox.files(BATCH) == (first,)
    assert first.read_bytes() == b"video"


def test_the_same_name_again_takes_the_place_of_the_first(inbox: Inbox) -> None:
    put(inbox, "talk.mp4", b"old")
    file = put(inbox, "talk.mp4", b"new")
    assert inbox.files(BATCH) == (file,)
    assert file.read_bytes() == b"new"


def test_a_file_may_have_the_limit_and_not_one_byte_more(inbox: Inbox) -> None:
    put(inbox, "talk.mp4", bytes(100))
    with pytest.raises(TooLarge), inbox.receive(BATCH, "talk.mp4", announced=101):
        pytest.fail("it was let in")


def test_a_file_that_has_no_room_is_refused_before_it_comes(tmp_path: Path) -> None:
    endless = Inbox(tmp_path / "uploads", limit_bytes=1 << 62)
    with pytest.raises(DiskFull), endless.receive(BATCH, "talk.mp4", announced=1 << 61):
        pytest.fail("it was let in")
    assert not endless.folder.exists()


@pytest.mark.parametrize(
    "batch", ["", "..", "a" * 31, "a" * 33, "A" * 32, "g" * 32, f"{'a' * 31}\n", f"../{'a' * 29}"]
)
def test_a_batch_is_a_number_and_never_a_path(inbox: Inbox, batch: str) -> None:
    assert not is_batch(batch)
    for use in (inbox.files, inbox.drop, lambda name: put(inbox, "a.mp4", batch=name)):
        with pytest.raises(SourceRefused):
            use(batch)


def test_a_batch_can_be_dropped_twice(inbox: Inbox) -> None:
    put(inbox, "talk.mp4")
    inbox.drop(BATCH)
    inbox.drop(BATCH)
    assert inbox.files(BATCH) == ()


def test_a_file_tells_its_batch(inbox: Inbox, tmp_path: Path) -> None:
    assert inbox.batch_of(put(inbox, "talk.mp4")) == BATCH
    assert inbox.batch_of(inbox.folder / BATCH / "gone.mp4") == BATCH
    assert inbox.batch_of(inbox.folder / "mine" / "talk.mp4") is None
    assert inbox.batch_of(tmp_path / BATCH / "talk.mp4") is None


def test_the_sweep_takes_old_batches_that_nobody_refers_to(inbox: Inbox) -> None:
    for batch in (BATCH, OTHER):
        age(put(inbox, "talk.mp4", batch=batch).parent, DAY + 60)
    inbox.sweep(lambda batch: batch == OTHER, alive=lambda pid: True)
    assert [folder.name for folder in inbox.folder.iterdir()] == [OTHER]


def test_the_sweep_leaves_what_may_still_be_on_its_way(inbox: Inbox) -> None:
    file = put(inbox, "talk.mp4")
    age(file.parent, DAY + 60)
    put(inbox, "talk.srt")
    inbox.sweep(lambda batch: False, alive=lambda pid: True)
    assert file.is_file()


def test_the_sweep_takes_what_a_crash_has_left_and_no_strange_file(inbox: Inbox) -> None:
    file = put(inbox, "talk.mp4")
    draft = file.with_name("talk.srt.12345-0badcafe.tmp")
    strange = inbox.folder / "mine"
    draft.touch()
    strange.mkdir()
    age(strange, DAY + 60)
    inbox.sweep(lambda batch: False, alive=lambda pid: False)
    assert (draft.exists(), strange.exists(), file.exists()) == (False, True, True)


def test_there_may_be_nothing_to_sweep(inbox: Inbox) -> None:
    inbox.sweep(lambda batch: False, alive=lambda pid: False)
    assert not inbox.folder.exists()


def test_a_file_is_moved_without_being_written_again(tmp_path: Path) -> None:
    file, target = tmp_path / "a.mp4", tmp_path / "videos" / "1" / "source.mp4"
    file.write_bytes(b"video")
    inode = file.stat().st_ino
    move_file(file, target, watch=Quiet())
    assert (target.stat().st_ino, file.exists()) == (inode, False)


def test_a_file_is_copied_and_removed_where_it_cannot_be_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, target = tmp_path / "a.mp4", tmp_path / "b.mp4"
    file.write_bytes(b"video")
    unwilling(file, errno.EXDEV, monkeypatch)
    move_file(file, target, watch=Quiet())
    assert (target.read_bytes(), file.exists()) == (b"video", False)


def test_a_move_that_is_refused_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, target = tmp_path / "a.mp4", tmp_path / "b.mp4"
    file.write_bytes(b"video")
    unwilling(file, errno.EACCES, monkeypatch)
    with pytest.raises(FileUnwritable):
        move_file(file, target, watch=Quiet())
    assert (target.exists(), file.exists()) == (False, True)


def unwilling(file: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `file`, and no other, be renamed no more."""

    def replace(source: Path, target: Path) -> None:
        if source == file:
            raise OSError(number, os.strerror(number))
        source.rename(target)

    monkeypatch.setattr(Path, "replace", replace)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Bridges of Köln.mp4", "Bridges of Köln.mp4"),
        ("橋とは何か.webm", "橋とは何か.webm"),
        ("Ко\u0438\u0306.mov", "Кой.mov"),
        ("می\u200cخواهم.mp4", "می\u200cخواهم.mp4"),
        ("👩\u200d🚀.mp4", "👩\u200d🚀.mp4"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\films\\a.mp4", "a.mp4"),
        ("a.mp4\0.txt", "a.mp4.txt"),
        ("two\nlines\r.mp4", "twolines.mp4"),
        ("evil\u202e4pm.exe", "evil4pm.exe"),
        ("-rf.mp4", "rf.mp4"),
        (".hidden.mp4", "hidden.mp4"),
        ("what? a:b*c.mp4", "what_ a_b_c.mp4"),
        ("con.mp4", "_con.mp4"),
        ("nul.tape.mp4", "_nul.tape.mp4"),
        ("talk.mp4. . ", "talk.mp4"),
        ("talk .mp4", "talk.mp4"),
        ("..", "video"),
        ("", "video"),
        (" /.mp4", "mp4"),
        ("a." + "b" * 30, "a." + "b" * 30),
    ],
)
def test_a_name_is_made_safe_and_stays_readable(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize("suffix", [".mp4", ".json3"])
def test_a_long_name_is_cut_so_that_its_transcript_still_fits(suffix: str) -> None:
    name = safe_name(MATRA * 42 + suffix)  # 252 bytes and the suffix
    assert Path(name).stem == Path(safe_name(MATRA * 42)).stem
    assert len(name.encode()) <= 200
    assert name.endswith(suffix)


@calm
@given(st.text(max_size=300))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    safe = safe_name(name)
    assert Path(safe).name == safe
    assert 0 < len(safe.encode()) <= 200
    assert not any(unicodedata.category(char) == "Cc" for char in safe)
    assert safe_name(safe) == safe
