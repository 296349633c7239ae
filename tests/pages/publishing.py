"""What the tests of Publish put into the store, and what they find on its page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from streamlit.testing.v1 import AppTest

from gravix_core.model import InstagramAccount, Reel, Span
from gravix_core.publications import NewPublication, Publication, Step
from gravix_core.store.store import Store
from tests.pages.houses import TEXT, add_video, page_of
from tests.pages.reviewing import APPROVED, decide

NOW = datetime.now(UTC)
MEGABYTE = 1_000_000
"""Every file has twenty."""


def approved(store: Store, count: int = 1, *, title: str = "Bridges") -> tuple[Reel, ...]:
    """Reels of one video; their captions are ``Bridges, part 0``, ..."""
    with store.begin() as tx:
        _, reels = add_video(tx, title, reels=count)
        for reel in reels:
            tx.reels.set_text(reel.id, replace(TEXT, caption=f"{title}, part {reel.index}"))
    with store.read() as tx:
        reels = tuple(tx.reels.get(reel.id) for reel in reels)
    decide(store, APPROVED, *reels)
    with store.read() as tx:
        return tuple(tx.reels.get(reel.id) for reel in reels)


def account(store: Store) -> InstagramAccount:
    with store.read() as tx:
        found = tx.accounts.active()
    assert found is not None
    return found


def publication(
    store: Store, reel: Reel | None = None, step: Step = Step.CLAIMED, **values: Any
) -> Publication:
    """A row of the ledger; of a reel that was deleted where none is given."""
    mine = account(store)
    with store.begin() as tx:
        new = NewPublication(
            ig_user_id=mine.ig_user_id,
            username=mine.username,
            reel_id=reel.id if reel else 999,
            video_id=reel.video_id if reel else 999,
            reel_version=reel.version if reel else str(values.get("media_id")),
            title=str(values.pop("title", "A *bridge*")),
            caption=str(values.pop("caption", "Words")),
            source="sha256:source",
            span=Span(0, 35),
            file_sha256=f"{values.get('media_id')}",
            file_size=20 * MEGABYTE,
        )
        row = tx.publications.claim(new, now=NOW)
        return tx.publications.advance(row, step, now=NOW, **values)


def ledger(store: Store) -> tuple[Publication, ...]:
    with store.read() as tx:
        return tx.publications.listed(tuple(Step))


def drawn(**query: object) -> AppTest:
    page = page_of("publish")
    for name, value in query.items():
        page.query_params[name] = str(value)
    page.run()
    assert not page.exception
    return page


def press(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception
    return page


def says(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.warning, page.info, page.error, page.subheader)
    told = [str(one.value) for kind in (*kinds, page.toast) for one in kind]
    return "\n".join(told).replace("\\", "")


def addresses(page: AppTest) -> list[str]:
    return [str(link.proto.url) for link in page.get("link_button")]
