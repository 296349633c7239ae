"""What a source holds and how the canvas is filled in, one ffmpeg filter graph out.  Pure.

Each frame is scaled once.  A source faster than the reel loses frames before that, a slower one
gains them after, so that no frame is scaled twice or for nothing.  Only where the fill changes
inside a reel is the rate made even first, since its branches are cut apart by counting frames.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from gravix_core.framing import CropPath, Fill
from gravix_core.model import MediaInfo, Picture, Seconds, Size, Transfer
from gravix_core.stages.render.stretches import Clock, Run, Track, runs_of

EXACT = "bicubic+accurate_rnd+full_chroma_int"
"""Without the last two, a change of the colour matrix darkens by two codes of 255."""
AS_JPEG = "scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p"
"""Colours as a JPEG wants them (JFIF: BT.601, full range)."""
_BLUR_SCALE = 8
"""The background is blurred at an eighth of the canvas: it is soft anyway."""
_HD = 720
_TONE_MAP = (
    "zscale=tin={transfer}:pin=bt2020:min=bt2020nc:rin=limited:t=linear:npl=203,format=gbrpf32le,"
    "zscale=p=bt709,tonemap=mobius:desat=0:peak={peak},zscale=t=bt709:m=bt709:r=limited"
)
_TAGS = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=limited"
_MARGIN = 4
"""Source pixels around a moving window that are scaled too: bicubic looks two to each side."""
_LINE = 480
"""The line between two windows is this part of the canvas's height: 4 pixels of 1920."""
_LINE_COLOUR = "0x101010"


@dataclass(frozen=True, slots=True)
class Canvas:
    """What a reel looks like from outside."""

    size: Size
    fps: int


def video_graph(
    info: MediaInfo,
    path: CropPath,
    canvas: Canvas,
    *,
    clock: Clock,
    covers: Sequence[int],
    over: str = "",
) -> str:
    """The graph of the picture, with the outputs ``[v]`` and ``[cover]``.

    Args:
        path: How the canvas is filled.
        clock: Counts the frames of the reel.
        covers: The frames that ``[cover]`` gives.
        over: Filters for ``[v]`` alone, such as subtitles; empty for none.
    """
    picture = info.picture
    runs = runs_of(path, clock, frame=picture.size, canvas=canvas.size)
    filler = _Filler(picture, canvas, clock)
    filled = filler.one(runs[0]) if len(runs) == 1 else filler.several(runs)
    return (
        f"[0:{picture.stream}]{'bwdif=mode=send_frame' if picture.interlaced else 'null'},"
        f"{filled},setsar=1,{_TAGS},split[p][c];[p]{over or 'null'}[v];{_cover(covers)}"
    )


class _Filler:
    """Writes the part of a graph that turns frames of the source into frames of the canvas."""

    def __init__(self, picture: Picture, canvas: Canvas, clock: Clock) -> None:
        self._picture = picture
        self._canvas = canvas
        self._clock = clock

    def one(self, run: Run) -> str:
        """All of the reel; frames are dropped before they are scaled, and doubled after."""
        if self._picture.rate > self._canvas.fps:
            return f"{self._even_rate()},{self._body(run, 0)},{self._held()}"
        return f"{self._body(run, self._clock.skipped)},{self._even_rate()},{self._held()}"

    def several(self, runs: Sequence[Run]) -> str:
        """One branch per run, each with its own frames, one after the other."""
        count = len(runs)
        ins = "".join(f"[i{n}]" for n in range(count))
        outs = "".join(f"[o{n}]" for n in range(count))
        branches = "".join(
            f"[i{n}]trim=start_frame={run.first}:end_frame={run.end},{self._body(run, 0, f'{n}')},"
            f"setsar=1,{_TAGS}[o{n}];"
            for n, run in enumerate(runs)
        )
        return (
            f"{self._even_rate()},{self._held()},split={count}{ins};{branches}"
            f"{outs}concat=n={count}:v=1:a=0,settb=1/{self._canvas.fps},setpts=N"
        )

    def _even_rate(self) -> str:
        lead = self._clock.lead
        skip = f",trim=start={lead:.6f},setpts=PTS-STARTPTS" if lead else ""
        return f"fps={self._canvas.fps}:start_time=0{skip}"

    def _held(self) -> str:
        """A source that shows one frame for long may have none near its end."""
        still = self._clock.frames / self._clock.fps if self._clock.lead else 1.0
        return f"tpad=stop_mode=clone:stop_duration={still:.3f}"

    def _body(self, run: Run, skipped: int, mark: str = "") -> str:
        """Frames as decoded in, frames of the canvas out; `mark` keeps the labels apart."""
        if run.fill is Fill.CROP:
            return self._window(run.tracks[0], self._canvas.size, skipped)
        if run.fill is Fill.BLUR:
            return self._fit(run.tracks[0], skipped, mark)
        return self._split(run.tracks, skipped, mark)

    def _window(self, track: Track, target: Size, skipped: int) -> str:
        """One window of the frame, scaled."""
        if not track.moving:
            return self._cut_out(track, skipped) + scaled(self._picture, target)
        # What is scaled is little more than the window; the rest of the way is gone in pixels
        # of the canvas, of which one of the source is several.
        stored = _as_shown(self._picture)
        across = _Axis(stored.width, track.width, target.width)
        down = _Axis(stored.height, track.height, target.height)
        xs, ys = across.places(_lefts(track)), down.places(_tops(track))
        first = (
            f"crop={across.kept}:{down.kept}:"
            f"'{self._steps([(f, a) for f, a, _ in xs], skipped)}':"
            f"'{self._steps([(f, a) for f, a, _ in ys], skipped)}',"
        )
        second = (
            f"crop={target.width}:{target.height}:"
            f"'{self._steps([(f, b) for f, _, b in xs], skipped)}':"
            f"'{self._steps([(f, b) for f, _, b in ys], skipped)}':exact=1,"
        )
        return first + scaled(self._picture, Size(across.scaled, down.scaled), then=second)

    def _cut_out(self, track: Track, skipped: int) -> str:
        """A still window in pixels of the source; it may jump."""
        stored = _as_shown(self._picture)
        if track.width > 1 - 1e-6 and track.height > 1 - 1e-6:
            return ""
        width = min(stored.width, _even(track.width * stored.width))
        height = min(stored.height, _even(track.height * stored.height))
        lefts = [(f, _inside(x * stored.width, stored.width - width)) for f, x in _lefts(track)]
        tops = [(f, _inside(y * stored.height, stored.height - height)) for f, y in _tops(track)]
        across, down = self._steps(lefts, skipped), self._steps(tops, skipped)
        return f"crop={width}:{height}:'{across}':'{down}',"

    def _fit(self, track: Track, skipped: int, mark: str) -> str:
        """A window, whole, over its own copy: enlarged to cover, blurred, a little darker."""
        canvas, shown = self._canvas.size, self._picture.size
        inner = fit_size(
            Size(
                max(1, round(track.width * shown.width)),
                max(1, round(track.height * shown.height)),
            ),
            canvas,
        )
        small = Size(_even(canvas.width / _BLUR_SCALE), _even(canvas.height / _BLUR_SCALE))
        left = _even((canvas.width - inner.width) / 2)
        top = _even((canvas.height - inner.height) / 2)
        front, behind, back = f"[front{mark}]", f"[behind{mark}]", f"[back{mark}]"
        return (
            f"{self._cut_out(track, skipped)}{scaled(self._picture, inner)},split{front}{behind};"
            f"{behind}scale={small.width}:{small.height}:force_original_aspect_ratio=increase"
            f":flags=area,crop={small.width}:{small.height},gblur=sigma=6:steps=2,"
            "lutyuv=y='16+(val-16)*0.72',"
            f"scale={canvas.width}:{canvas.height}:flags=bicubic,setsar=1"
            f"{back};{back}{front}overlay=x={left}:y={top}:format=yuv420:shortest=1"
        )

    def _split(self, tracks: Sequence[Track], skipped: int, mark: str) -> str:
        """Two windows, one above the other, with a thin line between them."""
        canvas = self._canvas.size
        upper = _even(canvas.height / 2)
        heights = (upper, canvas.height - upper)
        ins, outs = (f"[u{mark}]", f"[l{mark}]"), (f"[upper{mark}]", f"[lower{mark}]")
        halves = "".join(
            f"{given}{self._window(track, Size(canvas.width, height), skipped)}{made};"
            for given, track, height, made in zip(ins, tracks, heights, outs, strict=True)
        )
        line = _even(canvas.height / _LINE)
        return (
            f"split{''.join(ins)};{halves}{''.join(outs)}vstack,"
            f"drawbox=x=0:y={upper - line // 2}:w=iw:h={line}:c={_LINE_COLOUR}:t=fill"
        )

    def _steps(self, values: Sequence[tuple[int, int]], skipped: int) -> str:
        """An expression of the time ``t`` that is each value from its frame of the reel on.

        A frame of the source that is shown as frame `n` has a time from half a frame before on.
        """
        changes = [values[0]]
        changes += [b for a, b in pairwise(values) if a[1] != b[1]]
        times = [max(0.0, (f + skipped - 0.5) / self._clock.fps - 1e-4) for f, _ in changes]
        return _tree([value for _, value in changes], times)


def _tree(values: Sequence[int], times: Sequence[Seconds]) -> str:
    """Halved again and again, since FFmpeg nests no more than a hundred deep."""
    if len(values) == 1:
        return str(values[0])
    half = len(values) // 2
    before, after = _tree(values[:half], times[:half]), _tree(values[half:], times[half:])
    return f"if(lt(t,{times[half]:.4f}),{before},{after})"


class _Axis:
    """One direction of a moving window: what is cut out, scaled, and cut again."""

    def __init__(self, frame: int, share: float, target: int) -> None:
        self._frame = frame
        self._target = target
        window = share * frame
        self.kept = min(frame, _even(window) + 2 * _MARGIN)
        """Pixels of the source that are scaled."""
        self.scaled = max(target, _even(self.kept * target / window))
        """Pixels that they become."""

    def places(self, edges: Sequence[tuple[int, float]]) -> list[tuple[int, int, int]]:
        """Frame, first edge in pixels of the source, second in pixels of the canvas."""
        found = []
        for frame, edge in edges:
            wanted = edge * self._frame
            # An even edge: FFmpeg would round to one, where colour has half the pixels.
            first = _inside(2 * math.floor(wanted / 2) - _MARGIN, self._frame - self.kept)
            second = math.floor((wanted - first) * self.scaled / self.kept + 1e-6)
            found.append((frame, first, min(max(0, second), self.scaled - self._target)))
        return found


def _lefts(track: Track) -> list[tuple[int, float]]:
    return [(frame, x) for frame, x, _ in track.edges]


def _tops(track: Track) -> list[tuple[int, float]]:
    return [(frame, y) for frame, _, y in track.edges]


def _inside(value: float, most: int) -> int:
    """The nearest even number that leaves a window inside."""
    return min(max(0, 2 * round(value / 2)), most)


def _as_shown(picture: Picture) -> Size:
    """Pixels as decoded and turned, not yet square."""
    stored = picture.stored
    return Size(stored.height, stored.width) if picture.rotation in {90, 270} else stored


def fit_size(source: Size, canvas: Size) -> Size:
    """The largest even size of `source`'s shape inside `canvas`."""
    scale = min(Fraction(canvas.width, source.width), Fraction(canvas.height, source.height))
    return Size(
        min(canvas.width, _even(source.width * scale)),
        min(canvas.height, _even(source.height * scale)),
    )


def scaled(picture: Picture, size: Size, *, then: str = "") -> str:
    """Scale to `size` in BT.709, 8 bit, limited range, square pixels.

    Args:
        then: Filters between the scaling and what each pixel costs, each with its comma.
    """
    scale = f"scale={size.width}:{size.height}:flags={EXACT}"
    if picture.transfer is not Transfer.SDR:
        name = "smpte2084" if picture.transfer is Transfer.PQ else "arib-std-b67"
        tone = _TONE_MAP.format(transfer=name, peak="10" if name == "smpte2084" else "5")
        return f"{scale},{then}setsar=1,{tone},format=yuv420p"
    matrix = ""
    if picture.matrix == "unknown" and not picture.pixel_format.startswith(("gbr", "rgb", "bgr")):
        matrix = ":in_color_matrix=" + ("bt709" if picture.stored.height >= _HD else "bt601")
    return f"{scale}{matrix}:out_color_matrix=bt709:out_range=tv,{then}setsar=1,format=yuv420p"


def scaled_small(picture: Picture, size: Size) -> str:
    """As `scaled`, for copies that are small: of an interlaced frame they need one field."""
    return f"{'field,' if picture.interlaced else ''}{scaled(picture, size)},{_TAGS}"


def _cover(frames: Sequence[int]) -> str:
    """One by one: as long as an output has no frame, ffmpeg tells no progress at all."""
    wanted = "+".join(f"eq(n,{frame})" for frame in frames)
    return f"[c]select='{wanted}',{AS_JPEG}[cover]"


def escaped(file: Path) -> str:
    """A path as the value of an option inside a graph.

    FFmpeg takes a graph apart twice: first the graph into filters, then a filter into options.
    """
    option = "".join(f"\\{c}" if c in "\\':" else c for c in file.as_posix())
    return "".join(f"\\{c}" if c in "\\'[],;" else c for c in option)


def _even(value: float | Fraction) -> int:
    return max(2, 2 * round(float(value) / 2))
