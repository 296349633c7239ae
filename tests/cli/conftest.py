"""A fresh data directory per test, and the clips of the media tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import House
from tests.media.clips import Clips
from tests.media.counting import Counter, counting_server


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    return Clips(tmp_path_factory.mktemp("clips"))


@pytest.fixture
def house(tmp_path: Path) -> House:
    cwd = tmp_path / "cwd"  # no .env lies there
    cwd.mkdir()
    return House(tmp_path / "data", cwd)


@pytest.fixture
def server() -> Iterator[Counter]:
    with counting_server() as counter:
        yield counter
