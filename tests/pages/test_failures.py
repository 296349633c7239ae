"""Reels that failed beside reels that are there: told with counts and reasons, and tried again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.errors import DiskFull, GravixError, MediaUnreadable, ToolFailed
from gravix_core.jobs import queue
from gravix_core.jobs.glance import Trouble
from gravix_core.model import JobStatus, JobType
from gravix_core.store.store import Store
from gravix_ui.parts.failures import trouble_told
from tests.pages.houses import add_video, open_store, page_of, rendered_reel
from tests.pages.shown import buttons, progress, says
from tests.pages.works import add_job, cut, download, render

pytestmark = pytest.mark.slow

PAGES = ("library", "activity", "video")
CODE, ROOM = ToolFailed("ffmpeg ended with code 1"), DiskFull("there was no room")
DAMAGED = MediaUnreadable("the file is damaged")
DAMAGED.final = True


@pytest.fixture
def store(house: Path) -> Iterator[Store]:
    store = open_store(house)
    yield store
    store.close()


def given(
    store: Store, *, made: int, failed: Sequence[GravixError], waits: int = 0, cancelled: int = 0
) -> None:
    """A video; so many of its reels are there, for so many reasons others are not."""
    states = [JobStatus.COMPLETED] * made + [JobStatus.FAILED] * len(failed)
    states += [JobStatus.PENDING] * waits
    states += [JobStatus.CANCELLED] * cancelled
    errors = [None] * made + list(failed) + [None] * (waits + cancelled)
    with store.begin() as tx:
        video, reels = add_video(tx, reels=len(states), rendered=False)
        add_job(tx, download(video), JobStatus.COMPLETED)
        add_job(tx, cut(video), JobStatus.COMPLETED)
        for reel, state, error in zip(reels, states, errors, strict=True):
            add_job(tx, render(reel), state, error=error)
            if state is JobStatus.COMPLETED:
                tx.reels.set_rendered(reel.id, rendered_reel(tx.videos.root, reel))


def renders(store: Store) -> list[JobStatus]:
    with store.read() as tx:
        return [job.status for job in queue.of_video(tx, 1)[2:]]


def shown(name: str) -> AppTest:
    page = page_of(name)
    if name == "video":
        page.query_params["id"] = "1"
    return page.run()


@pytest.mark.parametrize("name", PAGES)
def test_what_failed_is_counted_with_its_reason_beside_what_is_there(
    store: Store, name: str
) -> None:
    given(store, made=18, failed=[ROOM, ROOM])
    page = shown(name)
    assert not page.exception
    assert says(page, "18 of 20 reels; 2 failed")
    assert says(page, "there was no room.")
    assert says(page, ":red-badge[Partly failed]")


@pytest.mark.parametrize("name", PAGES)
def test_each_reason_has_its_count(store: Store, name: str) -> None:
    given(store, made=1, failed=[CODE, ROOM, ROOM])
    page = shown(name)
    assert says(page, "1 of 4 reels; 3 failed")
    many, one = ("**2 ×** ", "**1 ×** ") if name == "activity" else ("2 × ", "1 × ")
    text = "\n".join(e.value for e in (*page.markdown, *page.caption, *page.error))
    assert f"{many}there was no room" in text
    assert f"{one}ffmpeg ended with code 1" in text
    assert text.index(f"{many}there") < text.index(f"{one}ffmpeg")


@pytest.mark.parametrize("name", PAGES)
def test_one_click_tries_again_what_failed_and_nothing_else(store: Store, name: str) -> None:
    given(store, made=1, failed=[ROOM, ROOM], cancelled=1)
    page = shown(name)
    key = "retry" if name == "video" else "retry-1"
    assert buttons(page)[key] == "Try again (2)"
    page.button(key=key).click().run()
    assert not page.exception
    assert renders(store) == [
        JobStatus.COMPLETED,
        JobStatus.PENDING,
        JobStatus.PENDING,
        JobStatus.CANCELLED,
    ]
    assert page.toast[0].value == "2 jobs will be tried again."
    assert key not in buttons(page)


@pytest.mark.parametrize("name", PAGES)
def test_a_failed_reel_is_told_while_its_siblings_go_on(store: Store, name: str) -> None:
    given(store, made=1, failed=[ROOM], waits=2)
    page = shown(name)
    assert progress(page) == ["Waiting, 53 %, 1 of 4 reels"]
    assert says(page, "1 failed")
    assert says(page, "there was no room.")
    assert {"retry", "retry-1"} & set(buttons(page))


@pytest.mark.parametrize("name", PAGES)
def test_what_no_further_try_changes_is_told_without_the_offer(store: Store, name: str) -> None:
    given(store, made=1, failed=[DAMAGED])
    page = shown(name)
    assert says(page, "1 of 2 reels; 1 failed")
    assert not {"retry", "retry-1"} & set(buttons(page))


@pytest.mark.parametrize("name", PAGES)
def test_a_video_that_was_never_brought_in_says_so(store: Store, name: str) -> None:
    with store.begin() as tx:
        video, _ = add_video(tx)
        add_job(tx, download(video), JobStatus.FAILED, error=ROOM)
    page = shown(name)
    assert says(page, "Bring in failed")
    assert says(page, "there was no room.")
    assert says(page, ":red-badge[Failed]")


def test_of_many_reasons_only_the_commonest_are_told(store: Store) -> None:
    given(store, made=0, failed=[ToolFailed(f"reason {n}") for n in range(5)])
    page = shown("library")
    assert says(page, r"1 × reason 2\. 2 more for other reasons.")
    assert not says(page, "reason 3")


def test_what_is_told_is_no_markdown_and_names_no_folder() -> None:
    kind = JobType.AI_METADATA
    told = trouble_told(Trouble(kind, "*x* in /srv/a/b.txt", "Look into it.", 2))
    assert told == (
        "**Write texts failed 2 times:** \\*x\\* in b\\.txt\\.  \n**What to do:** Look into it\\."
    )
