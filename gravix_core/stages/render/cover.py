"""Candidate frames on disk in, the best of them, a sheet of all and a cell of it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from gravix_core.errors import ToolFailed
from gravix_core.framing import Box
from gravix_core.media.files import atomic
from gravix_core.media.process import read_ffmpeg, run_ffmpeg
from gravix_core.model import Seconds, Size, Unwatched, Watch
from gravix_core.stages.render.filtergraph import AS_JPEG, EXACT

CANDIDATES = 9
COLUMNS = 3
CELL = Size(540, 960)
"""Of one candidate on the sheet: large enough to become the cover."""
GRID = (3, 4)
"""Width to height of a picture in the profile grid.

Since January 2025, before that it was square.  Source: A. Mosseri's announcement as reported
(businesstoday.in of 2024-08-17, jphillipanderson.net; 3:4 by pictuary.com/glossary/profile-grid and
socialbu.com/blog/instagram-post-aspect-ratio), read 2026-11-26.  Meta's own pages name no figure.
"""

LOOKED_AT = Size(540, 960)
"""A candidate is scaled to it, or near it, before its detail is measured."""
PATCHES = Size(27, 48)
DARK = 24
"""Of 255; a candidate whose brightest part is below it is black."""
FLAT = 12
"""Of 255; a candidate whose parts differ by less shows nothing."""
SEEN = (0.75, 1.25)
SHARP = (0.5, 1.5)
"""So little and so much each measure may count, beside the other candidates; less for the size of
the file, which grain and a busy background swell.  A weight, such as that of a face, thus outdoes
more detail, and yet not a picture that is sharp where its own is blurred."""
STALLED: Seconds = 30.0


@dataclass(frozen=True, slots=True)
class _Look:
    """What is measured of one candidate."""

    empty: bool
    detail: float
    """How far the sharpest parts stand out from the others.  Noise is everywhere, and so is what a
    busy background has: neither stands out."""


def candidate(draft: Path, number: int) -> Path:
    """Where a candidate lies, 1..99, for the picture that `draft` will be."""
    return draft.with_name(f"{number:02d}.{draft.name}")


def candidate_pattern(draft: Path) -> Path:
    """The same for all of them, as ffmpeg's image2 writes a number."""
    escaped = draft.with_name(draft.name.replace("%", "%%"))
    return Path(str(escaped.parent).replace("%", "%%")) / f"%02d.{escaped.name}"


def count_different(draft: Path) -> int:
    """How many different pictures the candidates show."""
    return len({file.read_bytes() for file in _candidates(draft).values()})


def pick_cover(
    draft: Path,
    *,
    weights: Sequence[float] = (),
    sheet: Path | None = None,
    ffmpeg: Path | None = None,
) -> int:
    """Make the best candidate the draft and remove the others.

    A JPEG of one quality is the larger the more there is to see in it.  With `ffmpeg`, sharpness
    counts as well, and a candidate that is black or empty is only taken when all are.

    Args:
        draft: Where the best one goes; the candidates lie beside it.
        weights: By number, from 1 on: how much better than its picture says each one is, such as
            for a face in it.  1 for those that are not named.
        sheet: Where to show all of them, by number, in rows of `COLUMNS` cells of `CELL` size; the
            cells of candidates that are not there stay black.  Needs `ffmpeg`.
        ffmpeg: The program.

    Returns:
        The number of the best one, 1..99.

    Raises:
        ToolFailed: There is no candidate, or no sheet can be made.
        ToolMissing, DiskFull: As `read_ffmpeg`.
    """
    found = _candidates(draft)
    if not found:
        raise ToolFailed("ffmpeg wrote no frame to choose from")
    looks = _look_at(found, sheet, ffmpeg) if ffmpeg else {}
    best = _best({number: f.stat().st_size for number, f in found.items()}, looks, weights)
    found[best].replace(draft)
    drop_candidates(draft)
    return best


def take_cell(
    sheet: Path, cell: int, *, size: Size, ffmpeg: Path, target: Path, watch: Watch
) -> None:
    """Make one candidate of a sheet the cover: without the words that lie over the reel.

    Args:
        sheet: As `pick_cover` draws it, of any size.
        cell: Which one, 0..8, by rows.
        size: Of the cover.

    Raises:
        ToolFailed: The sheet cannot be read.
        ToolMissing, DiskFull, Cancelled: As `run_ffmpeg`.
    """
    row, column = divmod(cell, COLUMNS)
    across, down = f"iw/{COLUMNS}", f"ih/{COLUMNS}"
    crop = f"crop={across}:{down}:{column}*{across}:{row}*{down}"
    scaled = f"scale={size.width}:{size.height}:flags={EXACT},setsar=1"
    with atomic(target) as (draft,):
        argv = [
            *(str(ffmpeg), "-y", "-loglevel", "warning", "-protocol_whitelist", "file"),
            *("-f", "mjpeg", "-i", f"file:{sheet}"),
            *("-filter_complex", f"[0:v]{crop},{scaled},{AS_JPEG}[o]", "-map", "[o]"),
            *("-frames:v", "1", "-c:v", "mjpeg", "-q:v", "3", "-map_metadata", "-1"),
            *("-f", "image2", "-update", "1", f"file:{draft}"),
        ]
        run_ffmpeg(argv, frames=1, watch=watch)
        if not draft.is_file():
            raise ToolFailed("the sheet of covers shows nothing")


def drop_candidates(draft: Path) -> None:
    for file in _candidates(draft).values():
        file.unlink(missing_ok=True)


def grid_crop(size: Size) -> Box:
    """The part of a cover that the profile grid shows: its middle, in the shape of `GRID`."""
    across, down = GRID
    height = min(1.0, size.width * down / (across * size.height))
    width = min(1.0, size.height * across / (down * size.width))
    return Box((1 - width) / 2, (1 - height) / 2, width, height)


def _candidates(draft: Path) -> dict[int, Path]:
    files = sorted(draft.parent.glob(f"[0-9][0-9].{draft.name}"))
    return {int(file.name[:2]): file for file in files}


def _best(sizes: Mapping[int, int], looks: Mapping[int, _Look], weights: Sequence[float]) -> int:
    shown = [number for number in sizes if number not in looks or not looks[number].empty]
    among = shown or list(sizes)
    seen = _beside({number: float(sizes[number]) for number in among}, SEEN)
    # The root, since a face has less detail than text, and is no less sharp for that.
    roots = {number: looks[number].detail ** 0.5 for number in among if number in looks}
    sharp = _beside(roots, SHARP)

    def rank(number: int) -> tuple[float, float]:
        given = weights[number - 1] if number <= len(weights) else 1.0
        detail = looks[number].detail if number in looks else float(sizes[number])
        return given * (seen[number] * sharp.get(number, 1.0)) ** 0.5, detail

    return max(among, key=rank)


def _beside(values: Mapping[int, float], bounds: tuple[float, float]) -> dict[int, float]:
    """Each as a multiple of the middle one."""
    middle = median(values.values()) if values else 0.0
    least, most = bounds
    return {
        n: max(least, min(most, value / middle)) if middle else 1.0 for n, value in values.items()
    }


def _look_at(found: Mapping[int, Path], sheet: Path | None, ffmpeg: Path) -> dict[int, _Look]:
    """Measure the candidates and draw the sheet, in one process.

    What cannot be measured is left out: for want of a measure no reel is given up.
    """
    block = 2 * PATCHES.width * PATCHES.height
    argv = _looking(list(found.values()), sheet, ffmpeg)
    seen: list[bytes] = []
    with suppress(*(() if sheet else (ToolFailed,))):
        # To the end, since reading that stops early ends the process, and the sheet comes last.
        seen = list(read_ffmpeg(argv, block=block, watch=Unwatched(), stalled=STALLED))
    return dict(zip(found, map(_measure, seen), strict=False))


def _measure(seen: bytes) -> _Look:
    """The upper half is how light each patch is, the lower one how much detail it has."""
    middle = len(seen) // 2
    light, detail = sorted(seen[:middle]), sorted(seen[middle:])
    low, half, high = (int(share * (middle - 1)) for share in (0.05, 0.5, 0.95))
    empty = light[high] < DARK or light[high] - light[low] < FLAT
    return _Look(empty, float(detail[high] - detail[half]))


def _looking(files: Sequence[Path], sheet: Path | None, ffmpeg: Path) -> list[str]:
    inputs = [
        w for f in files for w in ("-protocol_whitelist", "file", "-f", "mjpeg", "-i", f"file:{f}")
    ]
    small = f"scale={LOOKED_AT.width}:{LOOKED_AT.height}:flags=area,setsar=1"
    alike = ";".join(f"[{n}:v]{small}[{n}]" for n in range(len(files)))
    joined = "".join(f"[{n}]" for n in range(len(files))) + f"concat=n={len(files)}"
    joined += ",settb=1/25,setpts=N,format=yuvj420p"  # else the sheet is negotiated to be grey
    patches = f"scale={PATCHES.width}:{PATCHES.height}:flags=area"
    measured = (
        f"format=gray,split=3[l][d][e];[l]{patches}[light];[e]gblur=sigma=1.5[soft];"
        f"[d][soft]blend=all_mode=difference,lutyuv=y=8*val,{patches}[detail];"
        "[light][detail]vstack,format=gray[measured]"
    )
    graph = f"{alike};{joined},{measured}"
    drawn: list[str] = []
    if sheet is not None:
        cells = f"scale={CELL.width}:{CELL.height}:flags=area,tile={COLUMNS}x{COLUMNS}[sheet]"
        graph = f"{alike};{joined},split[m][s];[s]{cells};[m]{measured}"
        drawn = ["-map", "[sheet]", "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "3"]
        drawn += ["-map_metadata", "-1", "-f", "mjpeg", f"file:{sheet}"]
    read = ("-map", "[measured]", "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1")
    return [
        str(ffmpeg),
        "-y",
        "-loglevel",
        "error",
        *inputs,
        "-filter_complex",
        graph,
        *read,
        *drawn,
    ]
