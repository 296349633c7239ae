"""What the tests of Review do with its page, and what they find on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from streamlit.testing.v1 import AppTest

from gravix_core.jobs import queue
from gravix_core.model import JobType, NewJob, Reel, ReviewStatus
from gravix_core.store.store import Store, Transaction
from tests.pages.houses import page_of, rendered_reel

Query = dict[str, object]
APPROVED, REJECTED, TO_REVIEW = (
    ReviewStatus.APPROVED,
    ReviewStatus.REJECTED,
    ReviewStatus.TO_REVIEW,
)


def review(**query: object) -> AppTest:
    """The page in a tab of its own."""
    page = page_of("review")
    for name, value in query.items():
        page.query_params[name] = str(value)
    return settled(page.run())


def settled(page: AppTest) -> AppTest:
    assert not page.exception
    return page


def press(page: AppTest, key: str) -> AppTest:
    """Click; what is drawn after it may be one card alone, so the page is drawn once more."""
    settled(page.button(key=key).click().run())
    return settled(page.run())


def type_into(page: AppTest, key: str, text: str) -> AppTest:
    field = page.text_area if key.startswith("caption") else page.text_input
    field(key=key).set_value(text)
    return settled(page.run())


def choose_state(page: AppTest, state: str) -> AppTest:
    page.segmented_control(key="reel-state").set_value(state)
    return settled(page.run())


def turn_to(page: AppTest, number: int) -> AppTest:
    page.pagination[0].set_value(number)
    return settled(page.run())


def address(page: AppTest) -> dict[str, str]:
    """What stands after the ``?``."""
    found = page.query_params.items()
    return {name: value if isinstance(value, str) else value[0] for name, value in found}


def keys(page: AppTest) -> list[str]:
    return [str(button.key) for button in page.button]


def shown(page: AppTest) -> list[int]:
    """The reels that are listed, in order."""
    return [int(key.removeprefix("focus-")) for key in keys(page) if key.startswith("focus-")]


def heads(page: AppTest) -> list[str]:
    return [str(head.value) for head in page.subheader]


def players(page: AppTest) -> list[str]:
    return [html.value for html in page.html if "<video" in html.value]


def row(store: Store, reel_id: int) -> Reel:
    with store.read() as tx:
        return tx.reels.get(reel_id)


def words(store: Store, reel_id: int) -> tuple[str, str, tuple[str, ...]]:
    text = row(store, reel_id).text
    assert text is not None
    return text.title, text.caption, text.hashtags


def decide(store: Store, status: ReviewStatus, *reels: Reel) -> None:
    with store.begin() as tx:
        for reel in reels:
            tx.reels.decide(reel.id, status, seen=tx.reels.get(reel.id).version)


def render(tx: Transaction, reel: Reel, *, sha256: str | None = None) -> None:
    """A picture for it, of which the bytes matter to nobody."""
    rendered = rendered_reel(tx.videos.root, reel)
    tx.reels.set_rendered(reel.id, replace(rendered, sha256=sha256 or rendered.sha256))


def render_again(store: Store, reel: Reel) -> None:
    with store.begin() as tx:
        render(tx, reel, sha256="f" * 64)


def set_to_work(tx: Transaction, video_id: int) -> None:
    """A job that waits, and that nobody takes."""
    job = NewJob(JobType.REEL_CONVERSION, "reel/0/convert", video_id, {})
    queue.enqueue(tx, job, now=datetime.now(UTC))
