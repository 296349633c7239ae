"""Faces of one shot in, people out."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from gravix_core.framing import Box
from gravix_core.stages.reframe.people import AWAY, Sample, Sighting, find_people
from gravix_core.stages.reframe.seen import Look, Person

EVERY = 0.25
REACH_STILL, REACH_AWAY = 1.0, 2.0
"""In face widths: how far a face may have gone, at once and after more than a second."""


def sighting(at: float, x: float, width: float = 0.1, score: float = 0.9) -> Sighting:
    return Sighting(Look(at, Box(x, 0.2, width, 2 * width), 0.3), score)


def people_by_all_pairs(samples: Sequence[Sample]) -> tuple[Person, ...]:
    """The rule as it is told, with every track there ever was."""
    tracks: list[list[Sighting]] = []
    for sample in samples:
        lasts = [track[-1].look for track in tracks]
        pairs = [
            (far, n, k)
            for n, last in enumerate(lasts)
            for k, face in enumerate(sample.faces)
            if (far := _far(last, face.look)) is not None
        ]
        waiting = set(range(len(sample.faces)))
        while pairs:
            _, n, k = min(pairs)
            tracks[n].append(sample.faces[k])
            waiting.remove(k)
            pairs = [pair for pair in pairs if pair[1] != n and pair[2] != k]
        tracks += [[sample.faces[k]] for k in sorted(waiting)]
    people = [
        Person(tuple(face.look for face in track))
        for track in tracks
        if len(track) >= max(min(2, len(samples)), len(samples) / 4)
        and sum(face.score for face in track) / len(track) > 0.75
    ]
    return tuple(sorted(people, key=lambda one: -one.width * len(one.looks)))


def _far(last: Look, face: Look) -> float | None:
    away = face.at - last.at
    if away > AWAY or not 0.5 <= face.box.width / last.box.width <= 2:
        return None
    (x, y), (last_x, last_y) = face.box.centre, last.box.centre
    far = max(abs(x - last_x) / last.box.width, abs(y - last_y) / last.box.height)
    return far if far <= min(REACH_AWAY, max(REACH_STILL, REACH_STILL + away - 0.3)) else None


faces = st.tuples(st.floats(0, 0.9), st.sampled_from([0.04, 0.07, 0.12]), st.floats(0.6, 1.0))


moments = st.integers(0, 4).flatmap(lambda most: st.lists(faces, max_size=max(0, most - 1)))


@given(st.lists(moments, max_size=40))
def test_closed_tracks_change_nothing(film: list[list[tuple[float, float, float]]]) -> None:
    samples = [
        Sample(n * EVERY, [sighting(n * EVERY, *face) for face in found])
        for n, found in enumerate(film)
    ]
    assert find_people(samples) == people_by_all_pairs(samples)


def test_who_is_away_as_long_as_may_be_is_the_same_person() -> None:
    times = [0.0, 0.25, 0.25 + AWAY, 0.5 + AWAY]
    (person,) = find_people([Sample(at, [sighting(at, 0.4)]) for at in times])
    assert len(person.looks) == 4


def test_who_is_away_for_longer_is_another_person() -> None:
    times = [0.0, 0.25, 0.5 + AWAY, 0.75 + AWAY]
    assert len(find_people([Sample(at, [sighting(at, 0.4)]) for at in times])) == 2


def test_five_minutes_of_a_crowd_take_seconds() -> None:
    chance = random.Random(4)
    times = [n * EVERY for n in range(1200)]
    samples = [
        Sample(at, [sighting(at, chance.random(), 0.002 + chance.random() / 20) for _ in range(15)])
        for at in times
    ]
    began = time.process_time()
    find_people(samples)
    assert time.process_time() - began < 3
