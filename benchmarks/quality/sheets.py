"""A finished reel and what it shows in; one picture that tells how it looks out.

Above, the source with the part that is kept; below, the reel at the same moments.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from benchmarks.quality.frame import nearest
from benchmarks.quality.house import Made
from benchmarks.quality.picture import Shown
from benchmarks.quality.tool import FPS, pictures
from gravix_core.framing import Fill
from gravix_core.media.probe import probe

COLUMNS = 8
WIDE, TALL = 180, 320
LINE = 18
PAPER, INK, MARK = "#14161a", "#d8dce3", "#ffd23e"


def sheet(made: Made, shown: Sequence[Shown | None], folder: Path) -> Path:
    """Write the sheet of one reel."""
    size = probe(made.source).picture.size
    above = max(2, round(WIDE * size.height / size.width / 2) * 2)
    every = max(1, round(FPS * made.span.duration / COLUMNS))
    span = made.span
    sources = list(
        pictures(made.source, every=every, width=WIDE, height=above, span=span, rgb=True)
    )
    reels = list(pictures(made.file, every=every, width=WIDE, height=TALL, rgb=True))
    page = Image.new("RGB", (COLUMNS * WIDE, above + TALL + LINE), PAPER)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(12)
    for n, (source, reel) in enumerate(zip(sources[:COLUMNS], reels[:COLUMNS], strict=False)):
        at = span.start + n * every / FPS
        page.paste(Image.fromarray(source), (n * WIDE, 0))
        page.paste(Image.fromarray(reel), (n * WIDE, above))
        _windows(draw, nearest(shown, at, within=0.1), n * WIDE, above)
        draw.text((n * WIDE + 4, above + TALL + 2), f"{at:.1f} s", fill=INK, font=font)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{made.source.stem}-{made.layout}-{made.reel.index + 1:02d}.jpg"
    page.save(file, quality=82)
    return file


def _windows(draw: ImageDraw.ImageDraw, look: Shown | None, left: int, tall: int) -> None:
    if look is None or look.fill is Fill.BLUR:
        return
    for box in look.windows:
        corners = (box.x * WIDE, box.y * tall, box.right * WIDE - 1, box.bottom * tall - 1)
        draw.rectangle(
            (left + corners[0], corners[1], left + corners[2], corners[3]), outline=MARK, width=2
        )
