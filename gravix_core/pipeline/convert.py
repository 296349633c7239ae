"""A reel and what the operator wants of it in; its mp4, cover and candidates on disk out."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from gravix_core.errors import GravixError
from gravix_core.features import Features
from gravix_core.framing import CropPath
from gravix_core.media.files import cover_file, hash_file, reel_file, sheet_file
from gravix_core.model import (
    OPERATOR,
    LogLevel,
    MediaInfo,
    Reel,
    RenderedReel,
    Transcript,
    Video,
    Watch,
)
from gravix_core.pipeline.known import is_whole, source_of
from gravix_core.stages.caption.features import completed, measure_all
from gravix_core.stages.caption.features import seen as with_seen
from gravix_core.stages.caption.score import rescored
from gravix_core.stages.reframe.crop_path import plan_crop_path
from gravix_core.stages.reframe.focus import look
from gravix_core.stages.reframe.seen import Seen
from gravix_core.stages.render.encode import RenderPlan, fingerprint, render
from gravix_core.stages.render.encoders import X264, Encoder, is_encoder_fault
from gravix_core.stages.render.filtergraph import Canvas
from gravix_core.stages.render.fonts import font_folder, missing_glyphs, text_width
from gravix_core.stages.render.sound import Loudness, measure
from gravix_core.stages.render.subtitle_lines import SubtitleLine, from_cues, subtitle_lines
from gravix_core.stages.render.subtitles import ass_document, room
from gravix_core.store.store import Store, Transaction
from gravix_core.styles import OFF

log = logging.getLogger(__name__)

FACES_PER_SECOND = 4
"""As the reframe stage samples them."""
SHOWN_LETTERS = 12
LOOKED = 20.0
"""Percent of the whole at which looking and listening have ended."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every render needs."""

    ffmpeg: Path
    canvas: Canvas
    encoder: Encoder = X264
    font: Path | None = None
    """A font file of the operator's own, for the subtitles."""


@dataclass(frozen=True, slots=True)
class _Order:
    """One reel as it is wanted now."""

    reel: Reel
    video: Video
    source: Path
    info: MediaInfo
    transcript: Transcript | None

    @property
    def layout(self) -> str:
        return self.reel.look.layout or self.video.layout

    @property
    def style(self) -> str:
        return self.reel.look.subtitles or self.video.subtitles

    def mark(self, shop: Workshop) -> str:
        """The fingerprint of the picture, known before anybody has looked at it."""
        look, said = self.reel.look, self.transcript
        words = said.within(self.reel.span) if said and self.style != OFF.name else ()
        wishes = {
            "layout": self.layout,
            "position": look.position,
            "subtitles": self.style,
            "lines": None if look.lines is None else [asdict(cue) for cue in look.lines],
            "words": [asdict(word) for word in words] if look.lines is None else None,
            "hook": look.hook,
            "font": _known_font(shop.font),
        }
        return fingerprint(
            self.video.source_sha256, self.info, self.reel.span, shop.canvas, wishes=wishes
        )


def _known_font(font: Path | None) -> tuple[str, int, int] | None:
    """Another file under the same name is another font."""
    if font is None or not font.is_file():
        return None
    return font.name, font.stat().st_size, font.stat().st_mtime_ns


def convert(reel_id: int, *, store: Store, shop: Workshop, watch: Watch) -> RenderedReel:
    """Render one reel, unless the very same one is there already.

    An edit that comes in meanwhile is not lost: the reel is rendered again, as it is wanted then.

    Raises:
        NotAccepted, ToolError, DiskFull, Cancelled: As `render`; what was there before stays.
    """
    while True:
        with store.read() as tx:
            order = _order(tx, reel_id)
        mark = order.mark(shop)
        rendered = _made(order.reel.rendered, mark)
        if rendered is None:
            _tell_missing(order, store=store, shop=shop)
            rendered, features = _render(order, mark, store=store, shop=shop, watch=watch)
            with store.begin() as tx:
                tx.reels.set_rendered(reel_id, rendered)
                _score(tx, order.reel, features)
        with store.read() as tx:
            if _order(tx, reel_id).mark(shop) == mark:
                return rendered


def _order(tx: Transaction, reel_id: int) -> _Order:
    reel = tx.reels.get(reel_id)
    source, info = source_of(tx, reel.video_id)
    video, transcript = tx.videos.get(reel.video_id), tx.videos.transcript(reel.video_id)
    return _Order(reel, video, source, info, transcript)


def _render(
    order: _Order, mark: str, *, store: Store, shop: Workshop, watch: Watch
) -> tuple[RenderedReel, Features]:
    """The reel, and what became known of it on the way."""
    span, source, info = order.reel.span, order.source, order.info
    seen, loudness = _seen_and_heard(order, shop=shop, watch=watch)
    path = plan_crop_path(
        seen,
        span,
        layout=order.layout,
        position=order.reel.look.position,
        frame=info.picture.size,
        canvas=shop.canvas.size,
    )
    plan = RenderPlan(
        source=source,
        info=info,
        span=span,
        canvas=shop.canvas,
        crop_path=path,
        encoder=shop.encoder,
        loudness=loudness,
        subtitles=_subtitles(order, path, shop),
        fonts=font_folder(shop.font),
        cover_at=order.reel.look.cover_at,
    )
    folder, ids = store.videos_dir, (order.video.id, order.reel.id)
    targets = _Targets(reel_file(folder, *ids), cover_file(folder, *ids), sheet_file(folder, *ids))
    rest = _Part(watch, LOOKED, 100)
    try:
        rendered = targets.render(plan, mark, ffmpeg=shop.ffmpeg, watch=rest)
    except GravixError as exc:
        if not is_encoder_fault(exc, plan.encoder):
            raise
        log.warning("the encoder %s failed, x264 takes over: %s", plan.encoder.name, exc)
        plan = replace(plan, encoder=X264)
        rendered = targets.render(plan, mark, ffmpeg=shop.ffmpeg, watch=rest)
    return rendered, _features(order, path, loudness)


def _seen_and_heard(order: _Order, *, shop: Workshop, watch: Watch) -> tuple[Seen, Loudness | None]:
    """Both at once: looking alone leaves a core idle, and the operator waits for the first reel."""
    source, info, span = order.source, order.info, order.reel.span
    with ThreadPoolExecutor(1, "loudness") as aside:
        heard = aside.submit(
            measure, source, info, span, ffmpeg=shop.ffmpeg, watch=_Part(watch, 0, 0)
        )
        seen = look(source, info, span, ffmpeg=shop.ffmpeg, watch=_Part(watch, 0, LOOKED))
        return seen, heard.result()


def _subtitles(order: _Order, path: CropPath, shop: Workshop) -> str | None:
    """A whole ASS document; None when nothing is to be read on the picture."""
    document = ass_document(
        _lines(order, shop),
        style=order.style,
        canvas=shop.canvas.size,
        span=order.reel.span,
        hook=order.reel.look.hook,
        crop_path=path,
        frame=order.info.picture.size,
        extra=shop.font,
    )
    return document or None


def _tell_missing(order: _Order, *, store: Store, shop: Workshop) -> None:
    """Before anything is rendered: what the operator typed and no font can draw."""
    look = order.reel.look
    typed = "".join([look.hook, *(cue.text for cue in look.lines or ())])
    if said := missing_letters(typed, shop.font):
        with store.begin() as tx:
            told = f"Reel {order.reel.index + 1}: {said}"
            tx.logs.add(order.video.id, told, LogLevel.WARNING)


def missing_letters(text: str, font: Path | None) -> str:
    """A sentence about the letters that subtitles cannot show; empty when there are none.

    Raises:
        SettingsError: `font` is no font.
    """
    missing = missing_glyphs(text, extra=font)
    if not missing:
        return ""
    shown = " ".join(missing[:SHOWN_LETTERS]) + (" …" if len(missing) > SHOWN_LETTERS else "")
    return (
        f"no font at hand can draw {shown}, so subtitles leave them out. "
        "Name a font file that has them in GRAVIX_SUBTITLE_FONT, and start Gravix again."
    )


def _lines(order: _Order, shop: Workshop) -> tuple[SubtitleLine, ...]:
    span, own, width = order.reel.span, order.reel.look.lines, room(order.style)
    measure_text = partial(text_width, extra=shop.font)
    if order.style == OFF.name:
        return ()
    if own is not None:
        return from_cues(own, span, room=width, measure=measure_text)
    words = order.transcript.words if order.transcript else ()
    return subtitle_lines(words, span, room=width, measure=measure_text)


def _features(order: _Order, path: CropPath, loudness: Loudness | None) -> Features:
    span, said = order.reel.span, order.transcript
    spoken = [(span, said.within(span) if said else ())]
    looks = max(1.0, FACES_PER_SECOND * span.duration)
    return with_seen(
        measure_all(spoken, said=said.words if said else ())[0],
        face=min(1.0, len({face.at for face in path.faces}) / looks),
        motion=path.motion,
        loudness_range=loudness.range if loudness else None,
    )


def _score(tx: Transaction, reel: Reel, features: Features) -> None:
    """The score of a text that nobody has touched follows what is now known of the reel."""
    before = tx.reels.features_of(reel.video_id).get(reel.id, Features())
    features = completed(features, before)
    tx.reels.set_features(reel.id, features)
    text = tx.reels.get(reel.id).text
    if text is not None and text.written_by != OPERATOR:
        tx.reels.set_score(reel.id, rescored(text, features, seconds=reel.span.duration))


def _made(rendered: RenderedReel | None, mark: str) -> RenderedReel | None:
    """What was rendered, when it is by the same plan and still as it was written."""
    if rendered is None or rendered.plan != mark or not rendered.cover.is_file():
        return None
    whole = is_whole(rendered.file, rendered.byte_size)
    return rendered if whole and hash_file(rendered.file) == rendered.sha256 else None


@dataclass(frozen=True, slots=True)
class _Targets:
    reel: Path
    cover: Path
    sheet: Path

    def render(self, plan: RenderPlan, mark: str, *, ffmpeg: Path, watch: Watch) -> RenderedReel:
        return render(
            plan,
            ffmpeg=ffmpeg,
            mark=mark,
            reel=self.reel,
            cover=self.cover,
            sheet=self.sheet,
            watch=watch,
        )


class _Part:
    """A watch for a part of the way."""

    def __init__(self, watch: Watch, start: float, end: float) -> None:
        self._watch, self._start, self._end = watch, start, end
        self.should_stop = watch.should_stop

    def progress(self, percent: float) -> None:
        self._watch.progress(self._start + (self._end - self._start) * percent / 100)
