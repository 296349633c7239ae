"""A YouTube or a Meta per test; films are made once per run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulators.instagram import InstagramSimulator, instagram_stand_in
from tests.simulators.instagram_asking import House, house_of
from tests.simulators.youtube import YouTubeSimulator, youtube_stand_in
from tests.simulators.youtube_films import Films


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Films:
    return Films(tmp_path_factory.mktemp("films"))


@pytest.fixture
def youtube(tmp_path: Path, films: Films) -> Iterator[YouTubeSimulator]:
    with youtube_stand_in(tmp_path / "youtube", films) as simulator:
        yield simulator


@pytest.fixture
def meta() -> Iterator[InstagramSimulator]:
    with instagram_stand_in(seed=1) as simulator:
        yield simulator


@pytest.fixture
def house(meta: InstagramSimulator) -> Iterator[House]:
    with house_of(meta) as made:
        yield made
