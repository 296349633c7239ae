"""The name of a clip in, its reel out: rendered by the product, once per way."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from gravix_core.framing import WHOLE, CropPath, Fill, Place, Stretch, Window
from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import RenderedReel, Size, Span, Watch
from gravix_core.stages.render.encode import RenderPlan, render
from gravix_core.stages.render.filtergraph import Canvas
from gravix_core.stages.render.sound import measure
from gravix_core.stages.render.stretches import largest, still_path
from tests.media.clips import Clips

SMALL = Canvas(Size(270, 480), 30)
FULL = Canvas(Size(1080, 1920), 30)


@dataclass
class Listener:
    """Hears progress, and stops when it is told to."""

    heard: list[float] = field(default_factory=list)
    stop_after: float = 101

    def progress(self, percent: float) -> None:
        self.heard.append(percent)

    def should_stop(self) -> bool:
        return bool(self.heard) and self.heard[-1] >= self.stop_after


WAYS = ("fit", "centre", "follow", "split", "mixed")
"""Every way in which a canvas is filled: ``follow`` moves all the time, ``mixed`` has it all."""


def path_for(way: str, span: Span, *, frame: Size, canvas: Size) -> CropPath:
    if way in {"fit", "centre"}:
        return still_path(way, span, frame=frame, canvas=canvas)
    if way == "mixed":
        thirds = [span.start + span.duration * n / 3 for n in range(4)]
        parts = zip(("fit", "follow", "split"), thirds, thirds[1:], strict=False)
        given = (path_for(n, Span(a, b), frame=frame, canvas=canvas) for n, a, b in parts)
        return CropPath(tuple(stretch for path in given for stretch in path.stretches))
    fill = Fill.SPLIT if way == "split" else Fill.CROP
    half = Size(canvas.width, canvas.height // 2) if way == "split" else canvas
    box = largest(WHOLE, half.aspect / frame.aspect)
    left, right = box.width / 2, 1 - box.width / 2
    top, low = box.height / 2, 1 - box.height / 2
    if way == "split":
        ends = ((left, top), (right, low))
        windows = tuple(Window(box.width, box.height, (Place(span.start, *end),)) for end in ends)
    else:
        places = (Place(span.start, left, top), Place(span.end, right, low))
        windows = (Window(box.width, box.height, places),)
    return CropPath((Stretch(span, fill, windows),))


def plan_for(
    source: Path, way: str = "fit", *, canvas: Canvas = SMALL, span: Span | None = None
) -> RenderPlan:
    info = probe(source)
    whole = span or Span(0, info.duration)
    return RenderPlan(
        source,
        info,
        whole,
        canvas,
        path_for(way, whole, frame=info.picture.size, canvas=canvas.size),
        loudness=measure(source, info, whole, ffmpeg=ffmpeg_program(), watch=Listener()),
    )


def make(plan: RenderPlan, reel: Path, watch: Watch | None = None) -> RenderedReel:
    return render(
        plan,
        ffmpeg=ffmpeg_program(),
        mark="0" * 32,
        reel=reel,
        cover=reel.with_suffix(".jpg"),
        watch=watch or Listener(),
    )


class Renders:
    def __init__(self, clips: Clips, folder: Path) -> None:
        self._clips = clips
        self._folder = folder
        self._made: dict[object, RenderedReel] = {}

    def __call__(
        self,
        clip: str,
        layout: str = "fit",
        *,
        canvas: Canvas = SMALL,
        span: tuple[float, float] | None = None,
    ) -> RenderedReel:
        key = (clip, layout, canvas, span)
        if key not in self._made:
            file = self._folder / f"{len(self._made)}.mp4"
            asked = Span(*span) if span else None
            plan = plan_for(self._clips(clip), layout, canvas=canvas, span=asked)
            self._made[key] = make(plan, file)
        return self._made[key]
