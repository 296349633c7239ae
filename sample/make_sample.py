"""Turn free clips and a written talk into the sample film and its YouTube transcript.

Run from the root of the repository; espeak-ng must be installed:

    python -m sample.make_sample --packages DIR [--out DIR]
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import imageio_ffmpeg

from sample.film import FILM, FPS, HEIGHT, WIDTH, Clip, Still
from sample.speech import Seconds, Speech, SpeechError, SpokenWord, save, speak

Args = list[str | float | Path]

STEM = "gravix-sample"

LEAD: Seconds = 0.4
TAIL: Seconds = 0.5
PAUSES: tuple[Seconds, ...] = (0.3, 0.5, 0.25, 0.6, 0.4, 0.45)
"""Silence after a sentence, taken in turn."""
CUT_LEAD: Seconds = 0.1
"""How long before its first word a shot begins."""
SLOWEST = 1.4
"""How far a clip may be stretched to last as long as its words."""

LOUDNESS = -17.0
"""LUFS, integrated."""
PEAK = 0.8
"""Highest sample, of 1."""
VIDEO_BITRATE = "270k"
AUDIO_BITRATE = "80k"

LINE = 38
"""Characters that a line of the transcript aims to stay below, about what YouTube's have."""


class SampleError(Exception):
    """The film cannot be made from these clips."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--packages", type=Path, required=True, help="folder of the clips")
    parser.add_argument("--out", type=Path, default=Path("sample"), help="folder to write to")
    options = parser.parse_args()
    try:
        make_sample(options.packages, options.out)
    except (SampleError, SpeechError) as exc:
        parser.exit(1, f"{parser.prog}: {exc}\n")


def make_sample(packages: Path, out: Path) -> None:
    """Write the film and its transcript into `out`.

    Raises:
        SampleError: As `make_film`.
        SpeechError: As `speak`.
    """
    speech = talk()
    out.mkdir(parents=True, exist_ok=True)
    transcript = json.dumps(json3(speech.words), indent=1)
    (out / f"{STEM}.json3").write_text(transcript + "\n", encoding="utf-8")
    with tempfile.TemporaryDirectory() as work:
        make_film(speech, packages, work=Path(work), out=out / f"{STEM}.mp4")


def talk() -> Speech:
    """Say the words of the film."""
    sentences = re.split(r"(?<=[.?!]) ", " ".join(shot.words for shot in FILM))
    pauses = [PAUSES[at % len(PAUSES)] for at in range(len(sentences) - 1)]
    return speak(sentences, [*pauses, TAIL], lead=LEAD)


def json3(words: Sequence[SpokenWord]) -> dict[str, Any]:
    """A transcript in the shape of YouTube's recognised tracks, with its oddities.

    The first event has no words, lines are parted by events that append a newline, and a
    line stays until the one after the next begins.
    """
    lines = transcript_lines(words)
    ends = [*(_ms(line[0].start) for line in lines[2:]), *[_ms(words[-1].end)] * 2]
    events: list[dict[str, Any]] = [
        {"tStartMs": 0, "dDurationMs": _ms(words[-1].end), "id": 1, "wpWinPosId": 1}
    ]
    for line, end in zip(lines, ends[: len(lines)], strict=True):
        start = _ms(line[0].start)
        if len(events) > 1:
            events.append(_newline(start, end))
        segs = [_seg(word, start) for word in line]
        events.append({"tStartMs": start, "dDurationMs": end - start, "wWinId": 1, "segs": segs})
    return {"wireMagic": "pb3", "pens": [{}], "wsWinStyles": [{}], "events": events}


def transcript_lines(words: Sequence[SpokenWord]) -> list[list[SpokenWord]]:
    """Words by line: a sentence opens a line, its lines are about equally long."""
    lines: list[list[SpokenWord]] = []
    for sentence in _sentences(words):
        length = len(_text(sentence))
        target = length / -(-length // LINE)
        lines.append([])
        for word in sentence:
            if len(_text(lines[-1])) >= target:
                lines.append([])
            lines[-1].append(word)
    return lines


def shot_frames(speech: Speech) -> list[int]:
    """How many frames each shot of the film lasts; together as long as the speech."""
    opening = accumulate(len(shot.words.split()) for shot in FILM[:-1])
    cuts = [round((speech.words[at].start - CUT_LEAD) * FPS) for at in opening]
    return [end - start for start, end in pairwise([0, *cuts, round(speech.duration * FPS)])]


def make_film(speech: Speech, packages: Path, *, work: Path, out: Path) -> None:
    """Cut the shots together under the speech.

    Raises:
        SampleError: A clip is missing or too short, or ffmpeg refused.
    """
    names = []
    for at, (shot, frames) in enumerate(zip(FILM, shot_frames(speech), strict=True)):
        names.append(f"{at:02}.mkv")
        render_shot(shot.picture, frames, packages=packages, out=work / names[-1])
    (work / "shots.txt").write_text("".join(f"file {name}\n" for name in names))
    save(speech, work / "speech.wav")
    encode(work, gain=LOUDNESS - loudness(work / "speech.wav"), out=out)


def render_shot(picture: Clip | Still, frames: int, *, packages: Path, out: Path) -> None:
    """Write one shot, without loss."""
    source = packages / picture.file
    if not source.is_file():
        raise SampleError(f"{source} is missing")
    match picture:
        case Clip():
            given: Args = ["-i", source]
            graph = clip_graph(picture, frames)
        case Still():
            plate = out.with_suffix(".png")
            ffmpeg("-i", source, "-filter_complex", picture.plate, "-frames:v", 1, plate)
            given = ["-loop", 1, "-framerate", FPS, "-i", plate]
            graph = still_graph(picture, frames)
    size = f"scale={WIDTH}:{HEIGHT}:flags=lanczos:out_color_matrix=bt709:out_range=tv"
    graph += f",{size},setsar=1,format=yuv420p"
    lossless: Args = ["-c:v", "libx264", "-qp", 0, "-preset", "ultrafast"]
    ffmpeg(*given, "-filter_complex", graph, "-an", "-frames:v", frames, *lossless, out)


def clip_graph(clip: Clip, frames: int) -> str:
    """Filters that make a stretch of a clip fill the frame for so many frames."""
    pace = max(1.0, frames / FPS / (clip.end - clip.start))
    if pace > SLOWEST:
        raise SampleError(f"{clip.file} at {clip.start} s is too short for its words: {pace:.2f}")
    graph = (
        f"setpts=PTS-STARTPTS,trim={clip.start}:{clip.end},setpts=(PTS-STARTPTS)*{pace},"
        f"fps={FPS},tpad=stop_mode=clone:stop=2,{clip.look}"
    )
    cover = (
        f"scale={WIDTH}:{HEIGHT}:force_original_aspect_ratio=increase:flags=lanczos,"
        f"crop={WIDTH}:{HEIGHT}"
    )
    if not clip.framed:
        return f"{graph},{cover}"
    return (
        f"{graph},split[back][front];"
        f"[back]{cover},gblur=sigma=80,eq=brightness=-0.15:saturation=0.7[wall];"
        "[front]scale=736:552:flags=lanczos,pad=748:564:6:6:color=0xf4f1ea[card];"
        "[wall][card]overlay=(W-w)/2:(H-h)/2"
    )


def still_graph(still: Still, frames: int) -> str:
    """Filters that move the camera over a plate, gently at both ends."""
    ease = f"(1-cos(PI*min(on/{frames - 1},1)))/2"
    first, last = still.first, still.last
    left = f"({first.x}+({last.x - first.x})*{ease})"
    top = f"({first.y}+({last.y - first.y})*{ease})"
    width = f"({first.width}+({last.width - first.width})*{ease})"
    right, bottom = f"{left}+{width}", f"{top}+{width}*{HEIGHT}/{WIDTH}"
    corners = [(left, top), (right, top), (left, bottom), (right, bottom)]
    places = ":".join(f"x{at}='{x}':y{at}='{y}'" for at, (x, y) in enumerate(corners))
    return f"format=yuv444p,perspective={places}:interpolation=cubic:eval=frame"


def loudness(sound: Path) -> float:
    """Integrated loudness in LUFS."""
    report = ffmpeg("-i", sound, "-af", "ebur128", "-f", "null", "-", level="info")
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", report)[-1])


def encode(work: Path, *, gain: float, out: Path) -> None:
    """Join the shots and the speech in `work`, in two passes, into a file under 5 MB."""
    shots: Args = ["-f", "concat", "-i", work / "shots.txt"]
    video: Args = ["-c:v", "libx264", "-preset", "veryslow", "-b:v", VIDEO_BITRATE, "-g", 5 * FPS]
    video += ["-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709"]
    passes: Args = ["-passlogfile", work / "passes", "-pass"]
    ffmpeg(*shots, *video, *passes, 1, "-an", "-f", "null", "-")
    level = f"aresample=48000,volume={gain:.2f}dB,alimiter=limit={PEAK}:level=0:latency=1"
    sound: Args = ["-af", level, "-ac", 2, "-c:a", "aac", "-b:a", AUDIO_BITRATE]
    container: Args = ["-movflags", "+faststart", "-map_metadata", -1, "-fflags", "+bitexact"]
    ffmpeg(*shots, "-i", work / "speech.wav", *video, *passes, 2, *sound, *container, out)


def ffmpeg(*words: str | float | Path, level: str = "error") -> str:
    """Run ffmpeg and return what it reported.

    Raises:
        SampleError: It ended with an error.
    """
    program = imageio_ffmpeg.get_ffmpeg_exe()
    argv = [program, "-hide_banner", "-nostdin", "-nostats", "-v", level, "-y", *map(str, words)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SampleError(f"ffmpeg failed: {done.stderr.strip()}")
    return done.stderr


def _sentences(words: Sequence[SpokenWord]) -> Iterator[list[SpokenWord]]:
    sentence: list[SpokenWord] = []
    for word in words:
        sentence.append(word)
        if word.text.endswith((".", "?", "!")):
            yield sentence
            sentence = []


def _newline(start: int, end: int) -> dict[str, Any]:
    segs = [{"utf8": "\n"}]
    return {"tStartMs": start, "dDurationMs": end - start, "wWinId": 1, "aAppend": 1, "segs": segs}


def _seg(word: SpokenWord, line_start: int) -> dict[str, Any]:
    offset = _ms(word.start) - line_start
    if not offset:
        return {"utf8": word.text, "acAsrConf": 0}
    return {"utf8": f" {word.text}", "tOffsetMs": offset, "acAsrConf": 0}


def _text(words: Sequence[SpokenWord]) -> str:
    return " ".join(word.text for word in words)


def _ms(time: Seconds) -> int:
    return round(time * 1000)


if __name__ == "__main__":
    main()
