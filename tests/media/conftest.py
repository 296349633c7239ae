"""Clips and reels, each made once per run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.media.clips import Clips
from tests.media.renders import Renders


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    return Clips(tmp_path_factory.mktemp("clips"))


@pytest.fixture(scope="session")
def renders(clips: Clips, tmp_path_factory: pytest.TempPathFactory) -> Renders:
    return Renders(clips, tmp_path_factory.mktemp("reels"))


@pytest.fixture
def reel(tmp_path: Path) -> Path:
    """Where a reel goes; its folder is empty."""
    return tmp_path / "out" / "reel.mp4"
