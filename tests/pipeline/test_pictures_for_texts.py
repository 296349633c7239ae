"""The small pictures of a reel that go to a provider with its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from gravix_core.model import PostText
from gravix_core.settings import Settings
from gravix_core.stages.caption.base import Brief, Spoken
from gravix_core.store import Store
from gravix_core.studio import Studio
from tests.conftest import Film
from tests.pipeline.writing import text_of

pytestmark = pytest.mark.slow


class Looking:
    name = "gemini"

    def __init__(self) -> None:
        self.pictures: list[tuple[bytes, ...]] = []

    def describe(self, brief: Brief, reels: Sequence[Spoken], **_: Any) -> Mapping[int, PostText]:
        self.pictures += [reel.frames for reel in reels]
        return {reel.reel_id: text_of(reel, self.name) for reel in reels}

    def alternatives(self, *_: Any, **__: Any) -> tuple[PostText, ...]:
        return ()


@pytest.mark.parametrize("count", [0, 2])
def test_as_many_go_along_as_the_settings_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, film: Film, count: int
) -> None:
    small = {"REEL_WIDTH": "180", "REEL_HEIGHT": "320", "CHUNK_DURATION": "3"}
    asked = {"GEMINI_API_KEY": "a key", "GRAVIX_GEMINI_FRAMES": str(count)}
    for name, value in {**small, **asked}.items():
        monkeypatch.setenv(name, value)
    settings, looking = Settings.load(data_dir=tmp_path, env_file=None), Looking()
    store = Store.open(settings.database_url.get_secret_value(), settings.videos_dir)
    studio = Studio(settings, store, provider=looking)
    studio.gemini.agree()
    outcome = studio.process(str(film(seconds=7)), on_change=lambda _: None)
    studio.close()
    assert [reel.text.written_by for reel in outcome.reels if reel.text] == ["gemini"] * 2
    assert [len(pictures) for pictures in looking.pictures] == [count] * 2
    for picture in sum(looking.pictures, ()):
        assert picture.startswith(b"\xff\xd8\xff")
        assert len(picture) < 40_000
