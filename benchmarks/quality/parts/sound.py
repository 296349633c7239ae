"""Every reel so far in, lines on how loud it is, and on sound and picture in step, out."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.quality.bench import Bench
from benchmarks.quality.house import house, make
from benchmarks.quality.results import Line, all_of, at_least, at_most, shown
from benchmarks.quality.sound import (
    ABOVE,
    BELOW,
    PEAK,
    TARGET,
    Loud,
    flash_clip,
    is_right,
    loudness,
    offsets,
)
from benchmarks.quality.tool import FPS

NAME = "sound"
LATE = (0.0, 0.7)


def measure(bench: Bench) -> Iterator[Line]:
    yield from _in_step(bench)
    yield from _loud(bench)


def _in_step(bench: Bench) -> Iterator[Line]:
    for late in LATE:
        clip = flash_clip(bench.folder / "flash", late=late)
        with house(
            bench.house(f"flash-{late:g}"), GRAVIX_CUT="fixed", CHUNK_DURATION="52"
        ) as studio:
            for made in make(studio, clip):
                found = offsets(made.file)
                bench.made.append(made)
                for flash, off in found:
                    what = f"frames from flash to beep at {flash:.1f} s, sound {late:g} s late"
                    yield at_most(NAME, what, abs(off) * FPS, 1, seconds=off)
                yield at_least(NAME, f"flashes found, sound begins {late:g} s late", len(found), 2)
                loud = loudness(made.file)
                yield shown(NAME, "loudness of that reel", f"{loud}")


def _loud(bench: Bench) -> Iterator[Line]:
    """The flash clips are left out: a beep in silence has no loudness to speak of."""
    right, wrong, levels = 0, [], []
    heard = [made for made in bench.made if not made.source.stem.startswith("flash")]
    for made in heard:
        loud, source = loudness(made.file), loudness(made.source, made.span)
        good = loud is not None and is_right(loud, source)
        right += good
        if loud is not None:
            levels.append((made.name, loud, source))
        if not good:
            wrong.append(f"{made.name}: {_told(loud)} from {_told(source)}")
    low, high = TARGET - BELOW, TARGET + ABOVE
    what = f"reels between {low:g} and {high:g} LUFS and at most {PEAK:g} dBTP, or 25 dB louder"
    yield all_of(NAME, f"{what}, or left alone", right, len(heard), wrong=wrong)
    near = [loud.integrated for _, loud, source in levels if _reachable(source)]
    if near:
        yield shown(NAME, "loudness of those that can reach it", f"{min(near)} .. {max(near)} LUFS")
    peaks = [loud.peak for _, loud, _ in levels]
    if peaks:
        yield at_most(NAME, "highest true peak", max(peaks), PEAK)
    if wrong:
        yield shown(NAME, "reels that are not", "; ".join(wrong))


def _reachable(source: Loud | None) -> bool:
    return source is not None and source.integrated > TARGET - 25


def _told(loud: Loud | None) -> str:
    return "no sound" if loud is None else f"{loud.integrated} LUFS, {loud.peak} dBTP"
