"""Films of a few seconds, and studios that obey them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.films import make_film
from tests.crash.troupe import Troupe, troupe_in


@pytest.fixture(scope="session")
def short_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One reel."""
    return make_film(tmp_path_factory.mktemp("short") / "short.mp4", seconds=3.5)


@pytest.fixture
def troupe(tmp_path: Path, short_film: Path) -> Troupe:
    return troupe_in(tmp_path, short_film)
