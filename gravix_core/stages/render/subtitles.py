"""Lines of subtitles, a style and a crop path in; an ASS document for ffmpeg's filter out.  Pure.

Each row is an event of its own at a place that is worked out here, so libass wraps nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from gravix_core.framing import CropPath
from gravix_core.model import Seconds, Size, Span
from gravix_core.stages.render import ass
from gravix_core.stages.render.fonts import runs, text_width
from gravix_core.stages.render.hook_rows import fitted
from gravix_core.stages.render.looks import HOOK, HOOK_LASTS, HOOK_ROWS, LOOKS, Look
from gravix_core.stages.render.safe_zones import TOP
from gravix_core.stages.render.subtitle_lines import ROWS, Said, SubtitleLine, row_text
from gravix_core.stages.render.subtitle_places import HIGH, Spot, parted, spots
from gravix_core.styles import STYLES

BOX_LAYER, TEXT_LAYER, HOOK_LAYER = range(3)


def room(style: str) -> float:
    """The width of a row in a style, in ems; any for `off`."""
    return LOOKS[style].room() if style in LOOKS else LOOKS["clean"].room()


def ass_document(
    lines: Sequence[SubtitleLine],
    *,
    style: str,
    canvas: Size,
    span: Span,
    hook: str = "",
    crop_path: CropPath | None = None,
    frame: Size | None = None,
    extra: Path | None = None,
) -> str:
    """The subtitles of a reel and its hook.

    Args:
        lines: In the source's time, from `subtitle_lines` with the `room` of this style.
        style: A name out of `STYLES`; with `off` only the hook is shown.
        canvas: The reel's.
        span: What the reel plays; the document's times are its own, from 0.
        hook: Shown for the first three seconds; may hold new lines.
        crop_path: Keeps the lines off the faces.
        frame: The source's, as shown; needed with `crop_path`.
        extra: A font file for letters that the bundled font lacks.

    Returns:
        Empty if nothing is to be shown.

    Raises:
        KeyError: There is no such style.
        SettingsError: `extra` is no font.
    """
    lines = [line for line in map(partial(_drawable, extra=extra), lines) if line.rows]
    events: list[str] = []
    taken = (0.0, 0.0)
    if runs(hook.strip(), extra=extra):
        setting, rows = Setting(HOOK, canvas, span, extra).fitting(hook)
        events += setting.hook(rows)
        taken = span.start + HOOK_LASTS, TOP + setting.height(len(rows)) / canvas.height
    look = LOOKS.get(STYLES[style].name)
    if look is not None:
        setting = Setting(look, canvas, span, extra)
        lines = [
            replace(line, span=part) for line in lines for part in parted(line.span, crop_path)
        ]
        places = spots(
            [line.span for line in lines],
            height=setting.height(ROWS) / canvas.height,
            crop_path=crop_path if frame else None,
            frame=frame or canvas,
            canvas=canvas,
            hook=taken,
        )
        for line, spot in zip(lines, places, strict=True):
            events += setting.line(line, spot)
    return ass.document(canvas, events) if events else ""


def _drawable(line: SubtitleLine, extra: Path | None) -> SubtitleLine:
    """Without the words of which no font has a letter: they leave neither a gap nor a box."""
    rows = (tuple(said for said in row if runs(said.text, extra=extra)) for row in line.rows)
    return replace(line, rows=tuple(row for row in rows if row))


@dataclass(frozen=True, slots=True)
class Setting:
    """What all lines of a document share."""

    look: Look
    canvas: Size
    span: Span
    extra: Path | None

    @property
    def em(self) -> float:
        return self.look.em * self.look.scale(self.canvas)

    @property
    def pitch(self) -> float:
        return self.look.pitch * self.em

    def height(self, rows: int) -> float:
        """Of a block, in pixels, with what surrounds the letters."""
        return rows * self.pitch + 2 * self.look.edge * self.look.scale(self.canvas)

    def line(self, line: SubtitleLine, spot: Spot) -> Iterator[str]:
        start, end = line.span.start - self.span.start, line.span.end - self.span.start
        rows = [row_text(row) for row in line.rows]
        centres = self.centres(len(rows), spot)
        if self.look.box:
            yield self.boxes(rows, centres, (start, end), BOX_LAYER)
        for row, centre in zip(line.rows, centres, strict=True):
            for lit, begins, ends in self.moments(row, line):
                yield ass.event(begins, ends, self.row(row, centre, lit), layer=TEXT_LAYER)

    def centres(self, rows: int, spot: Spot) -> tuple[float, ...]:
        """The height of the middle of each row, in pixels."""
        height = self.height(rows)
        top = spot.top(height / self.canvas.height) * self.canvas.height
        first = top + (height - rows * self.pitch) / 2 + self.pitch / 2
        return tuple(first + number * self.pitch for number in range(rows))

    def moments(
        self, row: Sequence[Said], line: SubtitleLine
    ) -> Iterator[tuple[Said | None, Seconds, Seconds]]:
        """Which word of a row is lit, from when to when, in the reel's time."""
        start, end = line.span.start, line.span.end
        said = line.said
        edges = [start, *(min(max(part.span.start, start), end) for part in said[1:]), end]
        lit = [part if self.look.lit and part in row else None for part in said]
        if not self.look.lit:
            lit, edges = [None], [start, end]
        begins = edges[0]
        for number, part in enumerate(lit):
            if number + 1 < len(lit) and lit[number + 1] is part:
                continue
            if edges[number + 1] > begins:
                yield part, begins - self.span.start, edges[number + 1] - self.span.start
            begins = edges[number + 1]

    def row(self, row: Sequence[Said], centre: float, lit: Said | None) -> str:
        scale = self.look.scale(self.canvas)
        edge, soft = self.look.edge * scale, self.look.soft * scale
        parts = [self.head(centre, f"\\1c{self.look.colour}\\bord{edge:.1f}\\blur{soft:.1f}")]
        parts.append(ass.direction(row_text(row)))
        for number, said in enumerate(row):
            text = ass.in_fonts(said.text, self.em, extra=self.extra)
            if said is lit:
                text = f"{{\\1c{self.look.lit}}}{text}{{\\1c{self.look.colour}}}"
            parts.append(" " * (said.blank and number > 0) + text)
        return "".join(parts)

    def fitting(self, hook: str) -> tuple[Setting, tuple[str, ...]]:
        """The rows of a hook, and smaller letters if it is long."""
        measure = partial(text_width, extra=self.extra)
        rows, share = fitted(hook, self.look.room(), rows=HOOK_ROWS, measure=measure)
        return replace(self, look=replace(self.look, em=self.look.em * share)), rows

    def hook(self, rows: Sequence[str]) -> Iterator[str]:
        centres = self.centres(len(rows), HIGH)
        when = 0.0, min(HOOK_LASTS, self.span.duration)
        yield self.boxes(rows, centres, when, HOOK_LAYER)
        for text, centre in zip(rows, centres, strict=True):
            yield ass.event(*when, self.text(text, centre), layer=HOOK_LAYER + 1)

    def text(self, text: str, centre: float) -> str:
        head = self.head(centre, f"\\1c{self.look.colour}")
        return head + ass.direction(text) + ass.in_fonts(text, self.em, extra=self.extra)

    def head(self, centre: float, tags: str) -> str:
        return f"{{\\pos({self.canvas.width / 2:.1f},{centre:.1f}){ass.size(self.em)}{tags}}}"

    def boxes(
        self,
        rows: Sequence[str],
        centres: Sequence[float],
        when: tuple[Seconds, Seconds],
        layer: int,
    ) -> str:
        """One behind each row; each reaches into the next, so that no picture shows between."""
        scale = self.look.scale(self.canvas)
        corner, middle = self.look.corner * scale, self.canvas.width / 2
        drawn = []
        for number, (half, centre) in enumerate(zip(self.halves(rows), centres, strict=True)):
            top = centre - self.pitch / 2 - (corner if number else 0)
            drawn.append((middle - half, top, middle + half, centre + self.pitch / 2))
        tags = f"{{\\1c{self.look.box}\\1a{self.look.clear}\\bord0}}"
        return ass.event(*when, tags + ass.boxes(drawn, corner), layer=layer)

    def halves(self, rows: Sequence[str]) -> list[float]:
        """Half the width of each box; a step smaller than two corners would look like a fault."""
        scale = self.look.scale(self.canvas)
        halves = [
            text_width(text, extra=self.extra) * self.em / 2 + self.look.pad * scale
            for text in rows
        ]
        for at in range(1, len(halves)):
            if abs(halves[at] - halves[at - 1]) < 2 * self.look.corner * scale:
                halves[at] = halves[at - 1] = max(halves[at], halves[at - 1])
        return halves
