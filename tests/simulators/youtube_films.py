"""A scenario in, its streams out: small real files that ffmpeg makes when they are first needed."""

from __future__ import annotations

import hashlib
import struct
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gravix_core.media.process import ffmpeg_program
from tests.simulators.youtube_captions import LEAD_MS, SENTENCE_MS, SPOKEN_MS
from tests.simulators.youtube_scenario import MEDIA_AT_MOST, Scenario

CHUNK = 1 << 16
FRAMES_PER_SECOND = 25
BOX_HEAD = 16
"""Bytes of an mp4 box's head with a length of 64 bits."""

APART = "+frag_keyframe+empty_moov+default_base_moof"
"""Streams that come alone are in fragments, as on the real site."""

X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "30", "-g", "50", "-pix_fmt", "yuv420p")
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "200k")

MUXED = 18
AAC = 140
OPUS = 251
H264_ITAGS = {144: 160, 240: 133, 360: 134, 480: 135, 720: 136, 1080: 137}
VP9_ITAGS = {720: 247, 1080: 248, 1440: 271, 2160: 313}
WEBM_ITAGS = {OPUS, *VP9_ITAGS.values()}
HEIGHTS = {itag: height for table in (H264_ITAGS, VP9_ITAGS) for height, itag in table.items()}
HEIGHTS[MUXED] = 360


@dataclass(frozen=True, slots=True)
class Stream:
    """A file and how long it is said to be; an empty mp4 box fills the rest."""

    file: Path
    size: int

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """The bytes ``[start, stop)`` in small parts; nothing of the filling is kept."""
        real = self.file.stat().st_size
        with self.file.open("rb") as source:
            source.seek(min(start, real))
            while start < min(stop, real):
                part = source.read(min(CHUNK, min(stop, real) - start))
                start += len(part)
                yield part
        head = struct.pack(">I4sQ", 1, b"free", self.size - real) if self.size > real else b""
        while start < stop:
            until = min(stop, start + CHUNK)
            part = head[start - real : until - real]
            yield part + bytes(until - start - len(part))
            start = until


class Films:
    """Makes the streams of a scenario once; scenarios that look alike share them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def stream(self, scenario: Scenario, itag: int) -> Stream:
        """A stream that is on offer."""
        file = self._made(scenario, itag)
        real, size = file.stat().st_size, None
        if itag in H264_ITAGS.values():
            size = scenario.size
        return Stream(file, real if size is None or size < real + BOX_HEAD else size)

    def size(self, scenario: Scenario, itag: int) -> int:
        """Bytes of a stream that is on offer; of WebM a guess until it was first asked for."""
        file = self._home(scenario) / f"{itag}.webm"
        if itag in WEBM_ITAGS and not file.exists():
            return seconds_of(scenario) * 25_000
        return self.stream(scenario, itag).size

    def picture(self, scenario: Scenario, *, width: int, height: int, ending: str) -> bytes:
        """A still of the film; `ending` is jpg or webp."""
        still = f"scale={width}:{height}"
        words = ("-i", str(self._made(scenario, H264_ITAGS[360])), "-vf", still, "-frames:v", "1")
        return self._once(scenario, f"{width}x{height}.{ending}", words).read_bytes()

    def _made(self, scenario: Scenario, itag: int) -> Path:
        if itag in WEBM_ITAGS:
            return self._webm(scenario, itag)
        with self._lock:
            folder = self._home(scenario)
            file = folder / f"{itag}.mp4"
            if not file.exists():
                self._make_mp4s(scenario, folder)
        return file

    def _make_mp4s(self, scenario: Scenario, folder: Path) -> None:
        heights = sorted({360, *scenario.heights} & H264_ITAGS.keys())
        labels = [f"[v{height}]" for height in heights]
        scaled = ";".join(f"[s{h}]scale=-2:{h},setsar=1[v{h}]" for h in heights)
        split = "".join(f"[s{h}]" for h in heights)
        apart = ("-movflags", APART, "-f", "mp4")
        outputs = [
            word
            for label, height in zip(labels, heights, strict=True)
            for word in ("-map", label, *X264, *apart, _new(folder, H264_ITAGS[height]))
        ]
        sound = ("-map", _sound_of(scenario), "-c:a", "aac", "-b:a", "128k", "-ac", "2")
        graph = f"[0:v:0]split={len(heights)}{split};{scaled}"
        _ffmpeg(
            (
                *_inputs(scenario),
                "-filter_complex",
                graph,
                *outputs,
                *sound,
                *apart,
                _new(folder, AAC),
            )
        )
        alone = [str(folder / f"{itag}.new") for itag in (H264_ITAGS[360], AAC)]
        both = [word for file in alone for word in ("-i", file)]
        whole = ("-c", "copy", "-movflags", "+faststart", "-f", "mp4", _new(folder, MUXED))
        _ffmpeg((*both, *whole))
        for file in folder.glob("*.new"):
            file.rename(file.with_suffix(".mp4"))

    def _webm(self, scenario: Scenario, itag: int) -> Path:
        if itag == OPUS:
            words: tuple[str, ...] = ("-map", _sound_of(scenario), "-c:a", "libopus")
        else:
            words = ("-map", "0:v:0", "-vf", f"scale=-2:{HEIGHTS[itag]},setsar=1", *VP9)
        return self._once(scenario, f"{itag}.webm", (*_inputs(scenario), *words))

    def _once(self, scenario: Scenario, name: str, words: Sequence[str]) -> Path:
        with self._lock:
            file = self._home(scenario) / name
            if not file.exists():
                half = file.with_name(f"half-{name}")
                _ffmpeg((*words, str(half)))
                half.rename(file)
        return file

    def _home(self, scenario: Scenario) -> Path:
        looks = (scenario.film, seconds_of(scenario), sorted(scenario.heights))
        folder = self._folder / hashlib.sha256(repr(looks).encode()).hexdigest()[:16]
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def seconds_of(scenario: Scenario) -> int:
    """How long the drawn media last."""
    return max(1, min(scenario.duration, MEDIA_AT_MOST))


def _new(folder: Path, itag: int) -> str:
    return str(folder / f"{itag}.new")


def _sound_of(scenario: Scenario) -> str:
    return "0:a:0" if scenario.film else "1:a:0"


def _inputs(scenario: Scenario) -> tuple[str, ...]:
    if scenario.film:
        return ("-i", str(scenario.film))
    seconds = seconds_of(scenario)
    said = f"between(mod(t*1000-{LEAD_MS},{SENTENCE_MS}),0,{SPOKEN_MS})"
    sound = f"sine=f=220:r=44100:d={seconds},volume=volume='{said}':eval=frame"
    picture = f"testsrc=s=640x360:r={FRAMES_PER_SECOND}:d={seconds}"
    return ("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound)


def _ffmpeg(words: Sequence[str]) -> None:
    argv = [str(ffmpeg_program()), "-nostdin", "-v", "error", "-y", *words]
    done = subprocess.run(argv, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, f"{argv}\n{done.stderr.decode()}"
