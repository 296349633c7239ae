"""The trial of an encoder: with programs that misbehave in ffmpeg's place, and with one that plays
the chip by x264."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gravix_core.errors import SettingsError
from gravix_core.media.process import ffmpeg_program
from gravix_core.stages.render.encoders import (
    HARDWARE,
    NVENC,
    QSV,
    VAAPI,
    X264,
    Encoder,
    choose_encoder,
    trial,
)
from tests.media.processes import children, wait_until
from tests.media.test_process import program

pytestmark = pytest.mark.slow

PATIENT = 120.0
"""Seconds for a trial on a machine that is busy; what is tested here is not its length."""

CHIP = f"""
import os
words = [word.replace("hwupload", "null") for word in sys.argv[1:]]
if "-init_hw_device" in words:
    at = words.index("-init_hw_device")
    del words[at:at + 4]
encoding = "-c:v" in words
name = words[words.index("-c:v") + 1] if encoding else ""
if encoding:
    software = ["-c:v", "libx264", "-preset", "ultrafast"]
    words[words.index("-c:v"):words.index("-profile:v")] = software
def swap(old, new):
    if encoding:
        words[:] = [word.replace(old, new) for word in words]
{{twist}}
os.execv({str(ffmpeg_program())!r}, ["ffmpeg", *words])
"""
WRITE = "file = next(w for w in sys.argv if w.startswith('file:')).removeprefix('file:')\n"


@pytest.fixture(autouse=True)
def _nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever the program did, its files and its processes are gone."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    before = children()
    yield
    assert list(folder.iterdir()) == []
    wait_until(lambda: children() <= before, "the program is gone", within=10)


def chip(folder: Path, twist: str = "") -> Path:
    """The real ffmpeg, in which x264 plays every hardware encoder; `twist` may change `words`."""
    return Path(program(folder, CHIP.format(twist=twist)))


@pytest.mark.parametrize("encoder", [NVENC, VAAPI], ids=lambda one: one.name)
def test_an_encoder_that_does_its_work_passes(encoder: Encoder, tmp_path: Path) -> None:
    assert trial(encoder, chip(tmp_path), limit=PATIENT) is None


def test_x264_passes_its_own_trial() -> None:
    assert trial(X264, ffmpeg_program(), limit=PATIENT) is None


def test_a_program_that_refuses_is_quoted(tmp_path: Path) -> None:
    body = "sys.stderr.write('[h264_nvenc @ 0x1] No capable devices found\\nmore\\n'); sys.exit(1)"
    assert trial(NVENC, Path(program(tmp_path, body))) == "No capable devices found"


def test_a_program_that_hangs_is_ended(tmp_path: Path) -> None:
    began = time.monotonic()
    reason = trial(NVENC, Path(program(tmp_path, "time.sleep(600)")), limit=0.5)
    assert reason == "it took more than 0.5 s"
    assert time.monotonic() - began < 30


def test_a_program_that_talks_on_for_ever_is_ended(tmp_path: Path) -> None:
    body = "for n in range(9999):\n    print(f'frame={n}', flush=True)\n    time.sleep(0.1)"
    assert trial(NVENC, Path(program(tmp_path, body)), limit=0.5) == "it took more than 0.5 s"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "is not a file"),
        (f"{WRITE}open(file, 'wb').close()", "is empty"),
        (f"{WRITE}open(file, 'wb').write(bytes(range(256)) * 999)", "cannot be read as a video"),
    ],
    ids=["nothing", "an empty file", "rubbish"],
)
def test_a_program_that_ends_well_is_not_believed(body: str, reason: str, tmp_path: Path) -> None:
    assert reason in (trial(NVENC, Path(program(tmp_path, body))) or "works")


@pytest.mark.parametrize(
    ("twist", "reason"),
    [
        ("swap('null[v]', 'lutyuv=y=0:u=0:v=0[v]')", "another picture"),
        ("swap('null[v]', 'swapuv[v]')", "another picture"),
        ("swap('null[v]', 'loop=99:1[v]')", "another picture"),
        ("swap('66', '60')", "60 frames"),
        ("swap('null[v]', 'scale=540:960[v]')", "540x960"),
        ("swap('+cgop', '+cgop'); encoding and words.insert(-3, '-x264-params'); "
         "encoding and words.insert(-3, 'open-gop=1:bframes=3')", "open groups"),
        ("swap('libx264', 'libx265'); swap('high', 'main')", "hevc"),
        ("swap('high', 'high444'); swap('yuv420p', 'yuv444p')", "yuv444p"),
        ("if not encoding: time.sleep(600)", "took more than"),
    ],
    ids=["green", "swapped", "frozen", "few", "small", "open", "hevc", "chroma", "mute"],
)  # fmt: skip
def test_a_file_that_plays_but_is_wrong_is_found_out(
    twist: str, reason: str, tmp_path: Path
) -> None:
    limit = 4 if "sleep" in twist else PATIENT
    assert reason in (trial(NVENC, chip(tmp_path, twist), limit=limit) or "works")


def test_a_file_with_a_hole_in_it_is_found_out(tmp_path: Path) -> None:
    twist = (
        "if not encoding:\n"
        "    file = next(w for w in words if w.startswith('file:'))[5:]\n"
        "    data = bytearray(open(file, 'rb').read())\n"
        "    data[len(data) // 3:len(data) // 2] = bytes(len(data) // 2 - len(data) // 3)\n"
        "    open(file, 'wb').write(data)"
    )
    assert trial(NVENC, chip(tmp_path, twist), limit=PATIENT) is not None


@pytest.mark.parametrize("encoder", HARDWARE.values(), ids=lambda one: one.name)
def test_ffmpeg_knows_every_word_that_it_is_given(encoder: Encoder) -> None:
    """Here no chip is expected: what it then complains about is the chip."""
    reason = trial(encoder, ffmpeg_program(), limit=PATIENT) or ""
    assert "option" not in reason.lower()
    assert "parse" not in reason.lower()


def test_auto_takes_the_first_that_works(tmp_path: Path) -> None:
    twist = "if name == 'h264_nvenc': sys.exit(1)"
    ffmpeg = chip(tmp_path, twist)
    assert choose_encoder("auto", ffmpeg=ffmpeg, system="linux", limit=PATIENT) is QSV


def test_auto_falls_back_to_software_in_one_step(tmp_path: Path) -> None:
    refusing = Path(program(tmp_path, "sys.exit(1)"))
    for system in ("linux", "darwin", "win32", "freebsd14"):
        assert choose_encoder("auto", ffmpeg=refusing, system=system) is X264


def test_auto_tries_what_the_system_may_have(tmp_path: Path) -> None:
    log = tmp_path / "tried"
    body = f"open({str(log)!r}, 'a').write(sys.argv[sys.argv.index('-c:v') + 1] + ' ')\nsys.exit(1)"
    ffmpeg = Path(program(tmp_path, body))
    choose_encoder("auto", ffmpeg=ffmpeg, system="darwin")
    assert log.read_text().split() == ["h264_videotoolbox"]
    choose_encoder("auto", ffmpeg=ffmpeg, system="win32")
    assert log.read_text().split()[1:] == ["h264_nvenc", "h264_qsv", "h264_amf"]


def test_a_forced_encoder_that_works_is_taken(tmp_path: Path) -> None:
    assert choose_encoder("vaapi", ffmpeg=chip(tmp_path), limit=PATIENT) is VAAPI


def test_a_forced_encoder_that_fails_is_not_replaced_in_silence(tmp_path: Path) -> None:
    body = "sys.stderr.write('Cannot load libcuda.so.1\\n'); sys.exit(1)"
    with pytest.raises(SettingsError, match=r"nvenc.*Cannot load libcuda\.so\.1") as caught:
        choose_encoder("nvenc", ffmpeg=Path(program(tmp_path, body)))
    assert "GRAVIX_ENCODER to x264 or auto" in caught.value.hint
