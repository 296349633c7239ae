"""Each of Instagram's file rules, seen to fail on a file that breaks it and on no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from gravix_core.errors import MediaUnreadable
from gravix_core.model import AcceptReport, RuleLevel
from gravix_core.stages.render.accept import check_file
from tests.media.clips import Clips, ffmpeg, pattern
from tests.media.renders import Renders

pytestmark = pytest.mark.slow

PICTURE = pattern("180x320", 3.2)
TONE = "-f lavfi -i sine=duration=3.2:sample_rate=48000"
X264 = "-c:v libx264 -preset ultrafast -bf 0 -pix_fmt yuv420p"
AAC = "-c:a aac -b:a 96k -ac 2"
TAIL = "-movflags +faststart+negative_cts_offsets -use_editlist 0"
GOOD = f"{PICTURE} {TONE} {X264} {AAC} {TAIL}"
NOISE = "-f lavfi -i nullsrc=s=360x640:r=30:d=3.2,format=yuv420p,geq=random(1)*255:128:128"

BROKEN = {
    "moov_first": ("late.mp4", f"{PICTURE} {TONE} {X264} {AAC}"
                   " -movflags +negative_cts_offsets -use_editlist 0"),
    "video_codec": ("vp9.mp4", f"{PICTURE} {TONE} -c:v libvpx-vp9 -deadline realtime -cpu-used 8"
                    f" {AAC} {TAIL}"),
    "chroma": ("444.mp4", f"{PICTURE} {TONE} -c:v libx264 -preset ultrafast -bf 0"
               f" -pix_fmt yuv444p {AAC} {TAIL}"),
    "frame_rate": ("slow.mp4", f"{pattern('180x320', 3.2, '12')} {TONE} {X264} {AAC} {TAIL}"),
    "duration": ("short.mp4", f"{pattern('180x320', 2.5)} {TONE} {X264} {AAC} {TAIL} -t 2.5"),
    "scan": ("interlaced.mp4", f"{PICTURE} {TONE} {X264} -flags +ildct+ilme -x264-params tff=1"
             f" {AAC} {TAIL}"),
    "closed_gop": ("open.mp4", f"{PICTURE} {TONE} -c:v libx264 -preset veryfast -bf 2"
                   " -x264-params open-gop=1:keyint=15:min-keyint=15:scenecut=0"
                   f" -pix_fmt yuv420p {AAC} {TAIL}"),
    "channels": ("surround.mp4", f"{PICTURE} {TONE} {X264} -c:a aac -b:a 96k -ac 6 {TAIL}"),
    "sample_rate": ("fine.mp4", f"{PICTURE} {TONE} {X264} {AAC} -ar 96000 {TAIL}"),
    "audio_codec": ("opus.mp4", f"{PICTURE} {TONE} {X264} -c:a libopus {TAIL}"),
    "video_bit_rate": ("heavy.mp4", f"{NOISE} {TONE} {X264} -qp 1 {AAC} {TAIL}"),
    "aspect": ("strip.mp4", f"{pattern('1280x96', 3.2)} {TONE} {X264} {AAC} {TAIL}"),
    "columns": ("wide.mp4", f"{pattern('2048x256', 3.2)} {TONE} {X264} {AAC} {TAIL}"),
}  # fmt: skip
DOUBTFUL = {
    "edit_lists": ("edits.mp4", f"{PICTURE} {TONE} {X264} {AAC} -movflags +faststart"),
    "sound": ("mute.mp4", f"{PICTURE} {X264} {TAIL}"),
    "constant_rate": ("variable.mp4", f"{PICTURE} {TONE} -vf select=not(eq(mod(n\\,9)\\,4))"
                      f" -fps_mode vfr {X264} {AAC} {TAIL}"),
    "portrait": ("flat.mp4", f"{pattern('320x180', 3.2)} {TONE} {X264} {AAC} {TAIL}"),
    "audio_bit_rate": ("rich.mp4", f"{PICTURE} -f lavfi -i anoisesrc=d=3.2:r=48000 {X264}"
                       f" -c:a aac -b:a 320k -ac 2 {TAIL}"),
}  # fmt: skip


def checked(folder: Path, name: str, recipe: str) -> AcceptReport:
    file = folder / name
    ffmpeg(*recipe.split(), f"file:{file}")
    return check_file(file)


def rules(report: AcceptReport, level: RuleLevel) -> list[str]:
    return [rule.rule for rule in report.rules if rule.level is level]


def test_a_file_that_keeps_every_rule_passes_every_rule(tmp_path: Path) -> None:
    report = checked(tmp_path, "good.mp4", GOOD)
    assert report.accepted
    assert {rule.level for rule in report.rules} == {RuleLevel.PASS}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_file_that_breaks_one_rule_fails_just_that_rule(tmp_path: Path, rule: str) -> None:
    report = checked(tmp_path, *BROKEN[rule])
    assert rules(report, RuleLevel.FAIL) == [rule]
    assert not report.accepted


@pytest.mark.parametrize("rule", DOUBTFUL)
def test_what_is_only_doubtful_is_a_warning(tmp_path: Path, rule: str) -> None:
    report = checked(tmp_path, *DOUBTFUL[rule])
    assert rules(report, RuleLevel.WARN) == [rule]
    assert report.accepted


@pytest.mark.parametrize(
    ("size", "failed", "doubtful"),
    [(299, [], []), (301, [], ["size_sure"]), (1001, ["size"], ["size_sure"])],
)
def test_a_file_may_have_300_megabytes_for_sure_and_1_gigabyte_at_most(
    tmp_path: Path, size: int, failed: list[str], doubtful: list[str]
) -> None:
    checked(tmp_path, "large.mp4", GOOD)
    enlarge(tmp_path / "large.mp4", size * 1_000_000)
    report = check_file(tmp_path / "large.mp4")
    assert rules(report, RuleLevel.FAIL) == failed
    assert rules(report, RuleLevel.WARN) == doubtful


def enlarge(file: Path, size: int) -> None:
    """Add an empty box that takes no room on the disk."""
    with file.open("r+b") as stream:
        stream.seek(0, 2)
        stream.write((size - stream.tell()).to_bytes(4, "big") + b"free")
        stream.truncate(size)


def test_another_container_fails_with_its_name(tmp_path: Path) -> None:
    report = checked(tmp_path, "film.mkv", f"{PICTURE} {TONE} {X264} {AAC}")
    found = {rule.rule: rule for rule in report.rules}
    assert found["container"].level is RuleLevel.FAIL
    assert "matroska" in found["container"].found
    assert not report.accepted


def test_a_mov_is_taken(tmp_path: Path) -> None:
    assert checked(tmp_path, "good.mov", GOOD).accepted


def test_every_rule_that_is_held_against_our_reel_passes(renders: Renders) -> None:
    report = check_file(renders("bunny").file)
    assert {rule.level for rule in report.rules} == {RuleLevel.PASS}
    seen_to_fail = {*BROKEN, *DOUBTFUL, "container", "size", "size_sure"}
    assert {rule.rule for rule in report.rules} == seen_to_fail - {"sound"}  # ours has one


def test_what_cannot_be_probed_cannot_be_checked(tmp_path: Path) -> None:
    file = tmp_path / "letter.mp4"
    file.write_text("Dear Instagram,")
    with pytest.raises(MediaUnreadable):
        check_file(file)


def test_the_source_of_the_tests_is_no_reel(clips: Clips) -> None:
    assert set(rules(check_file(clips("bikes")), RuleLevel.FAIL)) == {"moov_first"}
