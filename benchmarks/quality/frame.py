"""What a reel shows and where faces are in, how well it is framed out.  Pure."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.quality.faces import Looked
from benchmarks.quality.picture import Shown
from gravix_core.framing import Box, Face, Fill
from gravix_core.model import PORTRAIT, Seconds, Size, Span

CORE = 0.6
"""The share of a face's width that has to be inside: eyes, nose and mouth."""


@dataclass(frozen=True, slots=True)
class FaceScore:
    """How the main face of a clip is kept."""

    samples: int
    inside: float
    """Share of the samples in which its core is shown."""
    centre: float
    """The same, had the middle been cropped."""
    static: float
    """The same, had the best window of each shot stood still."""
    larger: float
    """Median of the face's width in the reel over that in the source, as shares of the widths."""
    whole: float
    """Share of the samples that show the whole frame over its blurred copy."""
    smaller_than_crop: bool


def score_faces(
    faces: Sequence[Face], shown: Sequence[Shown | None], shots: Sequence[Span], *, frame: Size
) -> FaceScore | None:
    """Hold what is shown against where the face is; None when there is nothing to hold.

    Args:
        faces: Of one person, by time.
        shown: By time; each face is held against the nearest.
        shots: The takes of the source.
        frame: Size of the source.
    """
    pairs = [(face, nearest(shown, face.at)) for face in faces]
    known = [(face, look) for face, look in pairs if look is not None]
    if not known:
        return None
    window = min(1.0, float(PORTRAIT / frame.aspect))
    centres = [Box((1 - window) / 2, 0, window, 1)] * len(known)
    statics = [_static(face, faces, shots, window) for face, _ in known]
    return FaceScore(
        samples=len(known),
        inside=share(_any_holds(look.windows, face.box) for face, look in known),
        centre=share(holds(box, f.box) for box, (f, _) in zip(centres, known, strict=True)),
        static=share(holds(box, f.box) for box, (f, _) in zip(statics, known, strict=True)),
        larger=statistics.median(1 / look.windows[0].width for _, look in known),
        whole=share(look.fill is Fill.BLUR for _, look in known),
        smaller_than_crop=statistics.median(f.box.width for f, _ in known) <= window,
    )


def nearest(shown: Sequence[Shown | None], at: Seconds, within: Seconds = 0.06) -> Shown | None:
    near = [one for one in shown if one is not None and abs(one.at - at) <= within]
    return min(near, key=lambda one: abs(one.at - at), default=None)


def core(face: Box) -> Box:
    """The middle of a face, which has its features."""
    edge = (1 - CORE) / 2
    return Box(
        face.x + edge * face.width,
        face.y + edge * face.height,
        CORE * face.width,
        CORE * face.height,
    )


def holds(window: Box, face: Box, slack: float = 0.005) -> bool:
    """Whether the core of a face is inside."""
    part = core(face)
    return (
        window.x - slack <= part.x
        and part.right <= window.right + slack
        and window.y - slack <= part.y
        and part.bottom <= window.bottom + slack
    )


def _any_holds(windows: Iterable[Box], face: Box) -> bool:
    return any(holds(window, face) for window in windows)


def _static(face: Face, faces: Sequence[Face], shots: Sequence[Span], window: float) -> Box:
    """A full-height window at the middle of where the face is in this shot."""
    shot = next((s for s in shots if s.start <= face.at < s.end), None)
    there = [f for f in faces if shot is None or shot.start <= f.at < shot.end]
    middle = statistics.median(f.box.centre[0] for f in there)
    return Box(min(max(middle - window / 2, 0), 1 - window), 0, window, 1)


def share(found: Iterable[bool]) -> float:
    answers = list(found)
    return sum(answers) / len(answers) if answers else 0.0


@dataclass(frozen=True, slots=True)
class SpeakerScore:
    """Whether the one who speaks is seen, in shots of two."""

    samples: int
    right: float
    alone: float
    """Share of the samples that show the speaker and not the other one."""
    whole: float
    """Share that shows the whole frame over its blurred copy; never right."""


def score_speakers(
    looked: Sequence[Looked],
    shown: Sequence[Shown | None],
    speaker: Callable[[Seconds], int | None],
) -> SpeakerScore | None:
    """Hold what is shown against who speaks.

    Args:
        looked: The faces of both; the region is the person.
        shown: By time.
        speaker: Who speaks at a moment.
    """
    right, alone, whole = [], [], []
    for moment in sorted({one.at for one in looked}):
        who, look = speaker(moment), nearest(shown, moment)
        here = {one.region: one.face for one in looked if one.at == moment}
        if who is None or look is None or here.get(who) is None:
            continue
        seen = {
            person: face is not None and _any_holds(look.windows, face.box)
            for person, face in here.items()
        }
        whole.append(look.fill is Fill.BLUR)
        right.append(seen[who] and not whole[-1])
        alone.append(right[-1] and not any(seen[p] for p in seen if p != who))
    if not right:
        return None
    return SpeakerScore(len(right), share(right), share(alone), share(whole))
