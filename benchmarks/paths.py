"""One source, span and layout in; one reel out, made in each of the ways that are compared."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from moviepy import VideoFileClip
from PIL import Image, ImageFilter

from gravix_core.framing import WHOLE, CropPath, Fill, Place, Stretch, Window
from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import Size, Span
from gravix_core.stages.render.encode import RenderPlan, ffmpeg_arguments, render, texts_beside
from gravix_core.stages.render.encoders import X264
from gravix_core.stages.render.filtergraph import fit_size
from gravix_core.stages.render.stretches import largest, still_path

BLUR_SCALE = 8
BLUR_SIGMA = 6
DARKER = 0.72
PRESET = X264.codec[X264.codec.index("-preset") + 1]
CRF = X264.codec[X264.codec.index("-crf") + 1]
CUT_CRF = "18"
"""Finer than the reel's, since what the cut loses is lost for the reel."""


class Quiet:
    """Hears progress, never stops."""

    def progress(self, percent: float) -> None:
        """Nobody looks."""

    def should_stop(self) -> bool:
        return False


def crop_path(way: str, span: Span, *, frame: Size, canvas: Size) -> CropPath:
    """``fit`` and ``centre`` as in the product; ``follow`` goes to and fro and rests in between."""
    if way != "follow":
        return still_path(way, span, frame=frame, canvas=canvas)
    box = largest(WHOLE, canvas.aspect / frame.aspect)
    left, right = box.width / 2, 1 - box.width / 2
    turns = max(2, 2 * round(span.duration / 4))
    places = tuple(
        Place(span.start + span.duration * n / turns, right if n % 4 in {1, 2} else left, 0.5)
        for n in range(turns + 1)
    )
    window = Window(box.width, box.height, places)
    return CropPath((Stretch(span, Fill.CROP, (window,)),))


def ours(plan: RenderPlan, out: Path) -> None:
    """The product's own way: render, flush, probe, check every rule, hash, rename."""
    render(
        plan,
        ffmpeg=ffmpeg_program(),
        mark="benchmark",
        reel=out,
        cover=out.with_suffix(".jpg"),
        watch=Quiet(),
    )


def bare(plan: RenderPlan, out: Path) -> None:
    """One bare ffmpeg command with the same filters and encoder settings."""
    argv = ffmpeg_arguments(plan, ffmpeg_program(), reel=out, cover=out.with_suffix(".jpg"))
    with texts_beside(plan, out):
        subprocess.run(argv, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def cut_then_convert(plan: RenderPlan, out: Path) -> None:
    """Cut the span to a file of its own, to the frame, then convert that file."""
    _cut(plan, out, "-c:v", "libx264", "-preset", PRESET, "-crf", CUT_CRF, "-c:a", "aac")


def copy_then_convert(plan: RenderPlan, out: Path) -> None:
    """Cut the span without encoding it, at the key frame before, then convert that file."""
    _cut(plan, out, "-c", "copy")


def with_moviepy(plan: RenderPlan, out: Path) -> None:
    """The same conversion in MoviePy, frame by frame, with the same encoder settings."""
    canvas = plan.canvas
    with VideoFileClip(str(plan.source)) as film:
        clip = film.subclipped(plan.span.start, plan.span.start + plan.duration)
        clip = clip.image_transform(_filler(plan))
        clip.write_videofile(
            str(out),
            fps=canvas.fps,
            codec="libx264",
            preset=PRESET,
            audio_codec="aac",
            audio_bitrate="128k",
            audio_fps=48000,
            ffmpeg_params=["-crf", CRF, "-pix_fmt", "yuv420p", "-movflags", "+faststart"],
            temp_audiofile=str(out.with_suffix(".m4a")),
            logger=None,
        )


WAYS: dict[str, Callable[[RenderPlan, Path], None]] = {
    "ours": ours,
    "bare": bare,
    "cut": cut_then_convert,
    "copy": copy_then_convert,
    "moviepy": with_moviepy,
}


def _cut(plan: RenderPlan, out: Path, *codec: str) -> None:
    piece = out.with_suffix(".cut.mp4")
    argv = [str(ffmpeg_program()), "-y", "-loglevel", "error", "-ss", f"{plan.span.start:.6f}"]
    argv += ["-t", f"{plan.duration:.6f}", "-i", str(plan.source), *codec, str(piece)]
    subprocess.run(argv, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    info = probe(piece)
    span = Span(0, min(info.duration, plan.duration))
    path = crop_path(_way(plan), span, frame=info.picture.size, canvas=plan.canvas.size)
    bare(RenderPlan(piece, info, span, plan.canvas, path), out)
    piece.unlink()


def _filler(plan: RenderPlan) -> Callable[[Any], Any]:
    """How one frame fills the canvas; numpy arrays of rows, columns and RGB."""
    canvas = plan.canvas.size
    whole = (canvas.width, canvas.height)

    def crop(frame: Any) -> Any:
        height, width = frame.shape[:2]
        left = (width - height * canvas.width / canvas.height) / 2
        box = (left, 0.0, width - left, float(height))
        picture = Image.fromarray(frame)
        return np.asarray(picture.resize(whole, Image.Resampling.BICUBIC, box=box))

    def fit(frame: Any) -> Any:
        picture = Image.fromarray(frame)
        height, width = frame.shape[:2]
        left = (width - height * canvas.width / canvas.height) / 2
        small = (canvas.width // BLUR_SCALE, canvas.height // BLUR_SCALE)
        back = picture.resize(small, Image.Resampling.BOX, box=(left, 0.0, width - left, height))
        back = back.filter(ImageFilter.GaussianBlur(BLUR_SIGMA)).point(lambda v: v * DARKER)
        back = back.resize(whole, Image.Resampling.BICUBIC)
        inner = fit_size(plan.info.picture.size, canvas)
        front = picture.resize((inner.width, inner.height), Image.Resampling.BICUBIC)
        back.paste(front, ((whole[0] - inner.width) // 2, (whole[1] - inner.height) // 2))
        return np.asarray(back)

    return crop if _way(plan) == "centre" else fit


def _way(plan: RenderPlan) -> str:
    return "fit" if plan.crop_path.stretches[0].fill is Fill.BLUR else "centre"
