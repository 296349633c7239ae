"""What a transcript file says, and what is refused."""

from __future__ import annotations

import codecs
import json
import string
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gravix_core.errors import TranscriptUnreadable
from gravix_core.model import Transcript
from gravix_core.stages.source import transcript as module
from gravix_core.stages.source.transcript import find_transcript, read_transcript

SRT = """\
1
00:00:01,000 --> 00:00:03,000
<i>Hello</i> &amp; {\\an8}welcome

2
00:00:03,500 --> 00:00:05,000
It was
1984
"""
YOUTUBE_VTT = """\
WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:02.070 align:start position:0%
~
welcome<00:00:00.560><c> back</c>

00:00:02.070 --> 00:00:02.080 align:start position:0%
welcome back
~

00:00:02.080 --> 00:00:04.150 align:start position:0%
welcome back
to<00:00:02.400><c> my</c><00:00:02.600><c> channel</c>

00:00:04.150 --> 00:00:04.160 align:start position:0%
to my channel
~

00:00:04.160 --> 00:00:05.000 align:start position:0%
to my channel
[Music]
""".replace("~", " ")
ASR = {
    "wireMagic": "pb3",
    "events": [
        {"tStartMs": 0, "dDurationMs": 9000, "id": 1, "wpWinPosId": 1},
        {
            "tStartMs": 160,
            "dDurationMs": 3800,
            "segs": [{"utf8": "welcome"}, {"utf8": " back", "tOffsetMs": 400}],
        },
        {"tStartMs": 2070, "dDurationMs": 1890, "aAppend": 1, "segs": [{"utf8": "\n"}]},
        {"tStartMs": 2080, "dDurationMs": 900, "segs": [{"utf8": "[Music]"}]},
        {"tStartMs": 3000, "dDurationMs": 900, "segs": [{"utf8": ">> friends"}]},
    ],
}


def read(folder: Path, name: str, content: str | bytes) -> Transcript:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_transcript(file)


def read_json3(folder: Path, document: Any) -> Transcript:
    return read(folder, "talk.json3", json.dumps(document))


def texts(transcript: Transcript) -> list[str]:
    return [word.text for word in transcript.words]


def starts(transcript: Transcript) -> list[float]:
    return [word.span.start for word in transcript.words]


def test_srt_is_freed_of_tags_and_entities(tmp_path: Path) -> None:
    assert read(tmp_path, "talk.srt", SRT).cues[0].text == "Hello & welcome"


def test_a_last_line_of_digits_is_text_not_the_next_number(tmp_path: Path) -> None:
    assert read(tmp_path, "talk.srt", SRT).cues[1].text == "It was 1984"


def test_words_share_their_cue_by_characters(tmp_path: Path) -> None:
    transcript = read(tmp_path, "talk.srt", "1\n00:00:00,000 --> 00:00:05,000\nand therefore\n")
    assert starts(transcript) == pytest.approx([0, 5 * 4 / 14], abs=0.001)
    assert not transcript.exact_words


def test_youtube_vtt_says_each_line_once(tmp_path: Path) -> None:
    assert read(tmp_path, "talk.vtt", YOUTUBE_VTT).text() == "welcome back to my channel"


def test_youtube_vtt_survives_an_editor_that_strips_blanks(tmp_path: Path) -> None:
    stripped = "\n".join(line.rstrip() for line in YOUTUBE_VTT.splitlines())
    assert read(tmp_path, "talk.vtt", stripped).text() == "welcome back to my channel"


def test_youtube_vtt_keeps_the_measured_word_times(tmp_path: Path) -> None:
    transcript = read(tmp_path, "talk.vtt", YOUTUBE_VTT)
    assert starts(transcript) == pytest.approx([0.16, 0.56, 2.08, 2.4, 2.6])
    assert transcript.exact_words


def test_rolling_srt_without_word_times_says_each_line_once(tmp_path: Path) -> None:
    lines = ["one two", "three four", "five six", "seven eight", "nine ten"]
    content = "\n".join(
        f"{i}\n00:00:0{i},000 --> 00:00:0{i + 1},000\n{before}\n{line}\n"
        for i, (before, line) in enumerate(pairwise(["", *lines]))
    )
    assert read(tmp_path, "talk.srt", content).text() == " ".join(lines)


def test_somebody_may_say_the_same_line_twice(tmp_path: Path) -> None:
    content = "1\n00:00:01,000 --> 00:00:02,000\nNo.\n\n2\n00:00:02,000 --> 00:00:03,000\nNo.\n"
    assert texts(read(tmp_path, "talk.srt", content)) == ["No.", "No."]


def test_notes_styles_and_cue_names_of_vtt_are_not_said(tmp_path: Path) -> None:
    content = (
        "WEBVTT\n\nSTYLE\n::cue {color: red}\n\nintro\n00:01.000 --> 00:02.000\nHi\n\n"
        "NOTE nobody says\nthis\n\nsecond-cue\n00:02.000 --> 00:03.000\n<v Ann>there\n"
    )
    assert read(tmp_path, "talk.vtt", content).text() == "Hi there"


def test_times_that_are_spoken_do_not_start_a_cue(tmp_path: Path) -> None:
    said = "from 00:00:07,000 to 00:00:09,000"
    transcript = read(tmp_path, "talk.srt", f"1\n00:00:01,000 --> 00:00:03,000\n{said}\n")
    assert transcript.text() == said


def test_cues_at_the_same_time_are_read_one_after_the_other(tmp_path: Path) -> None:
    content = (
        "1\n00:00:01,000 --> 00:00:03,000\n- Are you there?\n\n"
        "2\n00:00:01,000 --> 00:00:03,000\n- Yes, I am.\n"
    )
    said = texts(read(tmp_path, "talk.srt", content))
    assert " ".join(said) == "Are you there? Yes, I am."


def test_json3_of_asr_keeps_the_measured_word_times(tmp_path: Path) -> None:
    transcript = read_json3(tmp_path, ASR)
    assert texts(transcript) == ["welcome", "back", "friends"]
    assert starts(transcript) == [0.16, 0.56, 3.0]
    assert transcript.exact_words


def test_a_measured_word_does_not_last_through_the_pause_after_it(tmp_path: Path) -> None:
    assert read_json3(tmp_path, ASR).words[1].span.duration == pytest.approx(1)


def test_an_overlapping_event_ends_where_the_next_one_starts(tmp_path: Path) -> None:
    assert read_json3(tmp_path, ASR).cues[0].span.end == pytest.approx(3.0)


def test_json3_of_a_manual_track_is_spread_and_not_called_exact(tmp_path: Path) -> None:
    event = {"tStartMs": 0, "dDurationMs": 2000, "segs": [{"utf8": "so\nlong"}]}
    transcript = read_json3(tmp_path, {"events": [event]})
    assert texts(transcript) == ["so", "long"]
    assert not transcript.exact_words


def test_lone_surrogates_do_not_get_through(tmp_path: Path) -> None:
    event = {"tStartMs": 0, "dDurationMs": 900, "segs": [{"utf8": "a\ud800b"}]}
    assert texts(read_json3(tmp_path, {"events": [event]})) == ["ab"]


@pytest.mark.parametrize("bad", [float("nan"), 10**400, -1, "160", None, True, 1e300])
def test_an_event_with_an_absurd_start_is_left_out(tmp_path: Path, bad: object) -> None:
    absurd = {"tStartMs": bad, "segs": [{"utf8": "absurd"}]}
    sane = {"tStartMs": 5000, "dDurationMs": 900, "segs": [{"utf8": "sane"}]}
    assert texts(read_json3(tmp_path, {"events": [absurd, sane]})) == ["sane"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_every_common_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    mark = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    content = mark + SRT.replace("Hello", "Größe").encode(encoding)
    assert read(tmp_path, "talk.srt", content).words[0].text == "Größe"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.srt", b""),
        ("blank.vtt", b"WEBVTT\n\n"),
        ("prose.srt", b"Once upon a time"),
        ("noise.srt", b"1\n00:00:01,000 --> 00:00:02,000\n[Music]\n"),
        ("binary.srt", bytes(range(256)) * 4),
        ("nul.srt", SRT.replace("Hello", "\0").encode()),
        ("half.srt", b"\xff\xfea"),
        ("broken.vtt", b"WEBVTT\n\n:00:00.000 --> :00:01.000\nHi\n"),
        ("list.json3", b"[1, 2]"),
        ("other.json3", b'{"events": {"a": 1}}'),
        ("deep.json3", b"[" * 200_000),
        ("long.json3", b'{"events": ' + b"9" * 5000 + b"}"),
        ("cut.json3", b'{"events": ['),
        ("talk.txt", SRT.encode()),
    ],
)
def test_nonsense_is_refused_in_one_sentence_that_names_the_file(
    tmp_path: Path, name: str, content: bytes
) -> None:
    with pytest.raises(TranscriptUnreadable) as caught:
        read(tmp_path, name, content)
    message = str(caught.value)
    assert message.startswith(f"{name} ")
    assert message.endswith(".")
    assert str(tmp_path) not in message


@pytest.mark.parametrize("name", ["absent.srt", "folder.srt"])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.srt").mkdir()
    with pytest.raises(TranscriptUnreadable, match="is not a file"):
        read_transcript(tmp_path / name)


def test_a_file_past_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", len(SRT) - 1)
    with pytest.raises(TranscriptUnreadable, match="larger than"):
        read(tmp_path, "talk.srt", SRT)


def test_the_best_transcript_beside_the_video_is_found(tmp_path: Path) -> None:
    for name in ("Talk.SRT", "Talk.VTT", "Other.json3"):
        (tmp_path / name).touch()
    assert find_transcript(tmp_path / "Talk.mp4") == tmp_path / "Talk.VTT"


def test_a_folder_is_no_transcript(tmp_path: Path) -> None:
    (tmp_path / "Talk.json3").mkdir()
    assert find_transcript(tmp_path / "Talk.mp4") is None


Folders = pytest.TempPathFactory
NUMBERS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
JSON = st.recursive(
    NUMBERS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)
TIMES = NUMBERS | st.integers(0, 20_000)
SEGMENT = {"utf8": st.text(max_size=20) | NUMBERS, "tOffsetMs": TIMES}
SEGMENTS = st.lists(st.fixed_dictionaries({}, optional=SEGMENT) | JSON, max_size=4)
EVENT = {"tStartMs": TIMES, "dDurationMs": TIMES, "aAppend": TIMES, "segs": SEGMENTS | JSON}
EVENTS = st.fixed_dictionaries({}, optional=EVENT)
CLOCKS = st.integers(0, 90_000).map(
    lambda ms: f"{ms // 3_600_000:02}:{ms // 60_000:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
)
LINES = st.one_of(
    st.just(""),
    st.just("WEBVTT"),
    st.text(max_size=30),
    st.text("<>&[]{}()0123456789:.,->/c \\Nn", max_size=30),
    st.text(string.ascii_letters + " ", max_size=30),
    st.tuples(CLOCKS, CLOCKS).map(" --> ".join),
    CLOCKS.map(lambda clock: f"so<{clock}><c> well</c>"),
)


def makes_sense_or_is_refused(folder: Path, name: str, content: str) -> None:
    try:
        transcript = read(folder, name, content.encode(errors="replace"))
    except TranscriptUnreadable:
        return
    assert transcript.words
    assert all(word.text and word.text.split() == [word.text] for word in transcript.words)
    assert starts(transcript) == sorted(starts(transcript))
    assert all(one.span.end <= next_.span.start for one, next_ in pairwise(transcript.cues))
    transcript.text().encode()


@settings(deadline=None)
@given(JSON | st.fixed_dictionaries({"events": st.lists(EVENTS | JSON, max_size=6)}))
def test_any_json_is_read_or_refused(tmp_path_factory: Folders, document: Any) -> None:
    makes_sense_or_is_refused(tmp_path_factory.getbasetemp(), "any.json3", json.dumps(document))


@settings(deadline=None)
@given(st.sampled_from(["any.srt", "any.vtt"]), st.text() | st.lists(LINES).map("\n".join))
def test_any_text_is_read_or_refused(tmp_path_factory: Folders, name: str, content: str) -> None:
    makes_sense_or_is_refused(tmp_path_factory.getbasetemp(), name, content)
