"""Publishing a reel in a real browser, before the stand-in of Meta."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gravix_core.model import ReviewStatus
from gravix_core.publications import Step
from gravix_core.store.store import Store
from tests.browser.browsers import PATIENCE, chromium
from tests.browser.test_connect import APP_ID, SECRET, to_facebook
from tests.cli.command import House
from tests.conftest import Film
from tests.pages.houses import open_store
from tests.simulators.instagram import (
    Account,
    Endpoint,
    InstagramSimulator,
    PublishMode,
    instagram_stand_in,
)
from tests.simulators.instagram_clock import Clock
from tests.web.servers import ROOT, Server, dashboard, wait_until

pytestmark = pytest.mark.slow

NAME = "ada.boats"
SOON = 60_000
"""Milliseconds: an upload, the looks at its container and the post."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def meta() -> Iterator[InstagramSimulator]:
    with instagram_stand_in(seed=1, clock=Clock(datetime.now(UTC), follows=True)) as meta:
        meta.add_app(id=APP_ID, secret=SECRET, require_proof=True)
        ada = meta.add_user("Ada")
        meta.add_page(ada, instagram=Account(NAME))
        yield meta


@pytest.fixture
def data(tmp_path: Path, film: Film) -> Path:
    """One real reel of eight seconds, approved."""
    data = tmp_path / "data"
    made = House(data, ROOT).run("process", film(seconds=8), env={"CHUNK_DURATION": "8"})
    assert made.code == 0, made.err
    store = open_store(data)
    with store.begin() as tx:
        reel = tx.reels.of_video(1)[0]
        tx.reels.save_words(
            reel.id, edited=reel.text_version, title="Bars", caption="All the bars", hashtags=[]
        )
        seen = tx.reels.get(reel.id).version
        tx.reels.decide(reel.id, ReviewStatus.APPROVED, seen=seen)
    store.close()
    return data


@pytest.fixture
def store(data: Path, server: Server) -> Iterator[Store]:
    opened = open_store(data)
    yield opened
    opened.close()


@pytest.fixture
def server(meta: InstagramSimulator, data: Path) -> Iterator[Server]:
    hosts = {
        "GRAVIX_GRAPH_URL": meta.graph_url,
        "GRAVIX_DIALOG_URL": meta.dialog_url,
        "GRAVIX_RUPLOAD_URL": meta.rupload_url,
    }
    app = {"FACEBOOK_APP_ID": APP_ID, "FACEBOOK_APP_SECRET": SECRET}
    with dashboard(data, **hosts, **app) as started:
        yield started


@contextmanager
def publish_page(browser: Browser, server: Server) -> Iterator[Page]:
    """Connected, and at the page Publish; ends with a look for secrets."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{server.url}/connect")
    to_facebook(page)
    page.get_by_role("button", name="Continue as Ada").click()
    expect(page.get_by_text("Reels go here")).to_be_visible()
    page.goto(f"{server.url}/publish")
    try:
        yield page
        assert SECRET not in page.content()
    finally:
        context.close()


def say_yes(page: Page) -> None:
    """Through the preview, which shows all that will be sent."""
    page.get_by_role("button", name="Preview").first.click()
    expect(page.get_by_text("What will be sent")).to_be_visible()
    expect(page.locator(".gravix-sent")).to_contain_text("All the bars")
    page.get_by_role("button", name=f"Publish to @{NAME}").click()


def test_a_reel_is_published_and_shown_with_its_address(
    browser: Browser, server: Server, meta: InstagramSimulator
) -> None:
    with publish_page(browser, server) as page:
        say_yes(page)
        link = page.get_by_role("link", name="Open post")
        expect(link).to_be_visible(timeout=SOON)
        (post,) = meta.media()
        expect(link).to_have_attribute("href", post.permalink)
        page.reload()
        expect(link).to_be_visible()
    said = server.said()
    assert not [secret for secret in meta.secrets if secret in said]


def test_lost_answer_leads_to_the_two_buttons(
    browser: Browser, server: Server, meta: InstagramSimulator, store: Store
) -> None:
    meta.fail(Endpoint.PUBLISH, drop="before", times=1)
    with publish_page(browser, server) as page:
        say_yes(page)
        _wait_as_long_as_it_takes(store)
        not_there = page.get_by_role("button", name="It is not there: publish again")
        expect(not_there).to_be_visible(timeout=SOON)
        expect(page.get_by_role("button", name="It is there", exact=True)).to_be_visible()
        assert meta.media() == ()
        not_there.click()
        page.get_by_role("button", name="Publish again", exact=True).click()
        expect(page.get_by_role("link", name="Open post")).to_be_visible(timeout=SOON)
    assert len(meta.media()) == 1


def test_post_that_instagram_did_not_list_is_picked(
    browser: Browser, server: Server, meta: InstagramSimulator, store: Store
) -> None:
    meta.publish_mode = PublishMode.DROP
    meta.fail(Endpoint.LIST, body={"data": []}, skip=2, times=10)
    with publish_page(browser, server) as page:
        say_yes(page)
        _wait_as_long_as_it_takes(store)
        there = page.get_by_role("button", name="It is there", exact=True)
        expect(there).to_be_visible(timeout=SOON)
        meta.mend(Endpoint.LIST)
        there.click()
        page.get_by_role("button", name="This is it").click()
        expect(page.get_by_role("link", name="Open post")).to_be_visible()
    assert len(meta.media()) == 1


def _wait_as_long_as_it_takes(store: Store) -> None:
    """Let the call be half an hour ago, as Gravix looks for minutes before it asks a person."""

    def is_sent() -> bool:
        with store.read() as tx:
            return bool(tx.publications.listed((Step.SENT,)))

    wait_until(is_sent, "it was sent", within=SOON / 1000)
    with store.begin() as tx:
        (row,) = tx.publications.listed((Step.SENT,))
        ago = datetime.now(UTC) - timedelta(minutes=30)
        tx.publications.advance(row, Step.SENT, now=datetime.now(UTC), sent_at=ago)
