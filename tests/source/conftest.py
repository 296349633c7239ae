"""A stand-in of YouTube per test, and the adapter that is pointed at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gravix_core.model import LinkProbe
from tests.simulators.youtube import YouTubeSimulator, youtube_stand_in
from tests.simulators.youtube_films import Films
from tests.source.houses import House


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Films:
    return Films(tmp_path_factory.mktemp("films"))


@pytest.fixture(scope="session")
def probes() -> dict[str, LinkProbe]:
    """What was probed before; see `House.known`."""
    return {}


@pytest.fixture
def site(tmp_path: Path, films: Films) -> Iterator[YouTubeSimulator]:
    """Every test ends with: nobody but YouTube was asked for anything."""
    with youtube_stand_in(tmp_path / "site", films) as simulator:
        yield simulator
        assert simulator.refused == ()


@pytest.fixture
def house(
    site: YouTubeSimulator, films: Films, tmp_path: Path, probes: dict[str, LinkProbe]
) -> House:
    return House(site, films, tmp_path / "house", probes)
