"""Talks in pictures in, lines on what their reels show out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.quality.bench import Bench
from benchmarks.quality.faces import Looked, look
from benchmarks.quality.frame import (
    FaceScore,
    score_faces,
    score_speakers,
    share,
)
from benchmarks.quality.house import Made, crop_path, house, make
from benchmarks.quality.motion import MotionScore, Takes, score_path, score_seen
from benchmarks.quality.picture import Shown
from benchmarks.quality.results import Line, at_least, at_most, short, shown
from benchmarks.quality.scenes import Shot
from benchmarks.quality.script import INTERVIEW, LECTURE
from benchmarks.quality.talks import Talk, write_json3
from gravix_core.framing import CropPath, Fill
from gravix_core.model import Seconds, Size, Span

NAME = "frame"
FRAME = Size(1920, 1080)
STANDS = 0.95
"""A scene is static when a window that stands still keeps the face in so much of it."""


@dataclass(frozen=True, slots=True)
class Filmed:
    """One reel of a talk, with all that was seen of it."""

    made: Made
    shown: list[Shown | None]
    path: CropPath


def measure(bench: Bench) -> Iterator[Line]:
    talks = bench.talks
    lecture = talks.lecture("lecture", len(LECTURE))
    yield from _lecture(lecture, _filmed(bench, lecture, "auto"), bench)
    interview = talks.interview("interview", len(INTERVIEW), still=0.15)
    yield from _of_two(interview, _filmed(bench, interview, "auto"), bench, layout="auto")
    duel = talks.interview("duel", 18, still=0.0, only_two=True)
    yield from _of_two(duel, _filmed(bench, duel, "follow"), bench, layout="follow")


def _filmed(bench: Bench, talk: Talk, layout: str) -> list[Filmed]:
    write_json3(talk)
    with house(bench.house(talk.name)) as studio:
        made = make(studio, talk.file, layout=layout)
        return [Filmed(one, bench.keep(one), crop_path(studio, one)[0]) for one in made]


def _lecture(talk: Talk, reels: Sequence[Filmed], bench: Bench) -> Iterator[Line]:
    scores = _by_view(talk, reels, bench)
    for view, score in scores.items():
        yield from face_lines(NAME, f"lecture, {view}", score)
    slides = [shot for shot in talk.shots if shot.kind in {"slide", "screen"}]
    yield at_least(NAME, "slides and screens shown whole, share", _whole(reels, slides), 0.9)
    nobody = [shot for shot in talk.shots if shot.kind == "none"]
    yield at_least(NAME, "shots without a face shown whole, share", _whole(reels, nobody), 0.9)
    yield from _motion(talk, reels, scores, label="lecture, auto")


def _of_two(talk: Talk, reels: Sequence[Filmed], bench: Bench, *, layout: str) -> Iterator[Line]:
    looked, seen = _look(reels, [shot for shot in talk.shots if shot.kind == "two"], bench)
    speakers = score_speakers(looked, seen, talk.speaker)
    if speakers is not None:
        what = (
            f"right person shown while speaking, {talk.name}, {layout}; alone"
            f" {speakers.alone:.2f}, whole frame {speakers.whole:.2f}"
        )
        yield at_least(NAME, what, speakers.right, 0.9, samples=speakers.samples)
    scores = _by_view(talk, reels, bench)
    for view, score in scores.items():
        yield from face_lines(NAME, f"{talk.name}, {view}", score)
    yield from _motion(talk, reels, scores, label=f"{talk.name}, {layout}")


def _by_view(talk: Talk, reels: Sequence[Filmed], bench: Bench) -> dict[str, FaceScore]:
    """How the face is kept in each view of one person."""
    by_view: dict[str, list[Shot]] = defaultdict(list)
    for shot in talk.shots:
        if shot.kind == "one":
            by_view[shot.show[0]].append(shot)
    scores = {view: _faces(talk, reels, shots, bench) for view, shots in by_view.items()}
    return {view: score for view, score in scores.items() if score is not None}


def face_lines(part: str, label: str, score: FaceScore) -> Iterator[Line]:
    beside = (
        f"centre crop {score.centre:.2f}, static crop {score.static:.2f}, "
        f"whole frame {score.whole:.2f} of {score.samples}"
    )
    what = f"inner 60 % of the main face inside, {label}; {beside}"
    if score.smaller_than_crop:
        yield at_least(part, what, score.inside, 0.95)
    else:
        yield shown(part, f"{what}; wider than the crop", score.inside)
    yield at_least(part, f"face width in the reel / in the source, {label}", score.larger, 1.4)


def _faces(
    talk: Talk, reels: Sequence[Filmed], shots: Sequence[Shot], bench: Bench
) -> FaceScore | None:
    looked, seen = _look(reels, shots, bench)
    faces = [one.face for one in looked if one.face is not None]
    return score_faces(faces, seen, [shot.span for shot in talk.shots], frame=FRAME)


def _look(
    reels: Sequence[Filmed], shots: Sequence[Shot], bench: Bench
) -> tuple[list[Looked], list[Shown | None]]:
    """The faces in what the reels play of some shots, and what the reels show."""
    looked: list[Looked] = []
    for reel in reels:
        for shot in shots:
            span = both(reel.made.span, shot.span)
            if span is not None:
                source = reel.made.source
                looked += look(source, span, bench.detector, regions=shot.regions)
    return looked, [one for reel in reels for one in reel.shown]


def both(a: Span, b: Span) -> Span | None:
    start, end = max(a.start, b.start), min(a.end, b.end)
    return Span(start, end) if end - start > 0.3 else None


def _whole(reels: Sequence[Filmed], shots: Sequence[Shot]) -> float:
    looks = [
        one
        for reel in reels
        for one in reel.shown
        if one is not None and any(s.span.start + 0.1 <= one.at < s.span.end - 0.1 for s in shots)
    ]
    return share(one.fill is Fill.BLUR for one in looks)


def _motion(
    talk: Talk, reels: Sequence[Filmed], scores: Mapping[str, FaceScore], *, label: str
) -> Iterator[Line]:
    cuts = [shot.span.start for shot in talk.shots[1:]]
    turns = turns_of(talk)
    restless = {view for view, score in scores.items() if score.static < STANDS}
    still = [shot.span for shot in talk.shots if shot.show[0] not in restless]
    takes = Takes(FRAME, cuts, turns, still)
    planned = [score_path(reel.path, takes) for reel in reels]
    seen = [score_seen(reel.shown, takes) for reel in reels]
    yield from motion_lines(NAME, label, planned, seen)
    agree = [_agree(r.path, one) for r in reels for one in r.shown if one is not None]
    known = sum(one is not None for r in reels for one in r.shown)
    total = sum(len(r.shown) for r in reels)
    what = f"pictures of the reel that agree with its crop path, {label}"
    yield shown(NAME, what, f"{share(agree):.3f} of {known}, {total - known} not known")


def motion_lines(
    part: str,
    label: str,
    planned: Sequence[MotionScore],
    seen: Sequence[MotionScore],
    *,
    static: bool = True,
) -> Iterator[Line]:
    seconds = sum(one.seconds for one in planned)
    jumps = 60 * sum(len(one.jumps) for one in planned) / seconds
    visible = 60 * sum(len(one.jumps) for one in seen) / seconds
    times = [at for one in planned for at in one.jumps]
    changes = sum(one.changes for one in planned)
    what = f"jumps inside a shot per minute, {label}; {changes} changes of speaker"
    yield at_most(part, what, jumps, 1, times=times)
    what = f"the same as the finished reel shows it, {label}"
    yield at_most(part, what, visible, 1, times=[at for one in seen for at in one.jumps])
    moving = sum(one.moving * one.seconds for one in planned) / seconds
    drifting = sum(one.moving * one.seconds for one in seen) / seconds
    scene = "frames moving on static scenes" if static else "frames moving, no static scene"
    what = f"{scene}, {label}; seen in the reel {short(drifting)}"
    yield at_most(part, what, moving, 0.2) if static else shown(part, what, moving)


def turns_of(talk: Talk) -> list[Seconds]:
    """When somebody else begins to speak."""
    pairs = zip(talk.sentences, talk.sentences[1:], strict=False)
    return [after.span.start for before, after in pairs if before.speaker != after.speaker]


def _agree(path: CropPath, look: Shown) -> bool:
    """Whether a reel shows what its plan says, at this moment or a frame from it."""
    return any(_matches(path, look, look.at + shift) for shift in (0.0, -0.05, 0.05))


def _matches(path: CropPath, look: Shown, at: Seconds) -> bool:
    stretch = path.stretch(at)
    if stretch.fill is not look.fill:
        return False
    boxes = [window.box(at) for window in stretch.windows]
    return all(
        abs(a.centre[0] - b.centre[0]) < 0.02 and abs(a.width - b.width) < 0.03
        for a, b in zip(boxes, look.windows, strict=True)
    )
