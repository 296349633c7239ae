"""A stand-in of Gemini for the pages, with a key and a consent where they are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from gravix_core.errors import CaptionError
from gravix_core.model import PostText
from gravix_core.settings import Settings
from gravix_core.stages.caption.base import Brief, Spoken, never, unheard
from gravix_core.studio import Studio
from gravix_core.texts import Usage, Wish
from tests.pages.houses import TEXT, add_video, open_store

KEY = "AIzaSyNobodyMaySeeThisOne00000000000000"
BAD_KEY = CaptionError(
    "Google does not accept the API key.", hint="Make another one.", code="bad_key", kind="key"
)


@dataclass(slots=True)
class Gemini:
    """Writes *One*, *Two* and *Three*."""

    name: str = "gemini"
    error: CaptionError | None = None
    wishes: list[Wish] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None
    """Happens while it writes."""

    def describe(
        self,
        brief: Brief,
        reels: Sequence[Spoken],
        *,
        on_usage: Callable[[Usage], None] = unheard,
        should_stop: Callable[[], bool] = never,
    ) -> Mapping[int, PostText]:
        self._ask(on_usage)
        return {one.reel_id: written(f"Gemini's {one.reel_id}") for one in reels}

    def alternatives(
        self,
        brief: Brief,
        reel: Spoken,
        now: PostText,
        wish: Wish,
        *,
        count: int = 3,
        on_usage: Callable[[Usage], None] = unheard,
    ) -> tuple[PostText, ...]:
        self.wishes.append(wish)
        self._ask(on_usage)
        return tuple(written(title) for title in ("One", "Two", "Three")[:count])

    def _ask(self, on_usage: Callable[[Usage], None]) -> None:
        self.meanwhile()
        if self.error is not None:
            raise self.error
        on_usage(Usage("gemini-3.5-flash-lite", 1, 9_000, 2_000, 0.0077))


def hold(studio: Studio, gemini: Gemini, error: CaptionError) -> None:
    """Let it fail once, for a reel that is there or is made."""
    with studio.store.begin() as tx:
        reels = tx.reels.of_video(1) or add_video(tx, reels=1)[1]
    gemini.error = error
    with pytest.raises(CaptionError):
        studio.texts.alternatives(reels[0].id)
    gemini.error = None


def written(title: str) -> PostText:
    return replace(TEXT, title=title, caption=f"{title} is said here.", written_by="gemini")


@contextmanager
def gemini_house(
    house: Path, patch: pytest.MonkeyPatch, gemini: Gemini, *, key: str = KEY
) -> Iterator[Studio]:
    """The studio that the pages use, with a key, and that stand-in."""
    patch.setenv("GEMINI_API_KEY", key)
    store = open_store(house)
    studio = Studio(Settings.load(), store, provider=gemini)
    patch.setattr("gravix_core.studio._shared", studio)
    yield studio
    store.close()
