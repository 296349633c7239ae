"""A source, a span and a layout in; one reel and its cover on disk out, in one ffmpeg process."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from gravix_core.errors import GravixError, NotAccepted, ToolFailed
from gravix_core.layouts import Layout
from gravix_core.media.files import atomic, hash_file
from gravix_core.media.probe import FORMATS, KEY_FRAMES_APART, probe, seeks_loosely
from gravix_core.media.process import run_ffmpeg
from gravix_core.model import MediaInfo, RenderedReel, Seconds, Span, Watch
from gravix_core.stages.render.accept import MAX_BYTES, check_file
from gravix_core.stages.render.cover import (
    CANDIDATES,
    candidate_pattern,
    drop_candidates,
    pick_cover,
)
from gravix_core.stages.render.filtergraph import Canvas, audio_graph, video_graph

RECIPE = 2
"""Raised whenever the same plan would give another picture, so that old reels are made anew."""

VIDEO_CODEC = (
    # Better than veryfast at crf 20 for two thirds of its CPU: benchmarks/results/encoder.md.
    *("-c:v", "libx264", "-preset", "superfast", "-crf", "22"),
    *("-profile:v", "high", "-pix_fmt", "yuv420p"),
)
AUDIO_CODEC = ("-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2")
MUXER = (
    *("-map_metadata", "-1", "-map_chapters", "-1"),  # a phone writes where it was filmed
    *("-movflags", "+faststart+negative_cts_offsets", "-use_editlist", "0"),
    *("-brand", "mp42", "-f", "mp4"),
)


MAX_BIT_RATE = 12_000_000
"""Bits per second.  Instagram takes up to 25 Mbit/s and encodes again; this keeps uploads short."""
SLOW = 15
"""A source with fewer frames per second may show one of them for long."""
LEAD_FRAMES = 20


@dataclass(frozen=True, slots=True)
class RenderPlan:
    """Everything that decides the picture and the sound of one reel."""

    source: Path
    info: MediaInfo
    span: Span
    layout: Layout
    canvas: Canvas

    @property
    def frames(self) -> int:
        return max(1, round(self.span.duration * self.canvas.fps))

    @property
    def duration(self) -> Seconds:
        """A whole number of frames."""
        return self.frames / self.canvas.fps

    @property
    def lead(self) -> Seconds:
        """How far before the span decoding begins, to have the frame that is still showing."""
        if seeks_loosely(self.info):
            return min(self.span.start, KEY_FRAMES_APART)
        rate = self.info.picture.rate
        return min(self.span.start, float(LEAD_FRAMES / rate)) if rate < SLOW else 0.0

    @property
    def bit_rate(self) -> int:
        """The cap, such that the longest reels stay under the largest file."""
        return min(MAX_BIT_RATE, int(0.95 * 8 * MAX_BYTES / self.duration) - 200_000)

    def fingerprint(self, source_sha256: str) -> str:
        """The same for the same reel, on any machine."""
        decides = {
            "recipe": RECIPE,
            "source": source_sha256,
            "picture": self.info.picture.stream,
            "sound": self.info.sound.stream if self.info.sound else None,
            "span": [round(self.span.start, 6), round(self.span.end, 6)],
            "layout": asdict(self.layout),
            "canvas": asdict(self.canvas),
        }
        return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:32]


def ffmpeg_arguments(plan: RenderPlan, ffmpeg: Path, *, reel: Path, cover: Path) -> list[str]:
    """The whole command; `run_ffmpeg` adds the progress."""
    graph = ";".join(
        (
            video_graph(
                plan.info,
                plan.layout,
                plan.canvas,
                duration=plan.duration,
                covers=CANDIDATES,
                lead=plan.lead,
            ),
            audio_graph(plan.info, duration=plan.duration, lead=plan.lead),
        )
    )
    seek = plan.span.start - plan.lead
    return [
        *(str(ffmpeg), "-y", "-loglevel", "warning"),
        *("-protocol_whitelist", "file", "-format_whitelist", FORMATS),
        *(("-ss", f"{seek:.6f}") if seek > 0 else ()),  # flv seeks to its end when asked for 0
        *("-t", f"{plan.lead + plan.span.duration + 1:.6f}"),
        *("-i", f"file:{plan.source}"),
        *("-filter_complex", graph),
        *("-map", "[v]", "-map", "[a]", "-frames:v", str(plan.frames)),
        *VIDEO_CODEC,
        *("-maxrate", str(plan.bit_rate), "-bufsize", str(2 * plan.bit_rate)),
        *("-r", str(plan.canvas.fps), "-g", str(2 * plan.canvas.fps)),
        *AUDIO_CODEC,
        *MUXER,
        f"file:{reel}",
        *("-map", "[cover]", "-frames:v", str(CANDIDATES), "-c:v", "mjpeg", "-q:v", "3"),
        *("-map_metadata", "-1", "-f", "image2", f"file:{candidate_pattern(cover)}"),
    ]


def render(
    plan: RenderPlan, *, ffmpeg: Path, source_sha256: str, reel: Path, cover: Path, watch: Watch
) -> RenderedReel:
    """Render one reel and hold it against Instagram's rules.

    Both files appear whole, under their final names, or not at all.

    Raises:
        NotAccepted: What came out breaks a rule; it is removed.
        ToolFailed, ToolMissing, DiskFull, Cancelled: As `run_ffmpeg`.
    """
    with atomic(reel, cover) as (reel_draft, cover_draft):
        argv = ffmpeg_arguments(plan, ffmpeg, reel=reel_draft, cover=cover_draft)
        try:
            run_ffmpeg(argv, frames=plan.frames, watch=watch)
            pick_cover(cover_draft)
        finally:
            drop_candidates(cover_draft)
        info = _probe_draft(reel_draft)
        report = check_file(reel_draft)
        if not report.accepted:
            broken = "; ".join(
                f"{r.rule}: {r.found}, expected {r.expected}"
                for r in report.rules
                if r.level == "fail"
            )
            raise NotAccepted(f"the rendered reel would be refused: {broken}")
        return RenderedReel(
            file=reel,
            cover=cover,
            duration=info.duration,
            byte_size=info.byte_size,
            sha256=hash_file(reel_draft),
            plan=plan.fingerprint(source_sha256),
            report=report,
        )


def _probe_draft(draft: Path) -> MediaInfo:
    try:
        return probe(draft)
    except GravixError as exc:
        raise ToolFailed(f"ffmpeg wrote no playable reel: {exc}") from exc
