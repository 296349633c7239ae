"""Bad input ends with code 2, one message, one hint, and nothing requested or left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import House, Said
from tests.media.clips import Clips, bytes_of
from tests.media.counting import Counter, lures

pytestmark = pytest.mark.slow

CLIPS = {
    "one_frame.mp4": "0.03 s",
    "almost.mp4": "2.90 s",
    "sound_only.m4a": "sound but no picture",
    "cover.png": "cannot be read as a video",
}
ADDRESSES = {
    "{server}": "not taken",
    "HTTP://{server_host}/a.mp4": "not taken",
    "file:///etc/hostname": "not taken",
    "ftp://127.0.0.1/a.mp4": "not taken",
    "rtmp://127.0.0.1/live": "not taken",
    "https://www.youtube.com/playlist?list=PLdQw4w9WgXcQ": "playlist",
    "youtube.com/@gravix": "channel",
    "concat:{clip}|{clip}": "",
    "pipe:0": "",
    "data:video/mp4;base64,AAAA": "",
    "-": "",
    "": "",
}


def assert_refused(said: Said, reason: str = "") -> None:
    assert said.code == 2
    assert said.out == ""
    assert len(said.err.splitlines()) == 2, said.err
    assert "Traceback" not in said.err
    assert reason in said.err.splitlines()[0]
    assert all(line.endswith(".") for line in said.err.splitlines())


def broken_files(clips: Clips, folder: Path) -> dict[str, tuple[Path, str]]:
    contents = {
        "letter.mp4": (b"Dear reader,\n" * 99, "cannot be read as a video"),
        "random.mp4": (bytes((n * 7919 >> 5) % 256 for n in range(9999)), "cannot be read"),
        "empty.mp4": (b"", "is empty"),
        "cut.mp4": (bytes_of(clips("fast.mp4"), keep=900_000), "is cut off"),
        "cut.mkv": (bytes_of(clips("whole.mkv"), keep=700_000), "is cut off"),
    }
    for name, (content, _) in contents.items():
        (folder / name).write_bytes(content)
    return {name: (folder / name, reason) for name, (_, reason) in contents.items()}


@pytest.mark.parametrize("name", ["letter.mp4", "random.mp4", "empty.mp4", "cut.mp4", "cut.mkv"])
def test_a_broken_file_is_refused(clips: Clips, house: House, tmp_path: Path, name: str) -> None:
    file, reason = broken_files(clips, tmp_path)[name]
    assert_refused(house.run("process", file, "--json"), reason)


@pytest.mark.parametrize(("name", "reason"), CLIPS.items())
def test_what_cannot_become_a_reel_is_refused(
    clips: Clips, house: House, name: str, reason: str
) -> None:
    assert_refused(house.run("process", clips(name), "--json"), reason)


def test_a_missing_file_and_a_folder_are_refused(house: House, tmp_path: Path) -> None:
    assert_refused(house.run("process", tmp_path / "no.mp4"), "does not exist")
    assert_refused(house.run("process", tmp_path), "is a folder")


@pytest.mark.parametrize(("address", "reason"), ADDRESSES.items())
def test_an_address_is_refused_and_nothing_is_requested(
    clips: Clips, house: House, server: Counter, address: str, reason: str
) -> None:
    host = f"127.0.0.1:{server.port}"
    given = address.format(server=server.address(), server_host=host, clip=clips("plain.mp4"))
    assert_refused(house.run("process", given, "--json"), reason)
    assert server.seen == []


def test_a_link_without_a_network_ends_with_a_sentence(house: House) -> None:
    nowhere = dict.fromkeys(("HTTPS_PROXY", "https_proxy"), "http://127.0.0.1:9")
    link = "https://youtu.be/dQw4w9WgXcQ"
    said = house.run("process", link, "--i-may-republish", "--json", env=nowhere)
    assert (said.code, said.out) == (1, "")
    assert len(said.err.splitlines()) == 2, said.err
    assert "upload the file instead" in said.err


@pytest.mark.parametrize("name", ["list.m3u8", "concat.mp4"])
def test_a_play_list_is_refused_and_nothing_is_requested(
    house: House, server: Counter, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    file.write_text(lures(server.address())[name], encoding="utf-8")
    assert_refused(house.run("process", file, "--json"), "cannot be read as a video")
    assert server.seen == []


def test_what_was_refused_leaves_no_video_behind(house: House, tmp_path: Path) -> None:
    house.run("process", tmp_path / "no.mp4")
    assert not list(house.data.rglob("source*"))


@pytest.mark.parametrize(
    "words",
    [
        ("process", "{clip}", "--layout", "round"),
        ("process", "{clip}", "--subtitles", "loud"),
        ("process", "{clip}", "--best", "-1"),
        ("process", "{clip}", "--colour", "red"),
        ("process",),
        ("polish", "{clip}"),
        (),
    ],
)
def test_a_wrong_use_is_code_2_with_the_usage(
    clips: Clips, house: House, words: tuple[str, ...]
) -> None:
    said = house.run(*(word.format(clip=clips("plain.mp4")) for word in words), data=False)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("usage:")
    assert "Traceback" not in said.err


def test_a_bad_setting_is_named_and_its_value_is_not_shown(clips: Clips, house: House) -> None:
    said = house.run("process", clips("plain.mp4"), env={"REEL_WIDTH": "sekret-7"})
    assert_refused(said, "REEL_WIDTH")
    assert "sekret" not in said.err


def test_only_debug_shows_a_traceback(house: House, tmp_path: Path) -> None:
    said = house.run("process", tmp_path / "no.mp4", "--debug")
    assert said.code == 2
    assert "Traceback" in said.err
