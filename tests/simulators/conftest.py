"""A YouTube per test; its films are made once per run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulators.youtube import YouTubeSimulator, youtube_stand_in
from tests.simulators.youtube_films import Films


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Films:
    return Films(tmp_path_factory.mktemp("films"))


@pytest.fixture
def youtube(tmp_path: Path, films: Films) -> Iterator[YouTubeSimulator]:
    with youtube_stand_in(tmp_path / "youtube", films) as simulator:
        yield simulator
