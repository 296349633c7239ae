"""Connecting Instagram in a real browser, through the stand-in's page of consent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.browsers import PATIENCE, chromium
from tests.simulators.instagram import Account, InstagramSimulator, User, instagram_stand_in
from tests.web.servers import Server, dashboard

pytestmark = pytest.mark.slow

APP_ID, SECRET = "990000000000001", "plantedappsecret0123456789abcdef"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def meta() -> Iterator[InstagramSimulator]:
    with instagram_stand_in(seed=1) as meta:
        meta.add_app(id=APP_ID, secret=SECRET, require_proof=True)
        yield meta


@pytest.fixture
def ada(meta: InstagramSimulator) -> User:
    return meta.add_user("Ada")


@pytest.fixture
def server(meta: InstagramSimulator, tmp_path: Path) -> Iterator[Server]:
    hosts = {
        "GRAVIX_GRAPH_URL": meta.graph_url,
        "GRAVIX_DIALOG_URL": meta.dialog_url,
        "GRAVIX_RUPLOAD_URL": meta.rupload_url,
    }
    app = {"FACEBOOK_APP_ID": APP_ID, "FACEBOOK_APP_SECRET": SECRET}
    with dashboard(tmp_path / "data", **hosts, **app) as started:
        yield started


@contextmanager
def connect_page(browser: Browser, server: Server) -> Iterator[Page]:
    """Ends with a look for secrets in all that was shown and logged."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{server.url}/connect")
    expect(page.get_by_role("heading", name="Connect", exact=True)).to_be_visible()
    try:
        yield page
        assert "code=" not in page.url
        assert SECRET not in page.content()
    finally:
        context.close()


def told(page: Page, words: str) -> Locator:
    """The message on top; the doctor below says much of the same."""
    return page.get_by_test_id("stAlert").filter(has_text=words)


def to_facebook(page: Page, name: str = "Connect Instagram") -> None:
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("button", name="Continue as Ada")).to_be_visible()


def test_an_account_is_connected_and_disconnected(
    browser: Browser, server: Server, meta: InstagramSimulator, ada: User
) -> None:
    meta.add_page(ada, instagram=Account("ada.boats"))
    with connect_page(browser, server) as page:
        to_facebook(page)
        page.get_by_role("button", name="Continue as Ada").click()
        expect(told(page, "Connected to @ada.boats.")).to_be_visible()
        expect(page.get_by_text("Reels go here")).to_be_visible()
        page.reload()
        expect(told(page, "Connected to @ada.boats.")).to_be_visible()
        page.get_by_role("button", name="Disconnect").click()
        page.get_by_role("button", name="Disconnect now").click()
        expect(page.get_by_text("@ada.boats is disconnected.")).to_be_visible()
        expect(told(page, "Connected to @ada.boats.")).to_have_count(0)
        expect(page.get_by_role("link", name="Connect Instagram")).to_be_visible()
    said = server.said()
    assert not [secret for secret in meta.secrets if secret in said]


def test_who_denies_is_told_why_it_may_be(
    browser: Browser, server: Server, meta: InstagramSimulator, ada: User
) -> None:
    meta.add_page(ada, instagram=Account("ada.boats"))
    with connect_page(browser, server) as page:
        to_facebook(page)
        page.get_by_role("button", name="Cancel").click()
        denied = told(page, "Facebook gave no permission")
        expect(denied).to_contain_text("in Development mode only people with a role")
        expect(page.get_by_role("link", name="Connect Instagram")).to_be_visible()


def test_who_has_no_professional_account_reads_what_to_do(
    browser: Browser, server: Server, meta: InstagramSimulator, ada: User
) -> None:
    meta.add_page(ada, name="Lonely Page")
    with connect_page(browser, server) as page:
        to_facebook(page)
        page.get_by_role("button", name="Continue as Ada").click()
        expect(page.get_by_text("linked to your Page Lonely Page").first).to_be_visible()
        expect(page.get_by_text("Switch to professional account").first).to_be_visible()


def test_of_two_accounts_one_is_chosen(
    browser: Browser, server: Server, meta: InstagramSimulator, ada: User
) -> None:
    meta.add_page(ada, name="Boats", instagram=Account("ada.boats"))
    meta.add_page(ada, name="Bikes", instagram=Account("ada.bikes"))
    with connect_page(browser, server) as page:
        to_facebook(page)
        page.get_by_role("button", name="Continue as Ada").click()
        page.get_by_text("@ada.bikes").click()
        page.get_by_role("button", name="Connect it").click()
        expect(page.get_by_text("Connected to @ada.bikes.").first).to_be_visible()
        expect(page.get_by_text("@ada.boats")).to_have_count(0)


def test_address_that_is_pasted_back_connects(
    browser: Browser, server: Server, meta: InstagramSimulator, ada: User
) -> None:
    """The browser is led to a page that does not open, as with an address at Meta that is none."""
    meta.add_page(ada, instagram=Account("ada.boats"))
    with connect_page(browser, server) as page:
        page.route("**/api/social/facebook/callback?*", lambda route: route.abort())
        to_facebook(page)
        with page.expect_request("**/api/social/facebook/callback?*") as led:
            page.get_by_role("button", name="Continue as Ada").click()
        page.goto(f"{server.url}/connect")
        page.get_by_text("Facebook led to a page that does not open", exact=True).click()
        page.get_by_label("Address from the browser's bar").fill(led.value.url)
        page.get_by_role("button", name="Connect with this address").click()
        expect(told(page, "Connected to @ada.boats.")).to_be_visible()
