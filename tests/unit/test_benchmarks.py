"""The measures of the benchmarks are right themselves."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.quality.cuts import CutScore, fixed, judge, lead_ins_into_words
from benchmarks.quality.encoding import LOSSLESS, is_render, with_encoder
from benchmarks.quality.faces import Looked
from benchmarks.quality.frame import holds, score_faces, score_speakers
from benchmarks.quality.motion import Takes, score_path, score_seen
from benchmarks.quality.picture import Shown, content_box, lay_over
from benchmarks.quality.results import all_of, as_data, at_least, at_most, shown, table
from benchmarks.quality.rules import Facts, broken_rules, top_boxes
from benchmarks.quality.scenes import Turn, paced
from benchmarks.quality.sound import Loud, is_right, onsets, read_loudness
from benchmarks.quality.speech import Sentence, find_pauses, timed
from benchmarks.quality.watch import read_rollup, tree
from gravix_core.framing import WHOLE, Box, CropPath, Face, Fill, Place, Stretch, Window
from gravix_core.model import Size, Span, Word

FRAME = Size(1920, 1080)
NARROW = 0.31640625
"""Width of a full-height window of 9:16 in a frame of 16:9."""


def sentence(start: float, end: float, speaker: int = 0) -> Sentence:
    middle = (start + end) / 2
    words = (Word("so", Span(start, middle)), Word("it.", Span(middle, end)))
    return Sentence("so it.", Span(start, end), speaker, words)


def judged(*edges: float) -> CutScore:
    """Sentences of 9 s with pauses of 1 s, cut at `edges`."""
    sentences = [sentence(10 * n, 10 * n + 9) for n in range(12)]
    pauses = [Span(10 * n + 9, 10 * n + 10) for n in range(12)]
    chunks = [Span(a, b) for a, b in zip((0, *edges), (*edges, 120), strict=True)]
    words = [word for one in sentences for word in one.words]
    return judge(chunks, words=words, sentences=sentences, pauses=pauses)


def test_cut_in_a_pause_harms_nobody() -> None:
    score = judged(29.5, 59.5)
    assert (score.boundaries, score.words_cut) == (2, 0)
    assert (score.reachable, score.at_ends, score.in_pauses) == (2, 2, 2)
    assert score.out_of_range == 0


def test_cut_in_a_word_is_counted() -> None:
    score = judged(37.0)
    assert (score.words_cut, score.at_ends, score.in_pauses) == (1, 0, 0)


def test_cut_between_two_words_is_neither_in_a_word_nor_at_an_end() -> None:
    score = judged(34.5)
    assert (score.words_cut, score.at_ends) == (0, 0)


def test_chunk_that_is_too_short_or_too_long_is_counted_but_for_the_last() -> None:
    assert judged(20.0).out_of_range == 1
    assert judged(49.5).out_of_range == 1
    assert judged(40.0, 80.0, 119.0).out_of_range == 0


def test_scores_of_two_talks_add_up_without_their_last_chunks() -> None:
    both = CutScore.none() + judged(20.0) + judged(20.0)
    assert (both.boundaries, both.out_of_range) == (2, 2)


def test_reel_that_begins_in_a_word_is_counted() -> None:
    words = [Word("one", Span(1, 2)), Word("two", Span(3, 4))]
    assert lead_ins_into_words([Span(2.5, 4.5)], words) == 0
    assert lead_ins_into_words([Span(1.5, 3.5)], words) == 2


def test_talk_that_is_cut_by_the_clock_keeps_its_rest() -> None:
    assert fixed(80, 35) == (Span(0, 35), Span(35, 80))
    assert fixed(20, 35) == (Span(0, 20),)


def test_word_without_a_time_takes_its_share_of_the_one_before() -> None:
    one, two, three = timed("out of it", {0: 0.0, 7: 1.0}, end=1.5)
    assert (one.span.end, two.span.start, two.span.end) == (0.5, 0.5, 1.0)
    assert three.span == Span(1.0, 1.5)


def test_pauses_of_a_voice_do_not_drift_at_any_rate() -> None:
    rate = 22050
    voice = np.full(rate * 100, 0.5, np.float32)
    voice[rate * 90 : rate * 91] = 0
    (pause,) = find_pauses(voice, rate)
    assert (pause.start, pause.end) == pytest.approx((90, 91), abs=0.02)


FACE = Box(0.1, 0.3, 0.1, 0.2)


def crop(left: float, at: float = 0.0) -> Shown:
    return Shown(at, Fill.CROP, (Box(left, 0, NARROW, 1),), 1.0)


def test_face_whose_cheek_is_cut_off_is_held_and_one_whose_eye_is_is_not() -> None:
    assert holds(Box(0.11, 0, NARROW, 1), FACE)
    assert not holds(Box(0.13, 0, NARROW, 1), FACE)


def test_faces_are_held_against_what_is_shown_and_against_the_centre() -> None:
    faces = [Face(at / 5, FACE) for at in range(10)]
    score = score_faces(faces, [crop(0.0, f.at) for f in faces], [Span(0, 2)], frame=FRAME)
    assert score is not None
    assert (score.inside, score.centre, score.static, score.whole) == (1, 0, 1, 0)
    assert score.larger == pytest.approx(1 / NARROW)
    assert score.smaller_than_crop


def test_whole_frame_holds_a_face_and_makes_it_no_larger() -> None:
    whole = Shown(0.0, Fill.BLUR, (WHOLE,), 1.0)
    score = score_faces([Face(0.0, FACE)], [whole], [Span(0, 1)], frame=FRAME)
    assert score is not None
    assert (score.inside, score.whole, score.larger) == (1, 1, 1)


def looked(at: float) -> list[Looked]:
    right = Box(0.8, 0.3, 0.1, 0.2)
    return [Looked(0, Face(at, FACE), at), Looked(1, Face(at, right), at)]


def test_only_the_one_who_speaks_is_the_right_person() -> None:
    faces = [*looked(0.0), *looked(1.0)]
    always_left = [crop(0.0, 0.0), crop(0.0, 1.0)]
    score = score_speakers(faces, always_left, lambda at: int(at > 0.5))
    assert score is not None
    assert (score.samples, score.right, score.alone) == (2, 0.5, 0.5)


def test_both_in_a_split_are_right_but_not_alone() -> None:
    split = Shown(0.0, Fill.SPLIT, (Box(0, 0, 0.5, 1), Box(0.5, 0, 0.5, 1)), 1.0)
    score = score_speakers(looked(0.0), [split], lambda at: 1)
    assert score is not None
    assert (score.right, score.alone) == (1, 0)


def test_whole_frame_is_never_the_right_person() -> None:
    whole = Shown(0.0, Fill.BLUR, (WHOLE,), 1.0)
    score = score_speakers(looked(0.0), [whole], lambda at: 1)
    assert score is not None
    assert (score.right, score.whole) == (0, 1)


def window(*places: tuple[float, float]) -> Window:
    return Window(NARROW, 1.0, tuple(Place(at, x, 0.5) for at, x in places))


def path(*stretches: tuple[float, float, Window]) -> CropPath:
    return CropPath(tuple(Stretch(Span(a, b), Fill.CROP, (w,)) for a, b, w in stretches))


TWO_PLACES = path((0, 5, window((0, 0.3))), (5, 10, window((0, 0.7))))


def test_jump_counts_unless_the_source_cuts_or_somebody_else_speaks() -> None:
    assert len(score_path(TWO_PLACES, Takes(FRAME)).jumps) == 1
    assert not score_path(TWO_PLACES, Takes(FRAME, cuts=(5.0,))).jumps
    turned = score_path(TWO_PLACES, Takes(FRAME, turns=(4.0,)))
    assert (turned.jumps, turned.changes) == ((), 1)


def test_new_stretch_that_shows_the_same_is_no_jump() -> None:
    same = path((0, 5, window((0, 0.3))), (5, 10, window((0, 0.3))))
    assert not score_path(same, Takes(FRAME)).jumps


def test_window_that_pans_half_of_the_time_moves_in_half_of_the_frames() -> None:
    slow = path((0, 10, window((0, 0.3), (5, 0.6))))
    score = score_path(slow, Takes(FRAME))
    assert score.moving == pytest.approx(0.5, abs=0.01)
    assert not score.jumps


def test_frames_that_move_count_only_where_the_scene_is_static() -> None:
    slow = path((0, 10, window((0, 0.3), (5, 0.6))))
    assert score_path(slow, Takes(FRAME, still=(Span(6, 10),))).moving == 0


def test_jump_is_seen_in_the_finished_reel_too() -> None:
    seen = [crop(0.1 if n < 50 else 0.5, n / 10) for n in range(100)]
    assert len(score_seen(seen, Takes(FRAME)).jumps) == 1
    assert not score_seen(seen, Takes(FRAME, cuts=(5.0,))).jumps
    assert score_seen(seen, Takes(FRAME)).moving == 0


def test_pan_is_seen_in_the_finished_reel_and_the_noise_of_looking_is_not() -> None:
    noise = np.random.default_rng(1).normal(0, 0.0005, 100)
    still = [crop(0.3 + float(off), n / 10) for n, off in enumerate(noise)]
    pan = [crop(0.1 + 0.05 * n / 10, n / 10) for n in range(100)]
    assert score_seen(still, Takes(FRAME)).moving < 0.05
    assert score_seen(pan, Takes(FRAME)).moving == 1


Gray = NDArray[np.uint8]


def scene() -> Gray:
    """Grey, with shapes of many sizes."""
    draw = np.random.default_rng(3)
    picture = np.full((180, 320), 90, np.uint8)
    for _ in range(60):
        x, y, r = (int(v) for v in draw.integers((0, 0, 4), (320, 180, 25)))
        cv2.circle(picture, (x, y), r, int(draw.integers(0, 255)), -1)
    return cv2.GaussianBlur(picture, (0, 0), 1.2).astype(np.uint8)


def as_reel(frame: Gray, box: Box, height: int = 240) -> Gray:
    rows = slice(round(box.y * 180), round(box.bottom * 180))
    part = np.ascontiguousarray(frame[rows, round(box.x * 320) : round(box.right * 320)])
    return cv2.resize(part, (135, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8)


@pytest.mark.parametrize(
    "box", [Box(0.2, 0, NARROW, 1), Box(0.5, 0.2, 0.7 * NARROW, 0.7)], ids=["tall", "low"]
)
def test_window_of_a_reel_is_found_in_its_source(box: Box) -> None:
    look = lay_over(scene(), as_reel(scene(), box), 1.0)
    assert look is not None
    assert look.fill is Fill.CROP
    found = look.windows[0]
    assert (found.x, found.y, found.width) == pytest.approx((box.x, box.y, box.width), abs=0.02)


def test_whole_frame_over_its_blurred_copy_is_known() -> None:
    back = cv2.GaussianBlur(cv2.resize(scene(), (427, 240))[:, 146:281], (0, 0), 9)
    reel = back.astype(np.uint8)
    reel[82:158] = as_reel(scene(), WHOLE, height=76)
    look = lay_over(scene(), reel, 0.0)
    assert look is not None
    assert (look.fill, look.windows) == (Fill.BLUR, (WHOLE,))


def test_both_windows_of_a_split_are_found() -> None:
    upper, lower = Box(0.05, 0, 0.45, 0.711), Box(0.5, 0.2, 0.45, 0.711)
    halves = [as_reel(scene(), box, height=120) for box in (upper, lower)]
    look = lay_over(scene(), np.vstack(halves), 0.0)
    assert look is not None
    assert look.fill is Fill.SPLIT
    assert [w.x for w in look.windows] == pytest.approx([0.05, 0.5], abs=0.02)


def test_words_on_a_crop_do_not_make_it_a_split() -> None:
    box = Box(0.2, 0, NARROW, 1)
    reel = as_reel(scene(), box)
    for row, words in ((160, "to read, and"), (178, "more of it")):
        cv2.putText(reel, words, (12, row), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 255, 2)
    look = lay_over(scene(), reel, 0.0)
    assert look is not None
    assert look.score < 0.95
    assert look.fill is Fill.CROP
    assert look.windows[0].x == pytest.approx(box.x, abs=0.02)


def test_picture_that_is_not_in_the_frame_is_not_known() -> None:
    other = np.random.default_rng(9).integers(0, 255, (240, 135)).astype(np.uint8)
    assert lay_over(scene(), other, 0.0) is None
    assert lay_over(np.zeros((180, 320), np.uint8), other, 0.0) is None


def test_black_bars_are_no_content() -> None:
    frame = scene()
    frame[:, :40] = frame[:, 280:] = 16
    box = content_box([frame])
    assert (box.x, box.width, box.height) == pytest.approx((0.125, 0.75, 1.0), abs=0.01)


SUMMARY = """[Parsed_ebur128_0 @ 0x1] Summary:
  Integrated loudness:
    I:         {level} LUFS
  True peak:
    Peak:       {peak} dBFS"""


def test_loudness_is_read_from_the_summary() -> None:
    said = "t: 1 I: -30.0 LUFS\n" + SUMMARY.format(level=-14.2, peak=-1.6)
    assert read_loudness(said) == Loud(-14.2, -1.6)
    assert read_loudness(SUMMARY.format(level=-70.0, peak="-inf")) == Loud(-70.0, -np.inf)
    assert read_loudness("nothing") is None


@pytest.mark.parametrize(
    ("reel", "source", "right"),
    [
        (Loud(-14.2, -1.6), Loud(-30, -10), True),
        (Loud(-14.2, -1.4), Loud(-30, -10), False),
        (Loud(-13.4, -3.0), Loud(-30, -10), False),
        (Loud(-16.1, -3.0), Loud(-30, -10), False),
        (Loud(-22.0, -3.0), Loud(-47, -30), True),
        (Loud(-30.0, -3.0), Loud(-47, -30), False),
        (Loud(-70.0, -np.inf), Loud(-70, -np.inf), True),
        (Loud(-40.0, -20), Loud(-65, -45), False),
        (Loud(-70.0, -np.inf), None, True),
    ],
)
def test_reel_is_as_loud_as_its_source_allows(reel: Loud, source: Loud | None, right: bool) -> None:
    assert is_right(reel, source) is right


def test_onsets_are_the_first_of_each_run() -> None:
    signal = np.zeros(100)
    signal[[10, 11, 12, 50, 51]] = 1
    assert list(onsets(signal, 0.5)) == [10, 50]


COMMAND = [
    *("-y", "-i", "film.mp4", "-filter_complex", "graph", "-map", "[v]", "-map", "[a]"),
    *("-c:v", "libx264", "-preset", "superfast", "-crf", "22", "-maxrate", "12M", "-r", "30"),
    *("-c:a", "aac", "-movflags", "+faststart", "file:/tmp/.reel.mp4.part"),
    *("-map", "[cover]", "-c:v", "mjpeg", "file:/tmp/cover-%d.jpg"),
]


def test_same_command_with_another_encoder_keeps_all_but_the_encoder() -> None:
    words = with_encoder(COMMAND, LOSSLESS, Path("/tmp/lossless.mp4"))
    assert is_render(COMMAND)
    assert not {"superfast", "22", "-maxrate", "12M", "mjpeg"} & set(words)
    assert words[: COMMAND.index("-c:v")] == COMMAND[: COMMAND.index("-c:v")]
    assert words[words.index("/tmp/lossless.mp4") - len(LOSSLESS) :][:2] == ["-c:v", "libx264"]
    assert words[words.index("-r") + 1] == "30"
    assert words[-5:] == ["-map", "[cover]", "-f", "null", "-"]


def test_other_commands_are_no_renders() -> None:
    assert not is_render(["-i", "film.mp4", "-f", "null", "-"])


GOOD = Facts(
    brand="mp42",
    boxes=("ftyp", "moov", "mdat"),
    edit_list=False,
    seconds=30.0,
    megabytes=20.0,
    video="h264",
    pixels="yuv420p",
    width=1080,
    height=1920,
    frames_per_second=30.0,
    constant=True,
    video_rate=7.0,
    audio="aac",
    channels=2,
    sample_rate=48_000,
)


def test_good_reel_breaks_no_rule() -> None:
    assert broken_rules(GOOD) == ()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"boxes": ("ftyp", "mdat", "moov")}, "moov stands in front"),
        ({"edit_list": True}, "no edit list"),
        ({"seconds": 2.9}, "3 to 900 s"),
        ({"pixels": "yuv444p"}, "4:2:0"),
        ({"width": 1920, "height": 1080}, "9:16"),
        ({"constant": False}, "constant frame rate"),
        ({"video_rate": 25.1}, "at most 25 Mbit/s"),
        ({"channels": 6}, "one channel or two"),
        ({"sample_rate": 96_000}, "at most 48 kHz"),
    ],
)
def test_each_rule_that_is_broken_is_named(change: dict[str, Any], rule: str) -> None:
    assert broken_rules(replace(GOOD, **change)) == (rule,)


def test_boxes_are_read_in_their_order_and_media_data_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "film.mp4"
    long = struct.pack(">I4sQ", 1, b"mdat", 16 + 5) + b"moov!"
    file.write_bytes(
        struct.pack(">I4s", 12, b"ftyp") + b"mp42" + long + struct.pack(">I4s", 8, b"moov")
    )
    assert list(top_boxes(file)) == [("ftyp", b"mp42"), ("mdat", b""), ("moov", b"")]


def test_who_listens_moves_slowly() -> None:
    turns = (Turn(0, 2), Turn(1, 4))
    assert paced(turns, 0, 0.0) == "(0.0000+(T-0.0000)*1.0000)/TB"
    assert "*10.0000" in paced(turns, 0, 0.1)
    assert paced(turns, 1, 0.0) == "(2.0000+(T-0.0000)*1.0000)/TB"


def test_process_tree_has_grandchildren_and_no_strangers() -> None:
    assert tree(1, {2: 1, 3: 2, 4: 9, 1: 0}) == {1, 2, 3}


def test_memory_is_read_from_the_roll_up() -> None:
    text = "00400000-7fff [rollup]\nRss:  2048 kB\nPss:  1024 kB\nPss_Dirty:  1 kB\n"
    assert read_rollup(text) == (1024 * 1024, 2048 * 1024)


def test_line_that_misses_says_so_in_bold() -> None:
    lines = [at_least("cut", "share", 0.5, 0.9), at_most("cut", "jumps", 1, 1)]
    lines += [all_of("cut", "reels", 2, 3), shown("cut", "ratio", 1.234)]
    document = {
        "command": "x",
        "machine": {"cores": 2, "load": 0.0},
        "minutes": 1,
        "notes": [],
        "lines": as_data(lines),
    }
    rows = table(document).splitlines()[-4:]
    assert rows == [
        "| cut | share | 0.50 | at least 0.9 **missed** |",
        "| cut | jumps | 1 | at most 1 |",
        "| cut | reels | 2 of 3 | all **missed** |",
        "| cut | ratio | 1.23 |  |",
    ]
