"""An empty data directory for every test of a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gravix_core.settings import Settings
from gravix_core.store.store import Store
from gravix_core.studio import Studio, close_shared_studio
from tests.pages.linking import Site
from tests.web.servers import house as environment


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data directory, and no studio from a test before."""
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    close_shared_studio()
    yield tmp_path
    close_shared_studio()


@pytest.fixture
def site() -> Site:
    """What links lead to."""
    return Site()


@pytest.fixture
def studio(house: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """The one that the pages use, before the stand-in of a site."""
    settings = Settings.load()
    store = Store.open(settings.database_url.get_secret_value(), settings.videos_dir)
    studio = Studio(settings, store, site=site)
    monkeypatch.setattr("gravix_core.studio._shared", studio)
    yield studio
    site.gate.set()
