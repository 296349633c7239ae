"""The name of a clip in, its reel out: rendered by the product, once per way."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from gravix_core.layouts import LAYOUTS
from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import RenderedReel, Size, Span, Watch
from gravix_core.stages.render.encode import RenderPlan, render
from gravix_core.stages.render.filtergraph import Canvas
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


def plan_for(
    source: Path, layout: str = "fit", *, canvas: Canvas = SMALL, span: Span | None = None
) -> RenderPlan:
    info = probe(source)
    whole = span or Span(0, info.duration)
    return RenderPlan(source, info, whole, LAYOUTS[layout], canvas)


def make(plan: RenderPlan, reel: Path, watch: Watch | None = None) -> RenderedReel:
    return render(
        plan,
        ffmpeg=ffmpeg_program(),
        source_sha256="0" * 64,
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
