"""A span of a source in, what is to be seen in it out: shots, people, who talks, bars, screens."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from gravix_core.media.faces import FaceFinder, FoundFace
from gravix_core.media.frames import SMALL_WIDTH, FramePair, Pixels, read_pairs, usual_rate
from gravix_core.media.shots import HARD, ShotFinder
from gravix_core.model import MediaInfo, Seconds, Size, Span, Watch
from gravix_core.stages.reframe.bars import BarFinder
from gravix_core.stages.reframe.mouths import Light, light_of, mouth_motion
from gravix_core.stages.reframe.people import Sample, Sighting, find_people
from gravix_core.stages.reframe.screens import Drawn, how_drawn, is_screen
from gravix_core.stages.reframe.seen import Look, Seen, Shot, Talk

LONG_SIDE = 480
"""Pixels of the frames that are looked at."""
FACES_EVERY: Seconds = 0.25
DRAWN_EVERY: Seconds = 1.0
MOUTHS_EVERY: Seconds = 1 / 15
TALKERS = 4
"""So many faces are watched for talking, the largest."""
LIVELY = 12.0
"""Mean difference of neighbouring frames, in codes of 255, of the most motion there is."""
SHORTEST: Seconds = 0.1
"""Cuts nearer to the span's ends make no shot."""


def look(source: Path, info: MediaInfo, span: Span, *, ffmpeg: Path, watch: Watch) -> Seen:
    """Look at a span, decoding it once.

    The faces are looked for four times a second, and at once where the picture jumps.

    Args:
        watch: Asked whether to stop; told the share of the span that has been looked at.

    Raises:
        ToolFailed, ToolMissing, Cancelled: As `read_ffmpeg`.
    """
    gathering = _Gathering(FaceFinder())
    frames = read_pairs(
        source,
        info,
        span,
        width=width_to_look_at(info.picture.size),
        fps=usual_rate(info.picture),
        ffmpeg=ffmpeg,
        watch=watch,
    )
    for frame in frames:
        if gathering.feed(frame):
            watch.progress(100 * min(1.0, (frame.at - span.start) / span.duration))
    return gathering.seen(span)


def width_to_look_at(size: Size) -> int:
    """Never more than the source has, but for tiny ones."""
    width = round(size.width * min(1.0, LONG_SIDE / max(size.width, size.height)))
    return max(SMALL_WIDTH, width)


class _Gathering:
    """Takes frame after frame and keeps only what was seen in them."""

    def __init__(self, finder: FaceFinder) -> None:
        self._finder = finder
        self._shots = ShotFinder()
        self._bars = BarFinder()
        self._samples: list[Sample] = []
        self._drawn: list[tuple[Seconds, Drawn]] = []
        self._mouths = _Mouths()

    def feed(self, frame: FramePair) -> bool:
        """True when faces were looked for."""
        self._shots.feed(frame.at, frame.small)
        jumps = self._shots.score > HARD
        if not jumps:
            self._mouths.feed(frame.at, frame.pixels)
        due = not self._samples or frame.at >= self._samples[-1].at + FACES_EVERY - 1e-3
        if due or jumps:
            self._sample(frame)
        return due

    def _sample(self, frame: FramePair) -> None:
        faces = [_sighting(frame.at, face) for face in self._finder.find(frame.pixels)]
        self._samples.append(Sample(frame.at, faces))
        self._bars.feed(frame.pixels)
        self._mouths.watch(frame.at, frame.pixels, faces)
        if not self._drawn or frame.at >= self._drawn[-1][0] + DRAWN_EVERY:
            boxes = tuple(face.look.box for face in faces)
            self._drawn.append((frame.at, how_drawn(frame.pixels, boxes)))

    def seen(self, span: Span) -> Seen:
        motion = min(1.0, self._shots.motion(span) / LIVELY)
        shots = tuple(self._shot(part) for part in _parts(span, self._shots.cuts()))
        return Seen(shots, self._bars.picture(), motion)

    def _shot(self, span: Span) -> Shot:
        samples = [one for one in self._samples if span.start <= one.at < span.end]
        people = find_people(samples)
        drawn = tuple(one for at, one in self._drawn if span.start <= at < span.end)
        faces = tuple(person.width for person in people)
        screen = is_screen(drawn, self._shots.motion(span), faces)
        return Shot(span, people, len(samples), screen)


class _Mouths:
    """Watches the mouths of several faces between one look at them and the next."""

    def __init__(self) -> None:
        self._faces: Sequence[Sighting] = ()
        self._light: Light | None = None
        self._at = 0.0

    def watch(self, at: Seconds, pixels: Pixels, faces: Sequence[Sighting]) -> None:
        """These, from now on; one alone need not be told from anybody."""
        self._faces = faces[:TALKERS] if len(faces) > 1 else ()
        self._at, self._light = at, light_of(pixels) if self._faces else None

    def feed(self, at: Seconds, pixels: Pixels) -> None:
        if self._light is None or at < self._at + MOUTHS_EVERY - 1e-3:
            return
        light = light_of(pixels)
        for face in self._faces:
            face.talk.append(Talk(at, mouth_motion(self._light, light, face.look.box)))
        self._at, self._light = at, light


def _sighting(at: Seconds, face: FoundFace) -> Sighting:
    return Sighting(Look(at, face.box, face.eyes[1]), face.score)


def _parts(span: Span, cuts: Sequence[Seconds]) -> list[Span]:
    inside = [at for at in cuts if span.start + SHORTEST < at < span.end - SHORTEST]
    edges = [span.start, *inside, span.end]
    return [Span(a, b) for a, b in pairwise(edges)]
