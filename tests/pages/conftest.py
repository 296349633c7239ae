"""An empty data directory for every test of a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gravix_core.studio import close_shared_studio
from tests.web.servers import house as environment


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data directory, and no studio from a test before."""
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    close_shared_studio()
    yield tmp_path
    close_shared_studio()
