"""Faces found now and then in a shot, people out.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gravix_core.framing import Box
from gravix_core.model import Seconds
from gravix_core.stages.reframe.seen import Look, Person, Talk

OFTEN = 0.25
"""Of a shot's samples: what is seen in fewer is no person, but a face by mistake."""
SURE = 0.75
"""Mean score of the detector."""
AWAY: Seconds = 2.5
"""A face may be turned away for so long and still be the same person's."""
ALIKE = 0.5
"""Smallest ratio of two widths of one face."""


@dataclass(slots=True)
class Sighting:
    """One face in one sample, and how its mouth moved until the next one."""

    look: Look
    score: float
    talk: list[Talk] = field(default_factory=list)


@dataclass(slots=True)
class Sample:
    """One moment at which faces were looked for."""

    at: Seconds
    faces: list[Sighting]


def find_people(samples: Sequence[Sample]) -> tuple[Person, ...]:
    """Put the sightings of one shot together; the largest and most often seen first."""
    tracks: list[list[Sighting]] = []
    open_: list[list[Sighting]] = []
    for sample in samples:
        # All tracks of a long shot would make the matching quadratic in its length.
        open_ = [track for track in open_ if sample.at - track[-1].look.at <= AWAY]
        new = _extend(open_, sample)
        open_ += new
        tracks += new
    people = [_person(track) for track in tracks if _counts(track, len(samples))]
    return tuple(sorted(people, key=lambda person: -person.width * len(person.looks)))


def _extend(tracks: list[list[Sighting]], sample: Sample) -> list[list[Sighting]]:
    """Give each face to the nearest track that it can belong to, nearest pairs first.

    Returns:
        A new track for each face that belongs to none.
    """
    pairs = sorted(
        (distance, number, index)
        for number, track in enumerate(tracks)
        for index, face in enumerate(sample.faces)
        if (distance := _distance(track[-1].look, face.look)) is not None
    )
    taken: set[int] = set()
    given: set[int] = set()
    for _, number, index in pairs:
        if number not in taken and index not in given:
            tracks[number].append(sample.faces[index])
            taken.add(number)
            given.add(index)
    return [[face] for index, face in enumerate(sample.faces) if index not in given]


def _distance(last: Look, face: Look) -> float | None:
    """In face widths; None when they cannot be one person's."""
    away = face.at - last.at
    ratio = face.box.width / last.box.width
    if away > AWAY or not ALIKE <= ratio <= 1 / ALIKE:
        return None
    reach = 1.0 + min(1.0, max(0.0, away - 0.3))
    across, down = (abs(a - b) for a, b in zip(_middle(face.box), _middle(last.box), strict=True))
    far = max(across / last.box.width, down / last.box.height)
    return far if far <= reach else None


def _middle(box: Box) -> tuple[float, float]:
    return box.centre


def _counts(track: list[Sighting], samples: int) -> bool:
    enough = max(min(2, samples), OFTEN * samples)
    return len(track) >= enough and sum(face.score for face in track) / len(track) > SURE


def _person(track: list[Sighting]) -> Person:
    talk = tuple(one for face in track for one in face.talk)
    return Person(tuple(face.look for face in track), talk)
