"""What is no video is refused in one clear sentence, and nothing is asked for on the way."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gravix_core.errors import GravixError, MediaUnreadable, SourceRefused, ToolFailed
from gravix_core.media.probe import probe
from gravix_core.stages.source.upload import UploadSource
from tests.media.clips import Clips, bytes_of
from tests.media.counting import LURES, Counter, counting_server, lures
from tests.media.renders import Listener, make, plan_for

pytestmark = pytest.mark.slow

BROKEN: dict[str, tuple[str, Callable[[Clips], bytes]]] = {
    "text.mp4": ("cannot be read", lambda clips: b"This is a letter, not a video.\n" * 50),
    "random.mp4": (
        "cannot be read",
        lambda clips: bytes((n * 7919 >> 5) % 256 for n in range(9999)),
    ),
    "empty.mp4": ("is empty", lambda clips: b""),
    "cut_tail.mp4": ("is cut off", lambda clips: bytes_of(clips("fast.mp4"), keep=900_000)),
    "no_moov.mp4": ("cannot be read", lambda clips: bytes_of(clips("last.mp4"), keep=700_000)),
    "cut.mkv": ("is cut off", lambda clips: bytes_of(clips("whole.mkv"), keep=700_000)),
    "cut_offset.mkv": (
        "is cut off",
        lambda clips: bytes_of(clips("flash_offset.mkv"), keep=200_000),
    ),
    "head_only.mkv": ("", lambda clips: bytes_of(clips("whole.mkv"), keep=900)),
    "sound.m4a": ("sound but no picture", lambda clips: clips("sound_only.m4a").read_bytes()),
    "cover.m4a": ("sound but no picture", lambda clips: clips("sound_and_cover.m4a").read_bytes()),
    "still.png": ("cannot be read", lambda clips: clips("cover.png").read_bytes()),
}
LOCAL = ("list.m3u8", "list.ffconcat", "concat.mp4")
SHORT = {"one_frame.mp4": "0.03 s", "blink.mp4": "0.40 s", "almost.mp4": "2.90 s"}


@pytest.fixture
def server() -> Iterator[Counter]:
    with counting_server() as counter:
        yield counter


def refusal(look: Callable[[], object]) -> str:
    with pytest.raises(GravixError) as caught:
        look()
    assert caught.value.hint.endswith(".")
    return str(caught.value)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_in_one_sentence_that_names_it(
    clips: Clips, tmp_path: Path, name: str
) -> None:
    reason, content = BROKEN[name]
    file = tmp_path / name
    file.write_bytes(content(clips))
    said = refusal(lambda: probe(file))
    assert said.startswith(name)
    assert reason in said
    assert len(said.splitlines()) == 1
    assert str(tmp_path) not in said


@pytest.mark.parametrize("damage", [300_000, 600_000])
def test_flipped_bytes_in_the_middle_do_not_break_the_probe(
    clips: Clips, tmp_path: Path, damage: int
) -> None:
    file = tmp_path / "scratched.mp4"
    data = bytearray(clips("last.mp4").read_bytes())
    data[damage : damage + 400] = bytes(range(200)) * 2
    file.write_bytes(data)
    assert probe(file).duration == pytest.approx(5.28)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaUnreadable, match=r"^no\.mp4 is not a file$"):
        probe(tmp_path / "no.mp4")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "film.mp4"
    folder.mkdir()
    with pytest.raises(MediaUnreadable, match="is not a file"):
        probe(folder)


@pytest.mark.parametrize(("name", "length"), SHORT.items())
def test_a_source_under_three_seconds_is_refused_with_its_length(
    clips: Clips, name: str, length: str
) -> None:
    with pytest.raises(SourceRefused, match=length):
        UploadSource().look(str(clips(name)), watch=Listener())


def test_the_counting_server_counts(server: Counter) -> None:
    with pytest.raises((urllib.error.URLError, OSError)):
        urllib.request.urlopen(server.address(), timeout=5)
    assert server.seen == [str(b"GET /video.mp4 HTTP/1.1\r\n")]


@pytest.mark.parametrize("name", LURES)
def test_a_play_list_is_refused_and_what_it_names_is_never_asked_for(
    server: Counter, tmp_path: Path, name: str
) -> None:
    lure = tmp_path / name
    lure.write_text(lures(server.address())[name], encoding="utf-8")
    assert "cannot be read as a video" in refusal(lambda: probe(lure))
    assert server.seen == []


@pytest.mark.parametrize("name", LURES)
def test_a_play_list_that_takes_the_place_of_the_source_is_not_rendered(
    clips: Clips, server: Counter, tmp_path: Path, reel: Path, name: str
) -> None:
    lure = tmp_path / name
    lure.write_text(lures(server.address())[name], encoding="utf-8")
    plan = replace(plan_for(clips("plain.mp4")), source=lure)
    with pytest.raises(ToolFailed):
        make(plan, reel)
    assert server.seen == []


@pytest.mark.parametrize("name", LOCAL)
def test_a_play_list_of_files_beside_it_is_refused_too(
    clips: Clips, tmp_path: Path, name: str
) -> None:
    lure = local_lure(clips, tmp_path, name)
    assert "cannot be read as a video" in refusal(lambda: probe(lure))


@pytest.mark.parametrize("name", LOCAL)
def test_a_play_list_of_files_beside_it_is_not_rendered(
    clips: Clips, tmp_path: Path, reel: Path, name: str
) -> None:
    plan = plan_for(clips("plain.mp4"))
    with pytest.raises(ToolFailed):
        make(replace(plan, source=local_lure(clips, tmp_path, name)), reel)


def local_lure(clips: Clips, folder: Path, name: str) -> Path:
    (folder / "near.ts").write_bytes(clips("late_start.ts").read_bytes())
    lure = folder / name
    lure.write_text(lures("near.ts")[name], encoding="utf-8")
    return lure
