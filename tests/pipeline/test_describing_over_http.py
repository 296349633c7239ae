"""The jobs of texts with Google's own library against a stand-in of the Gemini API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gravix_core.model import VideoStatus
from gravix_core.stages.caption.base import problems
from gravix_core.stages.caption.basic import BasicCaptioner
from gravix_core.stages.caption.batches import GeminiCaptioner
from gravix_core.stages.caption.gemini import Gemini
from gravix_core.store import Store
from tests.pipeline.writing import Room, add_video, open_store, roomed
from tests.simulators.gemini import FREE_TWENTY, GeminiSimulator, Mode

pytestmark = pytest.mark.slow

MODEL = "gemini-3.5-flash-lite"


@pytest.fixture
def google() -> Iterator[GeminiSimulator]:
    with GeminiSimulator(plan=FREE_TWENTY) as google:
        yield google


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def room(store: Store, google: GeminiSimulator) -> Room:
    gemini = GeminiCaptioner(Gemini(google.key, MODEL, base_url=google.address))
    room = roomed(store, provider=gemini, basic=BasicCaptioner())
    room.provider.agree()
    return room


def work(room: Room, google: GeminiSimulator, *, minutes: int = 1) -> None:
    """Until nothing is due, and then again each minute."""
    for _ in range(minutes):
        room.jobs.run_due()
        room.clock.pass_by(61)
        google.clock.go(minutes=1, seconds=1)


def check(room: Room, video_id: int) -> None:
    """Every reel has all of a text that can be posted, and no two have one title."""
    texts = room.texts(video_id)
    assert [problems(text) for text in texts] == [()] * len(texts)
    assert all(text.hashtags and text.topics and text.score_parts for text in texts)
    assert len({text.title.casefold() for text in texts}) == len(texts)
    assert {text.written_by for text in texts} <= {"basic", "gemini"}


def test_hundred_reels_on_a_plan_of_twenty_requests_a_day(
    room: Room, google: GeminiSimulator
) -> None:
    video_id = add_video(room.store, 100)
    room.describe(video_id)
    room.jobs.run_due()
    check(room, video_id)
    work(room, google, minutes=30)
    check(room, video_id)
    assert room.writers_of(video_id) == ["gemini"] * 100
    assert google.counts().admitted <= 20
    assert google.counts().refused <= 3  # minutes that were full


@pytest.mark.parametrize("seed", range(3))
def test_day_is_done_whatever_google_does(room: Room, google: GeminiSimulator, seed: int) -> None:
    google.misbehave(seed=seed)
    video_id = add_video(room.store, 40)
    room.describe(video_id)
    room.jobs.run_due()
    check(room, video_id)
    work(room, google, minutes=10)
    check(room, video_id)
    assert google.counts().admitted <= 20
    with room.store.read() as tx:
        assert tx.videos.get(video_id).status is VideoStatus.COMPLETED


@pytest.mark.parametrize("mode", [Mode.KEY_INVALID, Mode.LOCATION, Mode.MODEL_GONE])
def test_what_cannot_work_is_asked_for_once(
    room: Room, google: GeminiSimulator, mode: Mode
) -> None:
    google.fail(mode)
    first, second = add_video(room.store, 50), add_video(room.store, 50)
    for video_id in (first, second):
        room.describe(video_id)
    work(room, google, minutes=5)
    assert len(google.generated) == 1
    for video_id in (first, second):
        check(room, video_id)
        assert sum("Gemini" in line for line in room.log(video_id)) <= 1
    assert room.provider.hold() is not None
