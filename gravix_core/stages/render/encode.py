"""A plan in; one reel and its cover on disk out, in one ffmpeg process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from gravix_core.errors import GravixError, NotAccepted, ToolFailed
from gravix_core.framing import CropPath, on_canvas
from gravix_core.media.files import atomic, hash_file
from gravix_core.media.probe import probe
from gravix_core.media.process import run_ffmpeg
from gravix_core.media.reading import lead_of, opened
from gravix_core.model import MediaInfo, RenderedReel, Seconds, Span, Watch
from gravix_core.stages.render.accept import MAX_BYTES, check_file
from gravix_core.stages.render.cover import (
    CANDIDATES,
    candidate,
    candidate_pattern,
    drop_candidates,
    pick_cover,
)
from gravix_core.stages.render.encoders import X264, Encoder, codec_words
from gravix_core.stages.render.filtergraph import AS_JPEG, Canvas, escaped, video_graph
from gravix_core.stages.render.sound import Loudness, audio_graph
from gravix_core.stages.render.stretches import Clock

RECIPE = 4
"""Raised whenever the same plan would give another picture, so that old reels are made anew."""

AUDIO_CODEC = (
    *("-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2"),
    *("-aac_pns", "0"),  # noise drawn anew has peaks of its own: up to 1.7 dB more, measured
)
MUXER = (
    *("-map_metadata", "-1", "-map_chapters", "-1"),  # a phone writes where it was filmed
    *("-movflags", "+faststart+negative_cts_offsets", "-use_editlist", "0"),
    *("-brand", "mp42", "-f", "mp4"),
)
_JPEG = ("-c:v", "mjpeg", "-q:v", "3", "-map_metadata", "-1", "-f", "image2")

MAX_BIT_RATE = 12_000_000
"""Bits per second.  Instagram takes up to 25 Mbit/s and encodes again; this keeps uploads short."""
LONG_GRAPH = 8_000
"""Characters.  A longer graph goes into a file: Windows takes 32,767 for a whole command."""
FACE_BONUS = 1.0
"""Of a candidate for the cover, whose weight is 1 without a face."""
FACE_NEAR: Seconds = 0.5


@dataclass(frozen=True, slots=True)
class RenderPlan:
    """Everything that decides the picture and the sound of one reel."""

    source: Path
    info: MediaInfo
    span: Span
    canvas: Canvas
    crop_path: CropPath
    encoder: Encoder = X264
    loudness: Loudness | None = None
    """None leaves the sound as loud as it is."""
    subtitles: str | None = None
    """A whole ASS document, timed from the start of the reel."""
    fonts: Path | None = None
    """Where the fonts of the subtitles lie."""
    cover_at: Seconds | None = None
    """When in the reel the frame of the cover is; None to choose one."""

    @property
    def frames(self) -> int:
        return max(1, round(self.span.duration * self.canvas.fps))

    @property
    def duration(self) -> Seconds:
        """A whole number of frames."""
        return self.frames / self.canvas.fps

    @property
    def lead(self) -> Seconds:
        """How far before the span decoding begins."""
        return lead_of(self.info, self.span)

    @property
    def clock(self) -> Clock:
        return Clock(self.span.start, self.canvas.fps, self.frames, self.lead)

    @property
    def bit_rate(self) -> int:
        """The cap, such that the longest reels stay under the largest file."""
        return min(MAX_BIT_RATE, int(0.95 * 8 * MAX_BYTES / self.duration) - 200_000)


def fingerprint(
    source_sha256: str,
    info: MediaInfo,
    span: Span,
    canvas: Canvas,
    *,
    wishes: Mapping[str, object],
) -> str:
    """The same for the same reel, on any machine, and known before anybody has looked at it.

    Args:
        wishes: All else that decides: layout, subtitles, cover …; what JSON takes, or its text.
    """
    decides = {
        "recipe": RECIPE,
        "source": source_sha256,
        "picture": info.picture.stream,
        "sound": info.sound.stream if info.sound else None,
        "span": [round(span.start, 6), round(span.end, 6)],
        "canvas": asdict(canvas),
        "wishes": dict(wishes),
    }
    told = json.dumps(decides, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def cover_times(duration: Seconds, chosen: Seconds | None = None) -> tuple[Seconds, ...]:
    """When in a reel the candidates for its cover are, by time.

    Args:
        chosen: One of them is this one, in place of its nearest.
    """
    times = [duration * (number + 0.5) / CANDIDATES for number in range(CANDIDATES)]
    if chosen is not None:
        times[cover_cell(duration, chosen)] = chosen
    return tuple(times)


def cover_cell(duration: Seconds, at: Seconds) -> int:
    """Which candidate shows a moment of a reel, or is nearest to it: 0..8, whatever was chosen."""
    part = int(at * CANDIDATES / duration)
    return min(max(0, part), CANDIDATES - 1)


def ffmpeg_arguments(plan: RenderPlan, ffmpeg: Path, *, reel: Path, cover: Path) -> list[str]:
    """The whole command; `run_ffmpeg` adds the progress.

    What is too long for a command line is expected in `texts_beside` the reel.
    """
    graph = _graph(plan, reel)
    long = len(graph) > LONG_GRAPH
    words = ("-/filter_complex", str(_graph_file(reel))) if long else ("-filter_complex", graph)
    return [
        *(str(ffmpeg), "-y", "-loglevel", "warning", *plan.encoder.before),
        *opened(plan.source, plan.span, plan.lead),
        *words,
        *("-map", "[v]", "-map", "[a]", "-frames:v", str(plan.frames)),
        *codec_words(plan.encoder, bit_rate=plan.bit_rate, fps=plan.canvas.fps),
        *AUDIO_CODEC,
        *MUXER,
        f"file:{reel}",
        *("-map", "[cover]", "-fps_mode", "passthrough", "-frames:v", str(len(_covers(plan)))),
        *(*_JPEG, f"file:{candidate_pattern(cover)}"),
    ]


@contextmanager
def texts_beside(plan: RenderPlan, reel: Path) -> Iterator[None]:
    """The files that `ffmpeg_arguments` names, as long as they are needed."""
    texts = {}
    if plan.subtitles is not None:
        texts[_subtitle_file(reel)] = plan.subtitles
    graph = _graph(plan, reel)
    if len(graph) > LONG_GRAPH:
        texts[_graph_file(reel)] = graph
    try:
        for file, text in texts.items():
            file.write_text(text, encoding="utf-8")
        yield
    finally:
        for file in texts:
            with suppress(OSError):
                file.unlink(missing_ok=True)


def render(
    plan: RenderPlan,
    *,
    ffmpeg: Path,
    mark: str,
    reel: Path,
    cover: Path,
    watch: Watch,
    sheet: Path | None = None,
) -> RenderedReel:
    """Render one reel and hold it against Instagram's rules.

    All files appear whole, under their final names, or not at all.

    Args:
        mark: The `fingerprint`, kept with the reel.
        sheet: Where the candidates for the cover go, side by side; None for nowhere.

    Raises:
        NotAccepted: What came out breaks a rule; it is removed.
        ToolFailed, ToolMissing, DiskFull, Cancelled: As `run_ffmpeg`.
    """
    wanted = (reel, cover) if sheet is None else (reel, cover, sheet)
    with atomic(*wanted) as (reel_draft, cover_draft, *sheets):
        argv = ffmpeg_arguments(plan, ffmpeg, reel=reel_draft, cover=cover_draft)
        try:
            with texts_beside(plan, reel_draft):
                run_ffmpeg(argv, frames=plan.frames, watch=watch)
            chosen = _chosen(plan, cover_draft)
            sheet_draft = sheets[0] if sheets else None
            best = pick_cover(cover_draft, weights=_weights(plan), sheet=sheet_draft, ffmpeg=ffmpeg)
            if chosen is not None:
                cover_draft.write_bytes(chosen)
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
            plan=mark,
            report=report,
            cover_cell=best - 1,
        )


def take_cover(reel: Path, at: Seconds, *, ffmpeg: Path, target: Path, watch: Watch) -> None:
    """Make a frame of a finished reel its cover, with the words that lie over it.

    Where there is a sheet, `take_cell` takes one without.

    Args:
        at: When in the reel.

    Raises:
        ToolFailed: There is no frame.
        ToolMissing, DiskFull, Cancelled: As `run_ffmpeg`.
    """
    with atomic(target) as (draft,):
        argv = [
            *(str(ffmpeg), "-y", "-loglevel", "warning", "-protocol_whitelist", "file"),
            *("-ss", f"{max(0.0, at):.6f}", "-i", f"file:{reel}"),
            *("-filter_complex", f"[0:v]{AS_JPEG}[o]", "-map", "[o]", "-frames:v", "1"),
            *(*_JPEG, "-update", "1", f"file:{draft}"),
        ]
        run_ffmpeg(argv, frames=1, watch=watch)
        if not draft.is_file():
            raise ToolFailed("the reel has no frame there")


def _graph(plan: RenderPlan, reel: Path) -> str:
    picture = video_graph(
        plan.info,
        plan.crop_path,
        plan.canvas,
        clock=plan.clock,
        covers=_covers(plan),
        over=",".join(_over(plan, reel)),
    )
    sound = audio_graph(plan.info, plan.loudness, duration=plan.duration, lead=plan.lead)
    return f"{picture};{sound}"


def _over(plan: RenderPlan, reel: Path) -> Iterator[str]:
    """What the reel gets and its cover does not: words, and the way to the encoder."""
    if plan.subtitles is not None:
        fonts = f":fontsdir={escaped(plan.fonts)}" if plan.fonts else ""
        yield f"ass=filename={escaped(_subtitle_file(reel))}{fonts}"
    if plan.encoder.upload:
        yield plan.encoder.upload


def _covers(plan: RenderPlan) -> tuple[int, ...]:
    times = cover_times(plan.duration, plan.cover_at)
    return tuple(sorted({_frame_at(plan, at) for at in times}))


def _frame_at(plan: RenderPlan, at: Seconds) -> int:
    """The one that is shown at a time of the reel."""
    return min(plan.frames - 1, max(0, int(at * plan.canvas.fps + 1e-6)))


def _chosen(plan: RenderPlan, cover: Path) -> bytes | None:
    """The picture that the operator chose, black or not; None when there is none."""
    if plan.cover_at is None:
        return None
    number = 1 + _covers(plan).index(_frame_at(plan, plan.cover_at))
    file = candidate(cover, number)
    return file.read_bytes() if file.is_file() else None


def _weights(plan: RenderPlan) -> tuple[float, ...]:
    """How much each candidate is worth before anybody has looked at it."""
    return tuple(1.0 + FACE_BONUS * _shows_a_face(plan, frame) for frame in _covers(plan))


def _shows_a_face(plan: RenderPlan, frame: int) -> bool:
    at = plan.clock.at(frame)
    stretch = plan.crop_path.stretch(at)
    size = plan.info.picture.size
    return any(
        on_canvas(face.box, face.at, stretch, frame=size, canvas=plan.canvas.size) is not None
        for face in plan.crop_path.faces
        if abs(face.at - at) <= FACE_NEAR and stretch.span.start <= face.at < stretch.span.end
    )


def _subtitle_file(reel: Path) -> Path:
    return reel.with_name(f"ass.{reel.name}")


def _graph_file(reel: Path) -> Path:
    return reel.with_name(f"graph.{reel.name}")


def _probe_draft(draft: Path) -> MediaInfo:
    try:
        return probe(draft)
    except GravixError as exc:
        raise ToolFailed(f"ffmpeg wrote no playable reel: {exc}") from exc
