"""Killed at any moment, as often as you like, the engine ends with every reel made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.points import BETWEEN, POINTS
from tests.crash.storm import KILLS, plan, storm

pytestmark = pytest.mark.slow

SEED = 6
AT_POINTS = 9
"""Of 17 named ones in a plan; another engine may have passed some before."""


def test_a_storm_of_kills_leaves_every_reel_made_once(tmp_path: Path) -> None:
    outcome = storm(SEED, tmp_path)
    assert outcome.complaints == []
    assert outcome.kills >= KILLS
    assert outcome.points[BETWEEN] >= 1
    assert len(outcome.points) >= AT_POINTS


def _nth(points: tuple[str, ...]) -> set[str]:
    return {f"{point}#{nth}" for point in points for nth in (1, 2)}


@pytest.mark.parametrize("seed", range(20))
def test_every_plan_kills_often_and_at_points_that_there_are(seed: int) -> None:
    kills = plan(seed)
    assert len(kills) >= KILLS
    assert {kill.point for kill in kills if kill.point} <= {*POINTS, *_nth(POINTS)}
    assert plan(seed) == kills
